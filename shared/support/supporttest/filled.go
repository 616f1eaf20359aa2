package supporttest

import (
	"fmt"
	"reflect"

	"github.com/tenantry/tenantry/shared/support"
)

// FullCase returns a case without zero fields, so that a test can detect a field that a conversion
// misses.
func FullCase() support.Case {
	var c support.Case
	fill(reflect.ValueOf(&c).Elem())
	return c
}

// fill sets a value, and everything within it, to something other than the zero value.
func fill(value reflect.Value) {
	switch value.Kind() {
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				fill(value.Field(i))
			}
		}
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0))
	case reflect.String:
		value.SetString("filled")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int64:
		value.SetInt(7_000_000_000_000)
	}
}

// Empty lists the exported fields of a struct, and of the structs within it, that have the zero
// value, as in "Submitter.Email".
func Empty(value any) []string { return empty(reflect.ValueOf(value), "") }

func empty(value reflect.Value, path string) []string {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return []string{path}
		}
		return empty(value.Elem(), path)
	case reflect.Struct:
		var matches []string
		for i := range value.NumField() {
			field := value.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			inner := field.Name
			if path != "" {
				inner = path + "." + field.Name
			}
			if field.Anonymous {
				inner = path
			}
			matches = append(matches, empty(value.Field(i), inner)...)
		}
		return matches
	case reflect.Slice:
		if value.Len() == 0 {
			return []string{path}
		}
		var matches []string
		for i := range value.Len() {
			matches = append(matches, empty(value.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
		}
		return matches
	}
	if value.IsZero() {
		return []string{path}
	}
	return nil
}

// Filled lists the exported fields of a struct, and of the structs within it, that do not have the
// zero value, as in "Submitter.Email".
func Filled(value any) []string { return filled(reflect.ValueOf(value), "") }

func filled(value reflect.Value, path string) []string {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return nil
		}
		return filled(value.Elem(), path)
	case reflect.Struct:
		var paths []string
		for i := range value.NumField() {
			field := value.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			inner := field.Name
			if path != "" {
				inner = path + "." + field.Name
			}
			if field.Anonymous {
				inner = path
			}
			paths = append(paths, filled(value.Field(i), inner)...)
		}
		return paths
	case reflect.Slice:
		var paths []string
		for i := range value.Len() {
			paths = append(paths, filled(value.Index(i), path+"[]")...)
		}
		return paths
	}
	if value.IsZero() {
		return nil
	}
	return []string{path}
}

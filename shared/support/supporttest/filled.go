package supporttest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenantry/tenantry/shared/extension"
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
	case reflect.Map:
		if value.Type() == reflect.TypeFor[extension.Fields]() {
			value.Set(reflect.ValueOf(extension.Fields{"filled": json.RawMessage("1")}))
		}
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
func Empty(value any) []string {
	var paths []string
	leaves(reflect.ValueOf(value), "", func(path string, leaf reflect.Value) {
		if leaf.IsZero() || leaf.Kind() == reflect.Slice {
			paths = append(paths, path)
		}
	})
	return paths
}

// Filled lists those that do not have the zero value.
func Filled(value any) []string {
	var paths []string
	leaves(reflect.ValueOf(value), "", func(path string, leaf reflect.Value) {
		if !leaf.IsZero() && leaf.Kind() != reflect.Slice {
			paths = append(paths, path)
		}
	})
	return paths
}

// leaves visits the exported fields of a value that contain no others: simple ones, nil pointers and
// slices without elements.
func leaves(value reflect.Value, path string, visit func(path string, leaf reflect.Value)) {
	switch {
	case (value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface) && !value.IsNil():
		leaves(value.Elem(), path, visit)
	case value.Kind() == reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			inner := path
			if !field.Anonymous {
				inner = strings.TrimPrefix(path+"."+field.Name, ".")
			}
			if field.IsExported() {
				leaves(value.Field(i), inner, visit)
			}
		}
	case value.Kind() == reflect.Slice && value.Len() > 0:
		for i := range value.Len() {
			leaves(value.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		visit(path, value)
	}
}

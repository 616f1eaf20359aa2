package endpoint

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Kept is a field of a body that is described and checked like a T, and handed on as it was sent: with
// what T does not have, and with null apart from absence.
type Kept[T any] struct{ json json.RawMessage }

// Schema returns that of T, which may also be null.
func (Kept[T]) Schema(registry huma.Registry) *huma.Schema {
	schema := huma.SchemaFromType(registry, reflect.TypeFor[T]())
	schema.Nullable = true
	return schema
}

// IsZero reports whether the field is absent.
func (k Kept[T]) IsZero() bool { return len(k.json) == 0 }

// MarshalJSON returns the field as it was sent.
func (k Kept[T]) MarshalJSON() ([]byte, error) { return k.json, nil }

// UnmarshalJSON takes the field as it is.
func (k *Kept[T]) UnmarshalJSON(data []byte) error {
	k.json = append(json.RawMessage(nil), data...)
	return nil
}

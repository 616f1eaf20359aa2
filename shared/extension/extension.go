// Package extension keeps fields of an object that a client sent and Tenantry does not know, so that
// programs written for other network portals get back what they stored. It limits how much an object
// can carry. Which objects have such fields, and where they are stored, is up to their domains.
package extension

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// maxFields is the maximum number of fields of one object, and longestName that of the
	// characters of a field's name.
	maxFields, longestName = 64, 64
	// maxDepth is how deeply objects and lists may be nested in a value.
	maxDepth = 6
)

// The maximum size in bytes of the fields of an object, in their JSON form. Each object has one of
// them: what is read with every call must be small, and only what is read by itself is huge.
const (
	Small = 1 << 10
	Large = 8 << 10
	Huge  = 32 << 10
)

// Fields are the fields of an object that Tenantry does not know, by name; the values are JSON.
type Fields map[string]json.RawMessage

// Equal reports whether two objects have the same fields with the same values.
func (f Fields) Equal(other Fields) bool {
	return maps.EqualFunc(f, other, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
}

// Names lists the names in order.
func (f Fields) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Text returns the fields as a JSON object; "" if there are none.
func (f Fields) Text() string {
	if len(f) == 0 {
		return ""
	}
	text, err := Marshal(struct{}{}, f)
	if err != nil {
		return "" // the values are valid JSON
	}
	return string(text)
}

// With returns the fields with given ones added or replaced. A null removes a field. It returns a
// fault of code Invalid if there are then more than an object can have: in number, depth, or bytes of
// JSON (most); or if one looks like a secret.
func (f Fields) With(given Fields, most int) (Fields, error) {
	if len(given) == 0 {
		return f, nil
	}
	merged := maps.Clone(f)
	if merged == nil {
		merged = Fields{}
	}
	for name, value := range given {
		var compact bytes.Buffer
		if err := json.Compact(&compact, value); err != nil {
			return nil, fault.InField("body."+name, "is not valid JSON")
		}
		if compact.String() == "null" {
			delete(merged, name)
			continue
		}
		switch {
		case name == "" || utf8.RuneCountInString(name) > longestName:
			return nil, fault.InField("body", "has a field whose name does not have 1 to %d characters", longestName)
		case tooLarge(compact.Bytes()):
			return nil, fault.InField("body."+name, "has a number that is too large: programs read numbers to about 1e308")
		case depth(compact.Bytes()) > maxDepth:
			return nil, fault.InField("body."+name, "is nested more than %d deep", maxDepth)
		}
		if err := CheckSecrets("body."+name, compact.Bytes()); err != nil {
			return nil, err
		}
		merged[name] = compact.Bytes()
	}
	if len(merged) > maxFields {
		return nil, fault.InField("body",
			"has %d fields that Tenantry does not know; an object can have %d of them", len(merged), maxFields)
	}
	size := 0
	for name, value := range merged {
		size += len(name) + len(value)
	}
	if size > most {
		return nil, fault.InField("body",
			"has %d bytes in fields that Tenantry does not know; this object can have %d", size, most)
	}
	if len(merged) == 0 {
		return nil, nil
	}
	return merged, nil
}

// depth returns how deeply a valid JSON value is nested; 0 for a text or number.
func depth(value []byte) int {
	deepest, open, inText := 0, 0, false
	for at := 0; at < len(value); at++ {
		switch c := value[at]; {
		case inText && c == '\\':
			at++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			open++
			deepest = max(deepest, open)
		case c == '}' || c == ']':
			open--
		}
	}
	return deepest
}

// tooLarge reports whether a valid JSON value has a number that does not fit a float64. Many programs
// cannot read a whole answer with one, also a list in which only one object has it.
func tooLarge(value []byte) bool {
	var decoded any
	return json.Unmarshal(value, &decoded) != nil
}

// Marshal returns the JSON form of an object with the fields behind its own. A field that the object
// has itself stays as it is.
func Marshal(object any, fields Fields) ([]byte, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil || len(fields) == 0 {
		return bytes.TrimSpace(plain.Bytes()), err
	}
	var own map[string]json.RawMessage
	if err := json.Unmarshal(plain.Bytes(), &own); err != nil {
		return nil, err
	}
	data := bytes.TrimSuffix(bytes.TrimSpace(plain.Bytes()), []byte("}"))
	for _, name := range fields.Names() {
		if _, has := own[name]; has {
			continue
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		if len(data) > 1 {
			data = append(data, ',')
		}
		data = append(append(append(data, key...), ':'), fields[name]...)
	}
	return append(data, '}'), nil
}

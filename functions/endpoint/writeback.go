package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
)

// Unknown says what becomes of fields of a body that a call does not know.
type Unknown uint8

const (
	// RefuseUnknown refuses them, because they are nearly always mistakes.
	RefuseUnknown Unknown = iota
	// KeepUnknown keeps them with the object, where programs written for other network portals expect
	// it; the handler takes them from Extension.
	KeepUnknown
	// IgnoreUnknown leaves them out, where such programs send them and there is no place to keep them.
	IgnoreUnknown
)

// WithUnknown returns the endpoint with what becomes of unknown fields.
func (e Endpoint) WithUnknown(unknown Unknown) Endpoint {
	e.Unknown = unknown
	return e
}

// ReadingOnly returns the endpoint with the names of fields that only its path's GET shows.
func (e Endpoint) ReadingOnly(names ...string) Endpoint {
	e.ReadOnly = names
	return e
}

type extensionKey struct{}

// Extension returns the fields of the body that the call does not know, where it keeps them.
func Extension(ctx context.Context) extension.Fields {
	fields, _ := ctx.Value(extensionKey{}).(extension.Fields)
	return fields
}

// acceptWrittenBack lets an object be written back as it was read: it leaves out the fields of a body
// that are only read, and those that the call does not know where it keeps or ignores them. What is
// wrong with the rest, the library says.
func (s *server) acceptWrittenBack(api huma.API, about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		operation := ctx.Operation()
		if about.Method != http.MethodPut && about.Unknown == RefuseUnknown ||
			about.Body != nil || operation == nil || operation.RequestBody == nil || ctx.BodyReader() == nil {
			next(ctx)
			return
		}
		data, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), about.MaxBody+1))
		if err == nil && int64(len(data)) <= about.MaxBody && CheckJSON(data) == nil {
			back := &writtenBack{schemas: api.OpenAPI().Components.Schemas, about: about}
			data = back.body(schemaIn(operation.RequestBody.Content), answerSchema(operation), data)
			if back.err != nil {
				s.refuse(ctx, about, back.err)
				return
			}
			if len(back.unknown) > 0 {
				ctx = huma.WithValue(ctx, extensionKey{}, back.unknown)
			}
		}
		next(withBody{ctx, io.MultiReader(bytes.NewReader(data), failing{err})})
	}
}

func schemaIn(content map[string]*huma.MediaType) *huma.Schema {
	if media := content["application/json"]; media != nil {
		return media.Schema
	}
	return nil
}

func answerSchema(operation *huma.Operation) *huma.Schema {
	if answer := operation.Responses["200"]; answer != nil {
		return schemaIn(answer.Content)
	}
	return nil
}

// writtenBack takes a body apart by the schemas of what is sent and of what is answered.
type writtenBack struct {
	schemas huma.Registry
	about   About
	unknown extension.Fields
	err     error
}

func (w *writtenBack) resolve(schema *huma.Schema) *huma.Schema {
	for schema != nil && schema.Ref != "" {
		schema = w.schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// body returns a body without what is only read, and takes out what the call does not know.
func (w *writtenBack) body(sent, answered *huma.Schema, data []byte) []byte {
	sent, answered = w.resolve(sent), w.resolve(answered)
	var fields map[string]json.RawMessage
	if sent == nil || json.Unmarshal(data, &fields) != nil || fields == nil {
		return data
	}
	changed := false
	for name, value := range fields {
		switch {
		case sent.Properties[name] != nil:
			inner := w.value(sent.Properties[name], propertyOf(answered, name), value)
			changed = changed || !bytes.Equal(inner, value)
			fields[name] = inner
			continue
		case propertyOf(answered, name) != nil || slices.Contains(w.about.ReadOnly, name):
		case w.about.Unknown == KeepUnknown:
			if known := w.resembles(name, sent, answered); known != "" {
				w.err = fault.InField("body."+name, "is a field that the call does not know; write %s", known)
				return data
			}
			if w.unknown == nil {
				w.unknown = extension.Fields{}
			}
			w.unknown[name] = value
		case w.about.Unknown == RefuseUnknown:
			continue
		}
		delete(fields, name)
		changed = true
	}
	return rewritten(data, fields, changed)
}

// resembles returns the known field whose name differs from a name only in the case of letters; "" for
// none. Many programs do not tell the two apart, and would read what is kept for what is ours.
func (w *writtenBack) resembles(name string, schemas ...*huma.Schema) string {
	known := slices.Clone(w.about.ReadOnly)
	for _, schema := range schemas {
		if schema != nil {
			known = slices.AppendSeq(known, maps.Keys(schema.Properties))
		}
	}
	at := slices.IndexFunc(known, func(other string) bool { return strings.EqualFold(name, other) })
	if at < 0 {
		return ""
	}
	return known[at]
}

// value returns a value inside a body without what is only read. Fields in it that nobody knows stay,
// so that the library refuses them: they may limit what is known.
func (w *writtenBack) value(sent, answered *huma.Schema, data json.RawMessage) json.RawMessage {
	sent, answered = w.resolve(sent), w.resolve(answered)
	switch {
	case sent == nil || answered == nil:
		return data
	case sent.Type == huma.TypeArray && sent.Items != nil:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return data
		}
		changed := false
		for i, item := range items {
			items[i] = w.value(sent.Items, answered.Items, item)
			changed = changed || !bytes.Equal(items[i], item)
		}
		return rewritten(data, items, changed)
	case sent.Type != huma.TypeObject || len(sent.Properties) == 0:
		return data
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil || fields == nil {
		return data
	}
	changed := false
	for name, value := range fields {
		if sent.Properties[name] != nil {
			inner := w.value(sent.Properties[name], propertyOf(answered, name), value)
			changed = changed || !bytes.Equal(inner, value)
			fields[name] = inner
		} else if propertyOf(answered, name) != nil {
			delete(fields, name)
			changed = true
		}
	}
	return rewritten(data, fields, changed)
}

func propertyOf(schema *huma.Schema, name string) *huma.Schema {
	if schema == nil {
		return nil
	}
	return schema.Properties[name]
}

// rewritten returns the JSON form of a value that was taken apart; data, if nothing of it changed.
func rewritten(data []byte, value any, changed bool) []byte {
	if !changed {
		return data
	}
	text, err := json.Marshal(value)
	if err != nil {
		return data // it consists of parts of a valid document
	}
	return text
}

package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// call is the library's context under a name that its own method Context leaves free.
type call = huma.Context

// withBody is a call whose body was read before.
type withBody struct {
	call
	body io.Reader
}

// BodyReader returns the body.
func (c withBody) BodyReader() io.Reader { return c.body }

// refuseNulls refuses a body that has null where the API's document does not allow it. The library
// takes a null of an optional field as if the field were absent.
func (s *server) refuseNulls(api huma.API, about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		operation := ctx.Operation()
		if about.Body != nil || operation == nil || operation.RequestBody == nil {
			next(ctx)
			return
		}
		media := operation.RequestBody.Content["application/json"]
		if media == nil || ctx.BodyReader() == nil {
			next(ctx)
			return
		}
		data, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), about.MaxBody+1))
		again := withBody{ctx, io.MultiReader(bytes.NewReader(data), failing{err})}
		var body any
		if err != nil || !bytes.Contains(data, []byte("null")) || json.Unmarshal(data, &body) != nil || body == nil {
			next(again) // what is wrong with the body, the library says
			return
		}
		fields := nulls(api.OpenAPI().Components.Schemas, media.Schema, "body", body, nil)
		if len(fields) == 0 {
			next(again)
			return
		}
		slices.Sort(fields)
		problem := &fault.Error{Code: fault.Invalid}
		for _, name := range fields {
			problem.Fields = append(
				problem.Fields,
				fault.Field{Name: name, Message: "must not be null; leave it out to keep its value"},
			)
		}
		problem.Message = fields[0] + ": " + problem.Fields[0].Message
		s.refuse(ctx, about, problem)
	}
}

// failing returns the error that reading the body ended with, if any.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// nulls lists the paths of the values that are null and may not be.
func nulls(registry huma.Registry, schema *huma.Schema, at string, value any, found []string) []string {
	for schema != nil && schema.Ref != "" {
		schema = registry.SchemaFromRef(schema.Ref)
	}
	if schema == nil {
		return found
	}
	switch value := value.(type) {
	case nil:
		if !schema.Nullable && schema.Type != "" {
			found = append(found, at)
		}
	case map[string]any:
		for name, inner := range value {
			property := schema.Properties[name]
			if property == nil {
				property, _ = schema.AdditionalProperties.(*huma.Schema)
			}
			found = nulls(registry, property, at+"."+name, inner, found)
		}
	case []any:
		for i, inner := range value {
			found = nulls(registry, schema.Items, at+"["+strconv.Itoa(i)+"]", inner, found)
		}
	}
	return found
}

// sayJSON returns an error for callers about an invalid JSON document.
func sayJSON(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("is not valid JSON; look at byte %d", syntax.Offset)
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if mismatch.Field == "" {
			return errors.New("is not of the type that the API's document asks for")
		}
		return fmt.Errorf(
			"has in %s a %s, which the API's document does not allow there",
			mismatch.Field,
			mismatch.Value,
		)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("ends before the JSON document does")
	}
	return err
}

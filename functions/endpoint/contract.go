package endpoint

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// newSchemas returns a registry of schemas in which a name belongs to one type. The library's own gives
// the schema of another type to the second operation with an unnamed type whose name was taken.
func newSchemas() huma.Registry {
	names, taken := map[reflect.Type]string{}, map[string]bool{}
	return huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if name, known := names[t]; known {
			return name
		}
		plain := huma.DefaultSchemaNamer(t, hint)
		name := plain
		for n := 2; taken[name]; n++ {
			name = fmt.Sprint(plain, n)
		}
		names[t], taken[name] = name, true
		return name
	})
}

// shareErrors moves the errors of an operation to the components of the document, where they are once.
// The library adds one that no call is answered with.
func shareErrors(document *huma.OpenAPI, operation *huma.Operation) {
	delete(operation.Responses, strconv.Itoa(http.StatusUnprocessableEntity))
	if document.Components.Responses == nil {
		document.Components.Responses = map[string]*huma.Response{}
	}
	for status, response := range operation.Responses {
		code, err := strconv.Atoi(status)
		if err != nil || code < http.StatusBadRequest {
			continue
		}
		name := strings.ReplaceAll(http.StatusText(code), " ", "")
		if document.Components.Responses[name] == nil {
			document.Components.Responses[name] = response
		}
		operation.Responses[status] = &huma.Response{Ref: "#/components/responses/" + name}
	}
}

// takesMore says in the document that the body of an operation may have fields that it does not know.
// Other operations with a body of the same type may not.
func takesMore(schemas huma.Registry, operation *huma.Operation) {
	if operation.RequestBody == nil {
		return
	}
	for _, media := range operation.RequestBody.Content {
		schema := media.Schema
		for schema != nil && schema.Ref != "" {
			schema = schemas.SchemaFromRef(schema.Ref)
		}
		if schema != nil && schema.Type == huma.TypeObject {
			open := *schema
			open.AdditionalProperties = true
			media.Schema = &open
		}
	}
}

// Errors lists the statuses other than 200 that a call can be answered with.
func (a About) Errors() []int {
	statuses := []int{
		http.StatusBadRequest, // at least an unknown parameter
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if a.Access != Public {
		statuses = append(statuses, http.StatusUnauthorized, http.StatusForbidden)
	}
	if a.Access != Public || a.PerHour > 0 {
		statuses = append(statuses, http.StatusTooManyRequests)
	}
	if strings.Contains(a.Path, "{") || a.Access != Known {
		statuses = append(statuses, http.StatusNotFound)
	}
	if a.Method != http.MethodGet {
		// A body may come too slowly, be too large, or of another type.
		statuses = append(statuses, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusConflict)
	}
	statuses = append(statuses, a.AlsoErrors...)
	slices.Sort(statuses)
	return slices.Compact(statuses)
}

// Fails returns the endpoint with further statuses that its calls can be answered with.
func (e Endpoint) Fails(statuses ...int) Endpoint {
	e.AlsoErrors = append(slices.Clone(e.AlsoErrors), statuses...)
	return e
}

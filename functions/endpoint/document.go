package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// documentOf serves the API's OpenAPI document. It is made once, at the first call.
func documentOf(api huma.API) http.Handler {
	made := sync.OnceValues(func() ([]byte, error) { return json.Marshal(api.OpenAPI()) })
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		document, err := made()
		if err != nil {
			writeProblem(w, ProblemOf(err))
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(document) // fails only if the client has disconnected
	})
}

// docsPage serves a page of the document for people: plain HTML, readable without scripts.
func docsPage(api huma.API) http.Handler {
	made := sync.OnceValues(func() ([]byte, error) {
		var page bytes.Buffer
		err := docs(groupsOf(api.OpenAPI())).Render(context.Background(), &page)
		return page.Bytes(), err
	})
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		page, err := made()
		if err != nil {
			writeProblem(w, ProblemOf(err))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().
			Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		_, _ = w.Write(page) // fails only if the client has disconnected
	})
}

// docGroup is the operations of one domain, as the page shows them.
type docGroup struct {
	Name       string
	Operations []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, Description string
	Public                                 bool
	Parameters                             []docField
	Body, Answer                           []docField
}

type docField struct {
	Name, Where, Type, Text string
	Required                bool
}

func groupsOf(document *huma.OpenAPI) []docGroup {
	var groups []docGroup
	schemas := document.Components.Schemas
	for path, item := range document.Paths {
		for _, operation := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if operation == nil {
				continue
			}
			shown := docOperation{
				ID: operation.OperationID, Method: operation.Method, Path: path, Summary: operation.Summary,
				Description: operation.Description, Public: len(operation.Security) == 0,
			}
			for _, parameter := range operation.Parameters {
				shown.Parameters = append(shown.Parameters, docField{
					Name:  parameter.Name,
					Where: parameter.In,
					Type:  typeOf(parameter.Schema),
					Text: firstOf(
						parameter.Description,
						describeSchema(parameter.Schema),
					),
					Required: parameter.Required,
				})
			}
			if operation.RequestBody != nil {
				shown.Body = bodyFields(schemas, operation.RequestBody.Content)
			}
			if answer := operation.Responses["200"]; answer != nil {
				shown.Answer = bodyFields(schemas, answer.Content)
			}
			at := slices.IndexFunc(groups, func(g docGroup) bool { return g.Name == operation.Tags[0] })
			if at < 0 {
				groups = append(groups, docGroup{Name: operation.Tags[0]})
				at = len(groups) - 1
			}
			groups[at].Operations = append(groups[at].Operations, shown)
		}
	}
	slices.SortFunc(groups, func(x, y docGroup) int { return strings.Compare(x.Name, y.Name) })
	for _, group := range groups {
		slices.SortFunc(group.Operations, func(x, y docOperation) int {
			return strings.Compare(x.Path+" "+x.Method, y.Path+" "+y.Method)
		})
	}
	return groups
}

// bodyFields lists the fields of a body, those of its entries where it is a list.
func bodyFields(schemas huma.Registry, content map[string]*huma.MediaType) []docField {
	var fields []docField
	for kind, media := range content {
		schema := media.Schema
		where := kind
		for schema != nil && (schema.Ref != "" || schema.Type == huma.TypeArray) {
			if schema.Type == huma.TypeArray {
				schema, where = schema.Items, kind+", each entry"
				continue
			}
			schema = schemas.SchemaFromRef(schema.Ref)
		}
		if schema == nil {
			continue
		}
		for name, field := range schema.Properties {
			fields = append(fields, docField{
				Name: name, Where: where, Type: typeOf(field), Text: firstOf(field.Description, describeSchema(field)),
				Required: slices.Contains(schema.Required, name),
			})
		}
	}
	slices.SortFunc(fields, func(x, y docField) int { return strings.Compare(x.Where+x.Name, y.Where+y.Name) })
	return fields
}

func typeOf(schema *huma.Schema) string {
	switch {
	case schema == nil:
		return ""
	case schema.Ref != "":
		return schema.Ref[strings.LastIndexByte(schema.Ref, '/')+1:]
	case schema.Type == huma.TypeArray:
		return "list of " + typeOf(schema.Items)
	}
	return schema.Type
}

func describeSchema(schema *huma.Schema) string {
	if schema == nil {
		return ""
	}
	return schema.Description
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

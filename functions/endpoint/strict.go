package endpoint

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// refuseUnknown refuses what a call would ignore: query parameters that it does not have, one that
// is given twice where only the first would count, and a body that it does not read.
func (s *server) refuseUnknown(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		operation := ctx.Operation()
		if operation == nil {
			next(ctx)
			return
		}
		address := ctx.URL()
		query, err := url.ParseQuery(address.RawQuery)
		if err != nil {
			s.refuse(ctx, about, fault.InField("query", "cannot be read: encode it as names and values joined by &"))
			return
		}
		parameters := queryParameters(operation)
		if problem := unknownParameters(parameters, query); problem != nil {
			s.refuse(ctx, about, problem)
			return
		}
		if about.Compatible {
			ctx = withoutAbsent(ctx, address, query)
		} else if operation.RequestBody == nil && hasBody(ctx) {
			s.refuse(ctx, about, fault.InField("body", "must be empty: this call takes no body"))
			return
		}
		next(ctx)
	}
}

func queryParameters(operation *huma.Operation) map[string]*huma.Param {
	parameters := map[string]*huma.Param{}
	for _, parameter := range operation.Parameters {
		if parameter.In == "query" {
			parameters[parameter.Name] = parameter
		}
	}
	return parameters
}

// unknownParameters returns a fault that names each parameter that the call does not have, or that
// is given more often than the call reads it; nil if there is none.
func unknownParameters(parameters map[string]*huma.Param, query url.Values) error {
	problem := &fault.Error{Code: fault.Invalid}
	for name, values := range query {
		parameter := parameters[name]
		switch {
		case parameter == nil:
			problem.Fields = append(
				problem.Fields,
				fault.Field{Name: "query." + name, Message: "is not a parameter of this call, which takes " + namesOf(parameters)},
			)
		case len(values) > 1 && (parameter.Explode == nil || !*parameter.Explode):
			problem.Fields = append(problem.Fields, fault.Field{Name: "query." + name, Message: "must be given once"})
		}
	}
	if len(problem.Fields) == 0 {
		return nil
	}
	slices.SortFunc(problem.Fields, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	lines := make([]string, 0, len(problem.Fields))
	for _, field := range problem.Fields {
		lines = append(lines, field.Name+": "+field.Message)
	}
	problem.Message = strings.Join(lines[:min(len(lines), 5)], "; ")
	return problem
}

func namesOf(parameters map[string]*huma.Param) string {
	if len(parameters) == 0 {
		return "none"
	}
	names := make([]string, 0, len(parameters))
	for name := range parameters {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// hasBody reports whether a call brings a body that says something. An empty JSON object does not.
func hasBody(ctx huma.Context) bool {
	if ctx.BodyReader() == nil || ctx.Method() == http.MethodGet || ctx.Method() == http.MethodHead {
		return false
	}
	const enough = 64
	data, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), enough))
	switch strings.Join(strings.Fields(string(data)), "") {
	case "", "{}", "null":
		return err == nil && len(data) == enough
	}
	return true
}

// withQuery is a call whose query was put right.
type withQuery struct {
	call
	address url.URL
	query   url.Values
}

// Query returns the first value of a parameter.
func (c withQuery) Query(name string) string { return c.query.Get(name) }

// URL returns the address with the query.
func (c withQuery) URL() url.URL { return c.address }

// withoutAbsent leaves out the parameters that are false, which programs written for other portals
// send for absent ones.
func withoutAbsent(ctx huma.Context, address url.URL, query url.Values) huma.Context {
	before := len(query)
	given := func(value string) bool { return !strings.EqualFold(value, "false") }
	for name, values := range query {
		if !slices.ContainsFunc(values, given) {
			delete(query, name)
		}
	}
	if len(query) == before {
		return ctx
	}
	address.RawQuery = query.Encode()
	return withQuery{call: ctx, address: address, query: query}
}

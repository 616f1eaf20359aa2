package endpoint

import (
	"mime"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

const jsonType = "application/json"

// requireJSON refuses a body that does not say that it is JSON: forms of other sites can send any
// other type without the browser asking first, and clients that send another one by mistake get a
// clear answer.
func (s *server) requireJSON(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		body := ctx.Operation().RequestBody
		if body == nil || body.Content[jsonType] == nil || len(body.Content) > 1 || isJSON(ctx.Header("Content-Type")) ||
			!sendsBody(ctx) {
			next(ctx)
			return
		}
		s.refuse(ctx, about, fault.New(fault.MediaType, "Send the body as JSON, with the header Content-Type: %s.", jsonType))
	}
}

// sendsBody reports whether a request comes with a body. One that names a type and no length may: its
// length is not known in advance.
func sendsBody(ctx huma.Context) bool {
	switch ctx.Header("Content-Length") {
	case "0":
		return false
	case "":
		return ctx.Header("Content-Type") != ""
	}
	return true
}

// isJSON reports whether a media type is JSON (RFC 6838, 4.2.8 for the suffix).
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == jsonType || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}

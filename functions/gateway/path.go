package gateway

import (
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// wholePath returns the path that the client requested. Behind a custom domain's API mapping,
// rawPath lacks the mapping's key ("Create AWS Lambda proxy integrations for HTTP APIs"); if it has
// the key after all, it is not added twice.
func wholePath(event events.APIGatewayV2HTTPRequest) string {
	prefix, path := event.StageVariables[PrefixVariable], event.RawPath
	switch {
	case prefix == "" || path == prefix || strings.HasPrefix(path, prefix+"/"):
		return path
	case path == "/":
		return prefix
	default:
		return prefix + path
	}
}

// cloudFrontHeader is set on every call that comes through Amazon CloudFront.
const cloudFrontHeader = "x-amz-cf-id"

// direct responds to a call that bypassed the network in front: pages redirect to the portal's own
// address, so that links in old mails still work; API calls get an error that names it.
func (f Front) direct(event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	method, path := event.RequestContext.HTTP.Method, wholePath(event)
	reads := method == http.MethodGet || method == http.MethodHead
	_, throughNetwork := event.Headers[cloudFrontHeader] // with another secret; a redirect would come back here
	if f.BaseURL == "" || throughNetwork || !reads || strings.HasPrefix(path, "/api/") {
		detail := "Calls reach this address through the portal's own name only."
		if f.BaseURL != "" {
			detail = "This address accepts no calls. Use " + f.BaseURL + " instead."
		}
		return refusal(http.StatusForbidden, "forbidden", detail)
	}
	location := f.BaseURL + "/" + strings.TrimLeft(path, "/")
	if event.RawQueryString != "" {
		location += "?" + event.RawQueryString
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: http.StatusPermanentRedirect,
		Headers: map[string]string{
			"location":        location,
			"cache-control":   "no-store",
			"referrer-policy": "no-referrer",
		},
	}
}

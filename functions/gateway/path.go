package gateway

import (
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// wholePath is the path that the client asked for. Behind a custom domain's API mapping, rawPath
// lacks the mapping's key ("Create AWS Lambda proxy integrations for HTTP APIs"); where it should
// have it after all, it is not added twice.
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

// cloudFrontHeader is on every call that comes through Amazon CloudFront.
const cloudFrontHeader = "x-amz-cf-id"

// direct answers a call that did not come through the network in front: pages move to the portal's
// own address, so that links in old mails still work; calls of the API are told it.
func (f Front) direct(event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	method, path := event.RequestContext.HTTP.Method, wholePath(event)
	reads := method == http.MethodGet || method == http.MethodHead
	_, throughNetwork := event.Headers[cloudFrontHeader] // with another secret; a redirect would lead back here
	if f.BaseURL == "" || throughNetwork || !reads || strings.HasPrefix(path, "/api/") {
		detail := "Calls reach this address by the portal's own name only."
		if f.BaseURL != "" {
			detail = "This address takes no calls. Use " + f.BaseURL + " instead."
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

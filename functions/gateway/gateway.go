// Package gateway lets an http.Handler serve the events of an API Gateway HTTP API (payload format
// 2.0), so that the handlers are the same on a machine and in a Lambda function. It knows no
// endpoint and no rule of the product.
package gateway

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/shared/change"
)

// answerTime is the part of a function's time that is reserved for responding that the rest was not
// enough.
const answerTime = 500 * time.Millisecond

// Front is what stands between the clients and the gateway.
type Front struct {
	// Secret authenticates a content delivery network in front, in the header OriginHeader; "" if
	// clients connect directly. With a secret, calls without it are refused, and the client's
	// address is the one that the network reports.
	Secret string
	// BaseURL is the portal's own address, for clients that call the gateway directly although a
	// network is in front.
	BaseURL string
}

// The headers that the content delivery network in front of the gateway sets, overwriting what
// clients send: its secret, and the client's address.
const (
	OriginHeader = "X-Origin-Secret"
	ViewerHeader = "True-Client-IP"
)

// PrefixVariable is the stage variable with the part of the path that a custom domain maps to the
// API, as in "/api/v1/orgs". The gateway strips it from the path that functions receive.
const PrefixVariable = "prefix"

// Function is a function as the gateway calls it.
type Function func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Serve returns the function of a handler. It returns an error only if the handler aborted its
// response; the gateway then responds with status 500.
func Serve(handler http.Handler, front Front) Function {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if event.RequestContext.HTTP.Method == "" {
			return events.APIGatewayV2HTTPResponse{}, fmt.Errorf(
				"gateway: the event is not a call of an HTTP API in the payload format 2.0")
		}
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerTime))
			defer cancel()
		}
		request, err := requestOf(ctx, event)
		if err != nil {
			return refusal(http.StatusBadRequest, "invalid", "The request cannot be read."), nil
		}
		if front.Secret != "" {
			if subtle.ConstantTimeCompare([]byte(request.Header.Get(OriginHeader)), []byte(front.Secret)) != 1 {
				return front.direct(event), nil
			}
			if viewer, err := netip.ParseAddr(request.Header.Get(ViewerHeader)); err == nil {
				request.RemoteAddr = netip.AddrPortFrom(viewer, 0).String()
			}
			request.Header.Del(OriginHeader)
		}
		answer := &answer{header: http.Header{}}
		if err := serve(handler, answer, request); err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		return answer.response(), nil
	}
}

// serve turns the panic with which a handler aborts its response into an error.
func serve(handler http.Handler, answer *answer, request *http.Request) (err error) {
	defer func() {
		if thrown := recover(); thrown == http.ErrAbortHandler { //nolint:errorlint // panic again with the same value
			err = http.ErrAbortHandler
		} else if thrown != nil {
			panic(thrown)
		}
	}()
	handler.ServeHTTP(answer, request)
	return nil
}

func requestOf(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	rawPath := wholePath(event)
	target := &url.URL{Path: rawPath, RawQuery: event.RawQueryString}
	if decoded, err := url.PathUnescape(rawPath); err == nil && decoded != rawPath {
		target.Path, target.RawPath = decoded, rawPath
	}
	var body io.Reader = strings.NewReader(event.Body)
	length := int64(len(event.Body))
	if event.IsBase64Encoded {
		body = base64.NewDecoder(base64.StdEncoding, body)
		length = int64(base64.StdEncoding.DecodedLen(len(event.Body))) - int64(
			strings.Count(event.Body[max(0, len(event.Body)-2):], "="))
	}
	if id := event.RequestContext.RequestID; id != "" {
		ctx = change.WithRequest(ctx, id)
	}
	request, err := http.NewRequestWithContext(ctx, event.RequestContext.HTTP.Method, "/", io.NopCloser(body))
	if err != nil {
		return nil, err
	}
	request.URL, request.RequestURI, request.ContentLength = target, target.RequestURI(), length
	if length == 0 {
		request.Body = http.NoBody
	}
	request.Proto, request.ProtoMajor, request.ProtoMinor = "HTTP/1.1", 1, 1
	for name, value := range event.Headers {
		request.Header.Set(name, value)
	}
	if len(event.Cookies) > 0 {
		request.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	request.Host = event.RequestContext.DomainName
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	request.RemoteAddr = event.RequestContext.HTTP.SourceIP
	if address, err := netip.ParseAddr(request.RemoteAddr); err == nil {
		request.RemoteAddr = netip.AddrPortFrom(address, 0).String()
	}
	return request, nil
}

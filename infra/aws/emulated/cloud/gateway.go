package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxRequest is the maximum size of a request in bytes ("Quotas for configuring and running an HTTP
// API": 10 MB).
const maxRequest = 10 << 20

// gateway is the one address of an installation. It does what CloudFront or the mappings of a
// custom domain do, forwards requests to MiniStack's API Gateway under the API's host name, and
// corrects MiniStack's responses where they differ from API Gateway's.
type gateway struct {
	url    string
	paths  atomic.Pointer[paths] // nil until the APIs are deployed
	server *http.Server
}

func startGateway(ctx context.Context, address, emulator string) (*gateway, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(emulator)
	if err != nil {
		return nil, err
	}
	g := &gateway{url: "http://" + listener.Addr().String()}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			g.lead(r, to)
		},
		ModifyResponse: g.correct,
	}
	g.server = &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if g.paths.Load() == nil {
				refuse(w, http.StatusServiceUnavailable, "Service Unavailable")
				return
			}
			body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
			if err != nil {
				refuse(w, http.StatusBadRequest, "Bad Request")
				return
			}
			if len(body) > maxRequest {
				refuse(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
				return
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			proxy.ServeHTTP(w, r)
		}),
	}
	go func() { _ = g.server.Serve(listener) }() // returns when the server is closed
	return g, nil
}

// lead routes a request to the API that serves its path, and changes it as CloudFront or a custom
// domain does.
func (g *gateway) lead(r *httputil.ProxyRequest, emulator *url.URL) {
	target := g.paths.Load().find(r.In.URL.Path)
	r.SetURL(emulator)
	if target.strip != "" {
		r.Out.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.In.URL.Path, target.strip), "/")
		if raw := r.In.URL.RawPath; raw != "" {
			r.Out.URL.RawPath = "/" + strings.TrimPrefix(strings.TrimPrefix(raw, target.strip), "/")
		}
	}
	r.Out.Host = target.api + ".execute-api." + emulator.Host
	r.SetXForwarded()
	if target.headers == nil {
		return
	}
	for name, values := range target.headers {
		r.Out.Header[name] = values
	}
	// CloudFront itself and the function at its edge (infra/aws/stacks) set these two.
	r.Out.Header.Set("X-Amz-Cf-Id", "emulated")
	if client, _, err := net.SplitHostPort(r.In.RemoteAddr); err == nil {
		r.Out.Header.Set("True-Client-IP", client)
	}
}

// correct replaces MiniStack's response for a failed function with API Gateway's, which does not
// reveal the error.
func (g *gateway) correct(response *http.Response) error {
	if response.StatusCode != http.StatusBadGateway {
		return nil
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	body := message("Internal Server Error")
	response.StatusCode, response.Status = http.StatusInternalServerError, "500 Internal Server Error"
	response.Header.Set("Content-Type", "application/json")
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(message(text)) // a client that disconnected needs no response
}

func message(text string) []byte {
	body, _ := json.Marshal(map[string]string{"message": text}) // a map of strings can always be marshaled
	return body
}

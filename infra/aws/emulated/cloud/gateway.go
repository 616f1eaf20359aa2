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

// maxRequest is how large a request may be, in bytes ("Quotas for configuring and running an HTTP
// API": 10 MB).
const maxRequest = 10 << 20

// gateway is the one address of an installation. It does what CloudFront or the mappings of a
// custom domain do, hands requests on to MiniStack's API Gateway under the name that the API has
// there, and answers as API Gateway does where MiniStack does not.
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
	go func() { _ = g.server.Serve(listener) }() // it ends when it is closed
	return g, nil
}

// lead has a request go to the API that takes its path, changed as on the way through CloudFront or
// a custom domain.
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
	// These two are what CloudFront itself and the function at its edge (infra/aws/stacks) say.
	r.Out.Header.Set("X-Amz-Cf-Id", "emulated")
	if client, _, err := net.SplitHostPort(r.In.RemoteAddr); err == nil {
		r.Out.Header.Set("True-Client-IP", client)
	}
}

// correct makes of MiniStack's word for a function that failed the one of API Gateway, which tells
// nothing of the error.
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
	_, _ = w.Write(message(text)) // a client that is gone needs no answer
}

func message(text string) []byte {
	body, _ := json.Marshal(map[string]string{"message": text}) // a map of texts always has a JSON form
	return body
}

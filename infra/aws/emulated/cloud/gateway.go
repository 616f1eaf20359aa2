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
	"sync/atomic"
	"time"
)

// maxRequest is how large a request may be, in bytes ("Quotas for configuring and running an HTTP API": 10 MB).
const maxRequest = 10 << 20

// gateway is the address of an installation's API: it hands requests on to MiniStack's API Gateway under the name that the API
// has there, and answers as API Gateway does where MiniStack does not.
type gateway struct {
	url    string
	host   atomic.Pointer[string] // the API's name at the emulator; nil until it is deployed
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
			r.SetURL(to)
			r.Out.Host = *g.host.Load()
			r.SetXForwarded()
		},
		ModifyResponse: g.correct,
	}
	g.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.host.Load() == nil {
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
	})}
	go func() { _ = g.server.Serve(listener) }() // it ends when it is closed
	return g, nil
}

// correct makes of MiniStack's word for a function that failed the one of API Gateway, which tells nothing of the error.
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

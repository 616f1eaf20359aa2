package outward

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
)

// Answer is what a server answers to a call.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Call sends a request with a body to an address, and returns the answer whatever its status, with at most
// most bytes. It follows no redirects. An error that whoever gave the address can do something about is an
// *Error.
func (c *Client) Call(
	ctx context.Context, method, address string, header http.Header, body []byte, most int64,
) (Answer, error) {
	parsed, err := parse(address)
	if err != nil {
		return Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, method, parsed.String(), bytes.NewReader(body))
	if err != nil {
		return Answer{}, &Error{"is not an address", err}
	}
	maps.Copy(request.Header, header)
	request.Header.Set("User-Agent", userAgent)
	direct := *c.http
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := direct.Do(request)
	if err != nil {
		return Answer{}, explained(ctx, err)
	}
	defer func() { _ = response.Body.Close() }() // only read, so errors do not matter
	content, err := readAll(ctx, response.Body, most)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: content}, err
}

// Allows reports whether a host with its port is one of Options.Allowed.
func (c *Client) Allows(hostAndPort string) bool { return slices.Contains(c.allowed, hostAndPort) }

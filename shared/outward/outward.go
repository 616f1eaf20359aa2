// Package outward fetches what people name by an address, and calls servers that operators name, at public
// addresses only. A server that
// fetches for others can reach more than they can: its own machine, the network around it, and the
// addresses where clouds hand out credentials. So every connection is judged by the address that it
// goes to, after the name was resolved, and every redirect like the first request.
package outward

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	// connectTime is how long a connection may take, and totalTime all of a call, with its redirects.
	connectTime, totalTime = 5 * time.Second, 15 * time.Second
	maxHeader              = 16 << 10
	maxRedirects           = 3
	userAgent              = "Tenantry"
)

// Error says why something was not fetched.
type Error struct {
	// Reason ends the sentence that begins with the name of the address, for whoever gave it. It names
	// no address that a name leads to.
	Reason string
	cause  error
}

// Error returns the reason and its cause, for logs.
func (e *Error) Error() string {
	if e.cause == nil {
		return "outward: " + e.Reason
	}
	return "outward: " + e.Reason + ": " + e.cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Judge decides whether a connection may be made, as net.Dialer.Control: it gets the address that a
// name was resolved to.
type Judge func(network, address string, connection syscall.RawConn) error

// Options are what a client can do otherwise; zero values stand for what every installation does.
type Options struct {
	// Judge decides about each connection; nil for Public.
	Judge Judge
	// Resolver resolves names; nil for the machine's.
	Resolver *net.Resolver
	// Roots are the certificate authorities; nil for the machine's.
	Roots *x509.CertPool
	// Allowed are hosts with their ports, as in bastion.example.com:8443, that are connected to without
	// asking Judge. Whoever runs the installation names them, never who gives an address.
	Allowed []string
}

// Client fetches from public addresses. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	allowed []string
}

// Public returns the judge of every installation: ports 80 and 443 of public addresses. Besides the
// special addresses of IANA's registries it refuses the one where Azure answers virtual machines,
// which is a public one.
func Public() Judge {
	guard := ssrf.New(ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")))
	return guard.Safe
}

// New returns a client.
func New(options Options) *Client {
	judge := options.Judge
	if judge == nil {
		judge = Public()
	}
	dialer := &net.Dialer{
		Timeout: connectTime, Resolver: options.Resolver,
		Control: func(network, address string, connection syscall.RawConn) error {
			if err := judge(network, address, connection); err != nil {
				return &Error{"leads to an address or a port that is not public", err}
			}
			return nil
		},
	}
	trusting := &net.Dialer{Timeout: connectTime, Resolver: options.Resolver}
	connect := func(ctx context.Context, network, address string) (net.Conn, error) {
		if slices.Contains(options.Allowed, address) {
			return trusting.DialContext(ctx, network, address)
		}
		return dialer.DialContext(ctx, network, address)
	}
	return &Client{allowed: options.Allowed, http: &http.Client{
		Timeout: totalTime, CheckRedirect: follow,
		Transport: &http.Transport{
			Proxy: nil, // not that of the environment: it would resolve names itself
			// A connection is judged for one call only.
			DialContext: connect, DisableKeepAlives: true,
			DisableCompression: true, MaxResponseHeaderBytes: maxHeader,
			TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: totalTime,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: options.Roots},
		},
	}}
}

// follow checks a redirect like the first request. What was asked for by https does not come by http.
func follow(request *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return &Error{Reason: "redirects too often"}
	case via[len(via)-1].URL.Scheme == "https" && request.URL.Scheme != "https":
		return &Error{Reason: "redirects from https to http"}
	}
	request.Header.Del("Referer") // the address can be a secret
	return checkURL(request.URL)
}

// Get fetches an address by http or https, and returns an answer of status 200 with at most most
// bytes. An error that whoever gave the address can do something about is an *Error.
func (c *Client) Get(ctx context.Context, address string, most int64) ([]byte, error) {
	parsed, err := parse(address)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, parsed.String(), http.NoBody)
	if err != nil {
		return nil, &Error{"is not an address", err}
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := c.http.Do(request)
	if err != nil {
		return nil, explained(ctx, err)
	}
	defer func() { _ = response.Body.Close() }() // only read, so errors do not matter
	if response.StatusCode != http.StatusOK {
		return nil, &Error{Reason: "answers with the status " + strconv.Itoa(response.StatusCode)}
	}
	if response.ContentLength > most {
		return nil, tooLarge()
	}
	return readAll(ctx, response.Body, most)
}

// readAll reads an answer of at most most bytes.
func readAll(ctx context.Context, body io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, most+1))
	if err != nil {
		return nil, explained(ctx, err)
	}
	if int64(len(content)) > most {
		return nil, tooLarge()
	}
	return content, nil
}

func tooLarge() error { return &Error{Reason: "answers with too much"} }

// explained returns an error of a call as an *Error. If the caller gave up, it stays what it is.
func explained(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if os.IsTimeout(err) {
		return &Error{"does not answer in time", err}
	}
	return &Error{"cannot be reached", err}
}

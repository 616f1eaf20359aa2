// Package outwardtest provides tests with a server on this machine, and a client that reaches this
// server and otherwise what every client reaches.
package outwardtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/tenantry/tenantry/shared/outward"
)

// Serve starts a server with a handler for the time of the test, and returns its address and a client
// for it.
func Serve(t testing.TB, handler http.Handler) (*outward.Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return outward.New(outward.Options{Judge: Only(server)}), server.URL
}

// Only returns a judge that lets connections to a server pass, and judges others as every installation
// does.
func Only(server *httptest.Server) outward.Judge {
	_, at, _ := strings.Cut(server.URL, "://")
	public := outward.Public()
	return func(network, address string, connection syscall.RawConn) error {
		if address == at {
			return nil
		}
		return public(network, address, connection)
	}
}

//go:build !aws

package outside

import (
	"strings"
	"testing"
)

// No answer is interpreted as anything but what it says, kept by a cache, or shown in a frame: pages,
// calls, errors and what is no endpoint alike.
func TestEveryAnswerKeepsBrowsersFromMisusingIt(t *testing.T) {
	w := newWorld(t)
	visitor := newClient(t, w.installation)
	for _, request := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/login", 200},
		{"GET", "/nothing", 404},
		{"GET", "/docs", 200},
		{"GET", "/healthz", 200},
		{"GET", "/api/v1/openapi.json", 200},
		{"GET", "/api/v1/self", 401},
		{"GET", "/api/v1/nothing", 404},
		{"DELETE", "/api/v1/login", 405},
		{"POST", "/api/v1/login", 400},
		{"GET", "/api/v1/downloads/forged", 404},
	} {
		contentType := ""
		if request.method == "POST" {
			contentType = "application/json"
		}
		got := visitor.send(request.method, request.path, contentType, strings.NewReader(""))
		if got.status != request.status {
			t.Errorf("%s %s: status %d, want %d", request.method, request.path, got.status, request.status)
		}
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		} {
			if got.header.Get(name) != value {
				t.Errorf("%s %s: %s is %q, want %q", request.method, request.path, name, got.header.Get(name), value)
			}
		}
		policy := got.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s %s: the policy %q lacks %s", request.method, request.path, policy, part)
			}
		}
	}
}

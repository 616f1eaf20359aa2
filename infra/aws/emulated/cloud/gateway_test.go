package cloud

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTheGatewayAnswersAsAPIGatewayDoes(t *testing.T) {
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "a1b2c3d4.execute-api."+r.Context().Value(http.LocalAddrContextKey).(net.Addr).String() ||
			r.Header.Get("X-Forwarded-For") != "127.0.0.1" {
			t.Errorf("the host is %q, the caller %q", r.Host, r.Header.Get("X-Forwarded-For"))
		}
		if r.URL.Path == "/fails" {
			http.Error(w, "an inner secret", http.StatusBadGateway)
			return
		}
		_, _ = io.Copy(w, r.Body) // a client that disconnected needs no response
	}))
	t.Cleanup(emulator.Close)
	g, err := startGateway(t.Context(), "127.0.0.1:0", emulator.URL)
	check(t, err)
	t.Cleanup(func() { _ = g.server.Close() })
	post := func(path string, body []byte) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+path, bytes.NewReader(body))
		check(t, err)
		response, err := http.DefaultClient.Do(request)
		check(t, err)
		text, err := io.ReadAll(response.Body)
		check(t, err)
		check(t, response.Body.Close())
		return response.StatusCode, string(text)
	}
	if status, _ := post("/", nil); status != http.StatusServiceUnavailable {
		t.Errorf("before the API is deployed: %d", status)
	}
	g.paths.Store(&paths{rest: &target{api: "a1b2c3d4"}})
	if status, text := post("/", []byte("hello")); status != http.StatusOK || text != "hello" {
		t.Errorf("a call: %d %q", status, text)
	}
	if status, text := post("/fails", nil); status != http.StatusInternalServerError ||
		text != `{"message":"Internal Server Error"}` {
		t.Errorf("a function that fails: %d %q", status, text)
	}
	if status, _ := post("/", make([]byte, maxRequest+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a request that is too large: %d", status)
	}
}

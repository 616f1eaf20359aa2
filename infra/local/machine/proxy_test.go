package machine

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/tenantry/tenantry/infra/local/settings"
)

func TestTheAddressOfAClientIsBelievedFromTrustedProxiesAlone(t *testing.T) {
	trusting := Program{Log: slog.New(slog.DiscardHandler), Settings: settings.Settings{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	}}
	for name, test := range map[string]struct{ from, claimed, want string }{
		"without a proxy":                  {"192.0.2.1:5000", "", "192.0.2.1:5000"},
		"a stranger's claim":               {"192.0.2.1:5000", "203.0.113.9", "192.0.2.1:5000"},
		"a proxy's word":                   {"10.0.0.1:5000", "203.0.113.9", "203.0.113.9:0"},
		"what a client put before it":      {"10.0.0.1:5000", "198.51.100.7, 203.0.113.9", "203.0.113.9:0"},
		"two proxies":                      {"10.0.0.1:5000", "203.0.113.9, 10.0.0.2", "203.0.113.9:0"},
		"a proxy that says nothing usable": {"10.0.0.1:5000", "unknown", "10.0.0.1:0"},
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.RemoteAddr = test.from
		if test.claimed != "" {
			request.Header.Set("X-Forwarded-For", test.claimed)
		}
		seen := ""
		trusting.behindProxy(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr })).
			ServeHTTP(httptest.NewRecorder(), request)
		if seen != test.want {
			t.Errorf("%s: the address is %q, want %q", name, seen, test.want)
		}
	}
}

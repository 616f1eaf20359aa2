package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/gateway"
)

func TestThePathIsTheOneThatTheClientAskedFor(t *testing.T) {
	for _, test := range []struct{ prefix, raw, want string }{
		{"", "/api/v1/orgs", "/api/v1/orgs"},
		{"/api/v1/orgs", "/", "/api/v1/orgs"},
		{"/api/v1/orgs", "/o1/cases", "/api/v1/orgs/o1/cases"},
		{"/api/v1/orgs", "/o1/a%2Fb", "/api/v1/orgs/o1/a%2Fb"},
		{"/api/v1/orgs", "/api/v1/orgs", "/api/v1/orgs"},
		{"/api/v1/orgs", "/api/v1/orgs/o1/cases", "/api/v1/orgs/o1/cases"},
		{"/api/v1/orgs", "/api/v1/orgsx", "/api/v1/orgs/api/v1/orgsx"},
	} {
		e := event("GET", test.raw)
		e.StageVariables = map[string]string{gateway.PrefixVariable: test.prefix}
		got := ""
		serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath() }, e)
		if got != test.want {
			t.Errorf("prefix %q, path %q: the handler sees %q, want %q", test.prefix, test.raw, got, test.want)
		}
	}
}

func TestACallPastTheFrontIsSentToThePortalsOwnAddress(t *testing.T) {
	front := gateway.Front{Secret: "s3cret", BaseURL: "https://portal.example.com"}
	for _, test := range []struct {
		method, path string
		through      bool
		status       int
		location     string
	}{
		{"GET", "/verify/invite", false, 308, "https://portal.example.com/verify/invite?token=t"},
		{"HEAD", "/", false, 308, "https://portal.example.com/?token=t"},
		{"GET", "//evil.example.net/", false, 308, "https://portal.example.com/evil.example.net/?token=t"},
		{"POST", "/login", false, 403, ""},
		{"GET", "/api/v1/orgs", false, 403, ""},
		{"GET", "/login", true, 403, ""},
	} {
		e := event(test.method, test.path)
		e.RawQueryString = "token=t"
		if test.through {
			e.Headers["x-amz-cf-id"] = "id"
		}
		refuses := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler is called") })
		got, err := gateway.Serve(refuses, front)(t.Context(), e)
		if err != nil || got.StatusCode != test.status || got.Headers["location"] != test.location {
			t.Errorf("%+v: %d to %q, %v", test, got.StatusCode, got.Headers["location"], err)
		}
		if test.status == http.StatusForbidden &&
			!strings.Contains(got.Body, "Use https://portal.example.com instead.") {
			t.Errorf("%+v: %s", test, got.Body)
		}
	}
}

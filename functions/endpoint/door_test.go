package endpoint_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func doors() []endpoint.Endpoint {
	return []endpoint.Endpoint{
		who(
			endpoint.Known,
			"GET",
			"/known",
		),
		who(endpoint.Known, "POST", "/known"),
		who(endpoint.Known, "PUT", "/known"),
		who(endpoint.Known, "DELETE", "/known"),
		who(
			endpoint.Optional,
			"GET",
			"/optional",
		),
		who(endpoint.Optional, "POST", "/optional"),
		who(endpoint.Public, "POST", "/public"),
	}
}

func TestWhoComesThroughWhichDoor(t *testing.T) {
	w := newWorld(t, doors()...)
	carlo := w.Person(w.Org.Place(), identity.Read)
	session, _ := w.LogIn(carlo)
	other, _ := w.LogIn(carlo)
	token := w.token(carlo)
	nobody := "nobody from 192.0.2.1"
	for _, test := range []struct {
		name, method, path  string
		cookie, csrf, token string
		status              int
		text                string
	}{
		{"nothing", "GET", "/known", "", "", "", 401, ""},
		{"a session", "GET", "/known", session.Cookie, "", "", 200, carlo.Email},
		{"a session without the value", "POST", "/known", session.Cookie, "", "", 403, ""},
		{"a session without the value", "PUT", "/known", session.Cookie, "", "", 403, ""},
		{"a session without the value", "DELETE", "/known", session.Cookie, "", "", 403, ""},
		{"a session with the value", "POST", "/known", session.Cookie, session.CSRF, "", 200, carlo.Email},
		{"a session with another's value", "POST", "/known", session.Cookie, other.CSRF, "", 403, ""},
		{"a stale session", "GET", "/known", strings.Repeat("A", 75), "", "", 401, ""},
		{"a token", "POST", "/known", "", "", token, 200, carlo.Email},
		{"a token in other letters", "GET", "/known", "", "", "token" + token[5:], 200, carlo.Email},
		{"a token of another scheme", "GET", "/known", "", "", "Bearer" + token[5:], 401, ""},
		{"a token that is none", "GET", "/known", "", "", "Token x", 401, ""},
		{"a bad token beside a session", "GET", "/known", session.Cookie, "", "Token x", 401, ""},
		{"a token beside a stale session", "GET", "/known", "stale", "", token, 200, carlo.Email},
		{"nothing", "GET", "/optional", "", "", "", 200, nobody},
		{"a session", "GET", "/optional", session.Cookie, "", "", 200, carlo.Email},
		{"a stale session", "POST", "/optional", "stale", "", "", 200, nobody},
		{"a session without the value", "POST", "/optional", session.Cookie, "", "", 403, ""},
		{"a session with the value", "POST", "/optional", session.Cookie, session.CSRF, "", 200, carlo.Email},
		{"a session", "POST", "/public", session.Cookie, "", "", 200, nobody},
		{"a stale session", "POST", "/public", "stale", "", "Token x", 200, nobody},
	} {
		header := map[string]string{}
		if test.csrf != "" {
			header["X-CSRFToken"] = test.csrf
		}
		if test.token != "" {
			header["Authorization"] = test.token
		}
		answer := w.do(call{method: test.method, path: "/api/v1" + test.path, cookie: test.cookie, header: header})
		if answer.Code != test.status || test.text != "" && !strings.Contains(answer.Body.String(), `"`+test.text+`"`) {
			t.Errorf(
				"%s %s with %s: %d %s, want %d %s",
				test.method,
				test.path,
				test.name,
				answer.Code,
				answer.Body,
				test.status,
				test.text,
			)
		}
	}
}

func TestCallsAreLimitedPerPersonAndPerToken(t *testing.T) {
	w := newWorld(t, doors()...)
	w.Clock.Set(time.Date(2026, 7, 1, 10, 20, 0, 0, time.UTC))
	carlo := w.Person(w.Org.Place(), identity.Read)
	one, two := w.token(carlo), w.token(carlo)
	try := func(token string) *call {
		return &call{method: "GET", path: "/api/v1/known", header: map[string]string{"Authorization": token}}
	}
	for range callsPerHour {
		if answer := w.do(*try(one)); answer.Code != http.StatusOK {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
	}
	answer := w.do(*try(one))
	problem := w.problem(answer, http.StatusTooManyRequests)
	seconds, err := strconv.Atoi(answer.Header().Get("Retry-After"))
	if err != nil || seconds != 40*60 || problem.Code != fault.Limited {
		t.Errorf("Retry-After %q, %+v", answer.Header().Get("Retry-After"), problem)
	}
	if answer := w.do(*try(two)); answer.Code != http.StatusOK {
		t.Errorf("the other token: %d", answer.Code)
	}
	w.Clock.Pass(time.Duration(seconds) * time.Second)
	if answer := w.do(*try(one)); answer.Code != http.StatusOK {
		t.Errorf("after the time to wait: %d", answer.Code)
	}
}

func TestSomeEndpointsAreLimitedPerAddress(t *testing.T) {
	w := newWorld(
		t,
		endpoint.New(
			endpoint.About{
				Name:    "test.guess",
				Method:  http.MethodGet,
				Path:    "/guess",
				Summary: "Guess",
				Access:  endpoint.Public,
				PerHour: 3,
			},
			func(context.Context, *endpoint.None) (*textOutput, error) { return say("no") },
		),
	)
	for range 3 {
		if answer := w.do(call{method: "GET", path: "/api/v1/guess"}); answer.Code != http.StatusOK {
			t.Errorf("%d", answer.Code)
		}
	}
	answer := w.do(call{method: "GET", path: "/api/v1/guess"})
	w.problem(answer, http.StatusTooManyRequests)
	if answer.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

type cookies struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct{}
}

func TestTheCookiesOfASession(t *testing.T) {
	in := endpoint.New(
		endpoint.About{Name: "test.in", Method: http.MethodPost, Path: "/in", Summary: "In", Access: endpoint.Public},
		func(ctx context.Context, _ *endpoint.None) (*cookies, error) {
			return &cookies{SetCookie: endpoint.Cookies(ctx, identity.Session{Cookie: "secret", CSRF: "readable"})}, nil
		},
	)
	out := endpoint.New(
		endpoint.About{
			Name:    "test.out",
			Method:  http.MethodPost,
			Path:    "/out",
			Summary: "Out",
			Access:  endpoint.Public,
		},
		func(ctx context.Context, _ *endpoint.None) (*cookies, error) {
			return &cookies{SetCookie: endpoint.NoCookies(ctx)}, nil
		},
	)
	w := newWorld(t)
	for _, secure := range []bool{true, false} {
		served := w.serve(secure, in, out)
		answer := served.do(call{method: "POST", path: "/api/v1/in"})
		if got := answer.Header().Get("Strict-Transport-Security"); (got == "max-age=31536000") != secure {
			t.Errorf("https %t: Strict-Transport-Security %q", secure, got)
		}
		for path, seconds := range map[string]int{"/in": 24 * 60 * 60, "/out": -1} {
			set := served.do(call{method: "POST", path: "/api/v1" + path}).Result().Cookies()
			if len(set) != 2 {
				t.Fatalf("%s sets %v", path, set)
			}
			names := []string{"sessionid", "csrftoken"}
			if secure {
				names[0] = "__Host-sessionid" // browsers take it from this host alone
			}
			for i, name := range names {
				c := set[i]
				if c.Name != name || c.Path != "/" || c.MaxAge != seconds || c.Secure != secure ||
					c.HttpOnly != (i == 0) ||
					c.SameSite != http.SameSiteLaxMode {
					t.Errorf("%s: %s", path, c)
				}
			}
		}
	}
}

package gateway_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/gateway"
)

func event(method, path string) events.APIGatewayV2HTTPRequest {
	var e events.APIGatewayV2HTTPRequest
	e.RawPath, e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP = path, method, "203.0.113.7"
	e.RequestContext.DomainName = "portal.example.com"
	e.Headers = map[string]string{"host": "portal.example.com"}
	return e
}

func serve(t *testing.T, handle http.HandlerFunc, e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	response, err := gateway.Serve(handle, gateway.Front{})(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestARequestReachesTheHandlerWhole(t *testing.T) {
	e := event("POST", "/api/v1/orgs/1/cases")
	e.RawQueryString = "limit=2&tag=a&tag=b%20c"
	e.Cookies = []string{"sessionid=s", "csrftoken=c"}
	e.Headers["authorization"], e.Headers["accept"] = "Token abc", "text/html, application/json"
	e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte{0xff, 0, 'x'}), true
	type seen struct {
		Method, Path, Host, From, Token, Accept, Body string
		Tags                                          []string
		Session, CSRF                                 string
		Length                                        int64
	}
	var got seen
	serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		session, _ := r.Cookie("sessionid")
		csrf, _ := r.Cookie("csrftoken")
		got = seen{
			r.Method,
			r.URL.Path,
			r.Host,
			r.RemoteAddr,
			r.Header.Get("Authorization"),
			r.Header.Get("Accept"),
			string(body),
			r.URL.Query()["tag"],
			session.Value,
			csrf.Value,
			r.ContentLength,
		}
	}, e)
	want := seen{
		"POST",
		"/api/v1/orgs/1/cases",
		"portal.example.com",
		"203.0.113.7:0",
		"Token abc",
		"text/html, application/json",
		"\xff\x00x",
		[]string{"a", "b c"},
		"s",
		"c",
		3,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCookiesInTheHeaderAreTakenToo(t *testing.T) {
	e := event("GET", "/")
	e.Headers["cookie"] = "a=1; sessionid=s"
	serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("sessionid"); err != nil || cookie.Value != "s" {
			t.Errorf("%v, %v", cookie, err)
		}
	}, e)
}

func TestAnyPathReachesTheHandler(t *testing.T) {
	for raw, want := range map[string]string{
		"/a b": "/a b", "/a%20b": "/a b", "/100%": "/100%", "/%zz": "/%zz", "//x/../y": "//x/../y", "/ü": "/ü",
		"/\x00": "/\x00", "": "",
	} {
		serve(t, func(_ http.ResponseWriter, r *http.Request) {
			if r.URL.Path != want {
				t.Errorf("%q reached the handler as %q", raw, r.URL.Path)
			}
		}, event("GET", raw))
	}
}

func TestAnAnswerReachesTheGatewayWhole(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		binary bool
	}{"text": {"grüß Gott", false}, "binary": {"\xff\xfe\x00", true}, "nothing": {"", false}} {
		got := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			w.Header().Add("Vary", "Cookie")
			w.Header().Add("Vary", "Accept")
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK) // the first one counts
			_, _ = io.WriteString(w, test.body)
		}, event("GET", "/"))
		body := test.body
		if test.binary {
			body = base64.StdEncoding.EncodeToString([]byte(test.body))
		}
		want := events.APIGatewayV2HTTPResponse{
			StatusCode:      http.StatusTeapot,
			Headers:         map[string]string{"vary": "Cookie, Accept"},
			Cookies:         []string{"a=1", "b=2"},
			Body:            body,
			IsBase64Encoded: test.binary,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestNoAnswerIsLongerThanAFunctionCanGive writes bodies around the limit of 6 MB and measures what
// Lambda would receive.
func TestNoAnswerIsLongerThanAFunctionCanGive(t *testing.T) {
	for _, test := range []struct {
		piece string
		count int
		given bool
	}{
		{"a", 5_800_000, true}, {"a", 5_800_001, false}, {"<", 4_000_000, true}, {"<", 4_400_000, false},
		{"\n", 2_900_000, true}, {"\u2028", 1_450_000, true}, {"\u2028", 1_900_000, false}, {"\xff", 4_350_000, true},
		{"\xff", 4_350_001, false},
	} {
		got := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			for left := test.count; left > 0; left -= 100_000 {
				if _, err := io.WriteString(w, strings.Repeat(test.piece, min(left, 100_000))); err != nil {
					return
				}
			}
		}, event("GET", "/"))
		if given := got.StatusCode == 200; given != test.given {
			t.Errorf("%d times %q: status %d", test.count, test.piece, got.StatusCode)
		}
		data, err := json.Marshal(got)
		if err != nil || len(data) > 6<<20 {
			t.Errorf("%d times %q: an answer of %d bytes, %v", test.count, test.piece, len(data), err)
		}
		if !test.given && !strings.Contains(got.Body, `"detail"`) {
			t.Errorf("no detail in %s", got.Body)
		}
	}
}

func TestAHandlerThatCutsItsAnswerOffIsAnError(t *testing.T) {
	aborting := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := gateway.Serve(aborting, gateway.Front{})(t.Context(), event("GET", "/"))
	if err == nil {
		t.Error("no error")
	}
}

func TestAnEventThatIsNoCallIsAnError(t *testing.T) {
	_, err := gateway.Serve(http.NotFoundHandler(), gateway.Front{})(t.Context(), events.APIGatewayV2HTTPRequest{})
	if err == nil {
		t.Error("no error")
	}
}

func TestTheHandlerIsToldToEndBeforeTheFunctionIsEnded(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	end, _ := ctx.Deadline()
	_, err := gateway.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		deadline, _ := r.Context().Deadline()
		if left := end.Sub(deadline); left < 100*time.Millisecond {
			t.Errorf("%v left for the response", left)
		}
		<-r.Context().Done()
	}), gateway.Front{})(ctx, event("GET", "/"))
	if err != nil {
		t.Error(err)
	}
}

func TestWithAFrontOnlyItsCallsAreServed(t *testing.T) {
	call := func(secret, viewer string) (int, string) {
		e := event("GET", "/")
		if secret != "" {
			e.Headers["x-origin-secret"] = secret
		}
		e.Headers["true-client-ip"] = viewer
		from := ""
		response, err := gateway.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			from = r.RemoteAddr
			if r.Header.Get(gateway.OriginHeader) != "" {
				t.Error("the secret is passed to the handler")
			}
		}), gateway.Front{Secret: "s3cret"})(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, from
	}
	for _, test := range []struct {
		secret, viewer string
		status         int
		from           string
	}{
		{"s3cret", "198.51.100.4", 200, "198.51.100.4:0"},
		{"s3cret", "2001:db8::1", 200, "[2001:db8::1]:0"},
		{"s3cret", "nonsense", 200, "203.0.113.7:0"},
		{"", "198.51.100.4", 403, ""}, {"other", "198.51.100.4", 403, ""},
	} {
		if status, from := call(test.secret, test.viewer); status != test.status || from != test.from {
			t.Errorf("%+v: %d from %q", test, status, from)
		}
	}
}

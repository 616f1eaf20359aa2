package endpoint_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
)

type nameInput struct {
	Body struct {
		Name string `json:"name"`
	}
}

func TestABodyMustSayThatItIsJSON(t *testing.T) {
	w := newWorld(t, endpoint.New(
		endpoint.About{Name: "test.name", Method: http.MethodPost, Path: "/name", Summary: "Name", Access: endpoint.Public},
		func(context.Context, *nameInput) (*endpoint.Empty, error) { return &endpoint.Empty{}, nil },
	))
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON": 200,
		"application/merge-patch+json": 200, "": 415, "text/plain": 415, "text/json": 415,
		"application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "json": 415,
	} {
		header := map[string]string{"Content-Type": kind, "Content-Length": "12"}
		answer := w.do(call{method: "POST", path: "/api/v1/name", header: header, body: `{"name":"a"}`})
		if answer.Code != want || want == 415 && !strings.Contains(answer.Body.String(), "Content-Type: application/json") {
			t.Errorf("%q: %d, want %d: %s", kind, answer.Code, want, answer.Body)
		}
		header["Content-Length"] = "" // in pieces, of a length that is not known in advance
		if kind == "" {
			continue
		}
		answer = w.do(call{method: "POST", path: "/api/v1/name", header: header, body: `{"name":"a"}`})
		if answer.Code != want {
			t.Errorf("%q without a length: %d, want %d: %s", kind, answer.Code, want, answer.Body)
		}
	}
}

func TestAnotherSiteCannotUseASession(t *testing.T) {
	w := newWorld(t, doors()...)
	carlo := w.Person(w.Org.Place(), identity.Read)
	session, _ := w.LogIn(carlo)
	for _, test := range []struct {
		method, site string
		want         int
	}{
		{"POST", "", 200}, {"POST", "same-origin", 200}, {"POST", "none", 200}, {"POST", "same-site", 403},
		{"POST", "cross-site", 403}, {"DELETE", "cross-site", 403}, {"GET", "cross-site", 200},
	} {
		answer := w.do(call{
			method: test.method, path: "/api/v1/known", cookie: session.Cookie,
			header: map[string]string{"X-CSRFToken": session.CSRF, "Sec-Fetch-Site": test.site},
		})
		if answer.Code != test.want {
			t.Errorf("%s from %q: %d, want %d: %s", test.method, test.site, answer.Code, test.want, answer.Body)
		}
	}
	answer := w.do(call{
		method: "POST", path: "/api/v1/known",
		header: map[string]string{"Authorization": w.token(carlo), "Sec-Fetch-Site": "cross-site"},
	})
	if answer.Code != 200 {
		t.Errorf("a token needs no such protection: %d", answer.Code)
	}
}

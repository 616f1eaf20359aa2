package catalog_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/store/table"
)

// TestAnOldSessionMustStepUp calls every endpoint that needs a fresh session with an old one, then
// after the password was given again.
func TestAnOldSessionMustStepUp(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	serve := func(request *http.Request) *httptest.ResponseRecorder {
		got := httptest.NewRecorder()
		i.handler.ServeHTTP(got, request)
		return got
	}
	const steppedUp = `"code":"step_up_required"`
	for _, e := range i.endpoints {
		if e.Fresh != endpoint.FreshSession {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			i.t = t
			l := lineOf(t, e.Name)
			path := l.path(i)
			var body object
			if l.body != nil {
				body = l.body(i)
			}
			as := caller(l)
			request := i.sessionOf(as, e.Method, path, body)
			i.age(as)
			again := func() *http.Request {
				next := plain(i, e.Method, path, body)
				next.Header.Set("Cookie", request.Header.Get("Cookie"))
				next.Header.Set("X-CSRFToken", request.Header.Get("X-CSRFToken"))
				return next
			}
			if got := serve(request); got.Code != 403 || !strings.Contains(got.Body.String(), steppedUp) {
				t.Fatalf("an old session: %d %s", got.Code, got.Body)
			}
			stepUp := plain(i, "POST", "/login/step_up", object{"password": password})
			stepUp.Header = again().Header
			if got := serve(stepUp); got.Code != 200 {
				t.Fatalf("the step-up: %d %s", got.Code, got.Body)
			}
			got := serve(again())
			if strings.Contains(got.Body.String(), steppedUp) || l.allowed != "" && got.Code != 200 {
				t.Errorf("after the step-up: %d %s", got.Code, got.Body)
			}
		})
	}
	for _, call := range []struct {
		method, path string
		body         object
		want         int
	}{
		{"POST", "/self/apitokens", object{"name": "a"}, 403},
		{"POST", "/self/apitokens", object{"name": "a", "current_password": password}, 200},
		{"PUT", "/self", object{"password": password + "!"}, 400},
		{"PUT", "/self", object{"first_name": "Olga"}, 200},
		{"PUT", "/orgs/" + i.org.ID, object{"name": "Rialto"}, 200},
	} {
		request := i.sessionOf("operator", call.method, call.path, call.body)
		i.age("operator")
		if got := serve(request); got.Code != call.want {
			t.Errorf("%s %s with an old session: %d, want %d: %s", call.method, call.path, got.Code, call.want, got.Body)
		}
	}
}

// TestALogInOverASessionEndsThatOne logs in with the cookie of a session that goes on, as a browser on a
// shared machine does.
func TestALogInOverASessionEndsThatOne(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	old := i.sessionOf("org read", "GET", "/self", nil)
	login := plain(i, "POST", "/login", object{"email": "org.write@example.com", "password": password})
	login.Header.Set("Cookie", old.Header.Get("Cookie"))
	got := httptest.NewRecorder()
	i.handler.ServeHTTP(got, login)
	if got.Code != 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	after := httptest.NewRecorder()
	i.handler.ServeHTTP(after, old)
	if after.Code != 401 {
		t.Errorf("the session goes on: %d", after.Code)
	}
}

// age makes all sessions of a person 16 minutes older.
func (i *installation) age(as string) {
	page, err := i.Store.Query(context.Background(),
		table.WithPrefix(table.Core, "USER#"+i.people[as].UserID, "SESSION#"))
	check(i.t, err)
	for _, item := range page.Items {
		var session object
		check(i.t, json.Unmarshal(item.Data, &session))
		for _, field := range []string{"created_time", "proven_time"} {
			if at, ok := session[field].(float64); ok {
				session[field] = int64(at) - 16*60
			}
		}
		item.Data, err = json.Marshal(session)
		check(i.t, err)
		check(i.t, i.Store.Transact(context.Background(), []table.Write{table.Update(item)}))
	}
}

package endpoint_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit"
)

const callsPerHour = 40

// world serves the test's own endpoints on a trial.
type world struct {
	*apptest.Estate
	t       *testing.T
	handler http.Handler
}

func newWorld(t *testing.T, endpoints ...endpoint.Endpoint) *world {
	t.Helper()
	t.Parallel() // a test mostly waits for the disk
	return world{Estate: apptest.NewEstate(t), t: t}.serve(true, endpoints...)
}

// serve makes the handler anew.
func (w world) serve(secure bool, endpoints ...endpoint.Endpoint) *world {
	w.handler = endpoint.Handler(endpoint.Settings{
		Accounts:     w.Accounts,
		Journal:      w.Journal,
		Keyring:      w.Keyring,
		Limits:       limit.NewWindow(w.Clock.Now),
		Log:          w.Log,
		Now:          w.Clock.Now,
		Secure:       secure,
		CallsPerHour: callsPerHour,
		Version:      "1",
	}, endpoints)
	return &w
}

// call is one request of a test.
type call struct {
	method, path, body string
	header             map[string]string
	cookie             string
	source             string // "" for an address of the test's own
}

func (w *world) do(c call) *httptest.ResponseRecorder {
	w.t.Helper()
	request := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	if c.cookie != "" {
		request.AddCookie(&http.Cookie{Name: "__Host-sessionid", Value: c.cookie})
	}
	if c.source != "" {
		request.RemoteAddr = net.JoinHostPort(c.source, "1234")
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	return answer
}

// problem reads an answer as a problem and checks its status.
func (w *world) problem(answer *httptest.ResponseRecorder, status int) endpoint.Problem {
	w.t.Helper()
	var problem endpoint.Problem
	if err := json.Unmarshal(
		answer.Body.Bytes(),
		&problem,
	); err != nil || answer.Code != status || problem.Detail == "" ||
		problem.Code == "" {
		w.t.Errorf("got %d %q (%v), want a problem of status %d", answer.Code, answer.Body, err, status)
	}
	if kind := answer.Header().Get("Content-Type"); kind != "application/json" {
		w.t.Errorf("a problem of type %q", kind)
	}
	return problem
}

// textOutput is an answer of one text.
type textOutput struct {
	Body struct {
		Text string `json:"text"`
	}
}

func say(text string) (*textOutput, error) {
	out := &textOutput{}
	out.Body.Text = text
	return out, nil
}

// who tells who asks, behind a door of the wanted kind.
func who(access endpoint.Access, method, path string) endpoint.Endpoint {
	about := endpoint.About{
		Name:    "test.who" + strings.ReplaceAll(path, "/", "_") + method,
		Method:  method,
		Path:    path,
		Summary: "Who",
		Access:  access,
	}
	return endpoint.New(about, func(ctx context.Context, _ *endpoint.None) (*textOutput, error) {
		if by := endpoint.Who(ctx); by != nil {
			return say(by.Email)
		}
		return say("nobody from " + endpoint.Source(ctx))
	})
}

type bodyInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"5"`
		Count int    `json:"count" minimum:"1" required:"false"`
	}
}

type idInput struct {
	ID    string `path:"id" format:"uuid"`
	Color string `query:"color" enum:"red,blue"`
}

// faulty answers with the error of a name.
func faulty(w *apptest.App) endpoint.Endpoint {
	return endpoint.New(
		endpoint.About{
			Name:    "test.faulty",
			Method:  http.MethodGet,
			Path:    "/faulty/{name}",
			Summary: "Fail",
			Access:  endpoint.Public,
		},
		func(_ context.Context, in *struct {
			Name string `path:"name"`
		}) (*textOutput, error) {
			switch in.Name {
			case "panic":
				panic("the secret plan")
			case "plain":
				return nil, errors.New("the secret plan")
			case "wrapped":
				return nil, errors.Join(errors.New("the secret plan"), fault.New(fault.Conflict, "Shown."))
			case "stale":
				return nil, fault.Stale(7)
			case "limited":
				limited := fault.New(fault.Limited, "Slowly.")
				limited.RetryAfter = 1500 * time.Millisecond
				return nil, limited
			case "cause":
				return nil, fault.Wrap(errors.New("the secret plan"), fault.Code("unavailable"), "Later.")
			}
			return nil, fault.New(fault.Code(in.Name), "Shown.")
		},
	)
}

func (w *world) token(of identity.Principal) string {
	w.t.Helper()
	_, text, err := w.Accounts.CreateToken(w.t.Context(), of, identity.NewToken{Password: apptest.Password, Name: "ci"})
	if err != nil {
		w.t.Fatal(err)
	}
	return "Token " + text
}

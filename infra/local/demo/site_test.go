package demo_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/infra/local/demo"
	"github.com/tenantry/tenantry/infra/local/machine"
	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/shared/limit"
)

// end is when the estates of the tests end: a Monday at noon.
var end = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// small is the smallest estate.
func small() demo.Options {
	return demo.Options{Now: end, Seed: 1, Cases: demo.FewestCases, Orgs: demo.FewestOrgs}
}

// made is an estate in a folder.
type made struct {
	demo.Estate
	settings settings.Settings
}

// newEstate builds an estate in a folder. What the workers log are their failures, and there are
// none.
func newEstate(folder string, options demo.Options) (made, error) {
	of, err := settings.Read(func(string) (string, bool) { return "", false })
	if err != nil {
		return made{}, err
	}
	of.Data = folder
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	built, err := demo.Make(context.Background(), of, log, options)
	return made{built, of}, err
}

// shared is the estate of the tests that only read; it is built once.
var shared = struct {
	sync.Mutex
	folder string
	estate *made
}{}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.folder != "" {
		_ = os.RemoveAll(shared.folder)
	}
	os.Exit(code)
}

func sharedEstate(t *testing.T) made {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.estate == nil {
		folder, err := os.MkdirTemp("", "demo-test-")
		if err != nil {
			t.Fatal(err)
		}
		shared.folder = folder
		estate, err := newEstate(folder, small())
		if err != nil {
			t.Fatal(err)
		}
		shared.estate = &estate
	}
	return *shared.estate
}

// site is the API of an estate.
type site struct {
	t *testing.T
	made
	services catalog.Services
	handler  http.Handler
}

// open opens an estate's folder and passes its API to look.
func (e made) open(t *testing.T, look func(s *site)) {
	t.Helper()
	clock := demo.NewClock(end.Add(time.Second))
	program := machine.Program{
		Settings: e.settings, Log: slog.New(slog.DiscardHandler), Now: clock.Now, Out: io.Discard,
	}
	err := program.Fill(t.Context(), func(_ context.Context, opened *machine.Opened) error {
		s := opened.Services
		look(&site{t: t, made: e, services: s, handler: endpoint.Handler(endpoint.Settings{
			Accounts: s.Accounts, Journal: s.Journal, Keyring: s.Keyring, Limits: limit.NewWindow(clock.Now), Log: s.Log,
			Now: clock.Now, CallsPerHour: 1 << 20, Version: catalog.Version,
		}, catalog.Endpoints(s))})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// caller is somebody who is logged in.
type caller struct {
	*site
	cookies []*http.Cookie
}

func (s *site) logIn(email string) caller {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": demo.Password})
	if err != nil {
		s.t.Fatal(err)
	}
	answer := caller{site: s}.call(http.MethodPost, "/login", string(body))
	if answer.Code != http.StatusOK {
		s.t.Fatalf("%s cannot log in: %d %s", email, answer.Code, answer.Body)
	}
	return caller{s, answer.Result().Cookies()}
}

func (c caller) call(method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequestWithContext(c.t.Context(), method, endpoint.Prefix+path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, cookie := range c.cookies {
		request.AddCookie(cookie)
	}
	answer := httptest.NewRecorder()
	c.handler.ServeHTTP(answer, request)
	return answer
}

// get returns the body of a successful answer.
func (c caller) get(path string) string {
	c.t.Helper()
	answer := c.call(http.MethodGet, path, "")
	if answer.Code != http.StatusOK {
		c.t.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// listOf returns a list that has one page.
func listOf[T any](c caller, path string) []T {
	c.t.Helper()
	var all []T
	if err := json.Unmarshal([]byte(c.get(path)), &all); err != nil {
		c.t.Fatal(err)
	}
	return all
}

// each calls visit for each result of a list, page by page.
func each[T any](c caller, path string, visit func(T)) {
	c.t.Helper()
	for path != "" {
		var page struct {
			Results []T    `json:"results"`
			Next    string `json:"next"`
		}
		if err := json.Unmarshal([]byte(c.get(path)), &page); err != nil {
			c.t.Fatal(err)
		}
		for _, one := range page.Results {
			visit(one)
		}
		path = strings.TrimPrefix(page.Next, endpoint.Prefix)
	}
}

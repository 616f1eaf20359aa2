package catalog_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/embedded"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// installation is the whole catalog on the embedded adapters, with two tenants and people of every role.
type installation struct {
	t testing.TB
	catalog.Services
	handler http.Handler
	// people are those who call, by what they are; tokens their API tokens.
	people    map[string]identity.Principal
	tokens    map[string]string
	msp       tenant.MSP
	org       tenant.Org
	kase      support.Case
	endpoints []endpoint.Endpoint
	// guards hold each served endpoint to its grants.
	guards map[string]*grant.Guard
	// do, if set, gets the requests instead of the handler.
	do func(*http.Request)
}

const password = "seven quiet lighthouses 42"

// wrap puts something around the store.
type wrap func(table.Store) table.Store

// newInstallation makes one on the embedded adapters.
func newInstallation(t *testing.T, around wrap) *installation {
	t.Helper()
	ctx := context.Background()
	database, err := embedded.Open(ctx, filepath.Join(t.TempDir(), "test.db"))
	check(t, err)
	t.Cleanup(func() { check(t, database.Close()) })
	store, err := sqlite.New(ctx, database, sqlite.Options{Now: time.Now, Record: catalog.Fed, Consumers: []string{"relay"}})
	check(t, err)
	waiting, err := queues.New(ctx, database, queues.Options{Now: time.Now, Random: func() float64 { return 0 }})
	check(t, err)
	files, err := folder.Open(t.TempDir())
	check(t, err)
	sender, err := mailfolder.Open(t.TempDir())
	check(t, err)
	keyring, err := seal.NewKeyring(make([]byte, seal.SecretBytes))
	check(t, err)
	var used table.Store = store
	if around != nil {
		used = around(store)
	}
	return populated(t, catalog.Adapters{Store: used, Queues: waiting, Depths: waiting, Files: files, Sender: sender, Keyring: keyring})
}

// populated makes one on any adapters.
func populated(t testing.TB, adapters catalog.Adapters) *installation {
	t.Helper()
	adapters.Now, adapters.Log = time.Now, slog.New(slog.NewTextHandler(io.Discard, nil))
	adapters.BaseURL, adapters.MailDomain = "http://portal.example.com", "help.example.com"
	i := &installation{t: t, people: map[string]identity.Principal{}, tokens: map[string]string{}, guards: map[string]*grant.Guard{}}
	i.Services = catalog.NewServices(adapters)
	i.endpoints = catalog.Endpoints(i.Services)
	i.handler = i.serve(adapters)
	i.populate()
	return i
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// populate makes an MSP with an organization and a case, a foreign MSP with one, and the people.
func (i *installation) populate() {
	ctx := context.Background()
	token, err := i.Accounts.PrepareSetup(ctx, "")
	check(i.t, err)
	operator, err := i.Accounts.Setup(ctx, token, "operator@example.com", password, "Olga", "Operator", "127.0.0.1")
	check(i.t, err)
	i.enter("operator", operator)
	by := i.people["operator"]
	i.msp, err = i.Tenants.CreateMSP(ctx, by, "Adria Networks")
	check(i.t, err)
	i.org, err = i.Tenants.CreateOrg(ctx, by, i.msp.ID, "Rialto Hotels", true)
	check(i.t, err)
	otherMSP, err := i.Tenants.CreateMSP(ctx, by, "Baltic Networks")
	check(i.t, err)
	otherOrg, err := i.Tenants.CreateOrg(ctx, by, otherMSP.ID, "Riga Bakeries", true)
	check(i.t, err)
	i.invite("support", identity.ThePlatform(), identity.Support)
	for _, role := range identity.RolesAt(identity.MSPScope) {
		i.invite("msp "+string(role), i.msp.Place(), role)
		i.invite("org "+string(role), i.org.Place(), role)
	}
	i.invite("foreign msp", otherMSP.Place(), identity.Admin)
	i.invite("foreign org", otherOrg.Place(), identity.Admin)
	i.kase, err = i.Cases.Create(ctx, i.people["org write"], i.org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "Since this morning.",
	})
	check(i.t, err)
	check(i.t, i.Lists.IndexCase(ctx, lists.IndexTask{Reference: support.Reference{OrgID: i.org.ID, CaseID: i.kase.ID}}))
}

// invite makes a person of a role at a place.
func (i *installation) invite(name string, place identity.Place, role identity.Role) identity.Person {
	ctx := context.Background()
	email := strings.ReplaceAll(name, " ", ".") + "@example.com"
	invite, err := i.Accounts.CreateInvite(ctx, i.people["operator"], place, identity.NewInvite{Email: email, Role: role})
	check(i.t, err)
	person, err := i.Accounts.AcceptInvite(ctx, nil, i.Accounts.InviteToken(place, invite),
		identity.Acceptance{Password: password, FirstName: "First", LastName: "Last"}, "127.0.0.1")
	check(i.t, err)
	i.enter(name, person)
	return person
}

func (i *installation) enter(name string, person identity.Person) {
	by := person.Principal("api", "192.0.2.1")
	_, text, err := i.Accounts.CreateToken(context.Background(), by, identity.NewToken{Name: "walk"})
	check(i.t, err)
	i.people[name], i.tokens[name] = by, text
}

// call makes a call as somebody ("" for nobody).
func (i *installation) call(as, method, path, contentType string, body io.Reader) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, endpoint.Prefix+path, body)
	request.RemoteAddr = "192.0.2.1:1234"
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if as != "" {
		request.Header.Set("Authorization", "Token "+i.tokens[as])
	}
	recorder := httptest.NewRecorder()
	if i.do != nil {
		i.do(request)
		return recorder
	}
	i.handler.ServeHTTP(recorder, request)
	return recorder
}

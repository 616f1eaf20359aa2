package catalog_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/outward/outwardtest"
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

// installation is the whole catalog on the embedded adapters, with two tenants and people of every
// role.
type installation struct {
	t testing.TB
	catalog.Services
	handler http.Handler
	// people are the callers, by what they are; tokens are their API tokens.
	people    map[string]identity.Principal
	tokens    map[string]string
	msp       tenant.MSP
	org       tenant.Org
	kase      support.Case
	days      int  // the last one of otherDays
	attached  bool // whether ticketWithFile has attached a file
	endpoints []endpoint.Endpoint
	// moved is the organization that the next call moves.
	moved tenant.Org
	// pictures is the address of a picture on a server of the test.
	pictures string
	// guards enforce the grants of each served endpoint.
	guards map[string]*grant.Guard
	// do, if set, receives the requests instead of the handler.
	do func(*http.Request)
}

const password = "seven quiet lighthouses 42"

// wrap wraps the store.
type wrap func(table.Store) table.Store

// newInstallation returns an installation on the embedded adapters, with a copy of the populated
// database.
func newInstallation(t *testing.T, around wrap) *installation {
	t.Helper()
	first := template(t)
	in := t.TempDir()
	check(t, os.WriteFile(filepath.Join(in, databaseFile), first.database, 0o600))
	adapters, closeDatabase := embeddedAdapters(t, in)
	t.Cleanup(closeDatabase)
	if around != nil {
		adapters.Store = around(adapters.Store)
	}
	i := onAdapters(t, adapters)
	i.people, i.tokens = maps.Clone(first.people), maps.Clone(first.tokens)
	i.msp, i.org, i.kase = first.msp, first.org, first.kase
	return i
}

const databaseFile = "test.db"

// embeddedAdapters opens the embedded adapters in a folder.
func embeddedAdapters(t testing.TB, in string) (adapters catalog.Adapters, closeDatabase func()) {
	t.Helper()
	ctx := context.Background()
	database, err := embedded.Open(ctx, filepath.Join(in, databaseFile))
	check(t, err)
	store, err := sqlite.New(ctx, database,
		sqlite.Options{Now: time.Now, Record: catalog.Fed, Consumers: []string{"relay"}})
	check(t, err)
	waiting, err := queues.New(ctx, database, queues.Options{Now: time.Now, Random: func() float64 { return 0 }})
	check(t, err)
	files, err := folder.Open(filepath.Join(in, "files"))
	check(t, err)
	sender, err := mailfolder.Open(filepath.Join(in, "sent"))
	check(t, err)
	keyring, err := seal.NewKeyring(make([]byte, seal.SecretBytes))
	check(t, err)
	return catalog.Adapters{
			Store:   store,
			Queues:  waiting,
			Depths:  waiting,
			Files:   files,
			Sender:  sender,
			Keyring: keyring,
		},
		func() { check(t, database.Close()) }
}

// populatedDatabase is the database of a populated installation, with what the tests know about it.
type populatedDatabase struct {
	database []byte
	people   map[string]identity.Principal
	tokens   map[string]string
	msp      tenant.MSP
	org      tenant.Org
	kase     support.Case
}

// populatedOnce holds the database that all installations begin with, once a test has created it.
var populatedOnce struct {
	sync.Mutex
	populatedDatabase
}

// template returns the database that all installations begin with, because hashing the passwords of
// fifteen people takes a second, which each test would spend.
func template(t testing.TB) populatedDatabase {
	t.Helper()
	populatedOnce.Lock()
	defer populatedOnce.Unlock()
	if populatedOnce.database != nil {
		return populatedOnce.populatedDatabase
	}
	in := t.TempDir()
	adapters, closeDatabase := embeddedAdapters(t, in)
	i := populated(t, adapters)
	closeDatabase()
	content, err := os.ReadFile(filepath.Join(in, databaseFile))
	check(t, err)
	populatedOnce.populatedDatabase = populatedDatabase{
		database: content, people: i.people, tokens: i.tokens, msp: i.msp, org: i.org, kase: i.kase,
	}
	return populatedOnce.populatedDatabase
}

// populated returns a populated installation on any adapters.
func populated(t testing.TB, adapters catalog.Adapters) *installation {
	t.Helper()
	i := onAdapters(t, adapters)
	i.populate()
	return i
}

// onAdapters serves the catalog on adapters, with the data that they have.
func onAdapters(t testing.TB, adapters catalog.Adapters) *installation {
	t.Helper()
	adapters.Now, adapters.Log = time.Now, slog.New(slog.NewTextHandler(io.Discard, nil))
	adapters.BaseURL, adapters.MailDomain = "http://portal.example.com", "help.example.com"
	i := &installation{
		t:      t,
		people: map[string]identity.Principal{},
		tokens: map[string]string{},
		guards: map[string]*grant.Guard{},
	}
	budgets := budget.Usual()
	budgets.PublicDomains = []string{"example.com"}
	adapters.Budgets = &budgets
	adapters.NewOrgs = &tenant.Start{Kinds: identity.ConsentKinds(), Days: 30}
	adapters.Outward, i.pictures = outwardtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(squarePNG())
	}))
	i.Services = catalog.NewServices(adapters)
	i.endpoints = catalog.Endpoints(i.Services)
	i.handler = i.serve(adapters)
	return i
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// populate creates an MSP with an organization and a case, a foreign MSP with an organization, and
// the people.
func (i *installation) populate() {
	ctx := context.Background()
	check(i.t, i.Directory.Renew(ctx))
	token, err := i.Accounts.PrepareSetup(ctx, "")
	check(i.t, err)
	operator, err := i.Accounts.Setup(ctx, token, "operator@example.com", password, "Olga", "Operator", "127.0.0.1")
	check(i.t, err)
	i.enter("operator", operator)
	by := i.people["operator"]
	i.msp, err = i.Tenants.NewMSP(ctx, by, tenant.MSPChange{Name: new("Adria Networks")})
	check(i.t, err)
	i.org, err = i.Tenants.CreateOrg(ctx, by, i.msp.ID, "Rialto Hotels", true)
	check(i.t, err)
	otherMSP, err := i.Tenants.NewMSP(ctx, by, tenant.MSPChange{Name: new("Baltic Networks")})
	check(i.t, err)
	otherOrg, err := i.Tenants.CreateOrg(ctx, by, otherMSP.ID, "Riga Bakeries", true)
	check(i.t, err)
	i.invite("support", identity.ThePlatform(), identity.Support)
	for _, role := range identity.RolesAt(identity.MSPScope) {
		i.invite("msp "+string(role), i.msp.Place(), role)
		i.invite("org "+string(role), i.org.Place(), role)
	}
	i.enterLabelled(ctx)
	i.invite("foreign msp", otherMSP.Place(), identity.Admin)
	i.invite("foreign org", otherOrg.Place(), identity.Admin)
	i.kase, err = i.Cases.Create(ctx, i.people["org write"], i.org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "Since this morning.",
	})
	check(i.t, err)
	check(i.t,
		i.Lists.IndexCase(ctx, lists.IndexTask{Reference: support.Reference{OrgID: i.org.ID, CaseID: i.kase.ID}}))
}

// enterLabelled creates people with a role at a label that the organization has.
func (i *installation) enterLabelled(ctx context.Context) {
	by := i.people["operator"]
	label, err := i.Tenants.NewLabel(ctx, by, i.msp.ID,
		tenant.LabelChange{Name: new("Walked")})
	check(i.t, err)
	i.org, err = i.Tenants.ChangeOrg(ctx, by, i.org.ID, tenant.OrgChange{Labels: &[]string{label.ID}})
	check(i.t, err)
	for _, role := range labelRoles() {
		name := "label " + string(role)
		invite, err := i.Accounts.CreateInvite(ctx, by, i.msp.Place(), identity.NewInvite{
			Email: strings.ReplaceAll(name, " ", ".") + "@example.com",
			Below: []identity.Privilege{{Scope: identity.LabelScope, Role: role, LabelID: label.ID}},
		})
		check(i.t, err)
		person, err := i.Accounts.AcceptInvite(ctx, nil, i.Accounts.InviteToken(i.msp.Place(), invite),
			identity.Acceptance{Password: password, FirstName: "First", LastName: "Last"}, "127.0.0.1")
		check(i.t, err)
		i.enter(name, person)
	}
}

// labelRoles are the roles at a label that the walk has people with.
func labelRoles() []identity.Role { return []identity.Role{identity.Admin, identity.Read} }

// invite creates a person with a role at a place.
func (i *installation) invite(name string, place identity.Place, role identity.Role) identity.Person {
	ctx := context.Background()
	email := strings.ReplaceAll(name, " ", ".") + "@example.com"
	invite, err := i.Accounts.CreateInvite(ctx, i.people["operator"], place,
		identity.NewInvite{Email: email, Role: role})
	check(i.t, err)
	person, err := i.Accounts.AcceptInvite(ctx, nil, i.Accounts.InviteToken(place, invite),
		identity.Acceptance{Password: password, FirstName: "First", LastName: "Last"}, "127.0.0.1")
	check(i.t, err)
	i.enter(name, person)
	return person
}

func (i *installation) enter(name string, person identity.Person) {
	by := person.Principal("api", "192.0.2.1")
	_, text, err := i.Accounts.CreateToken(context.Background(), by, identity.NewToken{Password: password, Name: "walk"})
	check(i.t, err)
	i.people[name], i.tokens[name] = by, text
}

// call makes a call as a person ("" for nobody).
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

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// installation is a running installation with one case and two dead letters.
type installation struct {
	*apptest.Estate
	t          *testing.T
	url, token string
}

func newInstallation(t *testing.T) *installation {
	t.Helper()
	e := apptest.NewEstate(t)
	services := catalog.NewServices(catalog.Adapters{
		Store:      e.Store,
		Queues:     e.Queues,
		Depths:     e.Queues,
		Files:      e.Files,
		Sender:     e.Sender,
		Keyring:    e.Keyring,
		Log:        e.Log,
		Now:        e.Clock.Now,
		BaseURL:    apptest.BaseURL,
		MailDomain: apptest.MailDomain,
	})
	server := httptest.NewServer(endpoint.Handler(endpoint.Settings{
		Accounts:     e.Accounts,
		Journal:      e.Journal,
		Keyring:      e.Keyring,
		Limits:       limit.NewWindow(e.Clock.Now),
		Log:          e.Log,
		Now:          e.Clock.Now,
		CallsPerHour: 1 << 20,
		Version:      catalog.Version,
	}, catalog.Endpoints(services)))
	t.Cleanup(server.Close)
	i := &installation{Estate: e, t: t, url: server.URL}
	var err error
	_, i.token, err = e.Accounts.CreateToken(t.Context(), e.Operator(), identity.NewToken{Password: apptest.Password, Name: "operate"})
	i.must(err)
	customer := e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti")
	_, err = e.Cases.Create(t.Context(), customer, e.Org.ID,
		support.NewCase{Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "Since this morning."})
	i.must(err)
	for range 2 {
		message := queue.Message{
			ID:    e.Journal.NewID(),
			Queue: queue.MailSend,
			Group: "PLATFORM",
			Body:  json.RawMessage(`{"kind":"case"}`),
		}
		i.must(e.DeadLetters.Park(t.Context(), message, "the server said no", 6))
	}
	return i
}

func (i *installation) must(err error) {
	i.t.Helper()
	if err != nil {
		i.t.Fatal(err)
	}
}

func (i *installation) run(arguments ...string) (string, error) {
	var out bytes.Buffer
	err := run(context.Background(), append([]string{"-url", i.url}, arguments...), i.token, &out)
	return out.String(), err
}

func TestTheStatusShowsQueuesAndWhatWasGivenUp(t *testing.T) {
	i := newInstallation(t)
	got, err := i.run("status")
	i.must(err)
	for _, line := range strings.Split(got, "\n") {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == queue.MailSend &&
			fields[len(fields)-1] != "2" {
			t.Errorf("got\n%s", got)
		}
	}
	if !strings.Contains(got, queue.MailReceive) {
		t.Errorf("got\n%s", got)
	}
}

func TestDeadLettersAreShownReplayedAndDiscarded(t *testing.T) {
	i := newInstallation(t)
	got, err := i.run("dead-letters")
	i.must(err)
	if strings.Count(got, "the server said no") != 2 || !strings.Contains(got, "after 6 attempts") {
		t.Errorf("got\n%s", got)
	}
	_, err = i.run("discard", strings.Fields(got)[0])
	i.must(err)
	got, err = i.run("replay", "all")
	if i.must(err); !strings.HasPrefix(got, "1 messages") {
		t.Errorf("got %q", got)
	}
	if got, err = i.run("dead-letters"); err != nil || got != "" {
		t.Errorf("left %q, %v", got, err)
	}
}

func TestVerifyFailsUntilWhatDiffersIsMended(t *testing.T) {
	i := newInstallation(t)
	page, err := i.Store.Query(t.Context(), table.Query{Partition: "ORG#" + i.Org.ID + "#CASES#OPEN", Limit: 1})
	i.must(err)
	i.must(i.Store.Transact(t.Context(), []table.Write{table.Delete(page.Items[0].Key, 1)}))
	if got, err := i.run("verify"); err == nil || !strings.Contains(got, "1 cases compared, 1 differ, 0 repaired") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := i.run("verify", "-mend"); err != nil || !strings.Contains(got, "1 differ, 1 repaired") {
		t.Errorf("%v:\n%s", err, got)
	}
	_, err = i.Tenants.ListedBy(nil).ChangeOrg(t.Context(), i.Operator(), i.Org.ID, tenant.OrgChange{Name: new("Lido")})
	i.must(err)
	if got, err := i.run("verify"); err == nil || !strings.Contains(got, "organization "+i.Org.ID) ||
		!strings.Contains(got, "organizations compared, 1 differ, 0 repaired") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := i.run("verify", "-mend"); err != nil || !strings.Contains(got, "1 differ, 1 repaired") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := i.run("verify"); err != nil || strings.Count(got, " 0 differ") != 2 {
		t.Errorf("%v:\n%s", err, got)
	}
}

func TestTheIndexIsShownAndMadeAnew(t *testing.T) {
	i := newInstallation(t)
	if got, err := i.run("index", "-org", i.Org.ID); err != nil ||
		!strings.Contains(got, "0 cases indexed, lagging") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := i.run("rebuild-index"); err != nil || strings.HasPrefix(got, "Parts that are being rebuilt: 1.") ||
		!strings.HasPrefix(got, "Parts that are being rebuilt: ") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := i.run("rebuild-index", "-org", i.Org.ID); err != nil || !strings.HasPrefix(got, "Parts that are being rebuilt: 1.") {
		t.Errorf("%v:\n%s", err, got)
	}
	i.must(i.Lists.RebuildPart(t.Context(), lists.Rebuild{OrgID: i.Org.ID}, time.Hour))
	if got, err := i.run("index", "-org", i.Org.ID); err != nil ||
		!strings.Contains(got, "1 cases indexed, up to date; rebuilt 1 times") {
		t.Errorf("%v:\n%s", err, got)
	}
}

func TestWhatCannotBeDoneIsSaidPlainly(t *testing.T) {
	i := newInstallation(t)
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{nil, "usage:"}, {[]string{"dance"}, "unknown command"}, {[]string{"replay"}, "wrong arguments"},
		{[]string{"replay", "99999999-9999-4999-8999-999999999999"}, "Not found. (404)"},
		{[]string{"replay", "x/../../msps"}, "("},
		{[]string{"index", "-msp", "99999999-9999-4999-8999-999999999999"}, "Not found. (404)"},
		{[]string{"rebuild-index", "-msp", "a", "-org", "b"}, "or neither"},
		{[]string{"rebuild-index", "all"}, "or neither"},
	} {
		if _, err := i.run(test.arguments...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v", test.arguments, err)
		}
	}
	i.token = "tenantry_wrong"
	if _, err := i.run("status"); err == nil || !strings.Contains(err.Error(), "(401)") {
		t.Errorf("with a wrong token: %v", err)
	}
	i.token = ""
	if _, err := i.run("status"); err == nil || !strings.Contains(err.Error(), "TENANTRY_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
	i.url, i.token = "http://127.0.0.1:1", "x"
	if _, err := i.run("status"); err == nil || !strings.Contains(err.Error(), "-url") {
		t.Errorf("where nothing is: %v", err)
	}
}

package catalog_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
)

const (
	seededSource = "198.51.100.77"
	seededMail   = "wilhelmina@people.example.org"
	seededName   = "Wilhelmina Quetzalcoatl"
	watcherMail  = "barnabas@people.example.org"
	watcherName  = "Barnabas Xylophonist"
	copiedMail   = "copied.colleague@people.example.org"
	invitedMail  = "invited.colleague@people.example.org"
)

// personalData lists what nobody of the provider may see of the seeded people.
func personalData() []string {
	return []string{
		seededSource, seededMail, seededName, "Quetzalcoatl", watcherMail, watcherName, copiedMail, invitedMail,
		"org.admin@example.com", "org.write@example.com", "org.read@example.com",
	}
}

// readers are the people of the provider whom the organization keeps its people's data from.
func readers() []string { return []string{"operator", "support", "msp admin", "msp helpdesk"} }

// enterAs creates a person of the organization with a name of their own.
func (i *installation) enterAs(name, email, full string, role identity.Role) {
	ctx := context.Background()
	first, last, _ := strings.Cut(full, " ")
	invite, err := i.Accounts.CreateInvite(ctx, i.people["operator"], i.org.Place(),
		identity.NewInvite{Email: email, Role: role})
	check(i.t, err)
	person, err := i.Accounts.AcceptInvite(ctx, nil, i.Accounts.InviteToken(i.org.Place(), invite),
		identity.Acceptance{Password: password, FirstName: first, LastName: last}, seededSource)
	check(i.t, err)
	by := person.Principal("api", seededSource)
	_, text, err := i.Accounts.CreateToken(ctx, by, identity.NewToken{Password: password, Name: "seed"})
	check(i.t, err)
	i.people[name], i.tokens[name] = by, text
}

// seedPeople leaves traces of the organization's people wherever the API shows some: on a case, in its
// history, in jobs, logs, the quarantine and the dead letters.
func (i *installation) seedPeople() {
	ctx := context.Background()
	i.enterAs("seeded", seededMail, seededName, identity.Admin)
	i.enterAs("watcher", watcherMail, watcherName, identity.Write)
	// The first own administrator is there already, and confirms the one whom the provider invited.
	fresh := i.people["org admin"]
	fresh.Proven = i.Journal.Now().Unix()
	_, err := i.Accounts.ChangeAdministrator(ctx, fresh, i.org.Place(), i.people["seeded"].UserID, identity.Admin)
	check(i.t, err)
	by, watcher := i.people["seeded"], i.people["watcher"]
	i.kase, err = i.Cases.Create(ctx, by, i.org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "No Wi-Fi on the terrace"}, Description: "Since this morning.",
		WatcherIDs: []string{watcher.UserID}, CC: []string{copiedMail},
	})
	check(i.t, err)
	_, err = i.Cases.Change(ctx, by, i.org.ID, i.kase.ID, support.CaseChange{WatcherIDs: &[]string{}})
	check(i.t, err)
	_, err = i.Cases.Change(ctx, by, i.org.ID, i.kase.ID, support.CaseChange{WatcherIDs: &[]string{watcher.UserID}})
	check(i.t, err)
	_, _, err = i.Cases.AddComment(ctx, watcher, i.org.ID, i.kase.ID, support.NewComment{Text: "It is worse now."})
	check(i.t, err)
	i.kase, err = i.Cases.Find(ctx, i.org.ID, i.kase.ID, "case_id")
	check(i.t, err)
	check(i.t,
		i.Lists.IndexCase(ctx, lists.IndexTask{Reference: support.Reference{OrgID: i.org.ID, CaseID: i.kase.ID}}))
	_, err = i.CaseJobs.Bulk(ctx, by, lists.Scope{OrgID: i.org.ID}, casejobs.Bulk{
		Action: casejobs.BulkClose, Cases: []support.Reference{{OrgID: i.org.ID, CaseID: i.kase.ID}},
	})
	check(i.t, err)
	_, err = i.Accounts.CreateInvite(ctx, by, i.org.Place(), identity.NewInvite{Email: invitedMail, Role: identity.Read})
	check(i.t, err)
	_, _, err = i.Accounts.Login(ctx, seededMail, "wrong", seededSource)
	if err == nil {
		i.t.Error("a wrong password was taken")
	}
	check(i.t, i.Intake.Quarantine(ctx, intake.Quarantined{
		ID: i.Journal.NewID(), Reason: intake.UnknownCase, From: seededMail,
		Detail: "No case is known for " + seededMail + ".", Recipients: []string{"support@help.example.com"},
		Mail: received.Mail{EnvelopeFrom: seededMail, SourceAddress: seededSource},
	}))
	body, err := json.Marshal(identity.Notice{Kind: identity.NoticeRecovery, Email: seededMail, Source: seededSource})
	check(i.t, err)
	check(i.t, i.DeadLetters.Park(ctx, queue.Message{ID: i.Journal.NewID(), Queue: queue.MailSend, Body: body},
		"could not send to "+seededMail, 6))
}

// consentTo gives or withdraws the personal data of the organization, by its seeded administrator.
func (i *installation) consentTo(granted bool) {
	for _, grantee := range identity.Grantees() {
		got := httptest.NewRecorder()
		i.handler.ServeHTTP(got, i.sessionOf("seeded", "PUT",
			"/orgs/"+i.org.ID+"/consents/personal_data/"+string(grantee), object{"granted": granted}))
		if got.Code != http.StatusOK {
			i.t.Fatalf("%d: %s", got.Code, got.Body)
		}
	}
}

// found returns what an answer tells of the seeded people, in its body or its headers.
func found(got *httptest.ResponseRecorder, secrets []string) []string {
	text := got.Body.String()
	for name, values := range got.Header() {
		text += "\n" + name + ": " + strings.Join(values, " ")
	}
	var parts []string
	for _, part := range secrets {
		if strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
			parts = append(parts, part)
		}
	}
	return parts
}

// TestNoAnswerHasPersonalDataThatAnOrganizationWithholds walks every endpoint that reads, as the people
// of the provider. With the consent the answers have each seeded name and address somewhere; without
// it none has any.
func TestNoAnswerHasPersonalDataThatAnOrganizationWithholds(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	i.seedPeople()
	known := lines()
	alias := known["cases.delete_mail_address"].path(i)
	secrets := append(personalData(), alias[strings.LastIndex(alias, "/")+1:])
	var reading []string
	paths := map[string]string{}
	for _, e := range i.endpoints {
		if l, has := known[e.Name]; has && e.Method == http.MethodGet && l.path != nil {
			reading = append(reading, e.Name)
			paths[e.Name] = l.path(i)
		}
	}
	i.consentTo(true)
	seen := map[string]bool{}
	for _, name := range reading {
		for _, reader := range readers() {
			for _, part := range found(i.call(reader, "GET", paths[name], "", nil), secrets) {
				seen[part] = true
			}
		}
	}
	for _, part := range secrets {
		if !seen[part] {
			t.Errorf("no answer has %q with the consent, so that the test holds nothing of it: %v", part,
				slices.Sorted(maps.Keys(seen)))
		}
	}
	i.consentTo(false)
	for _, name := range reading {
		for _, reader := range readers() {
			got := i.call(reader, "GET", paths[name], "", nil)
			if parts := found(got, secrets); len(parts) > 0 {
				t.Errorf("%s tells %s of %v: %s", name, reader, parts, got.Body)
			}
		}
	}
	for _, reader := range []string{"support", "msp admin", "msp helpdesk"} {
		for _, change := range []struct {
			method, path string
			body         object
		}{
			{"PUT", ofCase("")(i), object{"severity": 2, "cc": []string{"c…@people.example.org"}}},
			{"PUT", ofCase("")(i), object{"severity": 3}},
			{"POST", ofCase("/comments")(i), object{"comment": "We look into it."}},
			{"PUT", ofTicket("")(i), object{"status": "hold"}},
		} {
			body, err := json.Marshal(change.body)
			check(t, err)
			got := i.call(reader, change.method, change.path, "application/json", strings.NewReader(string(body)))
			if parts := found(got, secrets); got.Code != http.StatusOK || len(parts) > 0 {
				t.Errorf("%s %s answers %s with %d and %v: %s", change.method, change.path, reader, got.Code, parts, got.Body)
			}
		}
	}
	kept, err := i.Cases.Find(t.Context(), i.org.ID, i.kase.ID, "case_id")
	check(t, err)
	if len(kept.CC) != 1 || kept.CC[0].Email != copiedMail {
		t.Errorf("what was written back masked was stored: %+v", kept.CC)
	}
}

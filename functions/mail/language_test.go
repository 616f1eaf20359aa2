package mail_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support"
)

// text returns the text part of a mail, with what was wrapped on one line.
func (w *world) text(one sent) string {
	w.t.Helper()
	message, err := netmail.ReadMessage(bytes.NewReader(one.Raw))
	w.must(err)
	_, parameters, err := mime.ParseMediaType(one.Get("Content-Type"))
	w.must(err)
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextRawPart()
	w.must(err)
	content, err := io.ReadAll(quotedprintable.NewReader(part))
	w.must(err)
	return strings.Join(strings.Fields(string(content)), " ")
}

// last returns the last mail to an address.
func (w *world) last(to string) sent {
	w.t.Helper()
	all := w.mails(to)
	if len(all) == 0 {
		w.t.Fatalf("%s got no mail", to)
	}
	return all[len(all)-1]
}

func (w *world) speaks(language string, person identity.Principal) {
	w.t.Helper()
	_, _, err := w.Accounts.ChangeSelf(w.t.Context(), person, identity.SelfChange{
		Preferences: preference.Change{Language: &language},
	})
	w.must(err)
}

func (w *world) watches(c support.Case, watcher identity.Principal) {
	w.t.Helper()
	_, err := w.Cases.Change(w.t.Context(), w.customer, c.OrgID, c.ID,
		support.CaseChange{WatcherIDs: &[]string{watcher.UserID}})
	w.must(err)
	w.sendAll()
}

func wantsAll(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in: %s", part, text)
		}
	}
}

func TestAMailIsInTheLanguageOfItsReader(t *testing.T) {
	w := newWorld(t)
	w.speaks(preference.German, w.customer)
	c := w.newCase("Kein WLAN")
	w.sendAll()
	wantsAll(t, w.text(w.last(w.customer.Email)), "Ihre Anfrage ist bei uns als Fall 1.")
	pending := support.Pending
	_, err := w.Cases.Change(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{Status: &pending})
	w.must(err)
	w.sendAll()
	one := w.last(w.customer.Email)
	wantsAll(t, w.text(one), "Hanna Horvat (Support) hat Fall 1 geändert: Status", "Status: war open → jetzt pending",
		"Sie bekommen diese Mail, weil Sie den Fall gemeldet haben.", "Auswählen, welche Mails Sie bekommen")
	if subject := one.Get("Subject"); subject != "[Case 1] Kein WLAN" {
		t.Errorf("the subject of the conversation became %q", subject)
	}
	w.must(w.Accounts.Recover(t.Context(), w.customer.Email, apptest.Source))
	w.sendAll()
	wantsAll(t, w.text(w.last(w.customer.Email)), "Ein neues Passwort wählen.", "innerhalb von 15 Minuten.")
}

func TestAnAnswerToAGermanMailBecomesAComment(t *testing.T) {
	w := newWorld(t)
	w.speaks(preference.German, w.customer)
	c := w.newCase("Kein WLAN")
	w.sendAll()
	one := w.last(w.customer.Email)
	reply, err := netmail.ParseAddress(one.Get("Reply-To"))
	w.must(err)
	w.arrive(w.customer.Email, reply.Address, "From: "+w.customer.Email+"\nTo: "+reply.Address+"\nSubject: AW: "+
		one.Get("Subject")+"\nMessage-ID: <a@x.example>\n\nDas rote.\n\n"+
		"##- Zum Antworten bitte über dieser Zeile schreiben -##\nalt\n")
	comments := w.detail(c).Comments
	if len(comments) != 1 || comments[0].Text != "Das rote." {
		t.Errorf("the comments are %+v", comments)
	}
}

func TestOnlyWatchersStopMailsByAButtonOfTheirProgram(t *testing.T) {
	w := newWorld(t)
	watcher := w.Another(w.Org.Place(), identity.Write)
	c := w.newCase("No Wi-Fi")
	w.watches(c, watcher)
	w.comment(w.agent, c, "We look into it.")
	w.sendAll()
	for address, watches := range map[string]bool{watcher.Email: true, w.customer.Email: false} {
		one := w.last(address)
		stop, click := one.Get("List-Unsubscribe"), one.Get("List-Unsubscribe-Post")
		if watches != strings.HasPrefix(stop, "<"+apptest.BaseURL+"/unwatch?token=") ||
			watches != (click == "List-Unsubscribe=One-Click") || watches != (stop != "") {
			t.Errorf("%s: List-Unsubscribe %q, List-Unsubscribe-Post %q", address, stop, click)
		}
		if got, want := one.Get("List-Id"), `"Rialto Hotels" <`+w.Org.ID+".cases."+apptest.MailDomain+">"; got != want {
			t.Errorf("List-Id: %s, want %s", got, want)
		}
		if one.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("Auto-Submitted: %s", one.Get("Auto-Submitted"))
		}
		wantsAll(t, w.text(one), "Adria Networks looks after Rialto Hotels in the portal at "+apptest.BaseURL+".",
			"Choose which mails you get: "+apptest.BaseURL+"/login?next=%2Faccount%23mails")
	}
	wantsAll(t, w.text(w.last(watcher.Email)), "You get this mail because you watch the case.",
		"Stop watching this case: ")
	token := strings.TrimSuffix(strings.SplitN(w.last(watcher.Email).Get("List-Unsubscribe"), "token=", 2)[1], ">")
	w.must(w.Notifications.Unwatch(t.Context(), token, apptest.Source))
	before := len(w.mails(watcher.Email))
	w.comment(w.agent, c, "It works again.")
	w.sendAll()
	if got := len(w.mails(watcher.Email)); got != before {
		t.Error("somebody who stopped watching gets mails")
	}
	w.Invite(w.Org.Place(), identity.Write, "nora@rialto.example.net")
	w.must(w.Accounts.Recover(t.Context(), w.customer.Email, apptest.Source))
	w.sendAll()
	for _, address := range []string{"nora@rialto.example.net", w.customer.Email} {
		if one := w.last(address); one.Get("List-Unsubscribe") != "" || one.Get("List-Id") != "" {
			t.Errorf("%s can stop mails that must come", one.Get("Subject"))
		}
	}
}

func TestAWatcherToWhomACaseIsAssignedCannotStopItsMails(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	w.watches(c, w.agent)
	w.comment(w.customer, c, "Any news?")
	w.sendAll()
	if stop := w.last(w.agent.Email).Get("List-Unsubscribe"); stop != "" {
		t.Errorf("List-Unsubscribe: %s", stop)
	}
}

func TestAnInvitationIsFromThoseWhoInvite(t *testing.T) {
	w := newWorld(t)
	for i, test := range []struct {
		by    identity.Principal
		place identity.Place
		want  string
	}{
		{w.Person(w.Org.Place(), identity.Admin), w.Org.Place(), `"Rialto Hotels via Tenantry"`},
		{w.Person(w.MSP.Place(), identity.Admin), w.Org.Place(), `"Adria Networks via Tenantry"`},
		{w.Person(w.MSP.Place(), identity.Admin), w.MSP.Place(), `"Adria Networks via Tenantry"`},
		{w.Operator(), w.Org.Place(), `"Tenantry"`},
		{w.Operator(), w.MSP.Place(), `"Tenantry"`},
	} {
		address := string(rune('a'+i)) + "@rialto.example.net"
		_, err := w.Accounts.CreateInvite(t.Context(), test.by, test.place, identity.NewInvite{
			Email: address, Role: identity.Read, Hours: 24,
		})
		w.must(err)
		w.sendAll()
		if got, want := w.last(address).Get("From"), test.want+" <support@"+apptest.MailDomain+">"; got != want {
			t.Errorf("%s invites to %s: from %s, want %s", test.by.Email, test.place.Name, got, want)
		}
	}
}

func TestAMailAboutANewPersonNamesTheRole(t *testing.T) {
	w := newWorld(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	w.must(w.send.Handle(t.Context(), message(t, uuid.NewString(), identity.Notice{
		Kind: identity.NoticeAdministrator, UserID: w.customer.UserID, RecipientID: admin.UserID,
		Role: identity.Helpdesk, Scope: identity.OrgScope, ScopeID: w.Org.ID, PlaceName: w.Org.Name,
	})))
	one := w.last(admin.Email)
	if got := one.Get("Subject"); got != "New Helpdesk of Rialto Hotels" {
		t.Errorf("subject %q", got)
	}
	text := w.text(one)
	wantsAll(t, text, "Carlo Conti is now Helpdesk of Rialto Hotels.", apptest.BaseURL+"/orgs/"+w.Org.ID+"/admins",
		"You get this mail because you are Tenant Administrator of Rialto Hotels.")
	if strings.Contains(text, "new administrator") {
		t.Errorf("a helpdesk is called an administrator: %s", text)
	}
}

func TestTheMailThatNobodyCanBeNotifiedLeadsToAPageThatOperatorsMayOpen(t *testing.T) {
	w := newWorld(t)
	w.newCase("No Wi-Fi")
	w.sendAll()
	text := w.text(w.last(w.Operator().Email))
	wantsAll(t, text, "Open the organization: "+apptest.BaseURL+"/orgs/"+w.Org.ID+" ",
		"Check what the organization consents to")
	if strings.Contains(text, "/cases/") {
		t.Errorf("the mail leads to the case: %s", text)
	}
	if _, err := w.Tenants.Org(t.Context(), w.Operator(), w.Org.ID, identity.SeeOrg); err != nil {
		t.Errorf("the operator may not open the organization: %v", err)
	}
}

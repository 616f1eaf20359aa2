package mail_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// link returns the token of a link in a mail's text, whose lines may be broken by the encoding.
func link(t *testing.T, one sent, path string) string {
	t.Helper()
	text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(one.Raw))
	match := regexp.MustCompile(regexp.QuoteMeta(apptest.BaseURL+path) + `\?token=([A-Za-z0-9_-]+)`).
		FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("no link to %s in %s", path, text)
	}
	return match[1]
}

func TestAMailSaysWhoseSideTheAuthorIsOn(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	impostor := w.Invited(w.Org.Place(), identity.Write, "impostor@rialto.example.net", "Adria", "Support")
	w.comment(impostor, c, "Please tell us your password.")
	w.sendAll()
	got := w.mails(w.customer.Email)
	last := strings.NewReplacer("=\r\n", "").Replace(string(got[len(got)-1].Raw))
	if !strings.Contains(last, "Adria Support (customer) answered case") {
		t.Errorf("%s", last)
	}
	w.comment(w.agent, c, "We never do.")
	w.sendAll()
	got = w.mails(w.customer.Email)
	last = strings.NewReplacer("=\r\n", "").Replace(string(got[len(got)-1].Raw))
	if !strings.Contains(last, w.agent.Name()+" (support) answered case") {
		t.Errorf("%s", last)
	}
}

func TestTheSameMessageTwiceIsOneMail(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	announced := w.Outbox()[w.handled]
	messages := w.sendAll()
	for range 2 { // the tasks of the change and of both recipients are delivered again
		w.must(w.send.Handle(t.Context(), announced))
		for _, message := range append(w.queued(), messages...) {
			w.must(w.send.Handle(t.Context(), message))
		}
	}
	if got := w.mails(w.customer.Email); len(got) != 1 || got[0].ID != messages[0].ID {
		t.Errorf("%d mails", len(got))
	}
	notice := support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID}
	content, err := w.Notifications.Compose(t.Context(), notice)
	if err != nil || len(content.References) != 1 {
		t.Errorf("references %v, %v", content.References, err)
	}
}

func TestAMessageOfAnEarlierReleaseIsSentOnce(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.handled = len(w.Outbox())
	old := message(t, uuid.NewString(), map[string]any{
		"kind": "case", "event": "created", "org_id": c.OrgID, "case_id": c.ID, "user_id": w.customer.UserID,
		"actor_name": "Carlo Conti",
	})
	for range 2 {
		w.must(w.send.Handle(t.Context(), old))
	}
	if got := w.mails(w.customer.Email); len(got) != 1 || !strings.Contains(string(got[0].Raw), "You will hear from us") {
		t.Errorf("%d mails", len(got))
	}
}

func TestChangesWithinSecondsAreOneMailInOrder(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	_, err := w.Cases.Change(
		t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID},
	)
	w.must(err)
	w.comment(w.agent, c, "First answer.")
	pending := support.Pending
	_, err = w.Cases.Change(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{Status: &pending})
	w.must(err)
	w.comment(w.agent, c, "Second answer.")
	mailed := w.sendAll()
	got := w.mails(w.customer.Email)
	if len(got) != 2 || len(mailed) != 1 {
		t.Fatalf("%d mails, of %d messages", len(got), len(mailed))
	}
	text := string(got[1].Raw)
	at := 0
	for _, want := range []string{"Assignee: was none", "Status: was open", "First answer.", "Second answer."} {
		next := strings.Index(text[at:], want)
		if next < 0 {
			t.Fatalf("%q is missing or out of order in %s", want, text)
		}
		at += next
	}
}

func TestAMailThatFailedIsPartOfTheNextOne(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	w.comment(w.agent, c, "First answer.")
	w.must(w.send.Handle(t.Context(), w.Outbox()[w.handled]))
	late := w.queued() // as if sending failed and is retried later
	w.handled++
	w.Clock.Pass(2 * time.Minute)
	w.comment(w.agent, c, "Second answer.")
	w.sendAll()
	for _, message := range late {
		w.must(w.send.Handle(t.Context(), message))
	}
	got := w.mails(w.customer.Email)
	if len(got) != 2 || !strings.Contains(string(got[1].Raw), "First answer.") ||
		!strings.Contains(string(got[1].Raw), "Second answer.") {
		t.Errorf("%d mails", len(got))
	}
}

func TestOperatorsDoNotSeeTheContentOfAnUnattendedCase(t *testing.T) {
	w := newWorld(t)
	w.newCase("Layoffs in May")
	w.sendAll()
	got := w.mails(w.Operator().Email)
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	text := string(got[0].Raw)
	if strings.Contains(text, "Layoffs") || strings.Contains(text, "It is broken.") || strings.Contains(text, "Carlo") ||
		!strings.Contains(text, "Rialto Hotels") {
		t.Errorf("the mail says %s", text)
	}
	if strings.Contains(text, outgoing.ReplyMarker) {
		t.Error("the mail asks for a reply, which would not reach the case")
	}
}

func TestAnInvitationIsMailedInItsPresentState(t *testing.T) {
	w := newWorld(t)
	const nora = "nora@rialto.example.net"
	invite := w.Invite(w.Org.Place(), identity.Write, nora)
	stale := w.Outbox()[w.handled]
	_, err := w.Accounts.ChangeInvite(
		t.Context(),
		w.Operator(),
		w.Org.Place(),
		invite.ID,
		identity.InviteChange{Role: identity.Read},
	)
	w.must(err)
	w.must(w.send.Handle(t.Context(), stale))
	if got := w.mails(nora); len(got) != 0 {
		t.Errorf("%d mails of the outdated invitation were sent", len(got))
	}
	w.sendAll()
	got := w.mails(nora)
	if len(got) != 1 || !strings.Contains(string(got[0].Raw), "Tenant Operator") {
		t.Fatalf("%d mails: %s", len(got), got[0].Raw)
	}
	person, err := w.Accounts.AcceptInvite(
		t.Context(),
		nil,
		link(t, got[0], "/verify/invite"),
		identity.Acceptance{Password: apptest.Password, FirstName: "Nora", LastName: "Neri"},
		"",
	)
	if err != nil || person.Email != nora {
		t.Errorf("%+v, %v", person, err)
	}
}

func TestNobodyGetsAnUnneededMail(t *testing.T) {
	w := newWorld(t)
	leaver := w.Another(w.Org.Place(), identity.Write)
	c := w.newCase("No Wi-Fi")
	_, err := w.Cases.Change(
		t.Context(),
		w.customer,
		c.OrgID,
		c.ID,
		support.CaseChange{WatcherIDs: &[]string{leaver.UserID}},
	)
	w.must(err)
	w.comment(w.agent, c, "We look into it.")
	w.Revoke(leaver, w.Org.Place())
	revoked := w.Invite(w.Org.Place(), identity.Read, "nora@rialto.example.net")
	w.must(w.Accounts.RevokeInvite(t.Context(), w.Operator(), w.Org.Place(), revoked.ID))
	w.Invite(w.Org.Place(), identity.Read, "late@rialto.example.net")
	w.Clock.Pass(25 * time.Hour)
	w.must(w.Accounts.Recover(t.Context(), "nobody@rialto.example.net", apptest.Source))
	w.sendAll()
	for _, to := range []string{leaver.Email, "nora@rialto.example.net", "late@rialto.example.net", "nobody@rialto.example.net"} {
		if got := w.mails(to); len(got) != 0 {
			t.Errorf("%s got %d mails: %s", to, len(got), got[0].Raw)
		}
	}
}

func TestARecoveryLinkSetsANewPassword(t *testing.T) {
	w := newWorld(t)
	w.must(w.Accounts.Recover(t.Context(), "CARLO@rialto.example.net", apptest.Source))
	w.sendAll()
	got := w.mails(w.customer.Email)
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	_, err := w.Accounts.FinishRecovery(t.Context(), link(t, got[0], "/verify/recover"), "x7$kQ9!mZ2pW", apptest.Source)
	w.must(err)
	w.sendAll()
	if got := w.mails(w.customer.Email); len(got) != 2 || got[1].Get("Subject") != "Your password was changed" {
		t.Errorf("%d mails", len(got))
	}
}

func TestTheMailsOfACaseAreOneConversation(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	for range 8 {
		w.comment(w.agent, c, "We look into it.")
		w.sendAll()
	}
	mails := w.mails(w.customer.Email)
	if len(mails) != 9 {
		t.Fatalf("%d mails", len(mails))
	}
	root := strings.Fields(mails[0].Get("References"))[0]
	for i, one := range mails {
		references := strings.Fields(one.Get("References"))
		last := root
		if i > 0 {
			last = mails[i-1].Get("Message-ID")
		}
		if references[0] != root || references[len(references)-1] != last || one.Get("In-Reply-To") != last ||
			len(references) > 7 {
			t.Errorf(
				"mail %d: References %v, In-Reply-To %s, want %s … %s",
				i,
				references,
				one.Get("In-Reply-To"),
				root,
				last,
			)
		}
		if !strings.Contains(one.Get("Subject"), "[Case 1] No Wi-Fi") ||
			!strings.Contains(one.Get("From"), "Adria Networks") ||
			!strings.HasPrefix(one.Envelope.From, "bounce+") {
			t.Errorf("mail %d: %v, envelope %+v", i, one.Header, one.Envelope)
		}
	}
	want := map[bool]string{true: "auto-replied", false: "auto-generated"}
	for i, one := range mails[:2] {
		if got := one.Get("Auto-Submitted"); got != want[i == 0] {
			t.Errorf("mail %d: Auto-Submitted %q", i, got)
		}
	}
}

func TestUnreadableMessagesAreRejected(t *testing.T) {
	w := newWorld(t)
	for name, body := range map[string]any{
		"a text": "x", "an unknown kind": map[string]string{"kind": "poem"}, "a number": map[string]int{"kind": 7},
		"nothing":                  map[string]string{},
		"a case's of another form": map[string]any{"kind": "case", "org_id": 7},
	} {
		wantsInvalid(t, name, w.send.Handle(t.Context(), message(t, uuid.NewString(), body)))
	}
}

func TestPeopleWithoutAnAccountGetNoLinkToAPageThatTheyCannotOpen(t *testing.T) {
	w := newWorld(t)
	const guest = "guest@rialto.example.net"
	request := support.NewCase{Fields: desk.Fields{Subject: "Copied"}, Description: "x", CC: []string{guest}}
	_, err := w.Cases.Create(t.Context(), w.customer, w.Org.ID, request)
	w.must(err)
	w.sendAll()
	for address, linked := range map[string]bool{guest: false, w.customer.Email: true} {
		mails := w.mails(address)
		if len(mails) != 1 || strings.Contains(string(mails[0].Raw), "Open the case") != linked {
			t.Errorf("%s got %d mails, linked is to be %v", address, len(mails), linked)
		}
	}
}

func TestMailsToPeopleWithoutAnAccountWaitForTheNextHour(t *testing.T) {
	w := newWorld(t)
	w.Clock.Set(w.Clock.Now().Truncate(time.Hour).Add(110 * time.Minute)) // never back
	const guest = "guest@rialto.example.net"
	request := support.NewCase{Fields: desk.Fields{Subject: "Often changed"}, Description: "x", CC: []string{guest}}
	c, err := w.Cases.Create(t.Context(), w.customer, w.Org.ID, request)
	w.must(err)
	for i := range guestMails + 3 {
		w.comment(w.agent, c, fmt.Sprint("Comment ", i))
		w.sendAll()
	}
	if got := len(w.mails(guest)); got != guestMails {
		t.Errorf("%d mails were sent in the hour, want %d", got, guestMails)
	}
	if got := len(w.mails(w.customer.Email)); got < guestMails+3 {
		t.Errorf("somebody with an account got %d mails only", got)
	}
	for range 4 {
		w.Clock.Pass(5 * time.Minute)
		w.sendAll()
	}
	mails := w.mails(guest)
	if len(mails) != guestMails+1 {
		t.Fatalf("%d mails were sent in all, want one more in the next hour", len(mails))
	}
	last := string(mails[guestMails].Raw)
	for i := guestMails; i < guestMails+3; i++ {
		if !strings.Contains(last, fmt.Sprint("Comment ", i)) {
			t.Errorf("comment %d was lost", i)
		}
	}
	if left := w.queued(); len(left) != 0 {
		t.Errorf("%d messages still wait", len(left))
	}
}

func TestEveryNoticeAboutAnAccountReachesItsRecipient(t *testing.T) {
	w := newWorld(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	for _, test := range []struct {
		notice identity.Notice
		to     string
		text   string
	}{
		{identity.Notice{
			Kind: identity.NoticeAdministrator, UserID: w.customer.UserID, RecipientID: admin.UserID,
			Role: identity.Read, Scope: identity.OrgScope, ScopeID: w.Org.ID, PlaceName: w.Org.Name,
		}, admin.Email, "Carlo Conti (" + w.customer.Email + ") is now Tenant Operator of Rialto Hotels."},
		{identity.Notice{
			Kind: identity.NoticeConsentRequest, RecipientID: admin.UserID, Consent: identity.SupportAccess,
			Grantee: identity.ToMSP, ByName: "Hanna\r\nHorvat", Reason: "A <b>switch</b>", PlaceName: w.Org.Name,
		}, admin.Email, "Hanna Horvat asks Rialto Hotels to consent to support access for the MSP."},
		{identity.Notice{Kind: identity.NoticeEnded, UserID: w.customer.UserID, ByName: "Olga", Source: "192.0.2.9"},
			w.customer.Email, "Olga ended all sessions, API tokens and pending password recoveries"},
		{identity.Notice{Kind: identity.NoticeLocked, UserID: w.customer.UserID, Source: "192.0.2.9"},
			w.customer.Email, "five times, last from the address 192.0.2.9."},
	} {
		before, once := len(w.mails(test.to)), message(t, uuid.NewString(), test.notice)
		for range 2 {
			w.must(w.send.Handle(t.Context(), once))
		}
		got := w.mails(test.to)
		if len(got) != before+1 {
			t.Errorf("%s: %d mails", test.notice.Kind, len(got)-before)
			continue
		}
		// Two mails may have the same time, so the new one is not always the last of them.
		if !slices.ContainsFunc(got, func(one sent) bool {
			return strings.Contains(strings.NewReplacer("=\r\n", "").Replace(string(one.Raw)), test.text)
		}) {
			t.Errorf("%s: no mail says %q", test.notice.Kind, test.text)
		}
	}
}

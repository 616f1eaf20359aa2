package support_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestALetterSaysWhatItsRecipientMaySee(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, comment := w.comment(w.agent, c, "We look into it.")
	notice := support.Notice{Kind: "case", Event: support.Commented, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID, ActorName: "Hanna Horvat", CommentID: comment.ID}
	letter, err := w.Desk.Letter(t.Context(), notice)
	w.must(err)
	if letter.Text != "We look into it." || letter.Sender != "Adria Networks" || letter.OrgName != "Rialto Hotels" || letter.Recipient.Email != w.customer.Email || letter.From != supportAddress {
		t.Errorf("%+v", letter)
	}
	opened, err := w.Desk.Letter(t.Context(), support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID})
	if err != nil || opened.Text != "It is broken." || opened.Root != letter.Root {
		t.Errorf("%+v, %v", opened, err)
	}
}

func TestADirectCustomersLetterIsFromSupport(t *testing.T) {
	w := newWorld(t)
	direct := w.Person(w.Direct.Place(), identity.Admin)
	c, err := w.Desk.CreateCase(t.Context(), direct, w.Direct.ID, request("No Wi-Fi"))
	w.must(err)
	letter, err := w.Desk.Letter(t.Context(), support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: direct.UserID})
	if err != nil || letter.Sender != "Support" {
		t.Errorf("from %q, %v", letter.Sender, err)
	}
}

func TestWhoLostAccessIsToldNothing(t *testing.T) {
	w := newWorld(t)
	leaver := w.Another(w.Org.Place(), identity.Write)
	demoted := w.Another(w.Org.Place(), identity.Write)
	c := w.newCase(leaver, "No Wi-Fi")
	w.Revoke(leaver, w.Org.Place())
	_, err := w.Accounts.ChangeAdministrator(t.Context(), w.Operator(), w.Org.Place(), demoted.UserID, identity.Installer)
	w.must(err)
	for _, to := range []string{leaver.UserID, demoted.UserID, "0198c0de-0000-7000-8000-000000000001"} {
		_, err := w.Desk.Letter(t.Context(), support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: to})
		w.Wants(fault.NotFound, err)
	}
}

func TestAThreadKeepsItsLatestMailsPerPerson(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for i := range 8 {
		w.must(w.sent(c, w.customer, fmt.Sprintf("%d@example.net", i)))
		w.must(w.sent(c, w.customer, fmt.Sprintf("%d@example.net", i)))
	}
	w.must(w.sent(c, w.customer, ""))
	w.must(w.sent(c, w.customer, textOf(251)))
	w.must(w.sent(c, w.agent, "other@example.net"))
	letter, err := w.Desk.Letter(t.Context(), support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID})
	want := []string{"2@example.net", "3@example.net", "4@example.net", "5@example.net", "6@example.net", "7@example.net"}
	if err != nil || !slices.Equal(letter.References, want) {
		t.Errorf("got %v, %v", letter.References, err)
	}
}

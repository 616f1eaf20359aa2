package notification_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestANotificationHasOnlyWhatItsRecipientMaySee(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, comment := w.Comment(w.Agent, c, "We look into it.")
	notice := support.Notice{
		Kind:      "case",
		Event:     support.Commented,
		OrgID:     c.OrgID,
		CaseID:    c.ID,
		UserID:    w.Customer.UserID,
		ActorName: "Hanna Horvat",
		CommentID: comment.ID,
	}
	content, err := w.Notifications.Compose(t.Context(), notice)
	w.Must(err)
	if content.Entries[0].Text != "We look into it." || content.Sender != "Adria Networks" || content.OrgName != "Rialto Hotels" ||
		content.Recipient.Email != w.Customer.Email ||
		content.From != supporttest.SupportAddress {
		t.Errorf("%+v", content)
	}
	opened, err := w.Notifications.Compose(
		t.Context(),
		support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID},
	)
	if err != nil || opened.Entries[0].Text != "It is broken." || opened.Root != content.Root {
		t.Errorf("%+v, %v", opened, err)
	}
}

func TestADirectCustomersNotificationIsFromSupport(t *testing.T) {
	w := supporttest.NewWorld(t)
	direct := w.Person(w.Direct.Place(), identity.Admin)
	c, err := w.Cases.Create(t.Context(), direct, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	content, err := w.Notifications.Compose(
		t.Context(),
		support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: direct.UserID},
	)
	if err != nil || content.Sender != "Support" {
		t.Errorf("from %q, %v", content.Sender, err)
	}
}

func TestPeopleWhoLostAccessAreNotNotified(t *testing.T) {
	w := supporttest.NewWorld(t)
	leaver := w.Another(w.Org.Place(), identity.Write)
	demoted := w.Another(w.Org.Place(), identity.Write)
	c := w.NewCase(leaver, "No Wi-Fi")
	w.Revoke(leaver, w.Org.Place())
	_, err := w.Accounts.ChangeAdministrator(
		t.Context(),
		w.Operator(),
		w.Org.Place(),
		demoted.UserID,
		identity.Installer,
	)
	w.Must(err)
	for _, to := range []string{leaver.UserID, demoted.UserID, "0198c0de-0000-7000-8000-000000000001"} {
		_, err := w.Notifications.Compose(
			t.Context(),
			support.Notice{Event: support.Created, OrgID: c.OrgID, CaseID: c.ID, UserID: to},
		)
		w.Wants(fault.NotFound, err)
	}
}

func TestAThreadKeepsItsLatestMailsPerPerson(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for i := range 8 {
		w.Must(w.Sent(c, w.Customer, fmt.Sprintf("%d@example.net", i)))
		w.Must(w.Sent(c, w.Customer, fmt.Sprintf("%d@example.net", i)))
	}
	w.Must(w.Sent(c, w.Customer, ""))
	w.Must(w.Sent(c, w.Customer, supporttest.TextOf(251)))
	w.Must(w.Sent(c, w.Agent, "other@example.net"))
	content, err := w.Notifications.Compose(
		t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID},
	)
	want := []string{
		"2@example.net",
		"3@example.net",
		"4@example.net",
		"5@example.net",
		"6@example.net",
		"7@example.net",
	}
	if err != nil || !slices.Equal(content.References, want) {
		t.Errorf("got %v, %v", content.References, err)
	}
}

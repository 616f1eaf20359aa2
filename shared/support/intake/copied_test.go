package intake_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestSomebodyCopiedWithoutAnAccountAnswersByMail(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "x", CC: []string{"friend@rialto.example.net"},
	})
	w.Must(err)
	friend := identity.Principal{UserID: c.CC[0].ID}
	address := w.ReplyTo(friend, c, "")
	if outcome := w.Receive(w.Mail("m-1", "mallory@evil.example", address)); outcome.Reason != intake.OtherSender {
		t.Errorf("%+v", outcome)
	}
	mail := w.Mail("m-2", "friend@rialto.example.net", address)
	mail.Others = []string{"more@rialto.example.net", w.Agent.Email}
	before := len(w.Outbox())
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	detail := w.Detail(w.Customer, c)
	if len(detail.Comments) != 1 || detail.Comments[0].Author.Email != "friend@rialto.example.net" ||
		detail.Comments[0].Author.Agent ||
		detail.Comments[0].Internal {
		t.Errorf("%+v", detail.Comments)
	}
	if len(detail.CC) != 1 || len(detail.Watchers) != 0 {
		t.Errorf("an answer added people: %+v, %+v", detail.CC, detail.Watchers)
	}
	if notices := w.Told(before); len(notices) != 1 || notices[0].UserID != w.Customer.UserID {
		t.Errorf("notified %+v", notices)
	}
	_, err = w.Cases.Change(t.Context(), w.Customer, c.OrgID, c.ID, support.CaseChange{CC: &[]string{}})
	w.Must(err)
	if outcome := w.Receive(
		w.Mail("m-3", "friend@rialto.example.net", address),
	); outcome.Reason != intake.UnknownSender {
		t.Errorf("after removal: %+v", outcome)
	}
}

func TestTheOtherRecipientsOfARequestAreNotifiedOfTheCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	colleague, observer := w.Another(w.Org.Place(), identity.Write), w.Another(w.Org.Place(), identity.Read)
	outsider := w.Another(w.Foreign.Place(), identity.Write)
	mail := w.Mail("m-1", w.Customer.Email, supporttest.SupportAddress)
	mail.Others = []string{
		supporttest.SupportAddress,
		w.Customer.Email,
		colleague.Email,
		observer.Email,
		colleague.Email,
		outsider.Email,
		"reply+x@" + apptest.MailDomain,
		"guest@rialto.example.net",
		"stranger@elsewhere.example",
		"not an address",
	}
	created := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: w.Receive(mail).CaseID})
	var watchers, cc []string
	for _, party := range created.Watchers {
		watchers = append(watchers, party.ID)
	}
	for _, party := range created.CC {
		cc = append(cc, party.Email)
	}
	if !slices.Equal(watchers, []string{colleague.UserID, observer.UserID}) ||
		!slices.Equal(cc, []string{"guest@rialto.example.net"}) {
		t.Errorf("watchers %v, copied %v", created.Watchers, cc)
	}
}

func TestTheRecipientsOfARequestAreLimited(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Mail("m-1", w.Customer.Email, supporttest.SupportAddress)
	for i := range 100 {
		mail.Others = append(mail.Others, fmt.Sprintf("p%d@rialto.example.net", i))
	}
	outcome := w.Receive(mail)
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	if created := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID}); len(
		created.CC,
	) != support.MaxWatchers {
		t.Errorf("%d are copied", len(created.CC))
	}
}

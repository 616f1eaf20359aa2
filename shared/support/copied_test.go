package support_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestSomebodyCopiedWithoutAnAccountAnswersByMail(t *testing.T) {
	w := newWorld(t)
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{
		Fields: support.Fields{Subject: "No Wi-Fi"}, Description: "x", CC: []string{"friend@rialto.example.net"},
	})
	w.must(err)
	friend := identity.Principal{UserID: c.CC[0].ID}
	address := w.replyTo(friend, c, "")
	if outcome := w.intake(w.mail("m-1", "mallory@evil.example", address)); outcome.Reason != support.OtherSender {
		t.Errorf("%+v", outcome)
	}
	mail := w.mail("m-2", "friend@rialto.example.net", address)
	mail.Others = []string{"more@rialto.example.net", w.agent.Email}
	before := len(w.Outbox())
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	detail := w.detail(w.customer, c)
	if len(detail.Comments) != 1 || detail.Comments[0].Author.Email != "friend@rialto.example.net" || detail.Comments[0].Author.Agent || detail.Comments[0].Internal {
		t.Errorf("%+v", detail.Comments)
	}
	if len(detail.CC) != 1 || len(detail.Watchers) != 0 {
		t.Errorf("an answer added people: %+v, %+v", detail.CC, detail.Watchers)
	}
	if told := w.told(before); len(told) != 1 || told[0].UserID != w.customer.UserID {
		t.Errorf("told %+v", told)
	}
	_, err = w.Desk.ChangeCase(t.Context(), w.customer, c.OrgID, c.ID, support.CaseChange{CC: &[]string{}})
	w.must(err)
	if outcome := w.intake(w.mail("m-3", "friend@rialto.example.net", address)); outcome.Reason != support.UnknownSender {
		t.Errorf("who is named no more: %+v", outcome)
	}
}

func TestWhoStandsInToAndCcOfARequestIsToldOfTheCase(t *testing.T) {
	w := newWorld(t)
	colleague, observer := w.Another(w.Org.Place(), identity.Write), w.Another(w.Org.Place(), identity.Read)
	outsider := w.Another(w.Foreign.Place(), identity.Write)
	mail := w.mail("m-1", w.customer.Email, supportAddress)
	mail.Others = []string{
		supportAddress, w.customer.Email, colleague.Email, observer.Email, colleague.Email, outsider.Email, "reply+x@" + apptest.MailDomain,
		"guest@rialto.example.net", "stranger@elsewhere.example", "not an address",
	}
	made := w.detail(w.agent, support.Case{OrgID: w.Org.ID, ID: w.intake(mail).CaseID})
	var watchers, cc []string
	for _, party := range made.Watchers {
		watchers = append(watchers, party.ID)
	}
	for _, party := range made.CC {
		cc = append(cc, party.Email)
	}
	if !slices.Equal(watchers, []string{colleague.UserID, observer.UserID}) || !slices.Equal(cc, []string{"guest@rialto.example.net"}) {
		t.Errorf("watchers %v, copied %v", made.Watchers, cc)
	}
}

func TestNoMoreThanTheMostAreToldOfARequest(t *testing.T) {
	w := newWorld(t)
	mail := w.mail("m-1", w.customer.Email, supportAddress)
	for i := range 100 {
		mail.Others = append(mail.Others, fmt.Sprintf("p%d@rialto.example.net", i))
	}
	outcome := w.intake(mail)
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	if made := w.detail(w.agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID}); len(made.CC) != support.MaxWatchers {
		t.Errorf("%d are copied", len(made.CC))
	}
}

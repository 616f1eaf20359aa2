package mail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/support"
)

// lives sets the time zone of a person.
func (w *world) lives(zone string, people ...identity.Principal) {
	w.t.Helper()
	for _, person := range people {
		_, _, err := w.Accounts.ChangeSelf(w.t.Context(), person, identity.SelfChange{
			Preferences: preference.Change{TimeZone: &zone},
		})
		w.must(err)
	}
}

// says reports whether a mail to an address has a text.
func (w *world) says(to, text string) bool {
	w.t.Helper()
	return slices.ContainsFunc(w.mails(to), func(mail sent) bool {
		return strings.Contains(strings.NewReplacer("=\r\n", "", "\r\n", " ").Replace(string(mail.Raw)), text)
	})
}

func in(t *testing.T, zone string, at time.Time) string {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return outgoing.Moment(at.In(location))
}

func TestMailsShowTimesInTheZoneOfTheirRecipient(t *testing.T) {
	w := newWorld(t)
	w.lives("Asia/Tokyo", w.customer)
	fresh, current := "x7$kQ9!mZ2pW", apptest.Password
	_, _, err := w.Accounts.ChangeSelf(t.Context(), w.customer, identity.SelfChange{
		Password: &fresh, CurrentPassword: &current,
	})
	w.must(err)
	w.sendAll()
	want := in(t, "Asia/Tokyo", w.Clock.Now())
	if !strings.HasSuffix(want, " JST (Asia/Tokyo)") || !w.says(w.customer.Email, want) {
		t.Errorf("the mail lacks %q", want)
	}
}

func TestAnInvitationShowsItsEndInTheZoneOfAnExistingAccount(t *testing.T) {
	w := newWorld(t)
	w.lives("Asia/Tokyo", w.agent)
	for _, address := range []string{w.agent.Email, "new@rialto.example.net"} {
		_, err := w.Accounts.CreateInvite(t.Context(), w.Operator(), w.Neighbour.Place(), identity.NewInvite{
			Email: address, FirstName: "N", LastName: "N", Role: identity.Read, Hours: 24,
		})
		w.must(err)
	}
	w.sendAll()
	end := w.Clock.Now().Add(24 * time.Hour)
	if want := in(t, "Asia/Tokyo", end); !w.says(w.agent.Email, want) {
		t.Errorf("the mail to the account lacks %q", want)
	}
	if want := in(t, "UTC", end); !w.says("new@rialto.example.net", want) {
		t.Errorf("the mail to the stranger lacks %q", want)
	}
}

func TestAMailAboutACaseShowsTimesInTheZoneOfItsRecipient(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	w.lives("Asia/Tokyo", w.agent)
	w.sendAll()
	colleague := w.Another(w.MSP.Place(), identity.Helpdesk)
	pending, at := support.Pending, w.Clock.Now().Add(48*time.Hour)
	micros := at.UnixMicro()
	_, err := w.Cases.Change(t.Context(), colleague, c.OrgID, c.ID, support.CaseChange{
		Status: &pending, ReturnAt: &micros,
	})
	w.must(err)
	w.sendAll()
	if want := in(t, "Asia/Tokyo", at); !w.says(w.agent.Email, want) {
		t.Errorf("the mail lacks %q", want)
	}
}

package identity_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestAnAddressThatMailDoesNotReachIsMarkedUntilItWorks(t *testing.T) {
	w := apptest.NewEstate(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	other := w.Another(w.Org.Place(), identity.Read)
	if err := w.Accounts.MailFails(t.Context(), other.UserID, "mail cannot be delivered: 5.1.1"); err != nil {
		t.Fatal(err)
	}
	people, _, err := w.Accounts.Administrators(t.Context(), admin, w.Org.Place())
	marked := 0
	for _, person := range people {
		if person.MailFailed > 0 && person.MailFailure == "mail cannot be delivered: 5.1.1" &&
			person.ID == other.UserID {
			marked++
		}
	}
	if err != nil || marked != 1 {
		t.Errorf("%+v, %v", people, err)
	}
	for range 2 {
		if err := w.Accounts.MailWorks(t.Context(), other.Actor(), other.UserID); err != nil {
			t.Fatal(err)
		}
	}
	if person, err := w.Accounts.Self(
		t.Context(),
		other,
	); err != nil || person.MailFailed != 0 ||
		person.MailFailure != "" {
		t.Errorf("%+v, %v", person, err)
	}
	actions := map[string]int{}
	for _, entry := range w.AuditLog("USER#" + other.UserID) {
		actions[entry.Action]++
	}
	if actions["accounts.mail_fails"] != 1 || actions["accounts.mail_works"] != 1 {
		t.Errorf("the log has %v", actions)
	}
	w.Wants(fault.NotFound, w.Accounts.MailFails(t.Context(), w.Journal.NewID(), "x"))
}

func TestPeopleAreFoundByTheirAddresses(t *testing.T) {
	w := apptest.NewEstate(t)
	one, two := w.Another(w.Org.Place(), identity.Read), w.Another(w.Org.Place(), identity.Read)
	people, err := w.Accounts.PeopleByEmail(
		t.Context(),
		[]string{" " + one.Email, "nobody@example.net", "", two.Email, one.Email},
	)
	if err != nil || len(people) != 2 || people[0].ID != one.UserID || people[1].ID != two.UserID {
		t.Errorf("%+v, %v", people, err)
	}
	if people, err := w.Accounts.PeopleByEmail(t.Context(), nil); err != nil || len(people) != 0 {
		t.Errorf("%+v, %v", people, err)
	}
}

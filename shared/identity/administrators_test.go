package identity_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

func itemOf(data json.RawMessage) table.Item { return table.Item{Data: data} }

func TestAnMSPsListShowsThePeopleOfItsTree(t *testing.T) {
	w := newWorld(t)
	chief, customer := w.Person(w.MSP.Place(), identity.Admin), w.Person(w.Org.Place(), identity.Admin)
	both := w.Grant(w.Person(w.MSP.Place(), identity.Read), w.Neighbour.Place(), identity.Write)
	both = w.Grant(both, w.Foreign.Place(), identity.Write)
	w.Person(w.Foreign.Place(), identity.Admin)
	w.Invite(w.MSP.Place(), identity.Read, nora)
	people, pending, err := w.Accounts.Administrators(t.Context(), chief, w.MSP.Place())
	w.must(err)
	var got []string
	for _, person := range people {
		got = append(got, fmt.Sprint(person.Email, " ", len(person.Privileges)))
	}
	want := []string{chief.Email + " 1", customer.Email + " 1", both.Email + " 2"}
	slices.Sort(want)
	if !slices.Equal(got, want) || len(pending) != 1 || pending[0].Email != nora {
		t.Errorf("got %v, want %v; pending %+v", got, want, pending)
	}
	orgs, _, err := w.Accounts.Administrators(t.Context(), chief, w.Neighbour.Place())
	if err != nil || len(orgs) != 1 || orgs[0].ID != both.UserID || len(orgs[0].Privileges) != 1 {
		t.Errorf("%+v, %v", orgs, err)
	}
	_, err = w.Accounts.Administrator(
		t.Context(),
		chief,
		w.MSP.Place(),
		w.Person(w.Foreign.Place(), identity.Admin).UserID,
	)
	w.Wants(fault.NotFound, err)
}

func TestAChangedRoleAppliesImmediately(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, err := w.Accounts.ChangeAdministrator(t.Context(), w.Operator(), w.Org.Place(), carlo.UserID, identity.Read)
	w.must(err)
	if w.Fresh(carlo).May(identity.OpenCases, w.Org.Place()) {
		t.Error("the old role is still valid")
	}
	_, err = w.Accounts.ChangeAdministrator(t.Context(), w.Operator(), w.Neighbour.Place(), carlo.UserID, identity.Read)
	w.Wants(fault.NotFound, err)
	_, err = w.Accounts.ChangeAdministrator(t.Context(), w.Operator(), w.Org.Place(), carlo.UserID, identity.Support)
	w.Wants(fault.Invalid, err)
}

func TestRemovingAPersonRemovesAllPrivilegesInTheTree(t *testing.T) {
	w := newWorld(t)
	many := w.Person(w.MSP.Place(), identity.Write)
	for i := range 60 {
		org := w.NewOrg(w.MSP.ID, fmt.Sprintf("Org %02d", i))
		many = w.Grant(many, org.Place(), identity.Read)
	}
	many = w.Grant(many, w.Foreign.Place(), identity.Read)
	w.must(
		w.Accounts.RemoveAdministrator(
			t.Context(),
			w.Person(w.MSP.Place(), identity.Admin),
			w.MSP.Place(),
			many.UserID,
		),
	)
	if left := w.Fresh(many).Privileges; len(left) != 1 || left[0].OrgID != w.Foreign.ID {
		t.Errorf("left %+v", left)
	}
	people, _, err := w.Accounts.Administrators(t.Context(), w.Operator(), w.MSP.Place())
	if err != nil || len(people) != 1 {
		t.Errorf("still listed: %+v, %v", people, err)
	}
	w.Wants(fault.NotFound, w.Accounts.RemoveAdministrator(t.Context(), w.Operator(), w.MSP.Place(), many.UserID))
	if _, err := w.Accounts.PersonByEmail(t.Context(), many.Email); err != nil {
		t.Errorf("the account is gone: %v", err)
	}
}

func TestAPersonHasAtMostAHundredPrivileges(t *testing.T) {
	w := newWorld(t)
	many := w.Person(w.MSP.Place(), identity.Read)
	for i := range 99 {
		many = w.Grant(many, w.NewOrg(w.MSP.ID, fmt.Sprintf("Org %02d", i)).Place(), identity.Read)
	}
	invite := w.Invite(w.Org.Place(), identity.Read, many.Email)
	_, err := w.accept(&many, w.tokenOf(w.Org.Place(), invite))
	w.Wants(fault.Conflict, err)
}

func TestOperatorsCannotRemoveTheirOwnRole(t *testing.T) {
	w := newWorld(t)
	one, platform := w.Operator(), identity.ThePlatform()
	_, err := w.Accounts.ChangeAdministrator(t.Context(), one, platform, one.UserID, identity.Support)
	w.Wants(fault.Conflict, err)
	w.Wants(fault.Conflict, w.Accounts.RemoveAdministrator(t.Context(), one, platform, one.UserID))
	two := w.Another(platform, identity.Operator)
	_, err = w.Accounts.CreateInvite(
		t.Context(),
		two,
		platform,
		identity.NewInvite{Email: one.Email, Role: identity.Support},
	)
	w.Wants(fault.Conflict, err)
	w.must(w.Accounts.RemoveAdministrator(t.Context(), two, platform, one.UserID))
	w.Wants(fault.Forbidden, w.Accounts.RemoveAdministrator(t.Context(), one, platform, two.UserID)) // by its own role
}

func TestOperatorsWhoRemoveEachOtherLeaveOne(t *testing.T) {
	w := newWorld(t)
	platform := identity.ThePlatform()
	for range 5 {
		operators := []identity.Principal{
			w.Another(platform, identity.Operator),
			w.Another(platform, identity.Operator),
		}
		var wait sync.WaitGroup
		for i := range operators {
			wait.Go(func() {
				err := w.Accounts.RemoveAdministrator(t.Context(), operators[i], platform, operators[1-i].UserID)
				if err != nil && !fault.Is(err, fault.Forbidden) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if a, b := len(w.Fresh(operators[0]).Privileges), len(w.Fresh(operators[1]).Privileges); a+b != 1 {
			t.Errorf("they have %d and %d privileges", a, b)
		}
	}
}

func TestAdministratorsOfAnOrganizationCannotRemoveTheirOwnRole(t *testing.T) {
	w := newWorld(t)
	one, two := w.Another(w.Org.Place(), identity.Admin), w.Another(w.Org.Place(), identity.Admin)
	_, err := w.Accounts.ChangeAdministrator(t.Context(), one, w.Org.Place(), one.UserID, identity.Read)
	w.Wants(fault.Conflict, err)
	w.Wants(fault.Conflict, w.Accounts.RemoveAdministrator(t.Context(), one, w.Org.Place(), one.UserID))
	if privileges := w.Fresh(one).Privileges; len(privileges) != 1 || privileges[0].Role != identity.Admin {
		t.Errorf("the refused changes left %v", privileges)
	}
	w.must(w.Accounts.RemoveAdministrator(t.Context(), two, w.Org.Place(), one.UserID))
}

func TestAdministratorsOfAnOrganizationWhoRemoveEachOtherLeaveOne(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		administrators := []identity.Principal{
			w.Another(w.Org.Place(), identity.Admin),
			w.Another(w.Org.Place(), identity.Admin),
		}
		var wait sync.WaitGroup
		for i := range administrators {
			wait.Go(func() {
				err := w.Accounts.RemoveAdministrator(t.Context(), administrators[i], w.Org.Place(), administrators[1-i].UserID)
				if err != nil && !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if a, b := len(w.Fresh(administrators[0]).Privileges), len(w.Fresh(administrators[1]).Privileges); a+b != 1 {
			t.Errorf("they have %d and %d privileges", a, b)
		}
	}
}

func TestConcurrentChangesOfAPersonAreAllStored(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	orgs := w.NewOrgs(w.MSP.ID, "A", "B", "C", "D")
	tokens := make([]string, len(orgs))
	for i, org := range orgs {
		tokens[i] = w.tokenOf(org.Place(), w.Invite(org.Place(), identity.Read, carlo.Email))
	}
	var wait sync.WaitGroup
	for _, token := range tokens {
		wait.Go(func() {
			if _, err := w.accept(&carlo, token); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Go(func() {
		if _, _, err := w.Accounts.ChangeSelf(
			t.Context(),
			carlo,
			identity.SelfChange{LastName: pointer("Conti-Neri")},
		); err != nil {
			t.Error(err)
		}
	})
	wait.Go(func() {
		if _, err := w.Accounts.ChangeAdministrator(
			t.Context(),
			w.Operator(),
			w.Org.Place(),
			carlo.UserID,
			identity.Admin,
		); err != nil {
			t.Error(err)
		}
	})
	wait.Wait()
	if got := w.Fresh(
		carlo,
	); len(got.Privileges) != 5 || got.LastName != "Conti-Neri" ||
		!got.May(identity.ChangeOrg, w.Org.Place()) {
		t.Errorf("%+v", got)
	}
}

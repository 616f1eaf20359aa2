package identity_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

const nora = "nora@rialto.example.net"

func (w *world) accept(by *identity.Principal, token string) (identity.Person, error) {
	return w.Accounts.AcceptInvite(
		w.t.Context(),
		by,
		token,
		identity.Acceptance{Password: newPassword, FirstName: "Nora", LastName: "Neri"},
		apptest.Source,
	)
}

func (w *world) tokenOf(place identity.Place, invite identity.Invite) string {
	return w.Accounts.InviteToken(place, invite)
}

func TestAcceptingAnInvitationCreatesAPersonWithItsRole(t *testing.T) {
	w := newWorld(t)
	before := len(w.Outbox())
	invite := w.Invite(w.Org.Place(), identity.Write, "Nora@Rialto.example.NET")
	notices := apptest.Since[identity.Notice](w.App, before)
	want := identity.Notice{
		Kind:       identity.NoticeInvite,
		Scope:      identity.OrgScope,
		ScopeID:    w.Org.ID,
		InviteID:   invite.ID,
		Generation: 1,
	}
	if len(notices) != 1 || !cmp.Equal(notices[0], want) || invite.Email != nora || invite.Hours != 24 {
		t.Errorf("notified %+v of %+v", notices, invite)
	}
	token := w.tokenOf(w.Org.Place(), invite)
	if w.OnDisk(token) {
		t.Error("the token is stored in the clear")
	}
	person, err := w.accept(nil, token)
	w.must(err)
	privilege := identity.Privilege{
		Scope: identity.OrgScope, Role: identity.Write, MSPID: w.MSP.ID, OrgID: w.Org.ID,
		GivenBy: identity.ToOperator,
	}
	if diff := cmp.Diff([]identity.Privilege{privilege}, person.Privileges); diff != "" || person.Email != nora {
		t.Errorf("%s: %s", person.Email, diff)
	}
	w.must(w.login(person.Principal("api", ""), newPassword))
	_, err = w.accept(nil, token)
	w.Wants(fault.NotFound, err)
	people, pending, err := w.Accounts.Administrators(t.Context(), w.Operator(), w.Org.Place())
	if err != nil || len(people) != 1 || people[0].ID != person.ID || len(pending) != 0 {
		t.Errorf("%+v, %+v, %v", people, pending, err)
	}
}

func TestInvalidInvitationsAreRefused(t *testing.T) {
	w := newWorld(t)
	for name, request := range map[string]identity.NewInvite{
		"no address": {Role: identity.Read}, "two addresses": {Email: "a@example.net,b@example.net", Role: identity.Read},
		"an operator": {Email: nora, Role: identity.Operator}, "no role": {Email: nora}, "an unknown role": {Email: nora, Role: "root"},
		"169 hours": {Email: nora, Role: identity.Read, Hours: 169}, "-1 hours": {Email: nora, Role: identity.Read, Hours: -1},
		"a name of two lines": {Email: nora, Role: identity.Read, FirstName: "a\nb"},
	} {
		_, err := w.Accounts.CreateInvite(t.Context(), w.Operator(), w.Org.Place(), request)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Invite(w.Org.Place(), identity.Read, nora)
	_, err := w.Accounts.CreateInvite(
		t.Context(),
		w.Operator(),
		w.Org.Place(),
		identity.NewInvite{Email: "NORA@rialto.example.net", Role: identity.Read},
	)
	w.Wants(fault.Conflict, err)
}

func TestAnInvitationLastsItsHours(t *testing.T) {
	w := newWorld(t)
	for _, hours := range []int{1, 168} {
		invite, err := w.Accounts.CreateInvite(
			t.Context(),
			w.Operator(),
			w.Org.Place(),
			identity.NewInvite{Email: nora, Role: identity.Read, Hours: hours},
		)
		w.must(err)
		w.Clock.Pass(time.Duration(hours)*time.Hour - time.Second)
		_, err = w.Accounts.Invite(t.Context(), w.Org.Place(), invite.ID)
		w.must(err)
		w.Clock.Pass(time.Second)
		_, err = w.accept(nil, w.tokenOf(w.Org.Place(), invite))
		w.Wants(fault.NotFound, err)
	}
}

func TestAnInvitationSentAgainVoidsTheOlderLink(t *testing.T) {
	w := newWorld(t)
	first := w.Invite(w.Org.Place(), identity.Read, nora)
	second, err := w.Accounts.ChangeInvite(
		t.Context(),
		w.Operator(),
		w.Org.Place(),
		first.ID,
		identity.InviteChange{Role: identity.Admin, Hours: 2},
	)
	w.must(err)
	entries := w.AuditLog("ORG#" + w.Org.ID)
	var before, after identity.Invite
	last := entries[len(entries)-1]
	w.must(change.Decode(itemOf(last.Before), &before))
	w.must(change.Decode(itemOf(last.After), &after))
	if before.Role != identity.Read || after.Role != identity.Admin || before.Hours != 24 || after.Hours != 2 {
		t.Errorf("the log says before %+v, after %+v", before, after)
	}
	_, err = w.accept(nil, w.tokenOf(w.Org.Place(), first))
	w.Wants(fault.NotFound, err)
	person, err := w.accept(nil, w.tokenOf(w.Org.Place(), second))
	if err != nil || person.Privileges[0].Role != identity.Admin {
		t.Errorf("%+v, %v", person, err)
	}
	for _, wrong := range []identity.InviteChange{{Role: identity.Operator}, {Hours: 169}, {Hours: -1}} {
		again := w.Invite(w.Org.Place(), identity.Read, fmt.Sprintf("x%d@example.net", wrong.Hours+200))
		_, err := w.Accounts.ChangeInvite(t.Context(), w.Operator(), w.Org.Place(), again.ID, wrong)
		w.Wants(fault.Invalid, err)
	}
}

func TestARevokedInvitationIsVoid(t *testing.T) {
	w := newWorld(t)
	invite := w.Invite(w.Org.Place(), identity.Read, nora)
	w.must(w.Accounts.RevokeInvite(t.Context(), w.Operator(), w.Org.Place(), invite.ID))
	_, err := w.accept(nil, w.tokenOf(w.Org.Place(), invite))
	w.Wants(fault.NotFound, err)
	w.Wants(fault.NotFound, w.Accounts.RevokeInvite(t.Context(), w.Operator(), w.Org.Place(), invite.ID))
	_, err = w.Accounts.ChangeInvite(t.Context(), w.Operator(), w.Org.Place(), invite.ID, identity.InviteChange{})
	w.Wants(fault.NotFound, err)
}

func TestALinkWorksOnlyForItsPlace(t *testing.T) {
	w := newWorld(t)
	invite := w.Invite(w.Org.Place(), identity.Read, nora)
	for _, place := range []identity.Place{w.Neighbour.Place(), w.MSP.Place(), identity.ThePlatform(), {Scope: identity.MSPScope, MSPID: w.Org.ID}} {
		_, err := w.accept(nil, w.tokenOf(place, invite))
		w.Wants(fault.NotFound, err)
	}
	token := w.tokenOf(w.Org.Place(), invite)
	for i := range token {
		_, err := w.accept(nil, token[:i]+swapped(token[i])+token[i+1:])
		w.Wants(fault.NotFound, err)
	}
}

func TestAPersonWithAnAccountAcceptsInTheirSession(t *testing.T) {
	w := newWorld(t)
	carlo, other := w.Person(w.Org.Place(), identity.Read), w.Another(w.Org.Place(), identity.Read)
	invite := w.Invite(w.Neighbour.Place(), identity.Read, carlo.Email)
	token := w.tokenOf(w.Neighbour.Place(), invite)
	_, err := w.accept(nil, token)
	w.Wants(fault.Unauthenticated, err)
	_, err = w.accept(&other, token)
	w.Wants(fault.NotFound, err)
	person, err := w.accept(&carlo, token)
	w.must(err)
	if len(person.Privileges) != 2 || person.FirstName != carlo.FirstName ||
		person.Privileges[1].OrgID != w.Neighbour.ID {
		t.Errorf("%+v", person)
	}
	_, err = w.accept(&carlo, token)
	w.Wants(fault.NotFound, err)
	again := w.Grant(carlo, w.Neighbour.Place(), identity.Admin) // replaces the role there
	if len(again.Privileges) != 2 || again.Privileges[1].Role != identity.Admin {
		t.Errorf("%+v", again.Privileges)
	}
}

func TestConcurrentAcceptancesCreateOneAccount(t *testing.T) {
	w := newWorld(t)
	token := w.tokenOf(w.Org.Place(), w.Invite(w.Org.Place(), identity.Read, nora))
	other := w.tokenOf(w.MSP.Place(), w.Invite(w.MSP.Place(), identity.Read, nora)) // to the same address
	errs := make([]error, 4)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { _, errs[i] = w.accept(nil, []string{token, other}[i%2]) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		switch fault.CodeOf(err) {
		case "":
			won++
		case fault.Conflict, fault.NotFound, fault.Unauthenticated:
		default:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won: %v", won, errs)
	}
}

func TestAcceptingTwiceWithAnAccountCountsOnce(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	token := w.tokenOf(w.Neighbour.Place(), w.Invite(w.Neighbour.Place(), identity.Admin, carlo.Email))
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			if _, err := w.accept(
				&carlo,
				token,
			); err != nil && !fault.Is(err, fault.Conflict) &&
				!fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := w.Fresh(carlo); len(got.Privileges) != 2 {
		t.Errorf("%+v", got.Privileges)
	}
}

func TestOnlyPeopleWhoMayChangeAdministratorsInvite(t *testing.T) {
	w := newWorld(t)
	org, msp := w.Org.Place(), w.MSP.Place()
	invite := w.Invite(org, identity.Read, nora)
	for _, test := range []struct {
		by    identity.Principal
		place identity.Place
		want  fault.Code
	}{
		{w.Person(org, identity.Write), org, fault.Forbidden},
		{w.Person(org, identity.Helpdesk), org, fault.Forbidden},
		{w.Person(org, identity.Read), org, fault.Forbidden},
		{w.Person(org, identity.Installer), org, fault.Forbidden},
		{w.Person(msp, identity.Write), msp, fault.Forbidden},
		{w.Person(msp, identity.Helpdesk), org, fault.Forbidden},
		{w.Person(org, identity.Admin), msp, fault.NotFound},
		{w.Person(org, identity.Admin), identity.ThePlatform(), fault.Forbidden},
		{w.Person(msp, identity.Admin), identity.ThePlatform(), fault.Forbidden},
		{w.Person(w.ForeignMSP.Place(), identity.Admin), org, fault.NotFound},
		{w.Person(w.Neighbour.Place(), identity.Admin), org, fault.NotFound},
		{w.SupportAgent(), org, fault.NotFound},
		{w.Person(org, identity.Admin), org, ""},
		{w.Person(msp, identity.Admin), org, ""},
	} {
		_, err := w.Accounts.CreateInvite(
			t.Context(),
			test.by,
			test.place,
			identity.NewInvite{Email: "x" + test.by.Email, Role: identity.RolesAt(test.place.Scope)[1]},
		)
		w.Wants(test.want, err)
		if test.want != "" {
			_, err = w.Accounts.ChangeInvite(t.Context(), test.by, test.place, invite.ID, identity.InviteChange{})
			w.Wants(test.want, err)
			w.Wants(test.want, w.Accounts.RevokeInvite(t.Context(), test.by, test.place, invite.ID))
			_, err = w.Accounts.ChangeAdministrator(
				t.Context(),
				test.by,
				test.place,
				test.by.UserID,
				identity.RolesAt(test.place.Scope)[0],
			)
			w.Wants(test.want, err)
			w.Wants(test.want, w.Accounts.RemoveAdministrator(t.Context(), test.by, test.place, test.by.UserID))
		}
	}
}

func TestNobodyCanInviteThemselves(t *testing.T) {
	w := newWorld(t)
	chief := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Accounts.CreateInvite(
		t.Context(),
		chief,
		w.Org.Place(),
		identity.NewInvite{Email: " " + chief.Email, Role: identity.Admin},
	)
	w.Wants(fault.Forbidden, err)
	_, err = w.Accounts.CreateInvite(
		t.Context(),
		chief,
		w.Org.Place(),
		identity.NewInvite{Email: strings.ToUpper(chief.Email), Role: identity.Admin},
	)
	w.Wants(fault.Forbidden, err)
}

func TestAnInvitationIsSentAtMostTenTimes(t *testing.T) {
	w := newWorld(t)
	invite := w.Invite(w.Org.Place(), identity.Read, nora)
	for range 9 {
		_, err := w.Accounts.ChangeInvite(t.Context(), w.Operator(), w.Org.Place(), invite.ID, identity.InviteChange{})
		w.must(err)
	}
	before := len(w.Outbox())
	_, err := w.Accounts.ChangeInvite(t.Context(), w.Operator(), w.Org.Place(), invite.ID, identity.InviteChange{})
	w.Wants(fault.Conflict, err)
	if len(w.Outbox()) != before {
		t.Error("the invitation was sent again")
	}
}

func TestInvitationsAreVoidOnceTheInviterMayNoLongerInvite(t *testing.T) {
	w := newWorld(t)
	chief := w.Person(w.MSP.Place(), identity.Admin)
	invite, err := w.Accounts.CreateInvite(
		t.Context(),
		chief,
		w.Org.Place(),
		identity.NewInvite{Email: nora, Role: identity.Admin},
	)
	w.must(err)
	w.Revoke(chief, w.MSP.Place())
	_, err = w.accept(nil, w.tokenOf(w.Org.Place(), invite))
	w.Wants(fault.NotFound, err)
	again, err := w.Accounts.ChangeInvite(
		t.Context(),
		w.Operator(),
		w.Org.Place(),
		invite.ID,
		identity.InviteChange{},
	) // requested by somebody who may do so
	w.must(err)
	_, err = w.accept(nil, w.tokenOf(w.Org.Place(), again))
	w.must(err)
}

func TestAnInvitationNeverLowersARole(t *testing.T) {
	w := newWorld(t)
	olga := w.Operator()
	tina := w.Invited(w.Org.Place(), identity.Admin, "tina@rialto.example.net", "Tina", "Tanaka")
	lower := identity.NewInvite{Email: "Tina@rialto.example.net", Role: identity.Read}
	_, err := w.Accounts.CreateInvite(t.Context(), olga, w.Org.Place(), lower)
	w.Wants(fault.Conflict, err)
	if path := "PUT /orgs/" + w.Org.ID + "/admins/" + tina.UserID; !strings.Contains(callOf(err), path) {
		t.Errorf("the error does not point to %s: %v", path, err)
	}
	// Invited before the role was raised, and accepted after.
	rita := w.Invited(w.Org.Place(), identity.Installer, "rita@rialto.example.net", "Rita", "Rossi")
	invite, err := w.Accounts.CreateInvite(t.Context(), olga, w.Org.Place(),
		identity.NewInvite{Email: "rita@rialto.example.net", Role: identity.Read})
	w.must(err)
	_, err = w.Accounts.ChangeAdministrator(t.Context(), olga, w.Org.Place(), rita.UserID, identity.Admin)
	w.must(err)
	person, err := w.Accounts.AcceptInvite(t.Context(), &rita, w.Accounts.InviteToken(w.Org.Place(), invite),
		identity.Acceptance{}, "192.0.2.1")
	w.must(err)
	if got := person.Privileges[0].Role; got != identity.Admin {
		t.Errorf("the role became %s", got)
	}
	_, err = w.Accounts.Invite(t.Context(), w.Org.Place(), invite.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.Accounts.ChangeInvite(t.Context(), olga, w.Org.Place(), invite.ID, identity.InviteChange{})
	w.Wants(fault.NotFound, err)
}

func TestInvitationsMadeAndRevokedInALoopHaveABudget(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.Org.Place(), identity.Admin)
	limits := budget.Usual()
	limits.Invites = 15
	// The people of the test were invited too, and the hours below are of one day.
	w.Clock.Set(w.Clock.Now().UTC().Truncate(24 * time.Hour).Add(34 * time.Hour))
	accounts := identity.NewAccountsWithin(limits, w.Journal, w.Keyring, w.Log)
	invite := func(email string) error {
		created, err := accounts.CreateInvite(t.Context(), owner, w.Org.Place(),
			identity.NewInvite{Email: email, Role: identity.Read})
		if err != nil {
			return err
		}
		return accounts.RevokeInvite(t.Context(), owner, w.Org.Place(), created.ID)
	}
	refused := func(err error) {
		t.Helper()
		if limited, ok := err.(*fault.Error); !ok || limited.Code != fault.Limited || limited.RetryAfter <= 0 {
			t.Errorf("%v", err)
		}
	}
	for range 10 {
		w.must(invite("victim@example.net"))
	}
	refused(invite("victim@example.net"))
	w.must(invite("another@example.net"))
	for i := range 4 {
		w.must(invite(fmt.Sprintf("more%d@example.net", i)))
	}
	refused(invite("one.too.many@example.net"))
	w.Clock.Pass(time.Hour)
	w.must(invite("one.too.many@example.net"))
	refused(invite("victim@example.net"))
	w.Clock.Pass(24 * time.Hour)
	w.must(invite("victim@example.net"))
}

func TestNamesWithLinksAreRefused(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.Org.Place(), identity.Admin)
	for _, name := range []string{
		"https://evil.example", "Pay at HTTP://evil.example", "www.evil.example", "mailto:x@evil.example",
	} {
		_, err := w.Accounts.CreateInvite(t.Context(), owner, w.Org.Place(),
			identity.NewInvite{Email: "x@example.net", Role: identity.Read, FirstName: name})
		w.Wants(fault.Invalid, err)
		_, _, err = w.Accounts.ChangeSelf(t.Context(), owner, identity.SelfChange{FirstName: &name})
		w.Wants(fault.Invalid, err)
		_, err = w.Tenants.CreateOrg(t.Context(), w.Operator(), w.MSP.ID, name, false)
		w.Wants(fault.Invalid, err)
		_, err = w.Tenants.NewMSP(t.Context(), w.Operator(), tenant.MSPChange{Name: &name})
		w.Wants(fault.Invalid, err)
	}
	_, err := w.Tenants.CreateOrg(t.Context(), w.Operator(), w.MSP.ID, "Booking.com", false)
	w.must(err)
}

// callOf returns the call that a fault tells programs to make.
func callOf(err error) string {
	if found, ok := errors.AsType[*fault.Error](err); ok {
		return found.Call
	}
	return ""
}

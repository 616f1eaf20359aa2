package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func label(e *world, mspID, name string) string {
	e.t.Helper()
	made, err := e.Tenants.NewLabel(e.t.Context(), e.Operator(), mspID, tenant.LabelChange{Name: &name})
	e.must(err)
	return made.ID
}

func atLabel(role identity.Role, id string) identity.Privilege {
	return identity.Privilege{Scope: identity.LabelScope, Role: role, LabelID: id}
}

func inOrg(role identity.Role, org tenant.Org) identity.Privilege {
	return identity.Privilege{Scope: identity.OrgScope, Role: role, OrgID: org.ID}
}

// rolesOf returns the privileges of a person in short.
func rolesOf(e *world, userID string) []string {
	e.t.Helper()
	person, err := e.Accounts.Person(e.t.Context(), userID)
	e.must(err)
	short := []string{}
	for _, p := range person.Privileges {
		short = append(short, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Scope, p.Role, p.GivenBy)))
	}
	slices.Sort(short)
	return short
}

// let lets the MSP manage the people of an organization.
func let(e *world, org tenant.Org) {
	e.t.Helper()
	own := e.Person(org.Place(), identity.Admin)
	_, err := e.Tenants.ChangeConsent(e.t.Context(), e.Fresh(own), org.ID,
		tenant.Decision{Kind: identity.UserManagement, Grantee: identity.ToMSP, Granted: true})
	e.must(err)
}

func TestAnInvitationOfSeveralPrivilegesIsAcceptedAsOneChange(t *testing.T) {
	e := newWorld(t)
	let(e, e.Org)
	super := e.Person(e.MSP.Place(), identity.Admin)
	retail := label(e, e.MSP.ID, "Retail")
	invite, err := e.Accounts.CreateInvite(t.Context(), super, e.MSP.Place(), identity.NewInvite{
		Email: "nadja@adria.example.net",
		Below: []identity.Privilege{inOrg(identity.Read, e.Org), atLabel(identity.Helpdesk, retail)},
	})
	e.must(err)
	token := e.Accounts.InviteToken(e.MSP.Place(), invite)
	shown, err := e.Accounts.ReadInvitation(t.Context(), token)
	e.must(err)
	if len(shown.Offered(e.MSP.Place())) != 2 || shown.Role != "" {
		t.Errorf("the link shows %+v", shown)
	}
	before := len(e.AuditLog(change.AuditPartition("ORG", e.Org.ID)))
	person, err := e.Accounts.AcceptInvite(t.Context(), nil, token,
		identity.Acceptance{Password: apptest.Password, FirstName: "Nadja", LastName: "Novak"}, apptest.Source)
	e.must(err)
	if diff := cmp.Diff([]string{"org read msp", "orggroup helpdesk"}, rolesOf(e, person.ID)); diff != "" {
		t.Error(diff)
	}
	if log := e.AuditLog(change.AuditPartition("ORG", e.Org.ID)); len(log) != before+1 ||
		strings.Contains(string(log[len(log)-1].After), retail) {
		t.Errorf("the organization's log tells %+v", log[before:])
	}
	_, err = e.Accounts.AcceptInvite(t.Context(), nil, token, identity.Acceptance{}, apptest.Source)
	e.Wants(fault.NotFound, err)
	listed, _, err := e.Accounts.Administrators(t.Context(), super, e.MSP.Place())
	e.must(err)
	if !slices.ContainsFunc(listed, func(a identity.Administrator) bool {
		return a.ID == person.ID && len(a.Privileges) == 2
	}) {
		t.Errorf("the MSP lists %+v", listed)
	}
}

func TestAnInvitationOffersOnlyWhatItsSenderMayGive(t *testing.T) {
	e := newWorld(t)
	let(e, e.Org)
	super := e.Person(e.MSP.Place(), identity.Admin)
	retail, foreign := label(e, e.MSP.ID, "Retail"), label(e, e.ForeignMSP.ID, "Retail")
	many := make([]identity.Privilege, identity.MaxGiven+1)
	for i := range many {
		many[i] = atLabel(identity.Read, e.Journal.NewID())
	}
	for what, below := range map[string][]identity.Privilege{
		"a label of another MSP":           {atLabel(identity.Read, foreign)},
		"an unknown label":                 {atLabel(identity.Read, e.Journal.NewID())},
		"no label":                         {atLabel(identity.Read, "")},
		"an organization of another MSP":   {inOrg(identity.Read, e.Foreign)},
		"a direct customer":                {inOrg(identity.Read, e.Direct)},
		"a label twice":                    {atLabel(identity.Read, retail), atLabel(identity.Admin, retail)},
		"a role that labels do not have":   {atLabel(identity.Operator, retail)},
		"the platform":                     {{Scope: identity.PlatformScope, Role: identity.Operator}},
		"another MSP":                      {{Scope: identity.MSPScope, Role: identity.Admin, MSPID: e.ForeignMSP.ID}},
		"more than fit":                    many,
		"a label, for an organization too": {atLabel(identity.Read, retail), inOrg("none", e.Org)},
	} {
		_, err := e.Accounts.CreateInvite(t.Context(), super, e.MSP.Place(),
			identity.NewInvite{Email: "x@adria.example.net", Below: below})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := e.Accounts.CreateInvite(t.Context(), super, e.MSP.Place(), identity.NewInvite{
		Email: "x@adria.example.net", Below: []identity.Privilege{inOrg(identity.Read, e.Neighbour)},
	})
	e.Wants("", err) // with the consent with which organizations begin
	own := e.Person(e.Neighbour.Place(), identity.Admin)
	_, err = e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Neighbour.ID,
		tenant.Decision{Kind: identity.UserManagement, Grantee: identity.ToMSP})
	e.must(err)
	_, err = e.Accounts.CreateInvite(t.Context(), super, e.MSP.Place(), identity.NewInvite{
		Email: "y@adria.example.net", Below: []identity.Privilege{inOrg(identity.Read, e.Neighbour)},
	})
	e.Wants(fault.Forbidden, err)
	_, err = e.Accounts.CreateInvite(t.Context(), super, e.Org.Place(), identity.NewInvite{
		Email: "z@adria.example.net", Role: identity.Read, Below: []identity.Privilege{atLabel(identity.Read, retail)},
	})
	e.Wants(fault.Invalid, err)
}

func TestAnInvitationIsVoidOnceItsSenderMayNotGiveAllOfIt(t *testing.T) {
	e := newWorld(t)
	let(e, e.Org)
	super := e.Person(e.MSP.Place(), identity.Admin)
	retail := label(e, e.MSP.ID, "Retail")
	offer := func(address string, below ...identity.Privilege) string {
		invite, err := e.Accounts.CreateInvite(t.Context(), super, e.MSP.Place(),
			identity.NewInvite{Email: address, Role: identity.Read, Below: below})
		e.must(err)
		return e.Accounts.InviteToken(e.MSP.Place(), invite)
	}
	ofLabel, ofOrg := offer("a@adria.example.net", atLabel(identity.Read, retail)), offer("b@adria.example.net", inOrg(identity.Read, e.Org))
	e.must(e.Tenants.DeleteLabel(t.Context(), super, e.MSP.ID, retail))
	own := e.Person(e.Org.Place(), identity.Admin)
	_, err := e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Org.ID,
		tenant.Decision{Kind: identity.UserManagement, Grantee: identity.ToMSP})
	e.must(err)
	for _, token := range []string{ofLabel, ofOrg} {
		_, err := e.Accounts.AcceptInvite(t.Context(), nil, token,
			identity.Acceptance{Password: apptest.Password, FirstName: "A", LastName: "B"}, apptest.Source)
		e.Wants(fault.NotFound, err)
	}
}

func TestAChangeAtAnMSPReplacesTheRolesThereAndAtItsLabels(t *testing.T) {
	e := newWorld(t)
	let(e, e.Org)
	super := e.Person(e.MSP.Place(), identity.Admin)
	retail, hotels := label(e, e.MSP.ID, "Retail"), label(e, e.MSP.ID, "Hotels")
	by := e.Below(e.MSP.Place(), atLabel(identity.Read, retail), inOrg(identity.Read, e.Org))
	write := func(wanted ...identity.Privilege) error {
		_, err := e.Accounts.WriteAdministrator(t.Context(), super, e.MSP.Place(), by.UserID, wanted)
		return err
	}
	for _, test := range []struct {
		want       []string
		privileges []identity.Privilege
	}{
		{privileges: []identity.Privilege{atLabel(identity.Write, retail), atLabel(identity.Read, hotels)},
			want: []string{"org read operator", "orggroup read", "orggroup write"}},
		{privileges: []identity.Privilege{atLabel(identity.Write, retail), atLabel(identity.Read, hotels)},
			want: []string{"org read operator", "orggroup read", "orggroup write"}},
		{privileges: []identity.Privilege{{Scope: identity.MSPScope, Role: identity.Helpdesk}},
			want: []string{"msp helpdesk", "org read operator"}},
		{privileges: []identity.Privilege{atLabel(identity.Admin, hotels), inOrg(identity.Write, e.Org)},
			want: []string{"org write msp", "orggroup admin"}},
	} {
		e.must(write(test.privileges...))
		if diff := cmp.Diff(test.want, rolesOf(e, by.UserID)); diff != "" {
			t.Errorf("%+v:\n%s", test.privileges, diff)
		}
	}
	e.Wants(fault.Invalid, write(atLabel(identity.Read, label(e, e.ForeignMSP.ID, "Far"))))
	e.Wants(fault.Invalid, write(inOrg(identity.Read, e.Foreign)))
	e.Wants(fault.Invalid, write(atLabel("owner", hotels)))
	if diff := cmp.Diff([]string{"org write msp", "orggroup admin"}, rolesOf(e, by.UserID)); diff != "" {
		t.Errorf("a refused change changed something:\n%s", diff)
	}
}

// TestAnMSPCannotMakeACustomersAdministratorItsOwn holds that nobody works for an MSP without accepting
// it: an administrator who works for the provider cannot decide what the provider may do.
func TestAnMSPCannotMakeACustomersAdministratorItsOwn(t *testing.T) {
	e := newWorld(t)
	let(e, e.Org)
	super, own := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin)
	retail := label(e, e.MSP.ID, "Retail")
	for _, wanted := range [][]identity.Privilege{
		{atLabel(identity.Read, retail), inOrg(identity.Admin, e.Org)},
		{{Scope: identity.MSPScope, Role: identity.Read}, inOrg(identity.Admin, e.Org)},
		{inOrg(identity.Read, e.Neighbour)},
	} {
		_, err := e.Accounts.WriteAdministrator(t.Context(), super, e.MSP.Place(), own.UserID, wanted)
		e.Wants(fault.Conflict, err)
	}
	if !e.Fresh(own).OwnAdministrator(e.Org.Place()) {
		t.Error("the administrator is not the organization's own any more")
	}
}

func TestTwentyOrganizationsFitIntoOneInvitation(t *testing.T) {
	e := newWorld(t)
	var below []identity.Privilege
	for i := range identity.MaxGiven {
		org := e.NewOrg(e.MSP.ID, fmt.Sprintf("Branch %d", i))
		let(e, org)
		below = append(below, inOrg(identity.Write, org))
	}
	by := e.Below(e.MSP.Place(), below...)
	if got := rolesOf(e, by.UserID); len(got) != identity.MaxGiven {
		t.Errorf("has %v", got)
	}
	for i, p := range below {
		below[i].Role = identity.Admin
		_ = p
	}
	_, err := e.Accounts.WriteAdministrator(t.Context(), e.Operator(), e.MSP.Place(), by.UserID, below)
	e.Wants("", err)
	var first []identity.Privilege
	for i := range 12 {
		first = append(first, inOrg(identity.Admin, e.NewOrg(e.MSP.ID, fmt.Sprintf("New %d", i))))
	}
	_, err = e.Accounts.CreateInvite(t.Context(), e.Operator(), e.MSP.Place(),
		identity.NewInvite{Email: "twelve@adria.example.net", Below: first})
	e.Wants(fault.Invalid, err)
	eleven := e.Below(e.MSP.Place(), first[:11]...)
	for _, p := range eleven.Privileges {
		if p.Role != identity.Admin {
			t.Errorf("has %+v", p)
		}
	}
}

// TestWhoWorksForAnMSPGetsRolesAsOneOfItsPeople holds that the order of a request, and a role at the MSP that
// ends with it, neither pass by the consent to user management nor make anybody a customer's own
// administrator.
func TestWhoWorksForAnMSPGetsRolesAsOneOfItsPeople(t *testing.T) {
	e := newWorld(t)
	retail := label(e, e.MSP.ID, "Retail")
	staff := e.Another(e.MSP.Place(), identity.Write)
	own := e.Person(e.Neighbour.Place(), identity.Admin)
	_, err := e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Neighbour.ID,
		tenant.Decision{Kind: identity.UserManagement, Grantee: identity.ToMSP})
	e.must(err)
	_, err = e.Accounts.WriteAdministrator(t.Context(), e.Operator(), e.MSP.Place(), staff.UserID,
		[]identity.Privilege{inOrg(identity.Admin, e.Neighbour), atLabel(identity.Admin, retail)})
	e.Wants(fault.Forbidden, err)
	fresh := e.NewOrg(e.MSP.ID, "New")
	_, err = e.Accounts.WriteAdministrator(t.Context(), e.Person(e.MSP.Place(), identity.Admin), e.MSP.Place(), staff.UserID,
		[]identity.Privilege{inOrg(identity.Admin, fresh), atLabel(identity.Admin, retail)})
	e.must(err)
	if diff := cmp.Diff([]string{"org admin msp", "orggroup admin"}, rolesOf(e, staff.UserID)); diff != "" {
		t.Error(diff)
	}
	if org, err := e.Tenants.LoadOrg(t.Context(), fresh.ID); err != nil || org.FirstOwnAdmin != 0 {
		t.Errorf("the organization has an own administrator: %+v, %v", org.FirstOwnAdmin, err)
	}
}

// TestTheMostThatFitsIsAccepted holds that with as many mails as there may be, the transaction has room.
func TestTheMostThatFitsIsAccepted(t *testing.T) {
	e := newWorld(t)
	for range 12 {
		e.Another(e.MSP.Place(), identity.Admin)
	}
	var below []identity.Privilege
	for i := range identity.MaxGiven - 1 {
		org := e.NewOrg(e.MSP.ID, fmt.Sprintf("Branch %d", i))
		let(e, org)
		below = append(below, inOrg(identity.Write, org))
	}
	invite, err := e.Accounts.CreateInvite(t.Context(), e.Operator(), e.MSP.Place(),
		identity.NewInvite{Email: "many@adria.example.net", Role: identity.Read, Below: below})
	e.must(err)
	person, err := e.Accounts.AcceptInvite(t.Context(), nil, e.Accounts.InviteToken(e.MSP.Place(), invite),
		identity.Acceptance{Password: apptest.Password, FirstName: "M", LastName: "M"}, apptest.Source)
	e.must(err)
	for i := range below {
		below[i].Role = identity.Helpdesk
	}
	wanted := append(below, identity.Privilege{Scope: identity.MSPScope, Role: identity.Admin})
	_, err = e.Accounts.WriteAdministrator(t.Context(), e.Operator(), e.MSP.Place(), person.ID, wanted)
	e.must(err)
	for i := range below {
		below[i].Role = identity.Read
	}
	more := append(append([]identity.Privilege{}, below...), inOrg(identity.Read, e.Org),
		identity.Privilege{Scope: identity.MSPScope, Role: identity.Write})
	let(e, e.Org)
	_, err = e.Accounts.WriteAdministrator(t.Context(), e.Operator(), e.MSP.Place(), person.ID, more)
	e.Wants(fault.Invalid, err) // 21 changes
}

package tenant_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// atLabel returns the privilege of a role at a label.
func atLabel(role identity.Role, label tenant.Label) identity.Privilege {
	return identity.Privilege{Scope: identity.LabelScope, Role: role, LabelID: label.ID}
}

// reached returns the names of the organizations that a principal finds in the MSP's list, which must be
// those that they may read.
func reached(t *testing.T, e *apptest.Estate, by identity.Principal) []string {
	t.Helper()
	page, err := e.Directory.List(t.Context(), by, directory.Scope{MSPID: e.MSP.ID}, directory.Query{Limit: 10})
	must(t, err)
	count, err := e.Directory.Count(t.Context(), by, directory.Scope{MSPID: e.MSP.ID}, directory.Query{})
	must(t, err)
	names := []string{}
	for _, org := range page.Orgs {
		names = append(names, org.Name)
	}
	if int(count.Total) != len(names) || int(page.Total) != len(names) {
		t.Errorf("totals of %d and %d for %v", count.Total, page.Total, names)
	}
	for _, org := range []tenant.Org{e.Org, e.Neighbour, e.Foreign, e.Direct} {
		_, err := e.Tenants.Org(t.Context(), by, org.ID, identity.SeeOrg)
		if want := slices.Contains(names, org.Name); want && err != nil || !want && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s is in the list: %v, but reading it: %v", org.Name, want, err)
		}
	}
	return names
}

func relabel(t *testing.T, e *apptest.Estate, org tenant.Org, labels ...tenant.Label) {
	t.Helper()
	ids := []string{}
	for _, label := range labels {
		ids = append(ids, label.ID)
	}
	_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), org.ID, tenant.OrgChange{Labels: &ids})
	must(t, err)
}

func TestARoleAtALabelReachesTheOrganizationsThatHaveItAtTheMoment(t *testing.T) {
	e := apptest.NewEstate(t)
	retail, hotels := newLabel(t, e, "Retail"), newLabel(t, e, "Hotels", e.Org.ID)
	must(t, e.Directory.IndexNow(t.Context(), e.Org.ID))
	by := e.Below(e.MSP.Place(), atLabel(identity.Write, retail), atLabel(identity.Read, hotels))
	wants := func(names ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, names...), reached(t, e, by)); diff != "" {
			t.Error(diff)
		}
	}
	wants(e.Org.Name)
	_, err := e.Tenants.ChangeOrg(t.Context(), by, e.Org.ID, tenant.OrgChange{Name: new("Rialto")})
	e.Wants(fault.Forbidden, err) // it only reads there
	relabel(t, e, e.Neighbour, retail)
	wants(e.Neighbour.Name, e.Org.Name)
	_, err = e.Tenants.ChangeOrg(t.Context(), by, e.Neighbour.ID, tenant.OrgChange{Name: new("Corso Apotheken")})
	must(t, err)
	e.Neighbour.Name = "Corso Apotheken"
	relabel(t, e, e.Org)
	wants(e.Neighbour.Name)
	_, err = e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, retail.ID,
		tenant.LabelChange{OrgIDs: &[]string{e.Org.ID}})
	must(t, err)
	must(t, e.Directory.IndexNow(t.Context(), e.Org.ID))
	must(t, e.Directory.IndexNow(t.Context(), e.Neighbour.ID))
	wants(e.Org.Name)
	_, err = e.Tenants.TransferOrg(t.Context(), e.Operator(), e.Org.ID, tenant.Transfer{Operator: true})
	must(t, err)
	_, err = e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg)
	e.Wants(fault.NotFound, err)
	page, err := e.Directory.List(t.Context(), by, directory.Scope{MSPID: e.MSP.ID}, directory.Query{Limit: 10})
	must(t, err)
	if len(page.Orgs) != 0 {
		t.Errorf("still lists %+v", page.Orgs)
	}
}

func TestARoleAtALabelAllowsNothingOfTheMSPItself(t *testing.T) {
	e := apptest.NewEstate(t)
	retail, other := newLabel(t, e, "Retail", e.Org.ID), newLabel(t, e, "Other", e.Neighbour.ID)
	by := e.Below(e.MSP.Place(), atLabel(identity.Admin, retail))
	labels, err := e.Tenants.Labels(t.Context(), by, e.MSP.ID)
	must(t, err)
	if len(labels) != 1 || labels[0].ID != retail.ID {
		t.Errorf("sees the labels %v", labels)
	}
	_, err = e.Tenants.Label(t.Context(), by, e.MSP.ID, other.ID)
	e.Wants(fault.NotFound, err)
	_, err = e.Directory.List(t.Context(), by, directory.Scope{MSPID: e.MSP.ID},
		directory.Query{Limit: 10, LabelID: other.ID})
	e.Wants(fault.Invalid, err) // as if there were no such label
	_, err = e.Tenants.MSPOrgs(t.Context(), by, e.MSP.ID, tenant.OrgFilter{}, 10)
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.NewOrg(t.Context(), by, e.MSP.ID, tenant.OrgChange{Name: new("New")})
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.ChangeMSP(t.Context(), by, e.MSP.ID, tenant.MSPChange{Name: new("Mine")})
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.NewLabel(t.Context(), by, e.MSP.ID, tenant.LabelChange{Name: new("Mine")})
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.ChangeOrg(t.Context(), by, e.Org.ID, tenant.OrgChange{Labels: &[]string{}})
	e.Wants(fault.Forbidden, err) // nobody gives up or takes reach by labels of their own accord
	_, _, err = e.Accounts.Administrators(t.Context(), by, e.MSP.Place())
	e.Wants(fault.Forbidden, err)
	_, err = e.Audit.At(t.Context(), by, e.MSP.Place(), e.LastDay())
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.LoadMSP(t.Context(), e.ForeignMSP.ID)
	must(t, err)
	_, err = e.Tenants.MSP(t.Context(), by, e.ForeignMSP.ID, identity.ListOrgs)
	e.Wants(fault.NotFound, err)
	msps, err := e.Tenants.MSPs(t.Context(), by)
	must(t, err)
	if len(msps) != 1 || msps[0].ID != e.MSP.ID {
		t.Errorf("sees the MSPs %v", msps)
	}
}

func TestRolesAtALabelEndWithIt(t *testing.T) {
	e := apptest.NewEstate(t)
	retail, hotels := newLabel(t, e, "Retail", e.Org.ID), newLabel(t, e, "Hotels", e.Org.ID)
	both := e.Below(e.MSP.Place(), atLabel(identity.Write, retail), atLabel(identity.Write, hotels))
	one := e.Below(e.MSP.Place(), atLabel(identity.Write, retail))
	session, _ := e.LogIn(one)
	must(t, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, retail.ID))
	for _, test := range []struct {
		by   identity.Principal
		held int
	}{{both, 1}, {one, 0}} {
		person, err := e.Accounts.Person(t.Context(), test.by.UserID)
		must(t, err)
		if len(person.Privileges) != test.held {
			t.Errorf("%s has %+v", person.Email, person.Privileges)
		}
	}
	if _, err := e.Accounts.BySession(t.Context(), session.Cookie, ""); err == nil {
		t.Error("a session without any role goes on")
	}
	listed, _, err := e.Accounts.Administrators(t.Context(), e.Operator(), e.MSP.Place())
	must(t, err)
	if len(listed) != 1 || listed[0].ID != both.UserID {
		t.Errorf("the MSP lists %+v", listed)
	}
	for range 11 {
		e.Below(e.MSP.Place(), atLabel(identity.Read, hotels))
	}
	e.Wants(fault.Conflict, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, hotels.ID))
}

package tenant_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnOrganizationLikeAnotherHasItsSettingsAndNotItsPeople(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	set(t, e, own, `{"contact": {"name": "Ana"}, "account_number": "A-1", "tags": ["x"],
		"api_policy": {"src_ips": ["192.0.2.0/24"]}}`)
	name, minutes := "Retail", 60
	label, err := e.Tenants.NewLabel(t.Context(), super, e.MSP.ID, tenant.LabelChange{Name: &name})
	must(t, err)
	_, err = e.Tenants.ChangeOrg(t.Context(), super, e.Org.ID, tenant.OrgChange{SessionExpiry: &minutes, Labels: &[]string{label.ID}})
	must(t, err)
	created, err := e.Tenants.CloneOrg(t.Context(), super, e.Org.ID, "Clone")
	must(t, err)
	if diff := cmp.Diff(map[string]int{"settings": 2, "session_expiry": 1, "labels": 1}, created.Copied); diff != "" {
		t.Error(diff)
	}
	setting, err := e.Tenants.Setting(t.Context(), super, created.ID)
	must(t, err)
	if got := strings.Join(setting.Fields.Names(), " "); got != "api_policy tags" {
		t.Errorf("the settings are %s", got)
	}
	if org := setting.Org; org.MSPID != e.MSP.ID || org.SessionExpiry != 60 || !cmp.Equal(org.Labels, []string{label.ID}) ||
		org.Enforced == nil || org.FirstOwnAdmin != 0 {
		t.Errorf("%+v", org)
	}
	_, err = e.Tenants.Setting(t.Context(), own, created.ID)
	e.Wants(fault.NotFound, err) // its administrator is not the new one's
	found := false
	for _, entry := range e.AuditLog(created.Place().Partition()) {
		found = found || strings.Contains(string(entry.After), `"copied":{"labels":1,"session_expiry":1,"settings":2}`)
		if shown := entry.Message + string(entry.After); strings.Contains(shown, e.Org.ID) || strings.Contains(shown, e.Org.Name) {
			t.Errorf("the new organization learns of the other one: %s", shown)
		}
	}
	if !found {
		t.Error("the audit log does not say what was copied")
	}
	empty, err := e.Tenants.CloneOrg(t.Context(), e.Operator(), e.Direct.ID, "Direct")
	must(t, err)
	if empty.MSPID != "" || empty.Copied["settings"] != 0 {
		t.Errorf("%+v", empty)
	}
}

// TestATemplateIsOfTheSameMSP holds with the same answer for one of another MSP, a direct customer's, and
// none at all.
func TestATemplateIsOfTheSameMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	super, name := e.Person(e.MSP.Place(), identity.Admin), "New"
	said := map[string]bool{}
	for _, by := range []identity.Principal{super, e.Operator()} {
		for _, id := range []string{e.Foreign.ID, e.Direct.ID, e.Journal.NewID(), "x"} {
			_, err := e.Tenants.NewOrg(t.Context(), by, e.MSP.ID, tenant.OrgChange{Name: &name, Template: id})
			e.Wants(fault.Invalid, err)
			said[err.Error()] = true
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers differ: %v", said)
	}
	_, err := e.Tenants.NewOrg(t.Context(), e.Operator(), "", tenant.OrgChange{Name: &name, Template: e.Org.ID})
	e.Wants(fault.Invalid, err)
	for role, want := range map[identity.Role]fault.Code{identity.Admin: fault.Forbidden, identity.Read: fault.Forbidden} {
		_, err := e.Tenants.CloneOrg(t.Context(), e.Person(e.Org.Place(), role), e.Org.ID, "Mine")
		e.Wants(want, err)
	}
	_, err = e.Tenants.CloneOrg(t.Context(), e.Person(e.MSP.Place(), identity.Read), e.Org.ID, "Mine")
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.CloneOrg(t.Context(), e.Person(e.ForeignMSP.Place(), identity.Admin), e.Org.ID, "Mine")
	e.Wants(fault.NotFound, err)
}

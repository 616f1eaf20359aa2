package tenant_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestOnlyTheOperatorChangesTheTierOfAnMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	if e.MSP.Tier != tenant.BaseTier {
		t.Errorf("a new MSP has the tier %q", e.MSP.Tier)
	}
	_, err := e.Tenants.ChangeMSP(t.Context(), super, e.MSP.ID, tenant.MSPChange{Tier: pointer(tenant.AdvancedTier)})
	e.Wants(fault.Forbidden, err)
	written, err := e.Tenants.ChangeMSP(t.Context(), super, e.MSP.ID, tenant.MSPChange{
		Name: pointer("Adria"), Tier: pointer(tenant.BaseTier), Region: e.Tenants.Region(),
	})
	if err != nil || written.Name != "Adria" {
		t.Errorf("writing the tier back: %+v, %v", written, err)
	}
	changed, err := e.Tenants.ChangeMSP(t.Context(), e.Operator(), e.MSP.ID, tenant.MSPChange{Tier: pointer(tenant.AdvancedTier)})
	if err != nil || changed.Tier != tenant.AdvancedTier {
		t.Errorf("%+v, %v", changed, err)
	}
	for _, wrong := range []tenant.MSPChange{{Tier: pointer(tenant.Tier("gold"))}, {Region: "elsewhere"}} {
		_, err = e.Tenants.ChangeMSP(t.Context(), e.Operator(), e.MSP.ID, wrong)
		e.Wants(fault.Invalid, err)
	}
}

func TestAFeatureAboveTheTierIsRefusedWithTheTierThatHasIt(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	kept, err := e.Tenants.NewLabel(t.Context(), super, e.MSP.ID, tenant.LabelChange{Name: pointer("Retail")})
	must(t, err)
	_, err = e.Tenants.ChangeTiers(t.Context(), super, tenant.TiersChange{})
	e.Wants(fault.Forbidden, err)
	tiers, err := e.Tenants.ChangeTiers(t.Context(), e.Operator(),
		tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{tenant.Labels: tenant.AdvancedTier}})
	must(t, err)
	_, err = e.Tenants.NewLabel(t.Context(), super, e.MSP.ID, tenant.LabelChange{Name: pointer("Hotels")})
	e.Wants(fault.Forbidden, err)
	if !strings.Contains(err.Error(), "advanced") || !strings.Contains(err.Error(), e.MSP.Name) {
		t.Errorf("the refusal is %q", err)
	}
	_, err = e.Tenants.ChangeOrg(t.Context(), super, e.Org.ID, tenant.OrgChange{Labels: &[]string{kept.ID}})
	e.Wants(fault.Forbidden, err)
	if labels, err := e.Tenants.Labels(t.Context(), super, e.MSP.ID); err != nil || len(labels) != 1 {
		t.Errorf("what was made before is %v, %v", labels, err)
	}
	_, err = e.Tenants.ChangeTiers(t.Context(), e.Operator(),
		tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{tenant.Labels: tenant.BaseTier}, Version: tiers.Version + 1})
	e.Wants(fault.Conflict, err)
	_, err = e.Tenants.ChangeTiers(t.Context(), e.Operator(),
		tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{tenant.Labels: "gold"}})
	e.Wants(fault.Invalid, err)
	_, err = e.Tenants.ChangeTiers(t.Context(), e.Operator(),
		tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{tenant.Labels: tenant.BaseTier}, Version: tiers.Version})
	must(t, err)
	_, err = e.Tenants.NewLabel(t.Context(), super, e.MSP.ID, tenant.LabelChange{Name: pointer("Hotels")})
	must(t, err)
}

func TestTiersAreForThoseWhoWorkForTheProvider(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, by := range []identity.Principal{e.Operator(), e.SupportAgent(), e.Person(e.MSP.Place(), identity.Installer)} {
		tiers, err := e.Tenants.Tiers(t.Context(), by)
		if err != nil || tiers.From[tenant.Labels] != tenant.PartnerTier {
			t.Errorf("%s: %+v, %v", by.Email, tiers, err)
		}
	}
	_, err := e.Tenants.Tiers(t.Context(), e.Person(e.Org.Place(), identity.Admin))
	e.Wants(fault.Forbidden, err)
}

func TestAnMSPIsCreatedWithItsFirstSuperUserInvited(t *testing.T) {
	e := apptest.NewEstate(t)
	request := tenant.MSPChange{
		Name: pointer("Northwind"), Tier: pointer(tenant.PartnerTier),
		Admin: &identity.NewInvite{Email: " Nora@Northwind.example", FirstName: "Nora"},
	}
	msp, err := e.Tenants.NewMSP(t.Context(), e.Operator(), request)
	must(t, err)
	_, invites, err := e.Accounts.Administrators(t.Context(), e.Operator(), msp.Place())
	must(t, err)
	if len(invites) != 1 || invites[0].Email != "nora@northwind.example" || invites[0].Role != identity.Admin {
		t.Errorf("the invitations are %+v", invites)
	}
	if msp.Tier != tenant.PartnerTier {
		t.Errorf("the tier is %q", msp.Tier)
	}
	before := len(e.Outbox())
	stale := e.Operator()
	stale.SessionID, stale.Proven = "s", e.Clock.Now().Add(-time.Hour).Unix()
	for name, wrong := range map[string]struct {
		by    identity.Principal
		admin identity.NewInvite
		want  fault.Code
	}{
		"no address":          {e.Operator(), identity.NewInvite{Email: "nora"}, fault.Invalid},
		"the operator":        {e.Operator(), identity.NewInvite{Email: e.Operator().Email}, fault.Forbidden},
		"a session too old":   {stale, identity.NewInvite{Email: "n@northwind.example"}, fault.StepUp},
		"a name of two lines": {e.Operator(), identity.NewInvite{Email: "n@n.example", FirstName: "a\nb"}, fault.Invalid},
	} {
		_, err := e.Tenants.NewMSP(t.Context(), wrong.by, tenant.MSPChange{Name: pointer("None"), Admin: &wrong.admin})
		if fault.CodeOf(err) != wrong.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	msps, err := e.Tenants.MSPs(t.Context(), e.Operator())
	must(t, err)
	for _, one := range msps {
		if one.Name == "None" {
			t.Error("a refused request made an MSP")
		}
	}
	if len(e.Outbox()) != before {
		t.Error("a refused request sent a mail")
	}
}

func TestTheAddressOfTheWebSiteNeedsTheTier(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	const site = "https://adria.example/portal"
	_, err := e.Tenants.ChangeMSP(t.Context(), super, e.MSP.ID, tenant.MSPChange{URL: pointer(site)})
	e.Wants(fault.Forbidden, err)
	_, err = e.Tenants.NewMSP(t.Context(), e.Operator(), tenant.MSPChange{Name: pointer("N"), URL: pointer(site)})
	e.Wants(fault.Forbidden, err)
	changed, err := e.Tenants.ChangeMSP(t.Context(), e.Operator(), e.MSP.ID,
		tenant.MSPChange{URL: pointer(site), Tier: pointer(tenant.AdvancedTier)})
	must(t, err)
	for _, wrong := range []string{"adria.example", "javascript:alert(1)", "https://user@adria.example", "//adria.example",
		"https://" + strings.Repeat("a", 500) + ".example"} {
		_, err = e.Tenants.ChangeMSP(t.Context(), super, e.MSP.ID, tenant.MSPChange{URL: pointer(wrong)})
		e.Wants(fault.Invalid, err)
	}
	brand := func(msp tenant.MSP) tenant.Brand {
		of, err := e.Tenants.BrandsOf(t.Context(), msp)
		must(t, err)
		byID, err := e.Tenants.Brands(t.Context(), []string{msp.ID, "", msp.ID})
		must(t, err)
		if of[msp.ID] != byID[msp.ID] || len(byID) != 1 {
			t.Errorf("%+v differs from %+v", of, byID)
		}
		return of[msp.ID]
	}
	if got := brand(changed); got.URL != site || got.Name != e.MSP.Name {
		t.Errorf("the brand is %+v", got)
	}
	lower, err := e.Tenants.ChangeMSP(t.Context(), e.Operator(), e.MSP.ID, tenant.MSPChange{Tier: pointer(tenant.BaseTier)})
	must(t, err)
	if got := brand(lower); got.URL != "" || lower.URL != site {
		t.Errorf("without the tier, the brand is %+v of %+v", got, lower)
	}
	removed, err := e.Tenants.ChangeMSP(t.Context(), super, e.MSP.ID, tenant.MSPChange{URL: pointer("")})
	if err != nil || removed.URL != "" {
		t.Errorf("removing it without the tier: %+v, %v", removed, err)
	}
}

package pages

import (
	"net/http"

	"github.com/tenantry/tenantry/shared/identity"
)

// maxTenants is the maximum number of organizations, and of MSPs, on the home page.
const maxTenants = 100

// customer is an MSP or organization on the home page.
type customer struct {
	name, role string
	// cases is the path of its cases; "" where the principal may not see them.
	cases string
}

// tenants is a list of customers, with the number of those not shown.
type tenants struct {
	heading string
	shown   []customer
	more    int
}

// home shows who is logged in and links to their cases.
func (p *portal) home(v *visit) error {
	ctx, by := v.r.Context(), *v.by
	allMSPs, err := p.Tenants.MSPs(ctx, by)
	if err != nil {
		return err
	}
	allOrgs, err := p.Tenants.Orgs(ctx, by)
	if err != nil {
		return err
	}
	msps := tenants{heading: "Your service providers", more: max(0, len(allMSPs)-maxTenants)}
	for _, msp := range allMSPs[:len(allMSPs)-msps.more] {
		msps.shown = append(msps.shown, tenantOf(by, msp.Place(), "/msps/"+msp.ID+"/cases"))
	}
	orgs := tenants{heading: "Your organizations", more: max(0, len(allOrgs)-maxTenants)}
	for _, org := range allOrgs[:len(allOrgs)-orgs.more] {
		orgs.shown = append(orgs.shown, tenantOf(by, org.Place(), "/orgs/"+org.ID+"/cases"))
	}
	var platform identity.Role
	for _, privilege := range by.Privileges {
		if privilege.Scope == identity.PlatformScope {
			platform = privilege.Role
		}
	}
	return p.show(v, http.StatusOK, homePage(p.frame(v, "Home"), by, platform, []tenants{msps, orgs}))
}

func tenantOf(by identity.Principal, place identity.Place, cases string) customer {
	shown := customer{name: place.Name}
	// Explicit roles only: inherited roles are shown at the scope that grants them.
	for _, privilege := range by.Privileges {
		id := privilege.OrgID
		if privilege.Scope == identity.MSPScope {
			id = privilege.MSPID
		}
		if privilege.Scope == place.Scope && id == place.ID() {
			shown.role = privilege.Role.NameAt(place.Scope)
		}
	}
	if by.May(identity.SeeCases, place) {
		shown.cases = cases
	}
	return shown
}

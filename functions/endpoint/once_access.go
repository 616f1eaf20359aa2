package endpoint

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// seesPlace returns the fault of a new call if the principal cannot see the place of the path: access may
// have ended since the answer was kept, and the organization may be deleted. The call that deleted it is
// answered again.
func (s *server) seesPlace(ctx huma.Context, about About, by identity.Principal) error {
	org, msp := ctx.Param("org_id"), ctx.Param("msp_id")
	switch {
	case org != "":
		read := tenant.NewTenants(s.Journal).LoadOrg
		if about.Name == "orgs.delete" {
			read = tenant.NewTenants(s.Journal).LoadStored
		}
		found, err := read(ctx.Context(), org)
		if err != nil {
			return err
		}
		return by.Check(identity.SeeOrg, found.Place())
	case msp != "":
		return by.Check(identity.SeeMSP, identity.Place{Scope: identity.MSPScope, MSPID: msp})
	case strings.HasPrefix(about.Path, "/platform/") && !by.WorksForPlatform():
		return by.Check(identity.RunPlatform, identity.ThePlatform())
	}
	return nil
}

// stillShown returns a fault if an answer may have personal data that the organization of the path has
// withdrawn from the caller since. The organization's own people need no look at it.
func (s *server) stillShown(ctx huma.Context, by identity.Principal, answer answered) error {
	org := ctx.Param("org_id")
	if org == "" || by.May(identity.SeePersonalData, identity.Place{Scope: identity.OrgScope, OrgID: org}) {
		return nil
	}
	tenants := tenant.NewTenants(s.Journal)
	loaded, err := tenants.Org(ctx.Context(), by, org, identity.SeeOrg)
	if err != nil {
		return err
	}
	withheld, err := tenants.WithheldAt(ctx.Context(), by, loaded.Place(), identity.SeePersonalData)
	if err != nil {
		return err
	}
	if since, masked := withheld[0][org]; masked && since >= answer.At {
		return fault.New(fault.Conflict, "This request was carried out before, but its answer may have personal data that "+
			"the organization has withdrawn since. Read what it changed.")
	}
	return nil
}

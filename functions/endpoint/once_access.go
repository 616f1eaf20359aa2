package endpoint

import (
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// seesPlace returns the fault of a new call if the principal cannot see the place of the path: access may
// have ended since the answer was kept. It reads the organization only if the principal's own privileges do
// not tell: those at an MSP, and those of support agents; or if the organization may require more of the
// session, the password or the token.
func (s *server) seesPlace(ctx huma.Context, about About, by identity.Principal) error {
	org, msp := ctx.Param("org_id"), ctx.Param("msp_id")
	switch {
	case org != "":
		// No organization's limits are shorter.
		young := by.SessionAge < tenant.MinSessionExpiry*time.Minute && by.SessionIdle < identity.ShortestIdle &&
			by.PasswordAge < 24*time.Hour && by.Kind != change.Token
		if young && by.May(identity.SeeOrg, identity.Place{Scope: identity.OrgScope, OrgID: org}) {
			return nil
		}
		_, err := tenant.NewTenants(s.Journal).Org(ctx.Context(), by, org, identity.SeeOrg)
		return err
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

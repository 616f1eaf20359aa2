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
// answered again. It returns the organization of the path, the zero value if it has none.
func (s *server) seesPlace(ctx huma.Context, about About, by identity.Principal) (tenant.Org, error) {
	org, msp := ctx.Param("org_id"), ctx.Param("msp_id")
	switch {
	case org != "":
		read := tenant.NewTenants(s.Journal).LoadOrg
		if about.Name == "orgs.delete" {
			read = tenant.NewTenants(s.Journal).LoadStored
		}
		found, err := read(ctx.Context(), org)
		if err != nil {
			return tenant.Org{}, err
		}
		return found, by.Check(identity.SeeOrg, found.Place())
	case msp != "":
		return tenant.Org{}, by.Check(identity.SeeMSP, identity.Place{Scope: identity.MSPScope, MSPID: msp})
	case strings.HasPrefix(about.Path, "/platform/") && !by.WorksForPlatform():
		return tenant.Org{}, by.Check(identity.RunPlatform, identity.ThePlatform())
	}
	return tenant.Org{}, nil
}

// stillShown returns a fault if an answer may have personal data that the organization of the path, the zero
// value for none, has withdrawn from the caller since.
func (s *server) stillShown(by identity.Principal, org tenant.Org, answer answered) error {
	if org.ID == "" || by.May(identity.SeePersonalData, org.Place()) || org.Consents.Ended(s.Now().Unix()) < answer.At {
		return nil
	}
	return fault.New(fault.Conflict, "This request was carried out before, but its answer may have personal data that "+
		"the organization has withdrawn since. Read what it changed.")
}

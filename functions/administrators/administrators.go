// Package administrators contains the endpoints of the people at a scope: who they are, what role
// they have, and who is invited. The platform, an MSP and an organization have the same ones; the
// rules are in shared/identity.
package administrators

import (
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	platform := []endpoint.Endpoint{
		list[PlatformList](s), change[PlatformAdministratorChange](s), deleteAdministrator[PlatformAdministrator](s),
		deleteSessions[PlatformAdministrator](s),
		createInvite[PlatformInvite](s), changeInvite[PlatformChange](s), deleteInvite[PlatformInvitation](s),
	}
	known := endpoint.Compatible(
		list[MSPList](s), get[MSPAdministrator](s), change[MSPAdministratorChange](s), deleteAdministrator[MSPAdministrator](s),
		deleteSessions[MSPAdministrator](s),
		createInvite[MSPInvite](s), changeInvite[MSPChange](s), deleteInvite[MSPInvitation](s),
		list[OrgList](s), get[OrgAdministrator](s), change[OrgAdministratorChange](s), deleteAdministrator[OrgAdministrator](s),
		deleteSessions[OrgAdministrator](s),
		createInvite[OrgInvite](s), changeInvite[OrgChange](s), deleteInvite[OrgInvitation](s),
	)
	for i := range known {
		known[i] = known[i].WithUnknown(endpoint.IgnoreUnknown) // an account is the person's, not the place's
	}
	return append(platform, known...)
}

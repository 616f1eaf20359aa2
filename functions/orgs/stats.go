package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Stats is an organization with numbers. What devices it has comes with the devices.
type Stats struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	MSPID         string   `json:"msp_id,omitempty" doc:"The MSP that manages it; absent for a direct customer."`
	AllowMist     bool     `json:"allow_mist" doc:"Consent to platform support agents working on its cases."`
	OrgGroupIDs   []string `json:"orggroup_ids" doc:"The ids of its labels, for those who see the MSP; for others those at which they have a role."`
	SessionExpiry int      `json:"session_expiry" doc:"After how many minutes a session must log in again for calls in the organization."`
	OpenCases     *int64   `json:"num_open_cases,omitempty" doc:"How many cases are open; absent if you may not see them."`
	Created       int64    `json:"created_time" doc:"Epoch seconds."`
	Modified      int64    `json:"modified_time" doc:"Epoch seconds."`
}

// StatsOf returns organizations with their numbers.
func StatsOf(ctx context.Context, tenants *tenant.Tenants, cases *lists.Service, orgs []tenant.Org) ([]Stats, error) {
	shown, err := Shape(ctx, tenants, orgs)
	if err != nil {
		return nil, err
	}
	open, err := cases.OpenCases(ctx, endpoint.Principal(ctx), orgs)
	if err != nil {
		return nil, err
	}
	stats := make([]Stats, len(shown))
	for i, o := range shown {
		stats[i] = Stats{
			ID: o.ID, Name: o.Name, MSPID: o.MSPID, AllowMist: o.AllowMist, OrgGroupIDs: o.OrgGroupIDs,
			SessionExpiry: o.SessionExpiry, Created: o.Created, Modified: o.Modified,
		}
		if number, seen := open[o.ID]; seen {
			stats[i].OpenCases = &number
		}
	}
	return stats, nil
}

type statsOutput struct {
	Body Stats
}

// getStats reads an organization with its numbers.
func getStats(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.get_stats", "/orgs/{org_id}/stats", "Read an organization with its number of open cases",
		func(ctx context.Context, in *ID) (*statsOutput, error) {
			org, err := s.Tenants.Org(ctx, endpoint.Principal(ctx), in.OrgID, identity.SeeOrg)
			if err != nil {
				return nil, err
			}
			stats, err := StatsOf(ctx, s.Tenants, s.Lists, []tenant.Org{org})
			if err != nil {
				return nil, err
			}
			return &statsOutput{Body: stats[0]}, nil
		}).Using(grant.On(grant.Derived, grant.Get), grant.On(grant.Audit, grant.Put))
}

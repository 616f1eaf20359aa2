package accounts

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// RecentPlace is an MSP or organization that the caller opened in the portal.
type RecentPlace struct {
	Scope string `json:"scope" doc:"msp or org."`
	ID    string `json:"id"`
	Name  string `json:"name" doc:"Its present name."`
	MSPID string `json:"msp_id,omitempty" doc:"The organization's MSP."`
}

type recentOutput struct {
	Body []RecentPlace
}

// listRecentPlaces lists the places that the caller opened last in the portal.
func listRecentPlaces(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.list_recent_places", "/self/recent_places",
		"List the MSPs and organizations that you opened last in the portal, at most seven, the latest first",
		func(ctx context.Context, _ *endpoint.None) (*recentOutput, error) {
			by := endpoint.Principal(ctx)
			recent, err := s.Accounts.RecentPlaces(ctx, by)
			if err != nil {
				return nil, err
			}
			places, err := s.Tenants.Recent(ctx, by, recent)
			out := &recentOutput{Body: []RecentPlace{}}
			for _, place := range places {
				shown := RecentPlace{Scope: string(place.Scope), ID: place.ID(), Name: place.Name}
				if place.ID() != place.MSPID {
					shown.MSPID = place.MSPID
				}
				out.Body = append(out.Body, shown)
			}
			return out, err
		}).Using(grant.On(grant.Derived, grant.BatchGet), grant.On(grant.Core, grant.BatchGet))
}

package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TierFeature is a feature that depends on an MSP's tier.
type TierFeature struct {
	Feature string      `json:"feature" enum:"labels,logo"`
	From    tenant.Tier `json:"from" enum:"partner,base,advanced" doc:"The lowest tier with the feature."`
}

type tiersOutput struct {
	Body struct {
		Tiers    []tenant.Tier `json:"tiers" doc:"All tiers, from the lowest. Each has what the ones below it have."`
		Features []TierFeature `json:"features"`
		Modified int64         `json:"modified_time,omitempty" doc:"Epoch seconds; absent if it was never changed."`
		Revision int64         `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`
	}
}

func tiersOf(tiers tenant.Tiers) *tiersOutput {
	out := &tiersOutput{}
	out.Body.Tiers, out.Body.Modified, out.Body.Revision = tenant.AllTiers(), tiers.Modified, tiers.Version
	for _, feature := range tenant.Features() {
		out.Body.Features = append(out.Body.Features, TierFeature{Feature: string(feature), From: tiers.From[feature]})
	}
	return out
}

// getTiers says which tier of MSPs has which features.
func getTiers(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_tiers", "/platform/tiers",
		"See with which tier of MSPs each feature begins (MSPs and the platform)",
		func(ctx context.Context, _ *endpoint.None) (*tiersOutput, error) {
			tiers, err := s.Tenants.Tiers(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			return tiersOf(tiers), nil
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

type changeTiersInput struct {
	Body struct {
		Features []TierFeature `json:"features" maxItems:"100" doc:"The features that begin with another tier; the rest stay."`
		Revision int64         `json:"revision,omitempty" minimum:"0" doc:"The revision that the change is based on; 409 if there is a newer one; 0 for any."`
	}
}

// changeTiers changes with which tier features begin.
func changeTiers(s Services) endpoint.Endpoint {
	return endpoint.Put("platform.change_tiers", "/platform/tiers",
		"Change with which tier of MSPs features begin (operators)",
		func(ctx context.Context, in *changeTiersInput) (*tiersOutput, error) {
			request := tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{}, Version: in.Body.Revision}
			for _, one := range in.Body.Features {
				request.From[tenant.Feature(one.Feature)] = one.From
			}
			tiers, err := s.Tenants.ChangeTiers(ctx, endpoint.Principal(ctx), request)
			if err != nil {
				return nil, err
			}
			return tiersOf(tiers), nil
		}).Using(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

type listOutput struct {
	endpoint.PageHeaders
	Body []MSP
}

// list lists the MSPs that the caller can see.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list", "/msps", "List MSPs: all of them for operators, otherwise your own",
		func(ctx context.Context, in *endpoint.Pages) (*listOutput, error) {
			all, err := s.Tenants.MSPs(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			page, headers := endpoint.PageOf(all, *in)
			shown, err := s.shaped(ctx, page...)
			return &listOutput{PageHeaders: headers, Body: shown}, err
		}).Using(grant.On(grant.Core, grant.Query))
}

// get reads an MSP.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.get", "/msps/{msp_id}", "Read an MSP",
		func(ctx context.Context, in *ID) (*mspOutput, error) {
			msp, err := s.Tenants.MSP(ctx, endpoint.Principal(ctx), in.MSPID, identity.ListOrgs)
			if err != nil {
				return nil, err
			}
			return s.one(ctx, msp)
		}).Using(grant.On(grant.Audit, grant.Put))
}

type changeInput struct {
	ID
	Body struct {
		Name      *string      `json:"name,omitempty" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
		AllowMist *bool        `json:"allow_mist,omitempty" doc:"Whether new organizations begin with consent to support access."`
		Tier      *tenant.Tier `json:"tier,omitempty" enum:"partner,base,advanced" doc:"Only operators change it."`
		URL       *string      `json:"url,omitempty" maxLength:"500" doc:"The address of the MSP's web site, with https:// or http://; empty for none. Needs a tier with logos."`
		Region    string       `json:"region,omitempty" maxLength:"32" doc:"The name of this installation, if given; it cannot be changed."`
		Revision  int64        `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`

		_ struct{} `additionalProperties:"true"`
	}
}

// change changes an MSP.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("msps.change", "/msps/{msp_id}", "Change an MSP",
		func(ctx context.Context, in *changeInput) (*mspOutput, error) {
			changed, err := s.Tenants.ChangeMSP(ctx, endpoint.Principal(ctx), in.MSPID,
				tenant.MSPChange{
					Name: in.Body.Name, SupportAccess: in.Body.AllowMist, Extension: endpoint.Extension(ctx),
					Tier: in.Body.Tier, URL: in.Body.URL, Region: in.Body.Region, Version: in.Body.Revision,
				})
			if err != nil {
				return nil, err
			}
			return s.one(ctx, changed)
		}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

type createInput struct {
	Body struct {
		Name      string       `json:"name" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
		AllowMist *bool        `json:"allow_mist,omitempty" doc:"Whether new organizations begin with consent to support access; true by default."`
		Tier      *tenant.Tier `json:"tier,omitempty" enum:"partner,base,advanced" doc:"base by default."`
		URL       *string      `json:"url,omitempty" maxLength:"500" doc:"The address of the MSP's web site, with https:// or http://; empty for none. Needs a tier with logos."`
		Region    string       `json:"region,omitempty" maxLength:"32" doc:"The name of this installation, if given: an MSP cannot be created in another one."`
		Admin     *FirstAdmin  `json:"admin,omitempty" doc:"Who is invited as the first super user, in the same transaction; nobody by default."`

		_ struct{} `additionalProperties:"true"`
	}
}

// FirstAdmin is who is invited as the first super user of a new MSP.
type FirstAdmin struct {
	Email     string `json:"email" maxLength:"254" pattern:"^\\s*[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\s*$" patternDescription:"one plain e-mail address, as in anna@example.com"`
	FirstName string `json:"first_name,omitempty" maxLength:"64"`
	LastName  string `json:"last_name,omitempty" maxLength:"64"`
}

func (a *FirstAdmin) invite() *identity.NewInvite {
	if a == nil {
		return nil
	}
	return &identity.NewInvite{Email: a.Email, FirstName: a.FirstName, LastName: a.LastName}
}

// create creates an MSP.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.create", "/msps", "Create an MSP (operators)",
		func(ctx context.Context, in *createInput) (*mspOutput, error) {
			created, err := s.Tenants.NewMSP(ctx, endpoint.Principal(ctx), tenant.MSPChange{
				Name: &in.Body.Name, SupportAccess: in.Body.AllowMist, Extension: endpoint.Extension(ctx),
				Tier: in.Body.Tier, URL: in.Body.URL, Region: in.Body.Region, Admin: in.Body.Admin.invite(),
			})
			if err != nil {
				return nil, err
			}
			return s.one(ctx, created)
		}).NeedsFresh(endpoint.FreshByRule).Using(grant.On(grant.Core, grant.Count, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

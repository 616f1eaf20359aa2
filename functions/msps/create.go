package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/tenant"
)

type createInput struct {
	Body struct {
		Name      string `json:"name" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
		AllowMist *bool  `json:"allow_mist,omitempty" doc:"Whether new organizations begin with consent to support access; true by default."`

		_ struct{} `additionalProperties:"true"`
	}
}

// create creates an MSP.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.create", "/msps", "Create an MSP (operators)",
		func(ctx context.Context, in *createInput) (*mspOutput, error) {
			created, err := s.Tenants.NewMSP(ctx, endpoint.Principal(ctx), tenant.MSPChange{
				Name: &in.Body.Name, SupportAccess: in.Body.AllowMist, Extension: endpoint.Extension(ctx),
			})
			return &mspOutput{Body: mspOf(created)}, err
		}).Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

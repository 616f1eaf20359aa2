package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type createInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"128"`
	}
}

// create creates an MSP.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.create", "/msps", "Create an MSP (operators)",
		func(ctx context.Context, in *createInput) (*mspOutput, error) {
			created, err := s.Tenants.CreateMSP(ctx, endpoint.Principal(ctx), in.Body.Name)
			return &mspOutput{Body: mspOf(created)}, err
		}).Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

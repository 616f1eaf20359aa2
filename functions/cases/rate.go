package cases

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type rateInput struct {
	Body struct {
		Token   string `json:"token" minLength:"1" maxLength:"1000" doc:"The token from the link in the mail."`
		Score   int    `json:"score" minimum:"1" maximum:"5" doc:"1, very dissatisfied, to 5, very satisfied."`
		Comment string `json:"comment,omitempty" maxLength:"2000"`
	}
}

// rate stores a submitter's rating of the help.
func rate(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "cases.rate",
		Method:  http.MethodPost,
		Path:    "/satisfaction",
		Summary: "Rate the help with a case, with the token of the link in the mail",
		Access:  endpoint.Public,
		PerHour: 120,
	}, func(ctx context.Context, in *rateInput) (*endpoint.Empty, error) {
		return &endpoint.Empty{}, s.Ratings.Rate(
			ctx,
			in.Body.Token,
			in.Body.Score,
			in.Body.Comment,
			endpoint.Source(ctx),
		)
	}).Using(grant.On(grant.Core, grant.BatchGet, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

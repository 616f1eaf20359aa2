package cases

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type unwatchInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"1000" doc:"The token from the link in the mail."`
	}
}

// unwatch ends the watching of a case by the person whom the mail was sent to. The limit is high, because
// the programs of a mail provider call for many people from a few addresses.
func unwatch(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "cases.unwatch",
		Method:  http.MethodPost,
		Path:    "/unwatch",
		Summary: "Stop watching a case, with the token of the link in a mail",
		Access:  endpoint.Public,
		PerHour: 1200,
	}, func(ctx context.Context, in *unwatchInput) (*endpoint.Empty, error) {
		return &endpoint.Empty{}, s.Notifications.Unwatch(ctx, in.Body.Token, endpoint.Source(ctx))
	}).Using(grant.On(grant.Core, grant.Get, grant.BatchGet, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type setupInput struct {
	Body struct {
		Token     string `json:"token" maxLength:"200" doc:"The one-time token that was printed at the first start and is stored in the file setup-token of the data folder."`
		Email     string `json:"email" maxLength:"254" pattern:"^\\s*[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\s*$" patternDescription:"one plain e-mail address, as in anna@example.com"`
		Password  string `json:"password" maxLength:"1024" doc:"At least 12 characters, and not easy to guess."`
		FirstName string `json:"first_name" maxLength:"64"`
		LastName  string `json:"last_name" maxLength:"64"`
	}
}

// setup creates the first operator.
func setup(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "accounts.setup", Method: http.MethodPost, Path: "/setup", Access: endpoint.Public, PerHour: 60,
		Summary:     "Create the first operator",
		Description: "Works once, with the token of the first start. Afterwards operators invite each other.",
	}, func(ctx context.Context, in *setupInput) (*selfOutput, error) {
		b := in.Body
		person, err := s.Accounts.Setup(ctx, b.Token, b.Email, b.Password, b.FirstName, b.LastName,
			endpoint.Source(ctx))
		if err != nil {
			return nil, err
		}
		shown, err := s.selfOf(ctx, person)
		return &selfOutput{Body: shown}, err
	}).Using(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

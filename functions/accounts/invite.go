package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
)

type acceptInviteInput struct {
	Token string `path:"token" maxLength:"200" doc:"The token from the link in the mail."`
	Body  *struct {
		Password  string `json:"password,omitempty" maxLength:"1024" doc:"For a person without an account: the password of the new one."`
		FirstName string `json:"first_name,omitempty" maxLength:"64"`
		LastName  string `json:"last_name,omitempty" maxLength:"64"`
	}
}

// acceptInvite grants the privilege of an invitation.
func acceptInvite(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "accounts.accept_invite",
		Method:  http.MethodPost,
		Path:    "/invite/verify/{token}",
		Access:  endpoint.Optional,
		PerHour: 300,
		Summary: "Accept an invitation",
		Description: "A person without an account gives password, first_name and last_name and gets one. A person " +
			"with an account logs in first, and sends no body.",
	}, func(ctx context.Context, in *acceptInviteInput) (*selfOutput, error) {
		var with identity.Acceptance
		if b := in.Body; b != nil {
			with = identity.Acceptance{Password: b.Password, FirstName: b.FirstName, LastName: b.LastName}
		}
		person, err := s.Accounts.AcceptInvite(ctx, endpoint.Who(ctx), in.Token, with, endpoint.Source(ctx))
		if err != nil {
			return nil, err
		}
		shown, err := s.selfOf(ctx, person)
		return &selfOutput{Body: shown}, err
	}).Using(grant.On(grant.Core, grant.Get, grant.Query, grant.Put, grant.Delete, grant.Check),
		grant.On(grant.Audit, grant.Put))
}

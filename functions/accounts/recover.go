package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type recoverInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254" pattern:"^\\s*[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\s*$" patternDescription:"one plain e-mail address, as in anna@example.com"`
	}
}

// recoverPassword mails a link for setting a new password.
func recoverPassword(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "accounts.recover",
		Method:  http.MethodPost,
		Path:    "/recover",
		Access:  endpoint.Public,
		PerHour: 30,
		Summary: "Request a password recovery",
		Description: "Mails a link that works once, for 15 minutes. The response is the same whether or not the " +
			"address has an account.",
	}, func(ctx context.Context, in *recoverInput) (*endpoint.Empty, error) {
		return &endpoint.Empty{}, s.Accounts.Recover(ctx, in.Body.Email, endpoint.Source(ctx))
	}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

type finishRecoveryInput struct {
	Token string `path:"token" maxLength:"200" doc:"The token from the link in the mail."`
	Body  struct {
		Password string `json:"password" maxLength:"1024" doc:"The new password."`
	}
}

// finishRecovery sets a new password by a mailed link, and logs in.
func finishRecovery(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:        "accounts.finish_recovery",
		Method:      http.MethodPost,
		Path:        "/recover/verify/{token}",
		Access:      endpoint.Public,
		PerHour:     60,
		Summary:     "Set a new password with a mailed link",
		Description: "Ends all sessions of the account and begins a new one.",
	}, func(ctx context.Context, in *finishRecoveryInput) (*cookiesOutput, error) {
		session, err := s.Accounts.FinishRecovery(ctx, in.Token, in.Body.Password, endpoint.Source(ctx))
		if err != nil {
			return nil, err
		}
		return &cookiesOutput{SetCookie: endpoint.Cookies(ctx, session)}, nil
	}).Using(grant.On(grant.Core, grant.BatchGet, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

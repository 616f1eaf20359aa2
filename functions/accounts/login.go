package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type loginInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type cookiesOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct{}
}

// login begins a session.
func login(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "accounts.login",
		Method:  http.MethodPost,
		Path:    "/login",
		Access:  endpoint.Public,
		PerHour: 300,
		Summary: "Log in",
		Description: "Sets the cookies sessionid and csrftoken. A failed log-in is 400 and does not say which part " +
			"was wrong; five in a row lock the account for 15 minutes.",
	}, func(ctx context.Context, in *loginInput) (*cookiesOutput, error) {
		session, _, err := s.Accounts.Login(ctx, in.Body.Email, in.Body.Password, endpoint.Source(ctx))
		if err != nil {
			return nil, err
		}
		return &cookiesOutput{SetCookie: endpoint.Cookies(ctx, session)}, nil
	}).Using(grant.On(grant.Core, grant.Get, grant.Put, grant.Delete, grant.Check), grant.On(grant.Audit, grant.Put))
}

// logout ends the session.
func logout(s Services) endpoint.Endpoint {
	return endpoint.Post("accounts.logout", "/logout", "Log out",
		func(ctx context.Context, _ *endpoint.None) (*cookiesOutput, error) {
			if err := s.Accounts.Logout(ctx, endpoint.Principal(ctx)); err != nil {
				return nil, err
			}
			return &cookiesOutput{SetCookie: endpoint.NoCookies(ctx)}, nil
		}).Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}

package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
)

// APIToken is a token as its owner sees it.
type APIToken struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Key      string   `json:"key,omitempty" doc:"The token itself, for 'Authorization: Token <key>'. It is shown only once, when the token is created; afterwards only its first and last letters are."`
	Created  int64    `json:"created_time" doc:"Epoch seconds."`
	Expires  int64    `json:"expire_time,omitempty" doc:"Epoch seconds; absent where the token lasts until it is deleted."`
	LastUsed int64    `json:"last_used,omitempty" doc:"Epoch seconds, to ten minutes; absent if never."`
	SrcIPs   []string `json:"src_ips,omitempty" doc:"The addresses and networks that the token may be used from; absent for any."`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the token with the fields that clients stored.
func (t APIToken) MarshalJSON() ([]byte, error) {
	type plain APIToken
	return extension.Marshal(plain(t), t.extension)
}

func tokenOf(t identity.APIToken) APIToken {
	return APIToken{
		ID:       t.ID,
		Name:     t.Name,
		Created:  t.Created,
		Expires:  t.Expires,
		LastUsed: t.LastUsed,
		SrcIPs:   t.SourceNetworks,

		Key:       t.Masked(),
		extension: t.Extension,
	}
}

type tokensOutput struct {
	endpoint.PageHeaders
	Body []APIToken
}

// listTokens lists the caller's API tokens.
func listTokens(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.list_tokens", "/self/apitokens", "List your API tokens",
		func(ctx context.Context, in *endpoint.Pages) (*tokensOutput, error) {
			list, err := s.Accounts.Tokens(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			shown := make([]APIToken, 0, len(list))
			for _, t := range list {
				shown = append(shown, tokenOf(t))
			}
			out := &tokensOutput{}
			out.Body, out.PageHeaders = endpoint.PageOf(shown, *in)
			return out, nil
		}).Using(grant.On(grant.Derived, grant.Query), grant.On(grant.Core, grant.Query, grant.Get))
}

type createTokenInput struct {
	Body struct {
		Name    string   `json:"name" minLength:"1" maxLength:"64"`
		Expires int64    `json:"expire_time,omitempty" minimum:"0" doc:"When the token ends, in epoch seconds; 0 for never."`
		SrcIPs  []string `json:"src_ips,omitempty" maxItems:"10" doc:"Addresses and networks (CIDR) that the token may be used from; none for any."`
		// Password is named as in the call that changes the password.
		Password string `json:"current_password,omitempty" maxLength:"1024" doc:"Your password; needed if you logged in more than 15 minutes ago, and did not step up since."`

		_ struct{} `additionalProperties:"true"`
	}
}

type tokenOutput struct {
	Body APIToken
}

// createToken creates an API token with the caller's rights.
func createToken(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "accounts.create_token", Method: http.MethodPost, Path: "/self/apitokens", Secret: true,
		Fresh:   endpoint.FreshByRule,
		Summary: "Create an API token",
	}, func(ctx context.Context, in *createTokenInput) (*tokenOutput, error) {
		token, key, err := s.Accounts.CreateToken(ctx, endpoint.Principal(ctx), identity.NewToken{
			Name: in.Body.Name, Expires: in.Body.Expires, SourceNetworks: in.Body.SrcIPs,
			Password: in.Body.Password, Extension: endpoint.Extension(ctx),
		})
		if err != nil {
			return nil, err
		}
		shown := tokenOf(token)
		shown.Key = key
		return &tokenOutput{Body: shown}, nil
	}).Using(grant.On(grant.Core, grant.Query, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// TokenID names an API token in the path.
type TokenID struct {
	TokenID string `path:"apitoken_id" format:"uuid"`
}

// getToken reads an API token.
func getToken(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.get_token", "/self/apitokens/{apitoken_id}", "Read an API token",
		func(ctx context.Context, in *TokenID) (*tokenOutput, error) {
			token, err := s.Accounts.Token(ctx, endpoint.Principal(ctx), in.TokenID)
			return &tokenOutput{Body: tokenOf(token)}, err
		}).Using(grant.On(grant.Derived, grant.Query), grant.On(grant.Core, grant.Query, grant.Get))
}

type changeTokenInput struct {
	TokenID
	Body struct {
		Name    *string   `json:"name,omitempty" minLength:"1" maxLength:"64"`
		Expires *int64    `json:"expire_time,omitempty" doc:"When the token ends, as it is: this call cannot change it."`
		SrcIPs  *[]string `json:"src_ips,omitempty" maxItems:"10" doc:"The addresses and networks that the token may be used from, as they are: this call cannot change them."`

		_ struct{} `additionalProperties:"true"`
	}
}

// changeToken changes an API token's name.
func changeToken(s Services) endpoint.Endpoint {
	return endpoint.Put("accounts.change_token", "/self/apitokens/{apitoken_id}", "Rename an API token",
		func(ctx context.Context, in *changeTokenInput) (*tokenOutput, error) {
			token, err := s.Accounts.ChangeToken(ctx, endpoint.Principal(ctx), in.TokenID.TokenID, identity.TokenChange{
				Name: in.Body.Name, Expires: in.Body.Expires, SourceNetworks: in.Body.SrcIPs,
				Extension: endpoint.Extension(ctx),
			})
			return &tokenOutput{Body: tokenOf(token)}, err
		}).Using(grant.On(grant.Derived, grant.Query), grant.On(grant.Core, grant.Query, grant.Get, grant.Put),
		grant.On(grant.Audit, grant.Put))
}

// deleteToken revokes an API token immediately.
func deleteToken(s Services) endpoint.Endpoint {
	return endpoint.Delete("accounts.delete_token", "/self/apitokens/{apitoken_id}", "Delete an API token",
		func(ctx context.Context, in *TokenID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Accounts.DeleteToken(ctx, endpoint.Principal(ctx), in.TokenID)
		}).Using(grant.On(grant.Core, grant.Delete, grant.Get), grant.On(grant.Audit, grant.Put))
}

package accounts

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/logs"
	"github.com/tenantry/tenantry/shared/identity"
)

// getSelf reads the caller's account.
func getSelf(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.get_self", "/self", "Read your account",
		func(ctx context.Context, _ *endpoint.None) (*selfOutput, error) {
			person, err := s.Accounts.Self(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			shown, err := s.selfOf(ctx, person)
			return &selfOutput{Body: shown}, err
		}).Using(grant.On(grant.Core, grant.Get))
}

type changeSelfInput struct {
	Body struct {
		FirstName       *string           `json:"first_name,omitempty" maxLength:"64"`
		LastName        *string           `json:"last_name,omitempty" maxLength:"64"`
		Password        *string           `json:"password,omitempty" maxLength:"1024" doc:"A new password; ends all other sessions."`
		CurrentPassword *string           `json:"current_password,omitempty" maxLength:"1024" doc:"The current password; required to set a new one."`
		MailWorks       bool              `json:"mail_works,omitempty" doc:"True clears mail_failed_time, so that mail is sent to the address again."`
		SecurityNotices *bool             `json:"security_notices,omitempty" doc:"Turns mails about security events on or off; they are off at first."`
		Email           *string           `json:"email,omitempty" maxLength:"254" doc:"Your present address, if given: this call cannot change it."`
		Phone           *string           `json:"phone,omitempty" maxLength:"64" doc:"Your telephone number; empty for none."`
		Phone2          *string           `json:"phone2,omitempty" maxLength:"64" doc:"Another telephone number; empty for none."`
		Preferences     *preferencesInput `json:"preferences,omitempty" doc:"What you prefer; what is not given stays as it is."`
		TwoFactor       bool              `json:"enable_two_factor,omitempty" enum:"false" doc:"There is no second factor yet."`

		_ struct{} `additionalProperties:"true"`
	}
}

// changeSelf changes the caller's name, preferences or password.
func changeSelf(s Services) endpoint.Endpoint {
	return endpoint.Put("accounts.change_self", "/self", "Change your name, preferences or password",
		func(ctx context.Context, in *changeSelfInput) (*selfOutput, error) {
			b := in.Body
			person, session, err := s.Accounts.ChangeSelf(ctx, endpoint.Principal(ctx), identity.SelfChange{
				FirstName:       b.FirstName,
				LastName:        b.LastName,
				Password:        b.Password,
				CurrentPassword: b.CurrentPassword,
				MailWorks:       b.MailWorks,
				SecurityNotices: b.SecurityNotices,
				Email:           b.Email,
				Phone:           b.Phone,
				Phone2:          b.Phone2,
				Preferences:     b.Preferences.change(),
				Extension:       endpoint.Extension(ctx),
			})
			if err != nil {
				return nil, err
			}
			out := &selfOutput{}
			if session != nil {
				out.SetCookie = endpoint.Cookies(ctx, *session)
			}
			out.Body, err = s.selfOf(ctx, person)
			return out, err
		}).NeedsFresh(endpoint.FreshByRule).
		Using(grant.On(grant.Core, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

type logsInput struct {
	logs.Input
	logs.PortalInput
}

// listSelfLogs searches the audit log of the caller's account.
func listSelfLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.list_self_logs", "/self/logs", "Search your audit log",
		func(ctx context.Context, in *logsInput) (*logs.Output, error) {
			return logs.Answer(ctx, &in.Input, in.PortalInput, func(search logs.Search) (logs.Page, error) {
				return s.Log.Own(ctx, endpoint.Principal(ctx), search)
			})
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query))
}

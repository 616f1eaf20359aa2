package account

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
)

const (
	recoverTitle = "Forgotten password"
	resetTitle   = "Set a new password"
)

// recoverForm asks for the address of the account, and confirms that the mail is on its way.
func (p Pages) recoverForm(v *kit.Visit) error {
	if v.Query("sent") != "" {
		return v.Show(recoverSentPage(v.Frame(v.T("Check your mail"))))
	}
	return v.Show(recoverPage(v.Frame(v.T(recoverTitle)), ""))
}

// recover mails a recovery link. The response does not reveal whether the address has an account.
func (p Pages) recover(v *kit.Visit) error {
	email := v.Line("email")
	if err := p.Accounts.Recover(v.Context(), email, endpoint.Source(v.Context())); err != nil {
		return v.Again(err, kit.Refusal{Title: v.T(recoverTitle), Heading: v.T("Link not sent")}, func(f *kit.Frame) templ.Component {
			return recoverPage(f, email)
		})
	}
	return v.GoTo("/recover?sent=1")
}

// passwordForm asks for a new password. The mailed link is checked when the password is submitted.
func (p Pages) passwordForm(v *kit.Visit) error {
	return v.Show(passwordPage(v.Frame(v.T(resetTitle)), v.Query("token")))
}

// password sets a new password with a mailed link and starts a session.
func (p Pages) password(v *kit.Visit) error {
	ctx, token := v.Context(), v.Line("token")
	session, err := p.Accounts.FinishRecovery(ctx, token, v.Raw("password"), endpoint.Source(ctx))
	if err != nil {
		return v.Again(err, kit.Refusal{Title: v.T(resetTitle), Heading: v.T("Password not set")}, func(f *kit.Frame) templ.Component {
			return passwordPage(f, token)
		})
	}
	v.SetCookies(endpoint.Cookies(ctx, session))
	return v.GoTo("/")
}

package pages

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
)

const (
	recoverTitle = "Forgotten password"
	resetTitle   = "Set a new password"
)

// recoverForm asks for the address of the account, and confirms that the mail is on its way.
func (p *portal) recoverForm(v *visit) error {
	if v.query("sent") != "" {
		return p.show(v, http.StatusOK, recoverSentPage(p.frame(v, "Check your mail")))
	}
	return p.show(v, http.StatusOK, recoverPage(p.frame(v, recoverTitle), ""))
}

// recover mails a recovery link. The response does not reveal whether the address has an account.
func (p *portal) recover(v *visit) error {
	email := v.line("email")
	if err := p.Accounts.Recover(v.r.Context(), email, endpoint.Source(v.r.Context())); err != nil {
		return p.again(v, err, recoverTitle, "Link not sent", func(f frame) templ.Component {
			return recoverPage(f, email)
		})
	}
	return v.goTo("/recover?sent=1")
}

// passwordForm asks for a new password. The mailed link is checked when the password is submitted.
func (p *portal) passwordForm(v *visit) error {
	return p.show(v, http.StatusOK, passwordPage(p.frame(v, resetTitle), v.query("token")))
}

// password sets a new password with a mailed link and starts a session.
func (p *portal) password(v *visit) error {
	ctx, token := v.r.Context(), v.line("token")
	session, err := p.Accounts.FinishRecovery(ctx, token, v.r.PostForm.Get("password"), endpoint.Source(ctx))
	if err != nil {
		return p.again(v, err, resetTitle, "Password not set", func(f frame) templ.Component {
			return passwordPage(f, token)
		})
	}
	v.setCookies(endpoint.Cookies(ctx, session))
	return v.goTo("/")
}

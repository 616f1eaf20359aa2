package pages

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
)

// loginForm shows the log-in form, or redirects those who are logged in already and need not log in
// again.
func (p *portal) loginForm(v *visit) error {
	next := localPath(v.query("next"))
	if v.by != nil && v.query("again") == "" {
		return v.goTo(next)
	}
	return p.show(v, http.StatusOK, loginPage(p.frame(v, "Log in"), "", next))
}

// login starts a session.
func (p *portal) login(v *visit) error {
	ctx, next := v.r.Context(), localPath(v.r.PostForm.Get("next"))
	email := v.line("email")
	session, _, err := p.Accounts.Login(ctx, email, v.r.PostForm.Get("password"), endpoint.Source(ctx))
	if err != nil {
		return p.again(v, err, "Log in", "Log-in failed",
			func(f frame) templ.Component { return loginPage(f, email, next) })
	}
	v.setCookies(endpoint.Cookies(ctx, session))
	return v.goTo(next)
}

// logout ends the session.
func (p *portal) logout(v *visit) error {
	if err := p.Accounts.Logout(v.r.Context(), *v.by); err != nil {
		return err
	}
	v.setCookies(endpoint.NoCookies(v.r.Context()))
	if next := localPath(v.r.PostForm.Get("next")); next != "/" {
		return v.goTo(next)
	}
	return v.goTo("/login")
}

package account

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
)

// loginForm shows the log-in form, or redirects those who are logged in already and need not log in
// again.
func (p Pages) loginForm(v *kit.Visit) error {
	next := kit.LocalPath(v.Query("next"))
	if v.By != nil && v.Query("again") == "" {
		return v.GoTo(next)
	}
	return v.Show(loginPage(v.Frame(v.T("Log in")), "", next))
}

// login starts a session. A form that the former session ended under comes back, to be sent.
func (p Pages) login(v *kit.Visit) error {
	ctx, next := v.Context(), kit.LocalPath(v.Raw("next"))
	email := v.Line("email")
	session, _, err := p.Accounts.Login(ctx, email, v.Raw("password"), endpoint.Source(ctx))
	if err != nil {
		refusal := kit.Refusal{Title: v.T("Log in"), Heading: v.T("Log-in failed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component {
			if kept := v.Kept(); kept.Path != "" {
				return kit.KeptLoginPage(f, kept)
			}
			return loginPage(f, email, next)
		})
	}
	v.SetCookies(endpoint.Cookies(ctx, session))
	if kept := v.Kept(); kept.Path != "" {
		return v.ShowKept(session, kept)
	}
	return v.GoTo(next)
}

// stepUp takes the password again, and goes on with what needed it.
func (p Pages) stepUp(v *kit.Visit) error {
	if err := p.Accounts.StepUp(v.Context(), *v.By, v.Raw(kit.StepUpPassword)); err != nil {
		refusal := kit.Refusal{Title: v.T("Enter your password again"), Heading: v.T("Password not accepted")}
		return v.Again(atField(err, kit.StepUpPassword), refusal,
			func(f *kit.Frame) templ.Component { return kit.StepUpAgain(f, v) })
	}
	return v.GoOn()
}

// atField returns a fault in a field as one in another, which the form has in its place.
func atField(err error, name string) error {
	if wrong, ok := errors.AsType[*fault.Error](err); ok && len(wrong.Fields) == 1 {
		return fault.InField(name, "%s", wrong.Fields[0].Message)
	}
	return err
}

// logout ends the session.
func (p Pages) logout(v *kit.Visit) error {
	if err := p.Accounts.Logout(v.Context(), *v.By); err != nil {
		return err
	}
	v.SetCookies(endpoint.NoCookies(v.Context()))
	if next := kit.LocalPath(v.Raw("next")); next != "/" {
		return v.GoTo(next)
	}
	return v.GoTo("/login")
}

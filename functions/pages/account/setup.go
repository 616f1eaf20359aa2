package account

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
)

const setupTitle = "Set up Tenantry"

// firstOperator is what the form of the first start asks for, but for the password.
type firstOperator struct{ token, email, firstName, lastName string }

// setupForm asks for the first operator. The link that the program prints has the token.
func (p Pages) setupForm(v *kit.Visit) error {
	return v.Show(setupPage(v.Frame(v.T(setupTitle)), firstOperator{token: v.Query("token")}))
}

// setup creates the first operator, and logs them in.
func (p Pages) setup(v *kit.Visit) error {
	ctx, source, password := v.Context(), endpoint.Source(v.Context()), v.Raw("password")
	typed := firstOperator{
		token: v.Line("token"), email: v.Line("email"), firstName: v.Line("first_name"), lastName: v.Line("last_name"),
	}
	_, err := p.Accounts.Setup(ctx, typed.token, typed.email, password, typed.firstName, typed.lastName, source)
	if err != nil {
		refusal := kit.Refusal{Title: v.T(setupTitle), Heading: v.T("Not set up")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return setupPage(f, typed) })
	}
	session, _, err := p.Accounts.Login(ctx, typed.email, password, source)
	if err != nil {
		return err
	}
	v.SetCookies(endpoint.Cookies(ctx, session))
	return v.GoTo("/")
}

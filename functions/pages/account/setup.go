package account

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
)

const setupTitle = "Set up Tenantry"

// firstOperator is what the form of the first start asks for, but for the password.
type firstOperator struct{ token, email, firstName, lastName string }

// setupForm asks for the first operator. The link that the program prints has the token.
func (p Pages) setupForm(v *kit.Visit) error {
	return v.Show(setupPage(v.Frame(v.T(setupTitle)), firstOperator{token: v.Query("token")}))
}

// setup creates the first operator, and logs them in. The same form sent twice logs them in, too: the
// second of two clicks gets the answer that the browser shows.
func (p Pages) setup(v *kit.Visit) error {
	ctx, source, password := v.Context(), endpoint.Source(v.Context()), v.Raw("password")
	typed := firstOperator{
		token: v.Line("token"), email: v.Line("email"), firstName: v.Line("first_name"), lastName: v.Line("last_name"),
	}
	_, err := p.Accounts.Setup(ctx, typed.token, typed.email, password, typed.firstName, typed.lastName, source)
	if fault.Is(err, fault.Forbidden) { // there is an operator
		if p.createdBefore(v, typed.email, password) {
			return v.GoTo("/")
		}
		return kit.SetUp()
	}
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

// createdBefore logs in somebody whose account the same form created before, and reports whether it did.
// It is a log-in as any other: wrong passwords count.
func (p Pages) createdBefore(v *kit.Visit, email, password string) bool {
	if email == "" || password == "" {
		return false
	}
	session, _, err := p.Accounts.Login(v.Context(), email, password, endpoint.Source(v.Context()))
	if err != nil {
		return false
	}
	v.SetCookies(endpoint.Cookies(v.Context(), session))
	return true
}

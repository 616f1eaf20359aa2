package account

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const tokensPath = "/account/tokens"

// newToken is the form of a new API token.
type newToken struct {
	name, until, networks string
	// twice is the token that the form has created if it was sent twice; nil otherwise.
	twice *identity.APIToken
}

// tokens lists the reader's API tokens.
func (p Pages) tokens(v *kit.Visit) error {
	list, err := p.Accounts.Tokens(v.Context(), *v.By)
	if err != nil {
		return err
	}
	form := newToken{}
	if at := slices.IndexFunc(list, func(t identity.APIToken) bool { return t.ID == v.Query("created") }); at >= 0 {
		form.twice = &list[at]
	}
	return v.Show(tokensPage(v.Frame(v.T("API tokens")), list, form))
}

// createToken creates an API token and shows it, once.
func (p Pages) createToken(v *kit.Visit) error {
	form := newToken{name: v.Line("name"), until: v.Line("expire_time"), networks: v.Line("src_ips")}
	request := identity.NewToken{
		Name:           form.name,
		SourceNetworks: strings.FieldsFunc(form.networks, func(r rune) bool { return strings.ContainsRune(", ;", r) }),
	}
	var err error
	if form.until != "" {
		var day time.Time
		if day, err = time.ParseInLocation(time.DateOnly, form.until, v.Zone()); err != nil {
			err = fault.InField("expire_time", "must be a day, as in 2027-01-31")
		}
		request.Expires = day.AddDate(0, 0, 1).Unix()
	}
	var created identity.APIToken
	var text string
	if err == nil {
		created, text, err = p.Accounts.CreateToken(v.Context(), *v.By, request)
	}
	if err != nil {
		list, listErr := p.Accounts.Tokens(v.Context(), *v.By)
		if listErr != nil {
			return err
		}
		refusal := kit.Refusal{Title: v.T("API tokens"), Heading: v.T("The token was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return tokensPage(f, list, form) })
	}
	// The secret is kept nowhere, so the second of two clicks leads to a page that says what to do.
	v.Repeated(tokensPath + "?created=" + created.ID)
	v.Trail(kit.Link{Label: v.T("API tokens"), Path: tokensPath})
	return v.Show(tokenPage(v.Frame(v.T("Store your token now")), created.Name, text))
}

// deleteToken ends an API token; one that is gone already is no error.
func (p Pages) deleteToken(v *kit.Visit) error {
	err := p.Accounts.DeleteToken(v.Context(), *v.By, v.Path("apitoken_id"))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	v.Done(v.T("The token was deleted. What uses it is refused from now on."))
	return v.GoTo(tokensPath)
}

package pages

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const inviteTitle = "Accept the invitation"

// invitation is what the page of an invitation link shows.
type invitation struct {
	identity.Invitation
	token string
	// address is the logged-in person's e-mail address; "" if nobody is logged in.
	address             string
	firstName, lastName string
}

// path returns the page's own path, for returning to it.
func (i invitation) path() string { return "/verify/invite?token=" + url.QueryEscape(i.token) }

func (p *portal) invitation(v *visit, token string) (invitation, error) {
	details, err := p.Accounts.ReadInvitation(v.r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		err = fault.Wrap(
			err,
			fault.NotFound,
			"This invitation was already accepted, was revoked, has expired, or was replaced by a newer mail. Ask "+
				"for another one if you need it.",
		)
	}
	if err != nil {
		return invitation{}, err
	}
	shown := invitation{Invitation: details, token: token, firstName: details.FirstName, lastName: details.LastName}
	if v.by != nil {
		shown.address = v.by.Email
	}
	return shown, nil
}

// inviteForm shows an invitation: with a sign-up form to people without an account, with a button
// to the logged-in invitee.
func (p *portal) inviteForm(v *visit) error {
	shown, err := p.invitation(v, v.query("token"))
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, invitePage(p.frame(v, inviteTitle), shown))
}

// invite accepts an invitation. If that creates an account, the person is logged in.
func (p *portal) invite(v *visit) error {
	ctx, source, password := v.r.Context(), endpoint.Source(v.r.Context()), v.r.PostForm.Get("password")
	shown, err := p.invitation(v, v.line("token"))
	if err != nil {
		return err
	}
	shown.firstName, shown.lastName = v.line("first_name"), v.line("last_name")
	_, err = p.Accounts.AcceptInvite(ctx, v.by, shown.token, identity.Acceptance{
		Password: password, FirstName: shown.firstName, LastName: shown.lastName,
	}, source)
	if err != nil {
		return p.again(v, err, inviteTitle, "Invitation not accepted", func(f frame) templ.Component {
			return invitePage(f, shown)
		})
	}
	if v.by == nil {
		session, _, err := p.Accounts.Login(ctx, shown.Email, password, source)
		if err != nil {
			return err
		}
		v.setCookies(endpoint.Cookies(ctx, session))
	}
	return v.goTo("/")
}

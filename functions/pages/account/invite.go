package account

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
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
	// names has the names of the labels and organizations that it is for.
	names map[string]string
}

// role returns the roles that the invitation offers, with the labels and organizations where they are.
func (i invitation) role(t kit.Teller) string {
	var words []string
	for _, offered := range i.Offered(identity.Place{Scope: i.Scope, MSPID: i.MSPID, OrgID: i.OrgID}) {
		word := kit.Role(t, offered.Role, offered.Scope)
		if name := cmp.Or(i.names[offered.LabelID], i.names[offered.OrgID]); name != "" {
			word += " (" + name + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// path returns the page's own path, for returning to it.
func (i invitation) path() string { return "/verify/invite?token=" + url.QueryEscape(i.token) }

func (p Pages) invitation(v *kit.Visit, token string) (invitation, error) {
	details, err := p.Accounts.ReadInvitation(v.Context(), token)
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
	if v.By != nil {
		shown.address = v.By.Email
	}
	shown.names, err = p.Tenants.ScopeNames(v.Context(), details.Below)
	return shown, err
}

// inviteForm shows an invitation: with a sign-up form to people without an account, with a button
// to the logged-in invitee.
func (p Pages) inviteForm(v *kit.Visit) error {
	shown, err := p.invitation(v, v.Query("token"))
	if err != nil {
		return err
	}
	return v.Show(invitePage(v.Frame(v.T(inviteTitle)), shown))
}

// invite accepts an invitation. If that creates an account, the person is logged in, also by the second of
// two clicks.
func (p Pages) invite(v *kit.Visit) error {
	ctx, source, password := v.Context(), endpoint.Source(v.Context()), v.Raw("password")
	shown, err := p.invitation(v, v.Line("token"))
	if fault.Is(err, fault.NotFound) && v.By == nil && p.createdBefore(v, v.Line("email"), password) {
		return v.GoTo("/")
	}
	if err != nil {
		return err
	}
	shown.firstName, shown.lastName = v.Line("first_name"), v.Line("last_name")
	_, err = p.Accounts.AcceptInvite(ctx, v.By, shown.token, identity.Acceptance{
		Password: password, FirstName: shown.firstName, LastName: shown.lastName,
	}, source)
	overtaken := fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.NotFound)
	if overtaken && v.By == nil && p.createdBefore(v, shown.Email, password) {
		return v.GoTo(pathOf(shown.Invite))
	}
	if err != nil {
		return v.Again(err, kit.Refusal{Title: v.T(inviteTitle), Heading: v.T("Invitation not accepted")}, func(f *kit.Frame) templ.Component {
			return invitePage(f, shown)
		})
	}
	if v.By == nil {
		session, _, err := p.Accounts.Login(ctx, shown.Email, password, source)
		if err != nil {
			return err
		}
		v.SetCookies(endpoint.Cookies(ctx, session))
	}
	return v.GoTo(pathOf(shown.Invite))
}

// pathOf returns the path of the place that somebody was invited to.
func pathOf(invite identity.Invite) string {
	place := identity.ThePlatform()
	switch {
	case invite.OrgID != "":
		place = identity.Place{Scope: identity.OrgScope, OrgID: invite.OrgID}
	case invite.MSPID != "":
		place = identity.Place{Scope: identity.MSPScope, MSPID: invite.MSPID}
	}
	return kit.PlacePath(place)
}

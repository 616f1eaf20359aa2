package people

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
)

// invitation is the form of a new invitation.
type invitation struct {
	identity.NewInvite
	place identity.Place
	path  string
	reach *reach
}

const usualHours = 24

// inviteForm asks whom to invite.
func (p Pages) inviteForm(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	if err := v.By.Check(identity.ChangeAdministrators, place); err != nil {
		return err
	}
	form, err := p.blank(v, place)
	if err != nil {
		return err
	}
	if first := identity.RolesAt(place.Scope)[0]; v.Query("role") == string(first) {
		form.Role = first // the link to invite a new place's first administrator
	}
	return v.Show(invitePage(v.Frame(v.T("Invite somebody to %s", place.Name)), form))
}

// blank returns the form without a role: one that is chosen already would be given by mistake.
func (p Pages) blank(v *kit.Visit, place identity.Place) (invitation, error) {
	path := kit.PlacePath(place)
	v.Trail(kit.Link{Label: v.T("People of %s", place.Name), Path: path + "/admins"})
	choice, err := p.reachOf(v, place, true)
	return invitation{NewInvite: identity.NewInvite{Hours: usualHours}, place: place, path: path, reach: choice}, err
}

// invite sends an invitation.
func (p Pages) invite(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	form, err := p.blank(v, place)
	if err != nil {
		return err
	}
	form.Email, form.FirstName, form.LastName = v.Line("email"), v.Line("first_name"), v.Line("last_name")
	form.Role = identity.Role(v.Line("role"))
	if form.Hours, err = strconv.Atoi(v.Line("hours")); err != nil || form.Hours == 0 {
		form.Hours = -1 // refused like any other wrong number, and not taken as the usual one
	}
	request := form.NewInvite
	request.Role, request.Below = form.reach.submitted(v, form.Role)
	if err := form.reach.check(request.Role, request.Below); err != nil {
		return p.notInvited(v, form, err)
	}
	created, err := p.Accounts.CreateInvite(v.Context(), *v.By, place, request)
	if err != nil {
		return p.notInvited(v, form, err)
	}
	v.Done(v.T("The invitation to %[1]s was sent. It can be accepted for %[2]d hours.", created.Email, created.Hours))
	return v.GoTo(form.path + "/admins")
}

func (p Pages) notInvited(v *kit.Visit, form invitation, err error) error {
	refusal := kit.Refusal{Title: v.T("Invite somebody to %s", form.place.Name), Heading: v.T("No invitation was sent")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return invitePage(f, form) })
}

// resend sends an invitation again, with a new link.
func (p Pages) resend(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	sent, err := p.Accounts.ChangeInvite(v.Context(), *v.By, place, v.Path("invite_id"), identity.InviteChange{})
	if err != nil {
		return err
	}
	v.Done(v.T("The invitation to %s was sent again. The link in the former mail no longer works.", sent.Email))
	return v.GoTo(kit.PlacePath(place) + "/admins")
}

// revoke takes an invitation back.
func (p Pages) revoke(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	if err := p.Accounts.RevokeInvite(v.Context(), *v.By, place, v.Path("invite_id")); err != nil {
		return err
	}
	v.Done(v.T("The invitation was revoked."))
	return v.GoTo(kit.PlacePath(place) + "/admins")
}

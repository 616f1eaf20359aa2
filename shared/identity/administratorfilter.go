package identity

import (
	"slices"
	"strings"
)

// AdministratorFilter selects people and invitations in the list of a place; empty fields select all.
type AdministratorFilter struct {
	// Search is a part of the name or of the address, however it is capitalized.
	Search string
	Role   Role
	// OrgID is an organization in which they have a role of their own, for the list of an MSP.
	OrgID string
}

// Apply returns those of a place's people and invitations that the filter selects.
func (f AdministratorFilter) Apply(
	place Place, people []Administrator, invites []Invite,
) ([]Administrator, []Invite) {
	people = slices.DeleteFunc(people, func(one Administrator) bool {
		return !f.selects(one.Name()+"\n"+one.Email, one.Privileges)
	})
	invites = slices.DeleteFunc(invites, func(one Invite) bool {
		return !f.selects(one.FirstName+" "+one.LastName+"\n"+one.Email, one.Offered(place))
	})
	return people, invites
}

func (f AdministratorFilter) selects(text string, privileges []Privilege) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(f.Search))) &&
		(f.Role == "" && f.OrgID == "" || slices.ContainsFunc(privileges, func(p Privilege) bool {
			return (f.Role == "" || p.Role == f.Role) && (f.OrgID == "" || p.Scope == OrgScope && p.OrgID == f.OrgID)
		}))
}

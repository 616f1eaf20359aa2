package demo

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
)

// shownOfRole is how many people of a role are printed.
const shownOfRole = 2

// print prints who can log in, by role.
func (c Command) print(built Estate, took time.Duration) error {
	people := map[string]bool{}
	for _, one := range built.LogIns {
		people[one.Email] = true
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Built %d MSPs, %d organizations and %d people in %s.\n\nEverybody has the password: %s\n\n",
		len(built.MSPs), len(built.Orgs), len(people), took.Round(100*time.Millisecond), Password)
	columns := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	for _, scope := range []identity.ScopeKind{
		identity.PlatformScope, identity.MSPScope, identity.LabelScope, identity.OrgScope,
	} {
		for _, role := range identity.RolesAt(scope) {
			shown := slices.DeleteFunc(slices.Clone(built.LogIns), func(one LogIn) bool {
				return one.Scope != scope || one.Role != role
			})
			for _, one := range shown[:min(shownOfRole, len(shown))] {
				fmt.Fprintf(columns, "  %s\t%s\t%s\n", role.NameAt(scope), one.Email, one.Place)
			}
		}
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.Out, text.String())
	return err
}

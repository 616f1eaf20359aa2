package identity_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// names has a name for each permission in the matrix.
var names = map[string]identity.Permission{
	"SeeMSP":               identity.SeeMSP,
	"ChangeMSP":            identity.ChangeMSP,
	"CreateOrg":            identity.CreateOrg,
	"SeeOrg":               identity.SeeOrg,
	"ChangeOrg":            identity.ChangeOrg,
	"SeeAdministrators":    identity.SeeAdministrators,
	"ChangeAdministrators": identity.ChangeAdministrators,
	"SeeAudit":             identity.SeeAudit,
	"SeeCases":             identity.SeeCases,
	"OpenCases":            identity.OpenCases,
	"AnswerCases":          identity.AnswerCases,
	"RunPlatform":          identity.RunPlatform,
}

type held struct {
	scope identity.ScopeKind
	role  identity.Role
}

// matrix states independently what every role allows at every scope, from the purpose of the roles.
var matrix = map[held][]string{
	{identity.PlatformScope, identity.Operator}: {
		"RunPlatform",
		"SeeMSP",
		"ChangeMSP",
		"CreateOrg",
		"SeeOrg",
		"ChangeOrg",
		"SeeAdministrators",
		"ChangeAdministrators",
		"SeeAudit",
	},
	{identity.PlatformScope, identity.Support}: {"SeeOrg", "SeeCases", "OpenCases", "AnswerCases"},
	{identity.MSPScope, identity.Admin}: {
		"SeeMSP",
		"ChangeMSP",
		"CreateOrg",
		"SeeOrg",
		"ChangeOrg",
		"SeeAdministrators",
		"ChangeAdministrators",
		"SeeAudit",
		"SeeCases",
		"OpenCases",
		"AnswerCases",
	},
	{identity.MSPScope, identity.Write}: {
		"SeeMSP",
		"SeeOrg",
		"ChangeOrg",
		"SeeAudit",
		"SeeCases",
		"OpenCases",
		"AnswerCases",
	},
	{identity.MSPScope, identity.Helpdesk}:  {"SeeMSP", "SeeOrg", "SeeCases", "OpenCases", "AnswerCases"},
	{identity.MSPScope, identity.Read}:      {"SeeMSP", "SeeOrg", "SeeAdministrators", "SeeAudit", "SeeCases"},
	{identity.MSPScope, identity.Installer}: {"SeeMSP", "SeeOrg"},
	{identity.OrgScope, identity.Admin}: {
		"SeeOrg",
		"ChangeOrg",
		"SeeAdministrators",
		"ChangeAdministrators",
		"SeeAudit",
		"SeeCases",
		"OpenCases",
	},
	{identity.OrgScope, identity.Write}:     {"SeeOrg", "SeeAudit", "SeeCases", "OpenCases"},
	{identity.OrgScope, identity.Helpdesk}:  {"SeeOrg", "SeeCases", "OpenCases"},
	{identity.OrgScope, identity.Read}:      {"SeeOrg", "SeeAdministrators", "SeeAudit", "SeeCases"},
	{identity.OrgScope, identity.Installer}: {"SeeOrg"},
}

var scopes = []identity.ScopeKind{identity.PlatformScope, identity.MSPScope, identity.OrgScope}

func TestTheMatrixOfRoles(t *testing.T) {
	for _, scope := range scopes {
		for _, role := range []identity.Role{identity.Admin, identity.Write, identity.Read, identity.Helpdesk, identity.Installer, identity.Operator, identity.Support, "", "root"} {
			allowed := matrix[held{scope, role}]
			if slices.Contains(identity.RolesAt(scope), role) != (len(allowed) > 0) {
				t.Errorf("%s at %s: the lists differ", role, scope)
			}
			by := identity.Principal{
				Privileges: []identity.Privilege{{Scope: scope, Role: role, MSPID: "m", OrgID: "o"}},
			}
			place := identity.Place{Scope: identity.OrgScope, MSPID: "m", OrgID: "o", Granted: identity.AllGranted}
			for name, permission := range names {
				if got, want := by.May(permission, place), slices.Contains(allowed, name); got != want {
					t.Errorf("%s at %s, %s: %t, want %t", role, scope, name, got, want)
				}
			}
		}
	}
}

// reaches is an independent definition of whether a privilege covers a place.
func reaches(p identity.Privilege, place identity.Place) bool {
	switch {
	case p.Scope == identity.PlatformScope && p.Role == identity.Support:
		return place.Scope == identity.OrgScope && place.Granted.Has(identity.SupportAccess, identity.ToOperator)
	case p.Scope == identity.PlatformScope:
		return true
	case p.Scope == identity.MSPScope && place.Scope != identity.PlatformScope:
		return p.MSPID == place.MSPID
	case p.Scope == identity.OrgScope && place.Scope == identity.OrgScope:
		return p.OrgID == place.OrgID
	}
	return false
}

// consented is an independent definition of what a provider's privilege needs consent for.
func consented(p identity.Privilege, place identity.Place, name string) bool {
	grantee, ofProvider := map[identity.ScopeKind]identity.Grantee{
		identity.PlatformScope: identity.ToOperator, identity.MSPScope: identity.ToMSP,
	}[p.Scope]
	if !ofProvider || place.Scope != identity.OrgScope {
		return true
	}
	switch name {
	case "SeeCases", "OpenCases", "AnswerCases":
		return place.Granted.Has(identity.SupportAccess, grantee)
	case "SeeAdministrators", "ChangeAdministrators":
		return place.Granted.Has(identity.UserManagement, grantee)
	}
	return true
}

// drawPlace draws a place from three MSPs (one of them none) and their organizations.
func drawPlace(t *rapid.T) identity.Place {
	place := identity.Place{Scope: rapid.SampledFrom(scopes).Draw(t, "scope")}
	switch place.Scope {
	case identity.MSPScope:
		place.MSPID = rapid.SampledFrom([]string{"m1", "m2"}).Draw(t, "msp")
	case identity.OrgScope:
		// An organization always belongs to the same MSP: o1 and o2 to m1, o3 to m2, o4 to none.
		place.OrgID = rapid.SampledFrom([]string{"o1", "o2", "o3", "o4"}).Draw(t, "org")
		place.MSPID = map[string]string{"o1": "m1", "o2": "m1", "o3": "m2"}[place.OrgID]
		place.Granted = identity.Granted(rapid.Uint8Range(0, 15).Draw(t, "consents"))
	}
	return place
}

func drawPrivilege(t *rapid.T) identity.Privilege {
	place := drawPlace(t)
	return identity.Privilege{
		Scope: place.Scope,
		Role:  rapid.SampledFrom(identity.RolesAt(place.Scope)).Draw(t, "role"),
		MSPID: place.MSPID,
		OrgID: place.OrgID,
	}
}

func TestAPrincipalMayDoOnlyWhatACoveringPrivilegeAllows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		by := identity.Principal{Privileges: rapid.SliceOfN(rapid.Custom(drawPrivilege), 0, 4).Draw(rt, "privileges")}
		for range 30 {
			place := drawPlace(rt)
			name := rapid.SampledFrom(slices.Sorted(keys(names))).Draw(rt, "permission")
			want := slices.ContainsFunc(by.Privileges, func(p identity.Privilege) bool {
				return reaches(p, place) && slices.Contains(matrix[held{p.Scope, p.Role}], name) && consented(p, place, name)
			})
			if got := by.May(names[name], place); got != want {
				rt.Fatalf("%s at %+v: %t, want %t", name, place, got, want)
			}
			err := by.Check(names[name], place)
			sees := place.Scope == identity.PlatformScope ||
				by.May(identity.SeeOrg, place) && place.Scope == identity.OrgScope ||
				by.May(identity.SeeMSP, place) && place.Scope == identity.MSPScope
			switch code := fault.CodeOf(err); {
			case want && code != "", !want && sees && code != fault.Forbidden, !want && !sees && code != fault.NotFound:
				rt.Fatalf("%s at %+v: %v", name, place, err)
			}
		}
	})
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func TestNoPermissionIsNoPermission(t *testing.T) {
	by := identity.Principal{Privileges: []identity.Privilege{{Scope: identity.PlatformScope, Role: identity.Operator}}}
	if by.May(0, identity.ThePlatform()) {
		t.Error("nothing is allowed")
	}
}

func TestAgentsAreThoseWhoSeeCasesForTheProvider(t *testing.T) {
	w := newWorld(t)
	org := w.Org.Place()
	open := org
	open.Granted = identity.AllGranted
	for _, test := range []struct {
		name  string
		by    identity.Principal
		place identity.Place
		want  bool
	}{
		{"helpdesk of the MSP", w.Person(w.MSP.Place(), identity.Helpdesk), org, true},
		{"observer of the MSP", w.Person(w.MSP.Place(), identity.Read), org, true},
		{"installer of the MSP", w.Person(w.MSP.Place(), identity.Installer), org, false},
		{"helpdesk of another MSP", w.Person(w.ForeignMSP.Place(), identity.Helpdesk), org, false},
		{"administrator of the org", w.Person(org, identity.Admin), org, false},
		{"operator", w.Operator(), org, false},
		{"support agent without consent", w.SupportAgent(), org, false},
		{"support agent with consent", w.SupportAgent(), open, true},
	} {
		if got := test.by.IsAgent(test.place); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

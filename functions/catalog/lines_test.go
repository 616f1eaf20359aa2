package catalog_test

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// object is a JSON object.
type object = map[string]any

// line is what the walk knows of one endpoint: a valid call, and who may make it.
type line struct {
	// path returns a path that works once, creating whatever it needs; body returns a body for it,
	// nil for none.
	path func(i *installation) string
	body func(i *installation) object
	// allowed lists the people who may call it; "everybody" stands for all with an account. Of the
	// others, those who can see the scope get 403, and those in hidden 404.
	allowed, hidden string
}

// The people, by what they may do at the organization or MSP of the walk.
const (
	everybody  = "everybody"
	operators  = "operator"
	foreigners = "foreign msp,foreign org"
	// others are all but operators.
	others = mspOutsiders + ",msp admin,msp write,msp helpdesk,msp read,msp installer"
	// mspOutsiders cannot see the MSP.
	mspOutsiders = foreigners + ",support,org admin,org write,org helpdesk,org read,org installer"
	mspSeers     = "operator,msp admin,msp write,msp helpdesk,msp read,msp installer"
	orgSeers     = mspSeers + ",support,org admin,org write,org helpdesk,org read,org installer"
	caseSeers    = "support,msp admin,msp write,msp helpdesk,msp read,org admin,org write,org helpdesk,org read"
	caseWriters  = "support,msp admin,msp write,msp helpdesk,org admin,org write,org helpdesk"
	caseAgents   = "support,msp admin,msp write,msp helpdesk"
)

func fixed(path string) func(*installation) string { return func(*installation) string { return path } }

// thisMonth adds a range to the query of a path: the last day, but nothing before this month. The
// platform's log has a partition for each month, so that on the first of a month the default range
// costs a request more than on other days.
func thisMonth(path string) func(*installation) string {
	return func(i *installation) string {
		now := i.Now().UTC()
		start := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		if dayAgo := now.Add(-24 * time.Hour); dayAgo.After(start) {
			start = dayAgo
		}
		return path + "start=" + strconv.FormatInt(start.Unix(), 10)
	}
}

func ofMSP(path string) func(*installation) string {
	return func(i *installation) string { return "/msps/" + i.msp.ID + path }
}

func ofOrg(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + path }
}

func ofCase(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + "/cases/" + i.kase.ID + path }
}

func ofTicket(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + "/tickets/" + i.kase.ID + path }
}

// withoutConsents creates a direct customer that does not let the operator support it.
func withoutConsents(path string) func(*installation) string {
	return func(i *installation) string {
		org, err := i.Tenants.StartingWith(tenant.Start{}).
			CreateOrg(context.Background(), i.people["operator"], "", "Closed "+unique(i), false)
		check(i.t, err)
		return "/orgs/" + org.ID + path
	}
}

func with(body object) func(*installation) object { return func(*installation) object { return body } }

// unique returns a word that was not returned before.
func unique(i *installation) string { return strings.ReplaceAll(i.Journal.NewID(), "-", "") }

// stranger creates a person for one call, with a privilege at a place.
func stranger(place func(*installation) identity.Place, scope string) func(*installation) string {
	return func(i *installation) string {
		role := identity.Read
		if place(i).Scope == identity.PlatformScope {
			role = identity.Support
		}
		person := i.invite("stranger "+unique(i), place(i), role)
		return strings.ReplaceAll(scope, "{}", place(i).ID()) + "/admins/" + person.ID
	}
}

// sessionsOf is the path of the sessions of a person.
func sessionsOf(person func(*installation) string) func(*installation) string {
	return func(i *installation) string { return person(i) + "/sessions" }
}

// invitation creates an invitation for one call.
func invitation(place func(*installation) identity.Place, scope string) func(*installation) string {
	return func(i *installation) string {
		role := identity.RolesAt(place(i).Scope)[1]
		invite, err := i.Accounts.CreateInvite(context.Background(), i.people["operator"], place(i),
			identity.NewInvite{Email: unique(i) + "@example.com", Role: role})
		check(i.t, err)
		return strings.ReplaceAll(scope, "{}", place(i).ID()) + "/invites/" + invite.ID
	}
}

func platform(*installation) identity.Place { return identity.ThePlatform() }
func msp(i *installation) identity.Place    { return i.msp.Place() }
func org(i *installation) identity.Place    { return i.org.Place() }

func inviteBody(role string) func(*installation) object {
	return func(i *installation) object {
		return object{"email": unique(i) + "@example.com", "privileges": []object{{"role": role}}}
	}
}

func role(name string) func(*installation) object {
	return with(object{"privileges": []object{{"role": name}}})
}

// lines returns a line for every endpoint of the catalog: how it is called and by whom. An endpoint
// without a line fails the walk.
func lines() map[string]line {
	all := map[string]line{}
	for _, domain := range []map[string]line{
		accountLines(), platformLines(), mspLines(), exportLines(), orgLines(), caseLines(),
		ticketLines(), deskLines(), jobLines(), reportLines(), downloadLines(), bastionLines(),
	} {
		maps.Copy(all, domain)
	}
	return all
}

// multipartFile marks a body that is sent as form data with one file of this name.
const multipartFile = "\x00file"

// unknownID is an id that no object has.
const unknownID = "99999999-9999-4999-8999-999999999999"

package pages_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
)

// programmers are words of the API that no page says.
var programmers = regexp.MustCompile(`epoch|JSON|\b[a-z]+_[a-z]+\b|\b(GET|PUT|POST|DELETE) /`)

// problem returns what the box of a refused form says.
func (p *page) problem() string {
	p.b.t.Helper()
	for _, node := range all(p.document, "div") {
		if attribute(node, "class") == "problem" {
			return textOf(node)
		}
	}
	p.b.t.Fatalf("%s: nothing was refused: %s", p.path, p.text())
	return ""
}

func TestRefusedFormsSpeakTheWordsOfThePage(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	org := "/orgs/" + s.Org.ID
	tokens := s.as(s.customer).get("/account/tokens")
	invites := admin.get(org + "/invites/new")
	s.Invited(s.Org.Place(), identity.Admin, "ada@rialto.example.net", "Ada", "Alt")
	consents := admin.get(org + "/consents")
	consent := org + "/consents/support_access/msp"
	for name, test := range map[string]struct {
		page  *page
		wants string
	}{
		"a token that has ended": {
			tokens.submit("/account/tokens", fields{"name": "x", "expire_time": "2001-01-01"}),
			"The last day must be today or later.",
		},
		"a wrong network": {
			tokens.submit("/account/tokens", fields{"name": "x", "src_ips": "x", "once": ""}), "Allowed addresses",
		},
		"no role": {
			invites.submit(org+"/invites/new", fields{"email": "no@rialto.example.net"}), "Choose a role.",
		},
		"a lower role": {
			invites.submit(org+"/invites/new", fields{"email": "ada@rialto.example.net", "role": "read", "once": ""}),
			"Change the person's role instead of inviting them.",
		},
		"a consent until the past": {
			consents.submit(consent, fields{"granted": "true", "until": "2001-01-01"}),
			"The last day must be from today to two years from now.",
		},
	} {
		said := test.page.problem()
		if !strings.Contains(said, test.wants) || programmers.MatchString(said) {
			t.Errorf("%s: the page says %q, want %q", name, said, test.wants)
		}
	}
}

func TestAnInvitationProposesNoRoleButThatOfTheFirstAdministrator(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/invites/new"
	chosen := func(p *page) string {
		for _, pair := range values(p.form(path)) {
			if pair[0] == "role" {
				return pair[1]
			}
		}
		return ""
	}
	for query, want := range map[string]string{"": "", "?role=admin": "admin", "?role=read": "", "?role=x": ""} {
		if got := chosen(admin.get(path + query)); got != want {
			t.Errorf("%q proposes %q, want %q", query, got, want)
		}
	}
	operator := s.as(s.Operator())
	created := operator.get("/msps/new").submit("/msps/new", fields{"name": "Nordlicht"}).follow()
	if !strings.Contains(created.raw, `/invites/new?role=admin"`) {
		t.Error("the new MSP does not lead to the invitation of a Super User")
	}
}

func TestAnInvitationOfNoHoursIsRefused(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/invites/new"
	admin.get(path).submit(path, fields{"email": "n@rialto.example.net", "role": "read", "hours": "0"}).
		wants(http.StatusBadRequest, "Hours must be 1 to 168.")
}

package support_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// known is what the model knows of a case; the last in a slice of them was changed last.
type known struct {
	id, submitter, orgID string
	closed               bool
}

// play does random things with the cases of two organizations and keeps the model in step.
type play struct {
	*world
	t        *rapid.T
	submits  []identity.Principal // of the first organization
	neighbor identity.Principal
	cases    []known
}

func (p *play) must(err error) {
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *play) create(t *rapid.T) {
	by, orgID := rapid.SampledFrom(p.submits).Draw(t, "by"), p.Org.ID
	if rapid.IntRange(0, 3).Draw(t, "where") == 0 {
		by, orgID = p.neighbor, p.Neighbour.ID
	}
	c, err := p.Desk.CreateCase(p.world.t.Context(), by, orgID, request("No Wi-Fi"))
	p.must(err)
	p.Clock.Pass(time.Millisecond)
	p.cases = append(p.cases, known{id: c.ID, submitter: by.UserID, orgID: orgID})
}

// touch picks a case, does something with it, and puts it last.
func (p *play) touch(t *rapid.T, do func(*known)) {
	if len(p.cases) == 0 {
		return // no case yet
	}
	at := rapid.IntRange(0, len(p.cases)-1).Draw(t, "case")
	one := p.cases[at]
	do(&one)
	p.Clock.Pass(time.Millisecond)
	p.cases = append(slices.Delete(p.cases, at, at+1), one)
}

func (p *play) comment(t *rapid.T) {
	p.touch(t, func(c *known) {
		by := p.agent
		if rapid.Bool().Draw(t, "the customer") {
			by = p.submits[0]
			if c.orgID == p.Neighbour.ID {
				by = p.neighbor
			}
			c.closed = false
		}
		_, _, err := p.Desk.AddComment(p.world.t.Context(), by, c.orgID, c.id, support.NewComment{Text: "x"})
		p.must(err)
	})
}

func (p *play) setStatus(t *rapid.T) {
	p.touch(t, func(c *known) {
		status := rapid.SampledFrom(support.Statuses()).Draw(t, "status")
		c.closed = status == support.Solved || status == support.Closed
		severity := rapid.IntRange(1, 4).Draw(t, "severity")
		now, err := p.Desk.Detail(p.world.t.Context(), p.agent, c.orgID, c.id)
		p.must(err)
		if now.Severity == severity {
			severity = 5 - severity // so that there is a change
		}
		_, err = p.Desk.ChangeCase(p.world.t.Context(), p.agent, c.orgID, c.id, support.CaseChange{Status: &status, Severity: &severity})
		p.must(err)
	})
}

// wanted gives the ids of a list by the model, the newest change first.
func (p *play) wanted(filter support.Wanted, orgIDs ...string) []string {
	ids := []string{}
	for _, c := range slices.Backward(p.cases) {
		if c.closed == (filter.State == support.AreClosed) && (len(filter.Filters) == 0 || filter.Filters["submitter"][0] == c.submitter) && slices.Contains(orgIDs, c.orgID) {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// walk reads a list to its end, in pages of the filter's limit.
func (p *play) walk(filter support.Wanted, read func(support.Wanted) (support.Lines, error)) []string {
	ids := []string{}
	for {
		page, err := read(filter)
		p.must(err)
		for _, line := range page.Lines {
			ids = append(ids, line.ID)
		}
		if filter.After = page.Next; page.Next == "" {
			return ids
		}
	}
}

func (p *play) check(t *rapid.T) {
	limit := rapid.IntRange(1, 7).Draw(t, "limit")
	for _, state := range []support.State{support.AreOpen, support.AreClosed} {
		for _, submitter := range []string{"", p.submits[0].UserID, p.submits[1].UserID} {
			filter := support.Wanted{State: state, Filters: of(submitter), Limit: limit}
			got := p.walk(filter, func(f support.Wanted) (support.Lines, error) {
				return p.list(p.submits[0], support.Scope{OrgID: p.Org.ID}, f)
			})
			if diff := cmp.Diff(p.wanted(filter, p.Org.ID), got); diff != "" {
				t.Fatalf("list %s, submitter %q: %s", state, submitter, diff)
			}
		}
		filter := support.Wanted{State: state, Limit: limit}
		got := p.walk(filter, func(f support.Wanted) (support.Lines, error) {
			return p.list(p.agent, support.Scope{MSPID: p.MSP.ID}, f)
		})
		if diff := cmp.Diff(p.wanted(filter, p.Org.ID, p.Neighbour.ID), got); diff != "" {
			t.Fatalf("the MSP's, list %s: %s", state, diff)
		}
	}
}

func TestListsShowEachCaseOnceTheNewestChangeFirst(t *testing.T) {
	w := newWorld(t)
	customers := []identity.Principal{w.customer, w.Another(w.Org.Place(), identity.Admin)}
	neighbor := w.Person(w.Neighbour.Place(), identity.Admin)
	rapid.Check(t, func(rt *rapid.T) {
		// Each run has organizations of its own, so that it begins with empty lists.
		fresh := *w.Estate
		fresh.MSP = w.NewMSP("Adria Networks")
		own := *w
		own.Estate = &fresh
		p := &play{world: &own, t: rt}
		fresh.Org, fresh.Neighbour = w.NewOrg(fresh.MSP.ID, "A"), w.NewOrg(fresh.MSP.ID, "B")
		p.submits = []identity.Principal{at(customers[0], fresh.Org.Place()), at(customers[1], fresh.Org.Place())}
		p.neighbor, own.agent = at(neighbor, fresh.Neighbour.Place()), at(w.agent, fresh.MSP.Place())
		rt.Repeat(map[string]func(*rapid.T){"create": p.create, "comment": p.comment, "status": p.setStatus, "": p.check})
	})
}

// at gives a person as one whose only privilege is to administer a place.
func at(p identity.Principal, place identity.Place) identity.Principal {
	p.Privileges = []identity.Privilege{{Scope: place.Scope, Role: identity.Admin, MSPID: place.MSPID, OrgID: place.OrgID}}
	return p
}

func TestWhoReadsTheListOfAnMSP(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		by   identity.Principal
		want fault.Code
	}{
		{w.agent, ""},
		{w.Person(w.MSP.Place(), identity.Read), ""},
		{w.Person(w.MSP.Place(), identity.Installer), fault.Forbidden},
		{w.Operator(), fault.Forbidden},
		{w.SupportAgent(), fault.NotFound},
		{w.customer, fault.NotFound},
		{w.Person(w.ForeignMSP.Place(), identity.Admin), fault.NotFound},
	} {
		_, err := w.list(test.by, support.Scope{MSPID: w.MSP.ID}, support.Wanted{Limit: 10})
		if got := fault.CodeOf(err); got != test.want {
			t.Errorf("%s: got %q, want %q", test.by.Email, got, test.want)
		}
	}
}

func TestASubmitterWhoCannotExistIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"x", "\xff", w.customer.UserID + "#OPEN"} {
		_, err := w.list(w.customer, support.Scope{OrgID: w.Org.ID}, support.Wanted{Limit: 10, Filters: of(id)})
		w.Wants(fault.Invalid, err)
	}
}

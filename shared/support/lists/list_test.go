package lists_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// known is the model of a case; in a slice, the case changed last comes last.
type known struct {
	id, submitter, orgID string
	closed               bool
}

// play performs random operations on the cases of two organizations and keeps the model in step.
type play struct {
	*supporttest.World
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
	c, err := p.Cases.Create(p.T.Context(), by, orgID, supporttest.Request("No Wi-Fi"))
	p.must(err)
	p.Clock.Pass(time.Millisecond)
	p.cases = append(p.cases, known{id: c.ID, submitter: by.UserID, orgID: orgID})
}

// touch picks a case, changes it, and moves it to the end.
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
		by := p.Agent
		if rapid.Bool().Draw(t, "the customer") {
			by = p.submits[0]
			if c.orgID == p.Neighbour.ID {
				by = p.neighbor
			}
			c.closed = false
		}
		_, _, err := p.Cases.AddComment(p.T.Context(), by, c.orgID, c.id, support.NewComment{Text: "x"})
		p.must(err)
	})
}

func (p *play) setStatus(t *rapid.T) {
	p.touch(t, func(c *known) {
		status := rapid.SampledFrom(support.Statuses()).Draw(t, "status")
		c.closed = status == support.Solved || status == support.Closed
		severity := rapid.IntRange(1, 4).Draw(t, "severity")
		now, err := p.Cases.Detail(p.T.Context(), p.Agent, c.orgID, c.id)
		p.must(err)
		if now.Severity == severity {
			severity = 5 - severity // so that there is a change
		}
		_, err = p.Cases.Change(
			p.T.Context(),
			p.Agent,
			c.orgID,
			c.id,
			support.CaseChange{Status: &status, Severity: &severity},
		)
		p.must(err)
	})
}

// wanted returns the IDs of a list by the model, latest change first.
func (p *play) wanted(filter lists.Query, orgIDs ...string) []string {
	ids := []string{}
	for _, c := range slices.Backward(p.cases) {
		if c.closed == (filter.State == support.ClosedList) &&
			(len(filter.Filters) == 0 || filter.Filters["submitter"][0] == c.submitter) &&
			slices.Contains(orgIDs, c.orgID) {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// walk reads a list to its end, with pages of the filter's limit.
func (p *play) walk(filter lists.Query, read func(lists.Query) (lists.SummaryPage, error)) []string {
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
	for _, state := range []support.State{support.OpenList, support.ClosedList} {
		for _, submitter := range []string{"", p.submits[0].UserID, p.submits[1].UserID} {
			filter := lists.Query{State: state, Filters: supporttest.Of(submitter), Limit: limit}
			got := p.walk(filter, func(f lists.Query) (lists.SummaryPage, error) {
				return p.List(p.submits[0], lists.Scope{OrgID: p.Org.ID}, f)
			})
			if diff := cmp.Diff(p.wanted(filter, p.Org.ID), got); diff != "" {
				t.Fatalf("list %s, submitter %q: %s", state, submitter, diff)
			}
		}
		filter := lists.Query{State: state, Limit: limit}
		got := p.walk(filter, func(f lists.Query) (lists.SummaryPage, error) {
			return p.List(p.Agent, lists.Scope{MSPID: p.MSP.ID}, f)
		})
		if diff := cmp.Diff(p.wanted(filter, p.Org.ID, p.Neighbour.ID), got); diff != "" {
			t.Fatalf("the MSP's, list %s: %s", state, diff)
		}
	}
}

func TestListsShowEachCaseOnceTheNewestChangeFirst(t *testing.T) {
	w := supporttest.NewWorld(t)
	customers := []identity.Principal{w.Customer, w.Another(w.Org.Place(), identity.Admin)}
	neighbor := w.Person(w.Neighbour.Place(), identity.Admin)
	rapid.Check(t, func(rt *rapid.T) {
		// Each run has its own organizations, so that it begins with empty lists.
		fresh := *w.Estate
		fresh.MSP = w.NewMSP("Adria Networks")
		own := *w
		own.Estate = &fresh
		p := &play{World: &own, t: rt}
		fresh.Org, fresh.Neighbour = w.NewOrg(fresh.MSP.ID, "A"), w.NewOrg(fresh.MSP.ID, "B")
		p.submits = []identity.Principal{at(customers[0], fresh.Org.Place()), at(customers[1], fresh.Org.Place())}
		p.neighbor, own.Agent = at(neighbor, fresh.Neighbour.Place()), at(w.Agent, fresh.MSP.Place())
		rt.Repeat(
			map[string]func(*rapid.T){"create": p.create, "comment": p.comment, "status": p.setStatus, "": p.check},
		)
	})
}

// at returns a person whose only privilege is to administer a place.
func at(p identity.Principal, place identity.Place) identity.Principal {
	p.Privileges = []identity.Privilege{
		{Scope: place.Scope, Role: identity.Admin, MSPID: place.MSPID, OrgID: place.OrgID},
	}
	return p
}

func TestWhoReadsTheListOfAnMSP(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, test := range []struct {
		by   identity.Principal
		want fault.Code
	}{
		{w.Agent, ""},
		{w.Person(w.MSP.Place(), identity.Read), ""},
		{w.Person(w.MSP.Place(), identity.Installer), fault.Forbidden},
		{w.Operator(), fault.Forbidden},
		{w.SupportAgent(), fault.NotFound},
		{w.Customer, fault.NotFound},
		{w.Person(w.ForeignMSP.Place(), identity.Admin), fault.NotFound},
	} {
		_, err := w.List(test.by, lists.Scope{MSPID: w.MSP.ID}, lists.Query{Limit: 10})
		if got := fault.CodeOf(err); got != test.want {
			t.Errorf("%s: got %q, want %q", test.by.Email, got, test.want)
		}
	}
}

func TestASubmitterWhoCannotExistIsRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, id := range []string{"x", "\xff", w.Customer.UserID + "#OPEN"} {
		_, err := w.List(w.Customer, lists.Scope{OrgID: w.Org.ID}, lists.Query{Limit: 10, Filters: supporttest.Of(id)})
		w.Wants(fault.Invalid, err)
	}
}

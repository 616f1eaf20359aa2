package support_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// linksOf returns the links of a case as kind and number.
func linksOf(w *supporttest.World, c support.Case) []string {
	var links []string
	for _, link := range w.Detail(w.Agent, c).Links {
		links = append(links, fmt.Sprintf("%s %d", link.Kind, link.Number))
	}
	slices.Sort(links)
	return links
}

func TestTheLinksOfAMergedCaseBecomeTheSurvivors(t *testing.T) {
	w := supporttest.NewWorld(t)
	x, y, z, both := w.NewCase(w.Customer, "X"), w.NewCase(w.Customer, "Y"), w.NewCase(w.Customer, "Z"), w.NewCase(w.Customer, "both")
	link := func(from, to support.Case, kind support.LinkKind) {
		t.Helper()
		_, err := w.Cases.Link(t.Context(), w.Agent, w.Org.ID, from.ID, to.ID, kind)
		w.Must(err)
	}
	link(x, z, support.Parent)
	link(x, y, support.Related)
	link(x, both, support.Duplicates)
	link(y, both, support.Related)
	read := w.Detail(w.Customer, z)
	_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, x.ID, y.ID)
	w.Must(err)
	for _, test := range []struct {
		of   support.Case
		want []string
	}{
		{x, []string{"merged_into 2"}},
		{y, []string{"merged 1", "parent 3", "related 4"}},
		{z, []string{"child 2"}},
		{both, []string{"related 2"}},
	} {
		if got := linksOf(w, test.of); !slices.Equal(got, test.want) {
			t.Errorf("case %d has %v, want %v", test.of.Number, got, test.want)
		}
	}
	after := w.Detail(w.Agent, z)
	if len(after.History) != len(read.History)+1 || after.Revision == read.Revision {
		t.Errorf("the other end has a history of %d and revision %d", len(after.History), after.Revision)
	}
	if result := w.Verify(false); len(result.Mismatches) > 0 {
		t.Errorf("the lists do not agree with the cases: %+v", result.Mismatches)
	}
	w.IndexAll()
	if got := w.All(w.Agent, lists.Scope{OrgID: w.Org.ID}, lists.Query{Sort: "number", Limit: 10}); len(got) != 4 {
		t.Errorf("the index has %v", got)
	}
	_, err = w.Cases.Unlink(t.Context(), w.Agent, w.Org.ID, y.ID, z.ID)
	w.Must(err)
	if got := linksOf(w, z); len(got) != 0 {
		t.Errorf("after the link is removed %v", got)
	}
}

func TestAMergeOfTheMaximumNumberOfLinksFitsATransaction(t *testing.T) {
	w := supporttest.NewWorld(t)
	x, y := w.NewCase(w.Customer, "X"), w.NewCase(w.Customer, "Y")
	const most = 25
	for range most + 1 {
		_, err := w.Cases.Link(t.Context(), w.Agent, w.Org.ID, x.ID, w.NewCase(w.Customer, "Z").ID, support.Related)
		w.Must(err)
	}
	_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, x.ID, y.ID)
	w.Wants(fault.Conflict, err)
	_, err = w.Cases.Unlink(t.Context(), w.Agent, w.Org.ID, x.ID, w.Detail(w.Agent, x).Links[0].CaseID)
	w.Must(err)
	_, err = w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, x.ID, y.ID)
	w.Must(err)
	if got := linksOf(w, y); len(got) != most+1 {
		t.Errorf("the survivor has %d links", len(got))
	}
}

func TestASurvivorIsShownWithTheConversationOfTheMergedCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	v, x, y := w.NewCase(w.Customer, "V"), w.NewCase(w.Customer, "X"), w.NewCase(w.Customer, "Y")
	w.Comment(w.Customer, x, "It blinks red")
	w.Note(x, "Among us")
	for _, pair := range [][2]support.Case{{v, x}, {x, y}} {
		_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, pair[0].ID, pair[1].ID)
		w.Must(err)
	}
	seen := w.Detail(w.Customer, y)
	if len(seen.Merged) != 2 || seen.Merged[0].ID != x.ID || seen.Merged[1].ID != v.ID {
		t.Fatalf("merged %+v", seen.Merged)
	}
	inner := seen.Merged[0]
	if inner.Description == "" || len(inner.Comments) != 2 || inner.Comments[0].Text != "It blinks red" {
		t.Errorf("of the merged case the customer sees %q and %+v", inner.Description, inner.Comments)
	}
	if link := seen.Comments[0].Merged; link == nil || link.CaseID != x.ID {
		t.Errorf("the comment about the merge links to %+v", link)
	}
	if agent := w.Detail(w.Agent, y).Merged[0]; len(agent.Comments) != 3 {
		t.Errorf("the agent sees %d comments", len(agent.Comments))
	}
}

package support_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAMergedCaseClosesAndItsPeopleWatchTheSurvivor(t *testing.T) {
	w := supporttest.NewWorld(t)
	first, second := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Agent, "Wi-Fi is down")
	merged, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, first.ID, second.ID)
	w.Must(err)
	if merged.Status != support.Closed || merged.MergedInto == nil || merged.MergedInto.CaseID != second.ID {
		t.Fatalf("merged %+v", merged)
	}
	survivor := w.Detail(w.Customer, second)
	if len(survivor.Watchers) != 1 || survivor.Watchers[0].ID != w.Customer.UserID || len(survivor.Comments) != 1 ||
		survivor.Links[0].Kind != support.Merged {
		t.Errorf("survivor %+v", survivor)
	}
	_, _, err = w.Cases.AddComment(t.Context(), w.Customer, w.Org.ID, first.ID, support.NewComment{Text: "hello?"})
	w.Wants(fault.Conflict, err)
	_, err = w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		first.ID,
		support.CaseChange{Status: supporttest.Pointer(support.Open)},
	)
	w.Wants(fault.Conflict, err)
	_, err = w.Cases.Unlink(t.Context(), w.Agent, w.Org.ID, first.ID, second.ID)
	w.Wants(fault.Conflict, err)
	if _, err = w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, first.ID, second.ID); err != nil {
		t.Errorf("merged again: %v", err)
	}
}

func TestForbiddenMergesAreRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	for name, id := range map[string]string{"itself": c.ID, "another tenant's": w.ForeignCase().ID, "no id": "x"} {
		if _, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, c.ID, id); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.Cases.Merge(t.Context(), w.Customer, w.Org.ID, c.ID, other.ID)
	w.Wants(fault.Forbidden, err)
}

// TestMergesNeverFormACycle merges cases at random and checks after each merge that every chain
// ends at a case that was not merged.
func TestMergesNeverFormACycle(t *testing.T) {
	w := supporttest.NewWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		var cases []support.Case
		for range 4 {
			cases = append(cases, w.NewCase(w.Customer, "No Wi-Fi"))
		}
		for range rapid.IntRange(1, 6).Draw(rt, "merges") {
			a, b := rapid.IntRange(0, 3).Draw(rt, "a"), rapid.IntRange(0, 3).Draw(rt, "b")
			_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, cases[a].ID, cases[b].ID)
			if code := fault.CodeOf(err); err != nil && code != fault.Invalid && code != fault.Conflict {
				rt.Fatalf("merge %d into %d: %v", a, b, err)
			}
			for _, c := range cases {
				at, steps := w.Detail(w.Agent, c), 0
				for ; at.MergedInto != nil; steps++ {
					if steps > len(cases) {
						rt.Fatalf("case %d is in a cycle", c.Number)
					}
					at = w.Detail(w.Agent, support.Case{OrgID: c.OrgID, ID: at.MergedInto.CaseID})
				}
			}
		}
	})
}

func TestConcurrentMergesOfAPairInBothDirectionsLeaveOneSurvivor(t *testing.T) {
	w := supporttest.NewWorld(t)
	a, b := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	done := make(chan error, 2)
	for _, pair := range [][2]support.Case{{a, b}, {b, a}} {
		go func() {
			_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, pair[0].ID, pair[1].ID)
			done <- err
		}()
	}
	first, second := <-done, <-done
	if (first == nil) == (second == nil) {
		t.Errorf("got %v and %v", first, second)
	}
	if x, y := w.Detail(w.Agent, a), w.Detail(w.Agent, b); (x.MergedInto == nil) == (y.MergedInto == nil) {
		t.Errorf("both or neither were merged: %+v, %+v", x.MergedInto, y.MergedInto)
	}
}

func TestASplitCaseHasTheCommentsTextAndFiles(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, comment := w.Comment(w.Customer, c, "And the printer burns.")
	created, err := w.Cases.Split(t.Context(), w.Agent, w.Org.ID, c.ID, comment.ID, "Printer on fire")
	w.Must(err)
	d := w.Detail(w.Customer, created)
	if d.Description != "And the printer burns." || d.Submitter.ID != w.Customer.UserID ||
		d.Links[0] != (support.Link{Kind: support.SplitFrom, CaseID: c.ID, Number: c.Number}) {
		t.Errorf("%+v", d)
	}
	if links := w.Detail(w.Agent, c).Links; len(links) != 1 || links[0].Kind != support.SplitInto {
		t.Errorf("links %+v", links)
	}
	note := w.Note(c, "secret")
	for name, id := range map[string]string{"an internal note": note.ID, "nothing": c.ID} {
		if _, err := w.Cases.Split(t.Context(), w.Agent, w.Org.ID, c.ID, id, "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.Cases.Split(t.Context(), w.Customer, w.Org.ID, c.ID, comment.ID, "x")
	w.Wants(fault.Forbidden, err)
}

func TestALinkIsAddedToAndRemovedFromBothCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	a, b := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	for _, kind := range []support.LinkKind{support.Related, support.Child} { // the second replaces the first
		_, err := w.Cases.Link(t.Context(), w.Customer, w.Org.ID, a.ID, b.ID, kind)
		w.Must(err)
	}
	x, y := w.Detail(w.Agent, a).Links, w.Detail(w.Agent, b).Links
	if len(x) != 1 || x[0].Kind != support.Child || len(y) != 1 || y[0].Kind != support.Parent {
		t.Errorf("links %+v and %+v", x, y)
	}
	_, err := w.Cases.Unlink(t.Context(), w.Customer, w.Org.ID, b.ID, a.ID)
	w.Must(err)
	if x, y := w.Detail(w.Agent, a).Links, w.Detail(w.Agent, b).Links; len(x)+len(y) != 0 {
		t.Errorf("links %+v and %+v", x, y)
	}
	for name, test := range map[string]struct {
		id   string
		kind support.LinkKind
	}{"itself": {a.ID, support.Related}, "another tenant's": {w.ForeignCase().ID, support.Related}, "no kind": {b.ID, "merged"}} {
		if _, err := w.Cases.Link(
			t.Context(),
			w.Customer,
			w.Org.ID,
			a.ID,
			test.id,
			test.kind,
		); !fault.Is(
			err,
			fault.Invalid,
		) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMergedCaseWithoutASurvivorCanBeReopened(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, survivor, owner := w.NewCase(
		w.Customer,
		"No Wi-Fi",
	), w.NewCase(
		w.Customer,
		"Wi-Fi is down",
	), w.Person(
		w.Org.Place(),
		identity.Admin,
	)
	_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, c.ID, survivor.ID)
	w.Must(err)
	open := support.CaseChange{Status: supporttest.Pointer(support.Open)}
	_, err = w.Cases.Change(t.Context(), w.Agent, w.Org.ID, c.ID, open)
	w.Wants(fault.Conflict, err)
	_, err = w.Cases.Delete(t.Context(), owner, w.Org.ID, survivor.ID)
	w.Must(err)
	_, err = w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, open)
	w.Wants(fault.Conflict, err)
	after, err := w.Cases.Change(t.Context(), w.Agent, w.Org.ID, c.ID, open)
	w.Must(err)
	if after.Status != support.Open || after.MergedInto != nil || len(after.Links) != 0 {
		t.Errorf("reopened as %+v", after)
	}
	w.Comment(w.Customer, c, "Thank you.")
	_, err = w.Cases.Restore(t.Context(), owner, w.Org.ID, survivor.ID)
	w.Must(err)
	if d := w.Detail(w.Agent, c); d.Status != support.Open || d.MergedInto != nil {
		t.Errorf("after the other was restored %+v", d.Case)
	}
}

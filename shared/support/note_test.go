package support_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestNotesDoNotDisplaceWhatACustomerMaySee(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	const answers, notes = 5, support.DetailPage + 5
	for i := range answers {
		w.Comment(w.Agent, c, fmt.Sprintf("Answer %d", i))
	}
	for range notes {
		w.Note(c, "Among us")
	}
	detail := w.Detail(w.Customer, c)
	if len(detail.Comments) != answers || detail.MoreComments || detail.Comments[0].Text != "Answer 0" {
		t.Errorf("the customer sees %d comments, more: %t", len(detail.Comments), detail.MoreComments)
	}
	page, err := w.Cases.Comments(t.Context(), w.Customer, w.Org.ID, c.ID, 3, "")
	w.Must(err)
	second, err := w.Cases.Comments(t.Context(), w.Customer, w.Org.ID, c.ID, 3, page.Next)
	w.Must(err)
	if len(page.Comments) != 3 || len(second.Comments) != 2 || second.Next != "" {
		t.Errorf("pages of %d and %d, then %q", len(page.Comments), len(second.Comments), second.Next)
	}
	if detail := w.Detail(w.Agent, c); len(detail.Comments) != support.DetailPage || !detail.MoreComments {
		t.Errorf("the agent sees %d comments, more: %t", len(detail.Comments), detail.MoreComments)
	}
	whole, err := w.Cases.Whole(t.Context(), w.Agent, w.Org.ID, c.ID)
	w.Must(err)
	if len(whole.Comments) != answers+notes || whole.Comments[0].Text != "Answer 0" {
		t.Errorf("the whole case has %d comments", len(whole.Comments))
	}
}

func TestANoteLeavesTheRevisionAndTheTimeOfChange(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	newer := w.NewCase(w.Customer, "No power")
	before := w.Detail(w.Customer, c)
	w.Clock.Pass(time.Hour)
	w.Note(c, "Among us")
	after := w.Detail(w.Customer, c)
	if after.Revision != before.Revision || after.Updated != before.Updated {
		t.Errorf("revision %d became %d, %d became %d", before.Revision, after.Revision, before.Updated, after.Updated)
	}
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	if got := w.All(w.Customer, scope, lists.Query{State: support.OpenList, Limit: 10}); got[0] != newer.Number {
		t.Errorf("the note moved the case in the list: %v", got)
	}
	if result := w.Verify(false); len(result.Mismatches) > 0 {
		t.Errorf("the lists do not agree with the case: %+v", result.Mismatches)
	}
	change := support.CaseChange{Subject: supporttest.Pointer("No Wi-Fi at all"), Revision: before.Revision}
	changed, err := w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, change)
	w.Must(err)
	if changed.Revision <= before.Revision || changed.Updated <= before.Updated {
		t.Errorf("a change leaves revision %d of %d", changed.Revision, before.Revision)
	}
	_, err = w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, change)
	w.Wants(fault.Conflict, err)
}

func TestANoteWithANewStatusIsAChange(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	changed, _, err := w.Cases.AddComment(t.Context(), w.Agent, w.Org.ID, c.ID,
		support.NewComment{Text: "Among us", Internal: true, Status: support.Hold})
	w.Must(err)
	if changed.Revision == c.Revision || changed.Updated == c.Updated {
		t.Error("the new status is not a change")
	}
}

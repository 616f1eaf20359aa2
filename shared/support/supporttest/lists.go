package supporttest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// IndexAll indexes everything that changed.
func (w *World) IndexAll() {
	w.T.Helper()
	for {
		changes, err := w.Store.Changes(context.Background(), apptest.FeedConsumer, 1000)
		w.Must(err)
		if len(changes) == 0 {
			return
		}
		for _, event := range changes {
			message, ours, err := lists.IndexMessage(event)
			w.Must(err)
			if ours {
				w.Must(w.Lists.IndexCase(context.Background(), Decoded[lists.IndexTask](w.T, message.Body)))
			}
		}
		w.Must(w.Store.Acknowledge(context.Background(), apptest.FeedConsumer, changes[len(changes)-1].Sequence))
	}
}

// All reads a console to its end, page by page.
func (w *World) All(by identity.Principal, scope lists.Scope, query lists.Query) []int64 {
	w.T.Helper()
	numbers := []int64{}
	for {
		page, err := w.Lists.Search(w.T.Context(), by, scope, query)
		w.Must(err)
		if query.After == "" && page.Exact && page.Total < int64(len(page.Lines)) {
			w.T.Errorf("%+v: a total of %d", query, page.Total)
		}
		for _, line := range page.Lines {
			numbers = append(numbers, line.Number)
		}
		if query.After = page.Next; page.Next == "" {
			return numbers
		}
	}
}

// Many returns references to cases that do not exist.
func Many(count int) []support.Reference {
	references := make([]support.Reference, count)
	for i := range references {
		references[i].CaseID = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	return references
}

// List returns a page of a scope's cases; of the open ones by default.
func (w *World) List(by identity.Principal, scope lists.Scope, query lists.Query) (lists.SummaryPage, error) {
	w.T.Helper()
	if query.State == "" {
		query.State = support.OpenList
	}
	page, err := w.Lists.Search(w.T.Context(), by, scope, query)
	return page.SummaryPage, err
}

// Of returns the filters for one submitter's cases, or none.
func Of(submitterID string) map[string][]string {
	if submitterID == "" {
		return nil
	}
	return map[string][]string{"submitter": {submitterID}}
}

// Verify verifies all cases.
func (w *World) Verify(mend bool) lists.Verification {
	w.T.Helper()
	var all lists.Verification
	for from := int64(1); from > 0; {
		result, err := w.Lists.VerifyLists(w.T.Context(), w.Operator(), from, mend)
		w.Must(err)
		all.Checked += result.Checked
		all.Mismatches = append(all.Mismatches, result.Mismatches...)
		from = result.Next
	}
	return all
}

// Listed returns the numbers of a list's cases.
func (w *World) Listed(filter lists.Query) []int64 {
	w.T.Helper()
	filter.Limit = 100
	page, err := w.List(w.Person(w.Org.Place(), identity.Admin), lists.Scope{OrgID: w.Org.ID}, filter)
	w.Must(err)
	var numbers []int64
	for _, line := range page.Lines {
		numbers = append(numbers, line.Number)
	}
	return numbers
}

// Decoded reads the body of a message.
func Decoded[T any](t *testing.T, body []byte) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

package lists

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// ListQuery says which cases a list shows that is kept with them.
type ListQuery struct {
	// State says which of the lists; AreOpen where it is empty.
	State support.State
	// Limit is how many lines a page has at the most; After is the Next of the page before.
	Limit int
	After string
}

// SummaryPage is a page of a list, the newest change first.
type SummaryPage struct {
	Lines []support.Summary
	// Next continues the list; "" at its end.
	Next string
}

// linesOf decodes a page of lines, as an agent sees them or as the customer's people do.
func summariesOf(page table.Page, agent bool) ([]support.Summary, error) {
	lines := make([]support.Summary, 0, len(page.Items))
	for _, item := range page.Items {
		var line support.Summary
		if err := change.Decode(item, &line); err != nil {
			return nil, err
		}
		lines = append(lines, line.SeenBy(agent))
	}
	return lines, nil
}

package lists

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// ListQuery selects a page of a list that is stored with the cases.
type ListQuery struct {
	// State is one of the lists; AreOpen if empty.
	State support.State
	// Limit is the maximum number of cases on a page; After is the Next of the previous page.
	Limit int
	After string
}

// SummaryPage is a page of a list, latest change first.
type SummaryPage struct {
	Lines []support.Summary
	// Next continues the list; "" at its end.
	Next string
}

// summariesOf decodes a page of list entries as an agent or as a customer sees them.
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

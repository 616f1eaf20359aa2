package lists

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// SummaryPage is a page of a list, latest change first.
type SummaryPage struct {
	Lines []support.Summary
	// Next continues the list; "" at its end.
	Next string
}

// summariesOf decodes a page of list entries as they are stored.
func summariesOf(page table.Page) ([]support.Summary, error) {
	lines := make([]support.Summary, 0, len(page.Items))
	for _, item := range page.Items {
		var line support.Summary
		if err := change.Decode(item, &line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

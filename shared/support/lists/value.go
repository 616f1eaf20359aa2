package lists

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Lists lists the lists that a query selects from.
func Lists() []support.State {
	return []support.State{support.OpenList, support.ClosedList, support.ArchiveList, support.DeletedList, AllLists}
}

// fixedValues returns the values of a field that are the same for every provider; nil if each has its
// own.
func fixedValues(field string) []string {
	switch field {
	case "status":
		values := make([]string, 0, len(support.Statuses()))
		for _, status := range support.Statuses() {
			values = append(values, string(status))
		}
		return values
	case "severity":
		var values []string
		for severity := desk.MostUrgent; severity <= desk.LeastUrgent; severity++ {
			values = append(values, strconv.Itoa(severity))
		}
		return values
	}
	return nil
}

// wrongValue returns the fault for a value that a field never has. The names of lists are not states
// of a case.
func wrongValue(field, value string, allowed []string) error {
	if field == "status" && slices.Contains(Lists(), support.State(value)) {
		return fault.InField("status", "must be one of %s; for a list of cases, give list=%s",
			strings.Join(allowed, ", "), value)
	}
	return fault.OneOf(field, allowed)
}

// nameOf returns the name by which callers know a field.
func nameOf(field string) string {
	if field == byOrg {
		return "org_id"
	}
	return field
}

// doubtful reports whether a page leaves open that a filter has a value that exists nowhere. A value
// that a case on the page has needs no look at the provider's lists.
func (w Query) doubtful(page Page) bool {
	for _, l := range (desk.Setting{}).Lists() {
		if values := w.Filters[l.Field]; len(values) > 1 || len(values) == 1 && len(page.Lines) == 0 {
			return true
		}
	}
	return false
}

// CheckValues returns a fault of code Invalid if a filter has a value that is neither in the provider's
// lists nor on any case of the scope; where a list is empty, cases can have any.
func (s *Service) CheckValues(ctx context.Context, scope Scope, query Query, admission Admission) error {
	if !query.doubtful(Page{}) {
		return nil
	}
	return s.checkValues(ctx, scope, query, admission.MSPID)
}

func (s *Service) checkValues(ctx context.Context, scope Scope, query Query, mspID string) error {
	setting, err := s.desk.Load(ctx, mspID)
	if err != nil {
		return err
	}
	for _, l := range setting.Lists() {
		for _, value := range query.Filters[l.Field] {
			if value == none || l.Accepts(value) {
				continue
			}
			used, err := s.index.Find(ctx, scope.Space(), search.Query{
				Where: []search.Condition{{Field: l.Field, Values: []string{value}}}, Limit: 1,
			})
			if err != nil {
				return err
			}
			if used.Total == 0 {
				return fault.InField(l.Field, "%q is not a value here; must be one of %s", value, l.Names())
			}
		}
	}
	return nil
}

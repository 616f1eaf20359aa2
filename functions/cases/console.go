package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// ConsoleFilter says which cases a list shows, and in which order.
type ConsoleFilter struct {
	Status      string   `query:"status" maxLength:"20" default:"open" doc:"open: those not solved or closed; closed: those solved or closed; archived: those archived; deleted: those that can still be restored (administrators); all: all but the deleted ones."`
	Search      string   `query:"search" maxLength:"800" doc:"A part of a word, or several words as they stand, in subject or description; ignoring case and accents."`
	Sort        string   `query:"sort" maxLength:"20" doc:"number, opened, updated, subject, type, severity, status or submitter; with a - before it for descending. By default, the latest change comes first; with search, the newest case."`
	State       []string `query:"state,explode" maxItems:"5" doc:"Only cases in these states: open, pending, hold, solved, closed. This and all filters below can be repeated; a case matches if one of the values does."`
	Severity    []string `query:"severity,explode" maxItems:"4"`
	Type        []string `query:"type,explode" maxItems:"20"`
	Component   []string `query:"component,explode" maxItems:"20" doc:"All filters by a field accept none, for cases without a value."`
	Reason      []string `query:"reason,explode" maxItems:"20"`
	Version     []string `query:"version,explode" maxItems:"20"`
	Environment []string `query:"environment,explode" maxItems:"20"`
	CustomTag   []string `query:"custom_tag,explode" maxItems:"20"`
	Submitter   []string `query:"submitter,explode" maxItems:"20" doc:"Ids of people, or me: only cases opened by them."`
	Assignee    []string `query:"assignee,explode" maxItems:"20" doc:"Ids of agents, me, or none: only cases that they work on."`
}

// Wanted reads what is asked of a list; me is the caller's id.
func (f ConsoleFilter) Wanted(me string) (lists.Query, error) {
	wanted := lists.Query{Phrase: strings.TrimSpace(f.Search), Sort: f.Sort, Filters: map[string][]string{}}
	if f.Search != "" && wanted.Phrase == "" {
		return wanted, fault.InField("query.search", "must have at least two letters")
	}
	switch state := support.State(f.Status); state {
	case "all":
	case "", support.OpenList, support.ClosedList, support.ArchiveList, support.DeletedList:
		wanted.State = state
	default:
		return wanted, fault.InField("query.status", "must be open, closed, archived, deleted or all")
	}
	for _, filter := range []struct {
		field  string
		values []string
	}{
		{"status", f.State}, {"severity", f.Severity}, {"type", f.Type}, {"component", f.Component}, {"reason", f.Reason}, {"version", f.Version},
		{"environment", f.Environment}, {"custom_tag", f.CustomTag}, {"submitter", f.Submitter}, {"assignee", f.Assignee},
	} {
		for _, value := range given(filter.values) {
			if value == "me" && (filter.field == "submitter" || filter.field == "assignee") {
				value = me
			}
			wanted.Filters[filter.field] = append(wanted.Filters[filter.field], value)
		}
	}
	return wanted, nil
}

// OfOrgs reads what is asked of a list over several organizations: only cases of those named, or of
// all if none is.
func (f ConsoleFilter) OfOrgs(me string, orgIDs []string) (lists.Query, error) {
	wanted, err := f.Wanted(me)
	if orgIDs = given(orgIDs); len(orgIDs) > 0 && err == nil {
		wanted.Filters["org"] = orgIDs
	}
	return wanted, err
}

// given leaves out the empty values: an empty parameter counts as absent.
func given(values []string) []string {
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

// ListOutput is a page of cases.
type ListOutput struct {
	Body struct {
		Limit        int    `json:"limit"`
		Total        int64  `json:"total,omitempty" doc:"How many cases there are in all; on the first page."`
		TotalAtLeast bool   `json:"total_at_least,omitempty" doc:"Set if total is a lower bound, as for searches with very many matches."`
		IndexedUntil int64  `json:"indexed_until,omitempty" doc:"Of searches and filters: the time of the latest change that is found by what it says, in epoch seconds."`
		Lagging      bool   `json:"lagging,omitempty" doc:"Set if there are later changes, which will be searchable within seconds."`
		Results      []Case `json:"results"`
		Next         string `json:"next,omitempty" doc:"The path of the following page; absent at the end. A page of a search or filter can be short or empty and still have a next page."`
	}
}

// List shapes a page of cases.
func List(ctx context.Context, found lists.Page, limit int) *ListOutput {
	out := &ListOutput{}
	b := &out.Body
	b.Limit, b.Results = limit, make([]Case, 0, len(found.Lines))
	b.Total, b.TotalAtLeast = found.Total, found.Total > 0 && !found.Exact
	b.IndexedUntil, b.Lagging = seconds(found.IndexedUntil), found.Lags
	for _, line := range found.Lines {
		b.Results = append(b.Results, SummaryOf(line))
	}
	b.Next = endpoint.Next(ctx, found.Next)
	return out
}

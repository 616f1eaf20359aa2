package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// ConsoleFilter selects and orders the cases of a list. It can be given as query parameters or as
// JSON, with the same fields.
type ConsoleFilter struct {
	List        string           `query:"list" json:"list,omitempty" maxLength:"20" doc:"open: those not solved or closed; closed: those solved or closed; archived: those archived; deleted: those that can still be restored (administrators); all: all but the deleted ones. By default all if a status is given, and open otherwise."`
	Search      string           `query:"search" json:"search,omitempty" maxLength:"800" doc:"Part of a word, or a phrase, in the subject or description; case and accents are ignored. For the number of a case, that case comes first, from any list if none is given."`
	Sort        string           `query:"sort" json:"sort,omitempty" maxLength:"20" doc:"number, opened, updated, subject, type, severity, status or submitter; with a - before it for descending. By default, the latest change comes first; with search, the newest case."`
	Due         string           `query:"due" json:"due,omitempty" maxLength:"8" doc:"For agents. breached: only cases with a first answer or solution whose time has passed; a number of hours, 1 to 48: also those whose time passes within them, to the hour."`
	Status      []string         `query:"status,explode" json:"status,omitempty" maxItems:"5" doc:"Only cases in these states: open, pending, hold, solved, closed. This and all filters below can be repeated; a case matches if one of the values does."`
	State       []string         `query:"state,explode" json:"state,omitempty" maxItems:"5" doc:"An alias of status."`
	Severity    []SeverityFilter `query:"severity,explode" json:"severity,omitempty" maxItems:"4" doc:"1 (most urgent) to 4."`
	Type        []string         `query:"type,explode" json:"type,omitempty" maxItems:"20" doc:"A value that is neither in the provider's list nor on any case is refused, as for all fields with a list."`
	Component   []string         `query:"component,explode" json:"component,omitempty" maxItems:"20" doc:"This and the filters below accept none, for cases without a value."`
	Reason      []string         `query:"reason,explode" json:"reason,omitempty" maxItems:"20"`
	Version     []string         `query:"version,explode" json:"version,omitempty" maxItems:"20"`
	Environment []string         `query:"environment,explode" json:"environment,omitempty" maxItems:"20"`
	CustomTag   []string         `query:"custom_tag,explode" json:"custom_tag,omitempty" maxItems:"20"`
	Submitter   []string         `query:"submitter,explode" json:"submitter,omitempty" maxItems:"20" doc:"Ids of people, or me: only cases opened by them."`
	Assignee    []string         `query:"assignee,explode" json:"assignee,omitempty" maxItems:"20" doc:"Ids of agents, me, or none: only cases that they work on."`
}

// SeverityFilter is a severity in a filter: a number, or a digit as text.
type SeverityFilter string

// Schema describes both forms.
func (SeverityFilter) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeInteger}}}
}

// UnmarshalJSON reads both forms.
func (f *SeverityFilter) UnmarshalJSON(data []byte) error {
	*f = SeverityFilter(strings.Trim(string(data), `"`))
	return nil
}

// Query returns the filter as a query of the domain, which checks the values; me is the caller's
// ID.
func (f ConsoleFilter) Query(me string) lists.Query {
	query := lists.Query{
		State: support.State(f.List), AnyList: f.List == "", Phrase: f.Search, Sort: f.Sort,
		Due:     f.Due,
		Filters: map[string][]string{},
	}
	if text := strings.TrimSpace(f.Search); text != "" {
		query.Phrase = text
	}
	severities := make([]string, 0, len(f.Severity))
	for _, severity := range f.Severity {
		severities = append(severities, string(severity))
	}
	for _, filter := range []struct {
		field  string
		values []string
	}{
		{"status", slices.Concat(f.Status, f.State)}, {"severity", severities}, {"type", f.Type},
		{"component", f.Component}, {"reason", f.Reason}, {"version", f.Version}, {"environment", f.Environment},
		{"custom_tag", f.CustomTag}, {"submitter", f.Submitter}, {"assignee", f.Assignee},
	} {
		for _, value := range nonEmpty(filter.values) {
			if value == "me" && (filter.field == "submitter" || filter.field == "assignee") {
				value = me
			}
			query.Filters[filter.field] = append(query.Filters[filter.field], value)
		}
	}
	if f.List == "" && len(query.Filters["status"]) == 0 {
		query.State = support.OpenList
	}
	return query
}

// OfOrgs returns the filter as a query over several organizations: those with the given IDs, or all
// if there are none.
func (f ConsoleFilter) OfOrgs(me string, orgIDs []string) lists.Query {
	query := f.Query(me)
	if orgIDs = nonEmpty(orgIDs); len(orgIDs) > 0 {
		query.Filters["org"] = orgIDs
	}
	return query
}

// nonEmpty returns the values that are not empty: an empty parameter counts as absent.
func nonEmpty(values []string) []string {
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

// ListOutput is a page of cases.
type ListOutput struct {
	Body struct {
		Limit        int    `json:"limit"`
		Total        int64  `json:"total,omitempty" doc:"How many cases there are in all; on the first page."`
		TotalAtLeast bool   `json:"total_at_least,omitempty" doc:"Set if total is a lower bound, as for searches with very many matches."`
		IndexedUntil int64  `json:"indexed_until,omitempty" doc:"Of searches and filters: the time of the latest change that is indexed, in epoch seconds."`
		Lagging      bool   `json:"lagging,omitempty" doc:"Set if there are later changes, which will be searchable within seconds."`
		Results      []Case `json:"results"`
		Next         string `json:"next,omitempty" doc:"The path of the following page; absent at the end. A page of a search or filter can be short or empty and still have a next page."`
	}
}

// List converts a page of cases to the output of an endpoint.
func List(ctx context.Context, page lists.Page, limit int) *ListOutput {
	out := &ListOutput{}
	b := &out.Body
	b.Limit, b.Results = limit, make([]Case, 0, len(page.Lines))
	b.Total, b.TotalAtLeast = page.Total, page.Total > 0 && !page.Exact
	b.IndexedUntil, b.Lagging = seconds(page.IndexedUntil), page.Lags
	for _, line := range page.Lines {
		b.Results = append(b.Results, SummaryOf(line))
	}
	b.Next = endpoint.Next(ctx, page.Next)
	return out
}

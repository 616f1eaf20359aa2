package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// CountFilter selects what to count.
type CountFilter struct {
	Distinct string `query:"distinct" maxLength:"20" default:"status" doc:"The field to group by: status, type, severity, component, reason, version, environment, agent, org, opened (the day), solved (the day), or age (of open cases)."`
	List     string `query:"list" enum:"open,all" doc:"open for cases that are not solved or closed, or all, which counts closed and archived ones too; all by default."`
	Status   string `query:"status" maxLength:"20" doc:"open: an alias of list=open."`
	From     string `query:"from" maxLength:"10" doc:"With opened and solved: the first day, as in 2026-11-22."`
	To       string `query:"to" maxLength:"10" doc:"With opened and solved: the last day."`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"1000" doc:"The maximum number of values; with opened and solved, the latest."`
}

// CaseCount is the number of cases with a value.
type CaseCount struct {
	Value string `json:"value" doc:"The value; none for cases without a value."`
	Name  string `json:"name,omitempty" doc:"The value's name, if it is an id."`
	Count int64  `json:"count"`
}

// CountOutput is the distribution of cases over the values of a field.
type CountOutput struct {
	Body struct {
		Distinct     string      `json:"distinct"`
		Total        int         `json:"total" doc:"How many values there are."`
		Cases        int64       `json:"cases" doc:"How many cases were counted."`
		Results      []CaseCount `json:"results" doc:"Most frequent first; days and ages in chronological order."`
		IndexedUntil int64       `json:"indexed_until" doc:"The time of the latest change that was counted, in epoch seconds."`
		Lagging      bool        `json:"lagging,omitempty" doc:"Set if there are later changes, which will be counted within seconds."`
	}
}

// Count returns the distribution of the cases of a scope.
func (s Services) Count(ctx context.Context, scope lists.Scope, in CountFilter) (*CountOutput, error) {
	counts, err := s.Lists.Count(
		ctx,
		endpoint.Principal(ctx),
		scope,
		lists.CountQuery{
			By: in.Distinct, List: support.State(in.List), Status: in.Status, From: in.From, To: in.To,
		},
	)
	if err != nil {
		return nil, err
	}
	out := &CountOutput{}
	b := &out.Body
	b.Distinct, b.Total, b.Results = in.Distinct, len(counts.Counts), []CaseCount{}
	b.IndexedUntil, b.Lagging = seconds(counts.IndexedUntil), counts.Lags
	for _, count := range counts.Counts {
		b.Cases += count.Count
	}
	shown := counts.Counts[:min(len(counts.Counts), in.Limit)]
	if in.Distinct == "opened" || in.Distinct == "solved" {
		shown = counts.Counts[max(len(counts.Counts)-in.Limit, 0):]
	}
	for _, count := range shown {
		b.Results = append(b.Results, CaseCount(count))
	}
	return out, nil
}

// CountGrants returns the grants that counting needs.
func CountGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Query),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Query),
	)
}

type countInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	CountFilter
}

// count counts an organization's cases.
func count(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.count", "/orgs/{org_id}/cases/count", "Count an organization's cases by a field, by agent, age or day",
		func(ctx context.Context, in *countInput) (*CountOutput, error) {
			return s.Count(ctx, lists.Scope{OrgID: in.OrgID}, in.CountFilter)
		}).
		Using(CountGrants())
}

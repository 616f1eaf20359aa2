package tickets

import (
	"cmp"
	"context"
	"slices"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type countInput struct {
	OrgID    string `path:"org_id" format:"uuid"`
	Distinct string `query:"distinct" enum:"status,type" default:"status" doc:"The field to group by."`
	Counting
}

// Counting selects the tickets to count, and limits the number of values.
type Counting struct {
	endpoint.Range
	Status string `query:"status" enum:"open,pending,hold,solved,closed" doc:"Only tickets of this status."`
	Type   string `query:"type" maxLength:"100" doc:"Only tickets of this type."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The maximum number of values."`
}

// Counted is the number of tickets with a value; the value is under the name of the field that they
// are grouped by.
type Counted map[string]any

type countOutput struct {
	Body struct {
		Distinct string    `json:"distinct"`
		Start    int64     `json:"start" doc:"Epoch seconds."`
		End      int64     `json:"end" doc:"Epoch seconds."`
		Limit    int       `json:"limit"`
		Total    int       `json:"total" doc:"The number of values."`
		Results  []Counted `json:"results" doc:"The most frequent first; each has the value, under the name of distinct, and count."`
	}
}

// count counts the tickets that were last changed in a time range.
func (s Services) count(
	ctx context.Context,
	by identity.Principal,
	orgID, mspID, distinct string,
	in Counting,
) (*countOutput, error) {
	from, to, err := in.Window(endpoint.Now(ctx))
	if err != nil {
		return nil, err
	}
	summaries, err := s.Lists.Changed(ctx, by, orgID, mspID, from, to, lists.MaxChanged, true)
	if err != nil {
		return nil, err
	}
	if err := s.checkType(ctx, by, lists.Scope{OrgID: orgID, MSPID: mspID}, in.Type, summaries); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, line := range summaries {
		kind := typeOf(line.Type, line.Severity)
		if in.Status != "" && in.Status != string(line.Status) || in.Type != "" && in.Type != kind {
			continue
		}
		counts[map[string]string{"status": string(line.Status), "type": kind, "org_id": line.OrgID}[distinct]]++
	}
	out := &countOutput{}
	b := &out.Body
	b.Distinct, b.Start, b.End, b.Limit, b.Total, b.Results = distinct, from.Unix(), to.Unix(), in.Limit, len(
		counts), []Counted{}
	values := make([]string, 0, len(counts))
	for value := range counts {
		values = append(values, value)
	}
	slices.SortFunc(values,
		func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y)) })
	for _, value := range values[:min(len(values), in.Limit)] {
		b.Results = append(b.Results, Counted{distinct: value, "count": counts[value]})
	}
	return out, nil
}

// checkType rejects a type that neither the provider's list nor tickets have.
func (s Services) checkType(
	ctx context.Context,
	by identity.Principal,
	scope lists.Scope,
	kind string,
	tickets []support.Summary,
) error {
	if kind == "" || kind == critical ||
		slices.ContainsFunc(tickets, func(line support.Summary) bool { return line.Type == kind }) {
		return nil
	}
	query := lists.Query{Filters: map[string][]string{"type": {kind}}}
	admission, err := s.Lists.Admit(ctx, by, scope, query)
	if err != nil {
		return err
	}
	return s.Lists.CheckValues(ctx, scope, query, admission)
}

// count counts an organization's tickets.
func count(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.count", "/orgs/{org_id}/tickets/count",
		"Count the tickets of an organization that changed in a time range",
		func(ctx context.Context, in *countInput) (*countOutput, error) {
			return s.count(ctx, endpoint.Principal(ctx), in.OrgID, "", in.Distinct, in.Counting)
		}).
		Using(grant.On(grant.Core, grant.Query, grant.Get), grant.On(grant.Derived, grant.Get, grant.Query),
			grant.On(grant.Audit, grant.Put))
}

type countMSPInput struct {
	MSPID    string `path:"msp_id" format:"uuid"`
	Distinct string `query:"distinct" enum:"status,type,org_id" default:"status" doc:"The field to group by."`
	Counting
}

// countMSP counts the tickets of all organizations of an MSP.
func countMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.count_msp", "/msps/{msp_id}/tickets/count",
		"Count the tickets of an MSP's organizations that changed in a time range",
		func(ctx context.Context, in *countMSPInput) (*countOutput, error) {
			return s.count(ctx, endpoint.Principal(ctx), "", in.MSPID, in.Distinct, in.Counting)
		}).
		Using(grant.On(grant.Core, grant.Query, grant.Get), grant.On(grant.Derived, grant.Get, grant.Query),
			grant.On(grant.Audit, grant.Put))
}

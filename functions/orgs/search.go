package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// SearchInput is what organizations are searched by.
type SearchInput struct {
	endpoint.Cursor
	ListFilter
	OrgID string `query:"org_id" maxLength:"36" doc:"Only this organization."`
}

// Found is an organization that was found.
type Found struct {
	OrgID       string   `json:"org_id"`
	MSPID       string   `json:"msp_id,omitempty" doc:"The MSP that manages it; absent for a direct customer."`
	Name        string   `json:"name"`
	OrgGroupIDs []string `json:"orggroup_ids" doc:"The ids of its labels."`
	Created     int64    `json:"created_time" doc:"Epoch seconds."`
	Timestamp   int64    `json:"timestamp" doc:"When it was changed last, in epoch seconds."`
}

// SearchOutput is a page of what was found.
type SearchOutput struct {
	Body struct {
		Start        int64   `json:"start" doc:"The beginning of what was searched: always 0, as all organizations are."`
		End          int64   `json:"end" doc:"Its end: now, in epoch seconds."`
		Limit        int     `json:"limit"`
		Total        int64   `json:"total" doc:"How many organizations match."`
		TotalAtLeast bool    `json:"total_at_least,omitempty" doc:"Set if total is a lower bound."`
		Results      []Found `json:"results"`
		Next         string  `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// Search returns a page of the organizations of a scope that a request asks for.
func Search(
	ctx context.Context, orgs *directory.Service, scope directory.Scope, in SearchInput, labelID string,
) (*SearchOutput, error) {
	query := in.Query()
	query.OrgID, query.LabelID, query.Limit = in.OrgID, labelID, in.Limit
	var err error
	if query.After, err = in.After(ctx); err != nil {
		return nil, err
	}
	page, err := orgs.List(ctx, endpoint.Principal(ctx), scope, query)
	if err != nil {
		return nil, err
	}
	out := &SearchOutput{}
	b := &out.Body
	b.End, b.Limit, b.Total, b.TotalAtLeast = endpoint.Now(ctx).Unix(), in.Limit, page.Total, !page.Exact
	b.Results, b.Next = make([]Found, 0, len(page.Orgs)), endpoint.Next(ctx, page.Next)
	for _, org := range page.Orgs {
		b.Results = append(b.Results, foundOf(ctx, org))
	}
	return out, nil
}

func foundOf(ctx context.Context, org tenant.Org) Found {
	return Found{
		OrgID: org.ID, MSPID: org.MSPID, Name: org.Name, OrgGroupIDs: tenant.LabelsSeenBy(endpoint.Principal(ctx), org),
		Created: org.Created, Timestamp: org.Modified,
	}
}

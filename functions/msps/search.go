package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
)

type searchInput struct {
	ID
	endpoint.Pages
	Type string `query:"type" enum:"orgs" required:"true" doc:"What is searched."`
	Text string `query:"q" minLength:"1" maxLength:"128" required:"true" doc:"A part of the name."`
}

// Match is what was found by a text.
type Match struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Text string `json:"text" doc:"Its name."`
}

type searchOutput struct {
	Body struct {
		Limit   int     `json:"limit"`
		Page    int     `json:"page"`
		Total   int64   `json:"total" doc:"How many match."`
		Results []Match `json:"results"`
	}
}

// search searches what an MSP has by a part of its name.
func search(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.search", "/msps/{msp_id}/search",
		"Search the organizations of an MSP by a part of their names",
		func(ctx context.Context, in *searchInput) (*searchOutput, error) {
			query := orgs.OfPage(orgs.ListFilter{Name: in.Text}.Query(), in.Pages)
			page, err := s.Directory.List(ctx, endpoint.Principal(ctx), in.directory(), query)
			if err != nil {
				return nil, err
			}
			out := &searchOutput{}
			b := &out.Body
			b.Limit, b.Page, b.Total, b.Results = in.Limit, in.Page, page.Total, make([]Match, 0, len(page.Orgs))
			for _, org := range page.Orgs {
				b.Results = append(b.Results, Match{Type: in.Type, ID: org.ID, Text: org.Name})
			}
			return out, nil
		}).Using(orgs.ListGrants(), grant.On(grant.Audit, grant.Put))
}

package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type casesInput struct {
	endpoint.Cursor
	Status string `query:"status" enum:"open,closed,archived" default:"open" doc:"open: neither solved nor closed; closed: solved or closed; archived: in the archive."`
}

type casesOutput struct {
	Body struct {
		Limit   int          `json:"limit"`
		Results []cases.Case `json:"results" doc:"The latest change first."`
		Next    string       `json:"next,omitempty" doc:"The path of the next page; absent at the end. A page can be short or empty if organizations do not allow support access."`
	}
}

// listCases lists the cases of direct customers.
func listCases(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.cases", "/platform/cases",
		"List the cases of direct customers that allow support access (support agents)",
		func(ctx context.Context, in *casesInput) (*casesOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Lists.PlatformCases(ctx, endpoint.Principal(ctx),
				lists.ListQuery{State: support.State(in.Status), Limit: in.Limit, After: after})
			if err != nil {
				return nil, err
			}
			out := &casesOutput{}
			out.Body.Limit, out.Body.Next = in.Limit, endpoint.Next(ctx, page.Next)
			out.Body.Results = make([]cases.Case, 0, len(page.Lines))
			for _, line := range page.Lines {
				out.Body.Results = append(out.Body.Results, cases.SummaryOf(line))
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

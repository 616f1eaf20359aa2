package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type casesInput struct {
	endpoint.Cursor
	cases.ConsoleFilter
}

// listCases lists the cases of direct customers.
func listCases(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_cases", "/platform/cases",
		"List, filter and search the cases of direct customers that allow support access (support agents)",
		func(ctx context.Context, in *casesInput) (*cases.ListOutput, error) {
			return s.CaseHandlers.Console(ctx, lists.Scope{}, in.ConsoleFilter, nil, in.Cursor)
		}).
		Using(cases.ConsoleGrants())
}

package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type ownInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"10" doc:"The maximum number of cases."`
}

type ownOutput struct {
	Body []Case
}

// listOwn lists the latest cases that the caller opened.
func listOwn(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list_own", "/self/cases", "List the cases that you opened, in all organizations, latest change first",
		func(ctx context.Context, in *ownInput) (*ownOutput, error) {
			summaries, err := s.Lists.OwnCases(ctx, endpoint.Principal(ctx), in.Limit)
			if err != nil {
				return nil, err
			}
			out := &ownOutput{Body: make([]Case, 0, len(summaries))}
			for _, line := range summaries {
				out.Body = append(out.Body, SummaryOf(line))
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query))
}

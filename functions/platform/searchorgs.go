package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// searchOrgs searches all organizations, whoever manages them.
func searchOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.search_orgs", "/platform/orgs/search",
		"Search all organizations: direct customers, and those of every MSP (operators)",
		func(ctx context.Context, in *orgs.SearchInput) (*orgs.SearchOutput, error) {
			return orgs.Search(ctx, s.Directory, directory.Scope{All: true}, *in, "")
		}).Using(orgs.ListGrants(), grant.On(grant.Audit, grant.Put))
}

type verifyOrgsInput struct {
	Body struct {
		From int64 `json:"from,omitempty" minimum:"0" maximum:"1000000000000" doc:"Where to start: next of the previous response."`
		Mend bool  `json:"mend,omitempty" doc:"Whether to repair the differences."`
	}
}

// OrgMismatch is an organization that lists have otherwise than it is.
type OrgMismatch struct {
	OrgID  string `json:"org_id"`
	What   string `json:"what"`
	Mended bool   `json:"mended"`
}

type verifyOrgsOutput struct {
	Body struct {
		Checked int           `json:"checked" doc:"How many organizations were compared."`
		Results []OrgMismatch `json:"results" doc:"What differs. Changes of the last seconds may be among it."`
		Next    int64         `json:"next,omitempty" doc:"Where to continue; absent at the end."`
	}
}

// verifyOrgs compares organizations with the index that their lists are read from.
func verifyOrgs(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.verify_orgs", "/platform/verification/orgs",
		"Compare organizations with the index of their lists, a batch at a time (operators)",
		func(ctx context.Context, in *verifyOrgsInput) (*verifyOrgsOutput, error) {
			page, err := s.Directory.Verify(ctx, endpoint.Principal(ctx), in.Body.From, in.Body.Mend)
			if err != nil {
				return nil, err
			}
			out := &verifyOrgsOutput{}
			b := &out.Body
			b.Checked, b.Next, b.Results = page.Checked, page.Next, make([]OrgMismatch, 0, len(page.Mismatches))
			for _, one := range page.Mismatches {
				b.Results = append(b.Results, OrgMismatch(one))
			}
			return out, nil
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Derived, grant.Get, grant.Put, grant.Delete),
		grant.On(grant.Audit, grant.Put))
}

package platform

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type verifyInput struct {
	Body struct {
		From int64 `json:"from,omitempty" minimum:"0" maximum:"1000000000000" doc:"The number of the case to start with: next of the previous response."`
		Mend bool  `json:"mend,omitempty" doc:"Whether to repair the differences."`
	}
}

// Mismatch is a case whose entries in the lists differ from the case.
type Mismatch struct {
	Number int64  `json:"number"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	What   string `json:"what"`
	Mended bool   `json:"mended"`
}

type verifyOutput struct {
	Body struct {
		Checked int        `json:"checked" doc:"How many cases were compared."`
		Results []Mismatch `json:"results" doc:"What differs."`
		Next    int64      `json:"next,omitempty" doc:"The number to continue with; absent at the end."`
	}
}

// verify compares cases with their entries in the lists.
func verify(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.verify", "/platform/verification",
		"Compare cases with their entries in the lists, a batch at a time (operators)",
		func(ctx context.Context, in *verifyInput) (*verifyOutput, error) {
			page, err := s.Lists.VerifyLists(ctx, endpoint.Principal(ctx), in.Body.From, in.Body.Mend)
			if err != nil {
				return nil, err
			}
			out := &verifyOutput{}
			out.Body.Checked, out.Body.Next, out.Body.Results = page.Checked, page.Next, make([]Mismatch, 0,
				len(page.Mismatches))
			for _, d := range page.Mismatches {
				out.Body.Results = append(out.Body.Results, Mismatch(d))
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Check, grant.Put), grant.On(grant.Audit, grant.Put)).
		Sized(512, 29*time.Second)
}

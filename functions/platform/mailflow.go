package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/mail/flow"
)

type mailFlowInput struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days, with today."`
}

// mailDay is how many mails there were on a day.
type mailDay struct {
	Day         string `json:"day" doc:"The day (UTC), as in 2026-11-30."`
	Accepted    int64  `json:"accepted" doc:"Mails that became a case or a comment; one for two cases counts twice."`
	Quarantined int64  `json:"quarantined"`
	Bounced     int64  `json:"bounced" doc:"Mails of ours that were reported as not delivered, about cases."`
	Sent        int64  `json:"sent"`
}

type mailFlowOutput struct {
	Body struct {
		Results []mailDay `json:"results" doc:"The earliest day first."`
	}
}

// countMails counts the mails of the last days.
func countMails(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.count_mails", "/platform/mails/count", "Count the mails in and out by day (operators)",
		func(ctx context.Context, in *mailFlowInput) (*mailFlowOutput, error) {
			days, err := s.Intake.MailFlow(ctx, endpoint.Principal(ctx), in.Days)
			out := &mailFlowOutput{}
			out.Body.Results = make([]mailDay, len(days))
			for i, one := range days {
				out.Body.Results[i] = mailDay{
					Day: one.Day, Accepted: one.Mails[flow.Accepted], Quarantined: one.Mails[flow.Quarantined],
					Bounced: one.Mails[flow.Bounced], Sent: one.Mails[flow.Sent],
				}
			}
			return out, err
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

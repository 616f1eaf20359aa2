package accounts

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/feedback"
)

type feedbackInput struct {
	Body struct {
		Page      string `json:"page" minLength:"1" maxLength:"100" pattern:"^[a-z0-9/_.-]+$" patternDescription:"the path of a page: lower-case letters, digits, slashes, dots, hyphens and underscores" doc:"The path of the page of the guide."`
		Helpful   bool   `json:"helpful" doc:"Whether the page helped you."`
		Text      string `json:"text,omitempty" maxLength:"800" doc:"What is missing or wrong."`
		MayAnswer bool   `json:"may_answer,omitempty" doc:"Whether operators may learn your name and address, to answer you; otherwise neither is stored with it."`
	}
}

// createFeedback stores what the caller says about a page of the guide.
func createFeedback(s Services) endpoint.Endpoint {
	return endpoint.Post("accounts.create_feedback", "/self/feedback",
		"Say whether a page of the guide helped you, at most ten times a day",
		func(ctx context.Context, in *feedbackInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Feedback.Give(ctx, endpoint.Principal(ctx), feedback.Given(in.Body))
		}).Using(grant.On(grant.Core, grant.Get, grant.Put, grant.Count), grant.On(grant.Audit, grant.Put))
}

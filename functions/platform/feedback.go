package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// FeedbackPage is a page of the guide that somebody said something about.
type FeedbackPage struct {
	Page      string `json:"page"`
	Helpful   int64  `json:"helpful" doc:"How many times somebody found it helpful."`
	Unhelpful int64  `json:"unhelpful"`
	Latest    int64  `json:"latest_time" doc:"Epoch seconds."`
}

type feedbackOutput struct {
	Body struct {
		Limit   int            `json:"limit"`
		Results []FeedbackPage `json:"results" doc:"By the path of the page."`
		Next    string         `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// listFeedback lists the pages of the guide that somebody said something about.
func listFeedback(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_feedback", "/platform/feedback",
		"List the pages of the guide with how many people they helped (operators)",
		func(ctx context.Context, in *endpoint.Cursor) (*feedbackOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			pages, next, err := s.Feedback.Pages(ctx, endpoint.Principal(ctx), in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &feedbackOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]FeedbackPage, 0, len(pages))
			for _, page := range pages {
				out.Body.Results = append(out.Body.Results, FeedbackPage(page))
			}
			out.Body.Next = endpoint.Next(ctx, next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// FeedbackEntry is what somebody said about a page.
type FeedbackEntry struct {
	ID      string `json:"id"`
	Helpful bool   `json:"helpful"`
	Text    string `json:"text,omitempty"`
	Name    string `json:"name,omitempty" doc:"Who said it; absent unless they may be answered."`
	Email   string `json:"email,omitempty"`
	Created int64  `json:"created_time" doc:"Epoch seconds."`
}

type entriesInput struct {
	Page string `query:"page" required:"true" minLength:"1" maxLength:"100" doc:"The path of the page of the guide."`
	endpoint.Cursor
}

type entriesOutput struct {
	Body struct {
		Limit   int             `json:"limit"`
		Results []FeedbackEntry `json:"results" doc:"The latest first."`
		Next    string          `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// listFeedbackEntries lists what was said about a page of the guide.
func listFeedbackEntries(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_feedback_entries", "/platform/feedback/entries",
		"List what people said about a page of the guide (operators)",
		func(ctx context.Context, in *entriesInput) (*entriesOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			entries, next, err := s.Feedback.Entries(ctx, endpoint.Principal(ctx), in.Page, in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &entriesOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]FeedbackEntry, 0, len(entries))
			for _, entry := range entries {
				out.Body.Results = append(out.Body.Results, FeedbackEntry(entry))
			}
			out.Body.Next = endpoint.Next(ctx, next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

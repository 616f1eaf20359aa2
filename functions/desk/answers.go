package desk

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Answer is a prepared answer.
type Answer struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Text       string `json:"text" doc:"Placeholders in double braces are filled in when the answer is used: case_number, subject, requester, agent, organization."`
	CreatedAt  int64  `json:"created_at" doc:"Epoch seconds."`
	ModifiedAt int64  `json:"modified_at" doc:"Epoch seconds."`
	Revision   int64  `json:"revision" doc:"Grows with every change."`
}

func answerOf(a desk.Answer) Answer {
	return Answer{
		ID:         a.ID,
		Name:       a.Name,
		Text:       a.Text,
		CreatedAt:  a.Created / 1_000_000,
		ModifiedAt: a.Modified / 1_000_000,
		Revision:   a.Revision,
	}
}

type answerOutput struct {
	Body Answer
}

type answersOutput struct {
	endpoint.PageHeaders
	Body []Answer
}

func answersOf(all []desk.Answer, pages endpoint.Pages) *answersOutput {
	page, headers := endpoint.PageOf(all, pages)
	out := &answersOutput{PageHeaders: headers, Body: make([]Answer, 0, len(page))}
	for _, answer := range page {
		out.Body = append(out.Body, answerOf(answer))
	}
	return out
}

// NewAnswer is the content of a new answer.
type NewAnswer struct {
	Name string `json:"name" minLength:"1" maxLength:"100"`
	Text string `json:"text" minLength:"1" maxLength:"65536" doc:"{{case_number}}, {{subject}}, {{requester}}, {{agent}} and {{organization}} are filled in when the answer is used."`
}

// AnswerChange changes an answer; omitted fields stay as they are.
type AnswerChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Text     *string `json:"text,omitempty" minLength:"1" maxLength:"65536"`
	Revision int64   `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`
}

// AnswerID names an answer in the path.
type AnswerID struct {
	AnswerID string `path:"answer_id" format:"uuid"`
}

type listOrgAnswersInput struct {
	OrgID
	endpoint.Pages
}

// listAnswers lists the answers that are prepared for the agents of an organization's cases.
func listAnswers(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.list_answers", "/orgs/{org_id}/answers",
		"List the answers prepared for an organization's cases (agents)",
		func(ctx context.Context, in *listOrgAnswersInput) (*answersOutput, error) {
			all, err := s.Desk.OrgAnswers(ctx, endpoint.Principal(ctx), in.OrgID.OrgID)
			if err != nil {
				return nil, err
			}
			return answersOf(all, in.Pages), nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

package desk

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/desk"
)

type listPlatformAnswersInput struct {
	endpoint.Pages
}

// listAnswersPlatform lists the prepared answers of the platform.
func listAnswersPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.list_answers_platform", "/platform/answers", "List the prepared answers of the platform",
		func(ctx context.Context, in *listPlatformAnswersInput) (*answersOutput, error) {
			all, err := s.Desk.Answers(ctx, endpoint.Principal(ctx), "")
			if err != nil {
				return nil, err
			}
			return answersOf(all, in.Pages), nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type addPlatformAnswerInput struct {
	Body NewAnswer
}

// createAnswerPlatform adds a prepared answer.
func createAnswerPlatform(s Services) endpoint.Endpoint {
	return endpoint.Post("desk.create_answer_platform", "/platform/answers",
		"Add a prepared answer for the platform (operators)",
		func(ctx context.Context, in *addPlatformAnswerInput) (*answerOutput, error) {
			answer, err := s.Desk.AddAnswer(ctx, endpoint.Principal(ctx), "",
				desk.Answer{Name: in.Body.Name, Text: in.Body.Text})
			return &answerOutput{Body: answerOf(answer)}, err
		}).
		Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type changePlatformAnswerInput struct {
	AnswerID
	Body AnswerChange
}

// changeAnswerPlatform changes a prepared answer.
func changeAnswerPlatform(s Services) endpoint.Endpoint {
	return endpoint.Put("desk.change_answer_platform", "/platform/answers/{answer_id}",
		"Change a prepared answer of the platform (operators)",
		func(ctx context.Context, in *changePlatformAnswerInput) (*answerOutput, error) {
			answer, err := s.Desk.ChangeAnswer(ctx, endpoint.Principal(ctx), "", in.AnswerID.AnswerID, in.Body.Revision,
				in.Body.Name, in.Body.Text)
			return &answerOutput{Body: answerOf(answer)}, err
		}).
		Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

type removePlatformAnswerInput struct {
	AnswerID
}

// deleteAnswerPlatform deletes a prepared answer.
func deleteAnswerPlatform(s Services) endpoint.Endpoint {
	return endpoint.Delete("desk.delete_answer_platform", "/platform/answers/{answer_id}",
		"Delete a prepared answer of the platform (operators)",
		func(ctx context.Context, in *removePlatformAnswerInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Desk.RemoveAnswer(ctx, endpoint.Principal(ctx), "", in.AnswerID.AnswerID)
		}).
		Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}

package desk

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/desk"
)

type listMSPAnswersInput struct {
	MSPID
	endpoint.Pages
}

// listAnswersMSP lists the prepared answers of an MSP.
func listAnswersMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.list_answers_msp", "/msps/{msp_id}/answers", "List the prepared answers of an MSP",
		func(ctx context.Context, in *listMSPAnswersInput) (*answersOutput, error) {
			all, err := s.Desk.Answers(ctx, endpoint.Principal(ctx), in.MSPID.MSPID)
			if err != nil {
				return nil, err
			}
			return answersOf(all, in.Pages), nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type addMSPAnswerInput struct {
	MSPID
	Body NewAnswer
}

// createAnswerMSP adds a prepared answer.
func createAnswerMSP(s Services) endpoint.Endpoint {
	return endpoint.Post("desk.create_answer_msp", "/msps/{msp_id}/answers",
		"Add a prepared answer for an MSP (its super users)",
		func(ctx context.Context, in *addMSPAnswerInput) (*answerOutput, error) {
			answer, err := s.Desk.AddAnswer(ctx, endpoint.Principal(ctx), in.MSPID.MSPID,
				desk.Answer{Name: in.Body.Name, Text: in.Body.Text})
			return &answerOutput{Body: answerOf(answer)}, err
		}).
		Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type changeMSPAnswerInput struct {
	MSPID
	AnswerID
	Body AnswerChange
}

// changeAnswerMSP changes a prepared answer.
func changeAnswerMSP(s Services) endpoint.Endpoint {
	return endpoint.Put("desk.change_answer_msp", "/msps/{msp_id}/answers/{answer_id}",
		"Change a prepared answer of an MSP (its super users)",
		func(ctx context.Context, in *changeMSPAnswerInput) (*answerOutput, error) {
			answer, err := s.Desk.ChangeAnswer(ctx, endpoint.Principal(ctx), in.MSPID.MSPID, in.AnswerID.AnswerID,
				in.Body.Revision, in.Body.Name, in.Body.Text)
			return &answerOutput{Body: answerOf(answer)}, err
		}).
		Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

type removeMSPAnswerInput struct {
	MSPID
	AnswerID
}

// deleteAnswerMSP deletes a prepared answer.
func deleteAnswerMSP(s Services) endpoint.Endpoint {
	return endpoint.Delete("desk.delete_answer_msp", "/msps/{msp_id}/answers/{answer_id}",
		"Delete a prepared answer of an MSP (its super users)",
		func(ctx context.Context, in *removeMSPAnswerInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Desk.RemoveAnswer(ctx, endpoint.Principal(ctx), in.MSPID.MSPID,
				in.AnswerID.AnswerID)
		}).
		Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}

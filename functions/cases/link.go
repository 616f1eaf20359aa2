package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

type linkInput struct {
	ID
	Body struct {
		CaseID string `json:"case_id" format:"uuid" doc:"The other case; of the same organization."`
		Kind   string `json:"kind" enum:"related,parent,child,duplicates,duplicated_by,follows,followed_by" doc:"What the other case is to this one."`
	}
}

// link links a case to another one.
func link(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.link", "/orgs/{org_id}/cases/{case_id}/links", "Link a case to another one of the organization",
		func(ctx context.Context, in *linkInput) (*caseOutput, error) {
			changed, err := s.Cases.Link(
				ctx,
				endpoint.Principal(ctx),
				in.OrgID,
				in.CaseID,
				in.Body.CaseID,
				support.LinkKind(in.Body.Kind),
			)
			return &caseOutput{Body: caseOf(changed)}, err
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

type unlinkInput struct {
	ID
	OtherID string `path:"other_id" format:"uuid"`
}

// unlink removes a link.
func unlink(s Services) endpoint.Endpoint {
	return endpoint.Delete("cases.unlink", "/orgs/{org_id}/cases/{case_id}/links/{other_id}", "Remove the link to another case",
		func(ctx context.Context, in *unlinkInput) (*caseOutput, error) {
			changed, err := s.Cases.Unlink(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.OtherID)
			return &caseOutput{Body: caseOf(changed)}, err
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

type mergeInput struct {
	ID
	Body struct {
		CaseID string `json:"case_id" format:"uuid" doc:"The case to merge into; of the same organization."`
	}
}

// merge merges a case into another one.
func merge(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.merge", "/orgs/{org_id}/cases/{case_id}/merge", "Merge a case into another one, which replaces it (agents)",
		func(ctx context.Context, in *mergeInput) (*caseOutput, error) {
			changed, err := s.Cases.Merge(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Body.CaseID)
			return &caseOutput{Body: caseOf(changed)}, err
		}).
		Using(grant.On(grant.Core, grant.Check, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

type splitInput struct {
	ID
	Body struct {
		CommentID string `json:"comment_id" format:"uuid" doc:"The comment that the new case is created from."`
		Subject   string `json:"subject" minLength:"1" maxLength:"300" doc:"The new case's subject."`
	}
}

// split creates a case from a comment.
func split(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.split", "/orgs/{org_id}/cases/{case_id}/split", "Create a case from a comment, for the same submitter (agents)",
		func(ctx context.Context, in *splitInput) (*caseOutput, error) {
			changed, err := s.Cases.Split(
				ctx,
				endpoint.Principal(ctx),
				in.OrgID,
				in.CaseID,
				in.Body.CommentID,
				in.Body.Subject,
			)
			return &caseOutput{Body: caseOf(changed)}, err
		}).
		Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Delete, grant.Get, grant.Put),
			grant.On(grant.Audit, grant.Put))
}

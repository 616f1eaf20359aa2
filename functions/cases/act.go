package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// act declares an endpoint that performs one operation on a case.
func act(
	name, path, summary string,
	do func(ctx context.Context, by identity.Principal, orgID, caseID string) (support.Case, error),
) endpoint.Endpoint {
	return endpoint.Post(name, "/orgs/{org_id}/cases/{case_id}/"+path, summary,
		func(ctx context.Context, in *ID) (*caseOutput, error) {
			changed, err := do(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			return &caseOutput{Body: caseOf(changed)}, err
		}).Using(grant.On(grant.Core, grant.Check, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

// archive archives a case.
func archive(s Services) endpoint.Endpoint {
	return act("cases.archive", "archive", "Archive a solved or closed case", s.Cases.Archive)
}

// unarchive restores a case from the archive.
func unarchive(s Services) endpoint.Endpoint {
	return act("cases.unarchive", "unarchive", "Move a case back from the archive", s.Cases.Unarchive)
}

// restore restores a deleted case.
func restore(s Services) endpoint.Endpoint {
	return act("cases.restore", "restore", "Restore a case that was deleted in the last 30 days", s.Cases.Restore)
}

type removeInput struct {
	ID
	Confirmation string `query:"confirmation" maxLength:"20" doc:"The word DELETE, in capitals."`
}

// deleteCase deletes a case.
func deleteCase(s Services) endpoint.Endpoint {
	return endpoint.Delete("cases.delete", "/orgs/{org_id}/cases/{case_id}", "Delete a case; it can be restored for 30 days (administrators)",
		func(ctx context.Context, in *removeInput) (*caseOutput, error) {
			deleted, err := s.Cases.DeleteConfirmed(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Confirmation)
			return &caseOutput{Body: caseOf(deleted)}, err
		}).
		Using(grant.On(grant.Core, grant.Check, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

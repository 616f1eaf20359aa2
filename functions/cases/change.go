package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// readOnly names the fields that only reading a case shows; they may be written back.
func readOnly() []string {
	return []string{"description", "comments", "more_comments", "attachments", "history", "merged_cases"}
}

type changeInput struct {
	ID
	Body struct {
		Subject     *string   `json:"subject,omitempty" minLength:"1" maxLength:"300"`
		Type        *string   `json:"type,omitempty" maxLength:"100" doc:"One of the provider's list."`
		Severity    *int      `json:"severity,omitempty" minimum:"1" maximum:"4"`
		Component   *string   `json:"component,omitempty" maxLength:"100"`
		Reason      *string   `json:"reason,omitempty" maxLength:"100" doc:"One of the provider's list, or empty."`
		Version     *string   `json:"version,omitempty" maxLength:"100"`
		Environment *string   `json:"environment,omitempty" maxLength:"100" doc:"One of the provider's list, or empty."`
		CustomTag   *string   `json:"custom_tag,omitempty" maxLength:"100"`
		Status      *string   `json:"status,omitempty" enum:"open,pending,hold,solved,closed" doc:"Customers can solve, close and reopen a case; pending and hold are for agents."`
		AssigneeID  *string   `json:"assignee_id,omitempty" maxLength:"36" doc:"Agents only: who works on the case; empty for nobody."`
		WatcherIDs  *[]string `json:"watcher_ids,omitempty" maxItems:"20" doc:"Everyone who is notified of every change."`
		CC          *[]string `json:"cc,omitempty" maxItems:"20" doc:"Addresses of all people without an account who are notified and may reply by mail."`
		ReturnAt    *int64    `json:"return_at,omitempty" minimum:"0" maximum:"100000000000" doc:"Agents only: when a pending or held case reopens automatically, in epoch seconds; 0 for never."`
		Revision    int64     `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`
	}
}

// change changes a case's fields.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("cases.change", "/orgs/{org_id}/cases/{case_id}", "Change a case's fields",
		func(ctx context.Context, in *changeInput) (*caseOutput, error) {
			b := in.Body
			request := support.CaseChange{
				Subject:     b.Subject,
				Type:        b.Type,
				Severity:    b.Severity,
				Component:   b.Component,
				Reason:      b.Reason,
				Version:     b.Version,
				Environment: b.Environment,
				CustomTag:   b.CustomTag,
				AssigneeID:  b.AssigneeID,
				WatcherIDs:  b.WatcherIDs,
				CC:          b.CC,
				Revision:    b.Revision,
			}
			if b.ReturnAt != nil {
				micros := *b.ReturnAt * 1_000_000
				request.ReturnAt = &micros
			}
			if b.Status != nil {
				status := support.Status(*b.Status)
				request.Status = &status
			}
			changed, err := s.Cases.Change(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, request)
			return &caseOutput{Body: caseOf(changed)}, err
		}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

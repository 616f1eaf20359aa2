package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

type createInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Body  struct {
		Subject     string   `json:"subject" minLength:"1" maxLength:"300"`
		Description string   `json:"description" minLength:"1" maxLength:"65536"`
		Type        string   `json:"type,omitempty" maxLength:"100" doc:"One of the provider's list, as in issue, bug, feature_request, question; the first of the list by default."`
		Severity    int      `json:"severity,omitempty" minimum:"1" maximum:"4" doc:"1 (most urgent) to 4; 3 by default."`
		Component   string   `json:"component,omitempty" maxLength:"100" doc:"One of the provider's list, if it has one."`
		Reason      string   `json:"reason,omitempty" maxLength:"100" doc:"One of the provider's list, as in configuration, documentation, installation, traffic, upgrade; or empty."`
		Version     string   `json:"version,omitempty" maxLength:"100" doc:"The version of the software concerned."`
		Environment string   `json:"environment,omitempty" maxLength:"100" doc:"One of the provider's list, as in all, apic, aws, bare_metal, cloudstack, openstack, vmware; or empty."`
		CustomTag   string   `json:"custom_tag,omitempty" maxLength:"100"`
		WatcherIDs  []string `json:"watcher_ids,omitempty" maxItems:"20" doc:"People who are notified of every change; they must see the organization's cases."`
		CC          []string `json:"cc,omitempty" maxItems:"20" doc:"Addresses of people without an account who are notified of every change and may reply by mail."`
		Follows     string   `json:"follows,omitempty" maxLength:"36" doc:"The id of the case that this one follows up; of the same organization."`
	}
}

type caseOutput struct {
	Body Case
}

// create opens a case.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.create", "/orgs/{org_id}/cases", "Open a case",
		func(ctx context.Context, in *createInput) (*caseOutput, error) {
			b := in.Body
			created, err := s.Cases.Create(ctx, endpoint.Principal(ctx), in.OrgID, support.NewCase{
				Fields: desk.Fields{
					Subject: b.Subject, Type: b.Type, Severity: b.Severity, Component: b.Component, Reason: b.Reason,
					Version: b.Version, Environment: b.Environment, CustomTag: b.CustomTag,
				},
				Description: b.Description, WatcherIDs: b.WatcherIDs, CC: b.CC, Follows: b.Follows,
			})
			return &caseOutput{Body: caseOf(created)}, err
		}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

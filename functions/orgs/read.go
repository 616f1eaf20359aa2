package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// get reads an organization.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.get", "/orgs/{org_id}", "Read an organization",
		func(ctx context.Context, in *ID) (*Output, error) {
			org, err := s.Tenants.Org(ctx, endpoint.Principal(ctx), in.OrgID, identity.SeeOrg)
			if err != nil {
				return nil, err
			}
			return One(ctx, s.Tenants, org)
		}).Using(grant.On(grant.Audit, grant.Put))
}

// ChangeBody is what is asked of an organization.
type ChangeBody struct {
	Body struct {
		Name          *string   `json:"name,omitempty" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
		SupportAccess *bool     `json:"support_access,omitempty" doc:"Consent to platform support agents working on its cases; only the organization's own administrators give or withdraw it."`
		AllowMist     *bool     `json:"allow_mist,omitempty" doc:"The same as support_access. Where both are given and differ, the one that differs from the present state is meant."`
		SessionExpiry *int      `json:"session_expiry,omitempty" minimum:"10" maximum:"20160" doc:"After how many minutes a session must log in again for calls in the organization."`
		OrgGroupIDs   *[]string `json:"orggroup_ids,omitempty" maxItems:"20" doc:"The ids of all its labels; super users of the MSP and operators change them."`
		Revision      int64     `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`
		Switches

		_ struct{} `additionalProperties:"true"`
	}
}

// Request returns what is asked of an organization.
func (b ChangeBody) Request(ctx context.Context) tenant.OrgChange {
	return tenant.OrgChange{
		Name: b.Body.Name, SupportAccess: b.Body.SupportAccess, AllowMist: b.Body.AllowMist,
		SessionExpiry: b.Body.SessionExpiry, Labels: b.Body.OrgGroupIDs, Switches: b.Body.given(),
		Extension: endpoint.Extension(ctx), Version: b.Body.Revision,
	}
}

// ChangeGrants returns the grants that changing an organization needs. The lists follow at once.
func ChangeGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Check, grant.Count, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Put, grant.Delete),
	)
}

// CreateGrants returns the grants that creating an organization needs.
func CreateGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Count, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Put))
}

type changeInput struct {
	ID
	ChangeBody
}

// change changes an organization.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("orgs.change", "/orgs/{org_id}", "Change an organization",
		func(ctx context.Context, in *changeInput) (*Output, error) {
			changed, err := s.Tenants.ChangeOrg(ctx, endpoint.Principal(ctx), in.OrgID, in.Request(ctx))
			if err != nil {
				return nil, err
			}
			return One(ctx, s.Tenants, changed)
		}).NeedsFresh(endpoint.FreshByRule).Using(ChangeGrants())
}

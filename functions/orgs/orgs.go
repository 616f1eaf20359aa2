// Package orgs has the endpoints of organizations: creating, reading and changing them, and their
// audit log. The rules are in shared/tenant and shared/audit.
package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Log      *audit.Log
	Storage  *storage.Service
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{create(s), list(s), get(s), change(s), searchLogs(s), listLogs(s),
		getUsage(s), changeLimits(s), listConsents(s), changeConsent(s), createConsentRequest(s)}
}

// Org is an organization as clients see it.
type Org struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	MSPID         string    `json:"msp_id,omitempty" doc:"The MSP that manages it; absent for a direct customer."`
	MSPName       string    `json:"msp_name,omitempty"`
	SupportAccess bool      `json:"support_access" doc:"Consent to platform support agents working on its cases."`
	Consents      []Consent `json:"consents,omitempty" doc:"What a new organization consents to until it decides; in the answer to its creation only."`
	Created       int64     `json:"created_time" doc:"Epoch seconds."`
	Modified      int64     `json:"modified_time" doc:"Epoch seconds."`
	Revision      int64     `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`
}

// Output is one organization.
type Output struct {
	Body Org
}

// ListOutput is a page of organizations.
type ListOutput struct {
	endpoint.PageHeaders
	Body []Org
}

// ID names an organization in the path.
type ID struct {
	OrgID string `path:"org_id" format:"uuid"`
}

// CreateBody is what is asked of a new organization.
type CreateBody struct {
	Body struct {
		Name          string `json:"name" minLength:"1" maxLength:"128"`
		SupportAccess *bool  `json:"support_access,omitempty" doc:"Consent to platform support agents working on its cases; by default as the platform is set up."`
	}
}

// Supports reports whether the new organization gives the operator support access.
func (b CreateBody) Supports(tenants *tenant.Tenants) bool {
	if b.Body.SupportAccess == nil {
		return tenants.StartsWithSupport()
	}
	return *b.Body.SupportAccess
}

// New shapes a new organization, with what it consents to.
func New(ctx context.Context, tenants *tenant.Tenants, o tenant.Org) (*Output, error) {
	out, err := One(ctx, tenants, o)
	if err == nil {
		out.Body.Consents = consentsOf(o, endpoint.Now(ctx), nil)
	}
	return out, err
}

// One shapes one organization.
func One(ctx context.Context, tenants *tenant.Tenants, o tenant.Org) (*Output, error) {
	shown, err := shape(ctx, tenants, []tenant.Org{o})
	if err != nil {
		return nil, err
	}
	return &Output{Body: shown[0]}, nil
}

// List cuts a page out of a list of organizations and shapes it.
func List(ctx context.Context, tenants *tenant.Tenants, all []tenant.Org, pages endpoint.Pages) (*ListOutput, error) {
	page, headers := endpoint.PageOf(all, pages)
	shown, err := shape(ctx, tenants, page)
	return &ListOutput{PageHeaders: headers, Body: shown}, err
}

func shape(ctx context.Context, tenants *tenant.Tenants, all []tenant.Org) ([]Org, error) {
	var msps []string
	for _, o := range all {
		msps = append(msps, o.MSPID)
	}
	names, err := tenants.Names(ctx, msps, nil)
	if err != nil {
		return nil, err
	}
	shown := make([]Org, 0, len(all))
	for _, o := range all {
		shown = append(shown, Org{
			ID: o.ID, Name: o.Name, MSPID: o.MSPID, MSPName: names[o.MSPID], SupportAccess: o.SupportAccess,
			Created: o.Created, Modified: o.Modified, Revision: o.Version,
		})
	}
	return shown, nil
}

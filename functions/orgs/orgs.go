// Package orgs has the endpoints of organizations: creating, reading and changing them, and their
// audit log. The rules are in shared/tenant and shared/audit.
package orgs

import (
	"cmp"
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Log      *audit.Log
	Storage  *storage.Service
	// Directory lists organizations, and Lists counts their cases.
	Directory *directory.Service
	Lists     *lists.Service
	Life      *life.Service
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		create(s).WithUnknown(endpoint.KeepUnknown), list(s), get(s), change(s).WithUnknown(endpoint.KeepUnknown),
		searchLogs(s), listLogs(s), countLogs(s), getUsage(s), changeLimits(s),
		listConsents(s), changeConsent(s), createConsentRequest(s),
		getStats(s), getSetting(s), changeSetting(s).WithUnknown(endpoint.KeepUnknown), clone(s), changeMSP(s),
		deleteOrg(s), restore(s),
	}
}

// Org is an organization as clients see it.
type Org struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	MSPID            string `json:"msp_id,omitempty" doc:"The MSP that manages it; absent for a direct customer."`
	MSPName          string `json:"msp_name,omitempty"`
	MSPLogoURL       string `json:"msp_logo_url,omitempty" doc:"The address of the MSP's logo, for people of the MSP and of its organizations; absent if it has none."`
	SupportAccess    bool   `json:"support_access" doc:"Consent to platform support agents working on its cases."`
	ImageManagement  bool   `json:"image_management" doc:"Whether the organization chooses the software of its devices itself."`
	PreNotifications bool   `json:"pre_notifications" doc:"Whether the operator hears of trouble in it at once."`
	CustomerAlerts   bool   `json:"customer_alerts" doc:"Whether it hears of trouble that lasts."`
	AllowMist        bool   `json:"allow_mist" doc:"The same as support_access, for programs that know it by this name."`
	SessionExpiry    int    `json:"session_expiry" doc:"After how many minutes a session must log in again for calls in the organization. All sessions end after a day."`
	// OrgGroupIDs are the organization's labels.
	OrgGroupIDs []string       `json:"orggroup_ids" doc:"The ids of its labels, for those who see the MSP; for others those at which they have a role."`
	Copied      map[string]int `json:"copied,omitempty" doc:"How many settings and labels a new organization has of its template, and whether it has its session expiry; in the answer to its creation only."`
	Consents    []Consent      `json:"consents,omitempty" doc:"What a new organization consents to until it decides; in the answer to its creation only."`
	MovingSince int64          `json:"moving_since,omitempty" doc:"While a change of provider is under way, and cases and people are still moving: when it began, in epoch seconds. Until it ends, there is no other one."`
	Created     int64          `json:"created_time" doc:"Epoch seconds."`
	Modified    int64          `json:"modified_time" doc:"Epoch seconds."`
	Revision    int64          `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the organization with the fields that clients stored.
func (o Org) MarshalJSON() ([]byte, error) {
	type plain Org
	return extension.Marshal(plain(o), o.extension)
}

// Output is one organization.
type Output struct {
	Body Org
}

// ID names an organization in the path.
type ID struct {
	OrgID string `path:"org_id" format:"uuid"`
}

// CreateBody is what is asked of a new organization.
type CreateBody struct {
	Body struct {
		Name          string   `json:"name" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
		SupportAccess *bool    `json:"support_access,omitempty" doc:"Consent to platform support agents working on its cases; by default as the platform and the MSP are set up."`
		AllowMist     *bool    `json:"allow_mist,omitempty" doc:"The same as support_access."`
		SessionExpiry *int     `json:"session_expiry,omitempty" minimum:"10" maximum:"20160" doc:"After how many minutes a session must log in again for calls in the organization; 1440 by default."`
		OrgGroupIDs   []string `json:"orggroup_ids,omitempty" maxItems:"20" doc:"The ids of labels of the MSP."`
		TemplateOrgID string   `json:"template_org_id,omitempty" maxLength:"36" doc:"An organization of the same MSP, or another direct customer's, whose settings, session expiry and labels the new one gets where they are not given here."`
		Switches

		_ struct{} `additionalProperties:"true"`
	}
}

// Change returns what is asked of a new organization.
func (b CreateBody) Change(ctx context.Context) tenant.OrgChange {
	request := tenant.OrgChange{
		Name: &b.Body.Name, SupportAccess: b.Body.SupportAccess, AllowMist: b.Body.AllowMist,
		SessionExpiry: b.Body.SessionExpiry, Template: b.Body.TemplateOrgID, Switches: b.Body.given(),
		Extension: endpoint.Extension(ctx),
	}
	if len(b.Body.OrgGroupIDs) > 0 {
		request.Labels = &b.Body.OrgGroupIDs
	}
	return request
}

// New shapes a new organization, with what it consents to and has of its template.
func New(ctx context.Context, tenants *tenant.Tenants, o tenant.Org) (*Output, error) {
	out, err := One(ctx, tenants, o)
	if err == nil {
		out.Body.Consents, out.Body.Copied = consentsOf(o, endpoint.Now(ctx), nil), o.Copied
	}
	return out, err
}

// One shapes one organization.
func One(ctx context.Context, tenants *tenant.Tenants, o tenant.Org) (*Output, error) {
	shown, err := Shape(ctx, tenants, []tenant.Org{o})
	if err != nil {
		return nil, err
	}
	return &Output{Body: shown[0]}, nil
}

// Shape shapes organizations.
func Shape(ctx context.Context, tenants *tenant.Tenants, all []tenant.Org) ([]Org, error) {
	var msps []string
	for _, o := range all {
		msps = append(msps, o.MSPID)
	}
	brands, err := tenants.Brands(ctx, msps)
	if err != nil {
		return nil, err
	}
	shown := make([]Org, 0, len(all))
	for _, o := range all {
		shown = append(shown, Org{
			ID: o.ID, Name: o.Name, MSPID: o.MSPID, MSPName: brands[o.MSPID].Name, MSPLogoURL: LogoURL(ctx, tenants, brands[o.MSPID]), SupportAccess: o.SupportAccess,
			ImageManagement: o.On(tenant.ImageManagement), PreNotifications: o.On(tenant.PreNotifications),
			CustomerAlerts: o.On(tenant.CustomerAlerts), AllowMist: o.SupportAccess,
			SessionExpiry: cmp.Or(o.SessionExpiry, tenant.DefaultSessionExpiry),
			OrgGroupIDs:   tenant.LabelsSeenBy(endpoint.Principal(ctx), o), extension: o.Extension, MovingSince: o.MovingSince,
			Created: o.Created, Modified: o.Modified, Revision: o.Version,
		})
	}
	return shown, nil
}

// LogoURL returns the address of the logo that the caller sees of an MSP; "" if there is none. Another
// logo has another address.
func LogoURL(ctx context.Context, tenants *tenant.Tenants, brand tenant.Brand) string {
	if brand.Logo == nil || !tenant.SeesBrand(endpoint.Principal(ctx), brand.MSPID) {
		return ""
	}
	return tenants.Portal() + LogoPath(brand)
}

// LogoPath returns the path of the logo that a brand has.
func LogoPath(brand tenant.Brand) string {
	return endpoint.Prefix + "/msps/" + brand.MSPID + "/logo?v=" + brand.Logo.Version()
}

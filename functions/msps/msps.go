// Package msps contains the endpoints of MSPs: creating, reading, changing and deleting them, their
// organizations, cases and audit log. The rules are in shared/tenant, shared/support and
// shared/audit.
package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Tenants *tenant.Tenants
	// Directory lists organizations.
	Directory *directory.Service
	// OrgJobs runs actions on many organizations.
	OrgJobs *bulk.Service
	// Life deletes MSPs.
	Life  *life.Service
	Logos *logo.Service
	// Cases holds the services of the endpoints of cases.
	CaseHandlers cases.Services
	Log          *audit.Log
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return append(
		endpoint.Compatible(
			create(s).WithUnknown(endpoint.KeepUnknown), list(s), get(s), change(s).WithUnknown(endpoint.KeepUnknown), deleteMSP(s),
			createOrg(s).WithUnknown(endpoint.KeepUnknown), listOrgs(s), assignOrgs(s), searchOrgs(s), listOrgStats(s),
			getOrg(s), changeOrg(s).WithUnknown(endpoint.KeepUnknown), search(s), listLogs(s), countLogs(s),
			getLogo(s), changeLogo(s), deleteLogo(s),
			createLabel(s), listLabels(s), getLabel(s), changeLabel(s), deleteLabel(s),
		),
		listCases(s), countCases(s), countOpenCases(s), changeCases(s), countMatchingCases(s), changeOrgs(s), previewOrgs(s),
		listDeletedOrgs(s),
	)
}

// MSP is a managed service provider as clients see it.
type MSP struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Tier      string `json:"tier" doc:"What the MSP has bought: partner, base or advanced; see /platform/tiers."`
	Region    string `json:"region" doc:"The name of this installation."`
	URL       string `json:"url" doc:"The address of the MSP's web site; empty if there is none, or if the tier does not have it."`
	LogoURL   string `json:"logo_url" doc:"The address of the logo here, another one for each logo; empty if there is none, or if the tier does not have logos."`
	AllowMist bool   `json:"allow_mist" doc:"Whether new organizations begin with consent to support access, unless their creation says otherwise."`
	Created   int64  `json:"created_time" doc:"Epoch seconds."`
	Modified  int64  `json:"modified_time" doc:"Epoch seconds."`
	Revision  int64  `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the MSP with the fields that clients stored.
func (m MSP) MarshalJSON() ([]byte, error) {
	type plain MSP
	return extension.Marshal(plain(m), m.extension)
}

// shaped returns MSPs for clients.
func (s Services) shaped(ctx context.Context, msps ...tenant.MSP) ([]MSP, error) {
	brands, err := s.Tenants.BrandsOf(ctx, msps...)
	if err != nil {
		return nil, err
	}
	shown := make([]MSP, 0, len(msps))
	for _, m := range msps {
		brand := brands[m.ID]
		if _, limited := endpoint.Principal(ctx).LimitedTo(identity.SeeMSP, m.ID); limited {
			m.NoSupportAccess, m.Extension = true, nil // what the MSP keeps for its own people
		}
		shown = append(shown, MSP{
			ID: m.ID, Name: m.Name, Tier: string(m.Tier), Region: s.Tenants.Region(), URL: brand.URL,
			LogoURL: orgs.LogoURL(ctx, s.Tenants, brand), AllowMist: !m.NoSupportAccess, Created: m.Created, Modified: m.Modified,
			Revision: m.Version, extension: m.Extension,
		})
	}
	return shown, nil
}

// one returns an MSP for clients.
func (s Services) one(ctx context.Context, m tenant.MSP) (*mspOutput, error) {
	shown, err := s.shaped(ctx, m)
	if err != nil {
		return nil, err
	}
	return &mspOutput{Body: shown[0]}, nil
}

type mspOutput struct {
	Body MSP
}

// ID names an MSP in the path.
type ID struct {
	MSPID string `path:"msp_id" format:"uuid"`
}

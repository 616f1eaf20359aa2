// Package msps contains the endpoints of MSPs: creating, reading and changing them, their
// organizations, cases and audit log. The rules are in shared/tenant, shared/support and
// shared/audit.
package msps

import (
	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Tenants *tenant.Tenants
	// OrgJobs runs actions on many organizations.
	OrgJobs *bulk.Service
	// Cases holds the services of the endpoints of cases.
	CaseHandlers cases.Services
	Log          *audit.Log
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return append(
		endpoint.Compatible(
			create(s).WithUnknown(endpoint.KeepUnknown), list(s), get(s), change(s).WithUnknown(endpoint.KeepUnknown),
			createOrg(s).WithUnknown(endpoint.KeepUnknown), listOrgs(s), listLogs(s), countLogs(s),
			createLabel(s), listLabels(s), getLabel(s), changeLabel(s), deleteLabel(s),
		),
		listCases(s), countCases(s), countOpenCases(s), changeCases(s), countMatchingCases(s), changeOrgs(s), previewOrgs(s),
	)
}

// MSP is a managed service provider as clients see it.
type MSP struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Tier      string `json:"tier" doc:"What the MSP has bought: partner, base or advanced; see /platform/tiers."`
	Region    string `json:"region" doc:"The name of this installation."`
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

func (s Services) mspOf(m tenant.MSP) MSP {
	return MSP{
		ID: m.ID, Name: m.Name, Tier: string(m.Tier), Region: s.Tenants.Region(), AllowMist: !m.NoSupportAccess, Created: m.Created, Modified: m.Modified,
		Revision: m.Version, extension: m.Extension,
	}
}

type mspOutput struct {
	Body MSP
}

// ID names an MSP in the path.
type ID struct {
	MSPID string `path:"msp_id" format:"uuid"`
}

// Package exports contains the endpoints of exports: files of what an MSP or the platform has, which a
// job writes and which are downloaded when it is done. The rules are in tenant/export.
package exports

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/tenant/export"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Exports *export.Service
	Links   uploads.Links
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{createMSP(s), getMSP(s), createPlatform(s), getPlatform(s)}
}

// Request says what is written, and how.
type Request struct {
	What          string `json:"what" enum:"orgs" doc:"orgs: all organizations."`
	Separator     string `json:"separator,omitempty" maxLength:"4" doc:"The separator between values: one character, and neither a quote nor a line break; a comma by default."`
	ByteOrderMark bool   `json:"byte_order_mark,omitempty" doc:"Whether the file begins with a byte order mark, by which spreadsheets know that it is UTF-8."`
}

func (s Services) create(ctx context.Context, mspID string, r Request) (*jobs.Output, error) {
	created, err := s.Exports.Create(ctx, endpoint.Principal(ctx), mspID,
		spreadsheet.Format{Separator: r.Separator, ByteOrderMark: r.ByteOrderMark})
	return &jobs.Output{Body: jobs.Of(created)}, err
}

// output is an export.
type output struct {
	Body struct {
		jobs.Job
		ContentURL string `json:"content_url,omitempty" doc:"A link to the file, valid for five minutes; available for a day once the job is done."`
	}
}

func (s Services) read(ctx context.Context, mspID, id string) (*output, error) {
	exported, key, err := s.Exports.Get(ctx, endpoint.Principal(ctx), mspID, id)
	if err != nil {
		return nil, err
	}
	out := &output{}
	out.Body.Job = jobs.Of(exported)
	if key != "" {
		out.Body.ContentURL, err = s.Links.Link(ctx, key, "organizations.csv", "text/csv; charset=utf-8", uploads.LinkValid)
	}
	return out, err
}

// readGrants is what reading an export needs.
func readGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.Uploads, grant.Link))
}

type createMSPInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	Body  Request
}

// createMSP exports what an MSP has.
func createMSP(s Services) endpoint.Endpoint {
	return endpoint.Post("exports.create_msp", "/msps/{msp_id}/exports", "Write all organizations of an MSP into a CSV file, as a job",
		func(ctx context.Context, in *createMSPInput) (*jobs.Output, error) {
			return s.create(ctx, in.MSPID, in.Body)
		}).Using(jobs.CreateGrants())
}

type getMSPInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	jobs.ID
}

// getMSP returns the state of an export.
func getMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("exports.get_msp", "/msps/{msp_id}/exports/{job_id}", "Get an export that you requested",
		func(ctx context.Context, in *getMSPInput) (*output, error) {
			return s.read(ctx, in.MSPID, in.JobID)
		}).Using(grant.Union(readGrants(), grant.On(grant.Core, grant.Query))).Fails(http.StatusConflict)
}

type createPlatformInput struct{ Body Request }

// createPlatform exports what the platform has.
func createPlatform(s Services) endpoint.Endpoint {
	return endpoint.Post("exports.create_platform", "/platform/exports",
		"Write the organizations of all MSPs and all direct customers into a CSV file, as a job (operators)",
		func(ctx context.Context, in *createPlatformInput) (*jobs.Output, error) {
			return s.create(ctx, "", in.Body)
		}).Using(jobs.CreateGrants())
}

// getPlatform returns the state of an export.
func getPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("exports.get_platform", "/platform/exports/{job_id}", "Get an export that you requested (operators)",
		func(ctx context.Context, in *jobs.ID) (*output, error) {
			return s.read(ctx, "", in.JobID)
		}).Using(readGrants())
}

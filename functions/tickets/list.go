package tickets

import (
	"cmp"
	"context"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

type listInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	endpoint.Range
	endpoint.Pages
}

type listOutput struct {
	endpoint.PageHeaders
	Body []Ticket
}

// most is the maximum number of tickets that a list shows: the latest ones.
const most = 1000

// page returns a page of the tickets that were last changed in a time range.
func (s Services) page(
	ctx context.Context,
	by identity.Principal,
	orgID, mspID string,
	when endpoint.Range,
	pages endpoint.Pages,
) (*listOutput, error) {
	from, to, err := when.Window(endpoint.Now(ctx))
	if err != nil {
		return nil, err
	}
	summaries, err := s.Lists.Changed(ctx, by, orgID, mspID, from, to, most, false)
	if err != nil {
		return nil, err
	}
	page, headers := endpoint.PageOf(summaries[:min(len(summaries), most)], pages)
	return &listOutput{PageHeaders: headers, Body: ticketsOf(page)}, nil
}

// list lists an organization's tickets.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.list", "/orgs/{org_id}/tickets",
		"List the tickets of an organization that changed in a time range, the newest change first; the latest thousand",
		func(ctx context.Context, in *listInput) (*listOutput, error) {
			return s.page(ctx, endpoint.Principal(ctx), in.OrgID, "", in.Range, in.Pages)
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type listMSPInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	endpoint.Range
	endpoint.Pages
}

// listMSP lists the tickets of all organizations of an MSP.
func listMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.list_msp", "/msps/{msp_id}/tickets",
		"List the tickets of an MSP's organizations that changed in a time range, the newest change first; the "+
			"latest thousand",
		func(ctx context.Context, in *listMSPInput) (*listOutput, error) {
			return s.page(ctx, endpoint.Principal(ctx), "", in.MSPID, in.Range, in.Pages)
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type createInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Body  struct {
		Subject string `json:"subject" minLength:"1" maxLength:"300"`
		Type    string `json:"type,omitempty" maxLength:"100" doc:"question, bug or critical, or a type of the provider's list; critical is the highest severity."`
		Comment string `json:"comment,omitempty" maxLength:"65536" doc:"What is wrong; the subject by default."`

		_ struct{} `additionalProperties:"true"`
	}
}

// create opens a ticket.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("tickets.create", "/orgs/{org_id}/tickets", "Open a ticket",
		func(ctx context.Context, in *createInput) (*ticketOutput, error) {
			by := endpoint.Principal(ctx)
			query := support.NewCase{
				Fields:      desk.Fields{Subject: in.Body.Subject, Type: in.Body.Type},
				Description: cmp.Or(strings.TrimSpace(in.Body.Comment), in.Body.Subject),
				Extension:   endpoint.Extension(ctx),
			}
			if query.Type == critical {
				query.Type, query.Severity = "", desk.MostUrgent
			}
			created, err := s.Cases.Create(ctx, by, in.OrgID, query)
			if err != nil {
				return nil, err
			}
			// A new ticket has no files, and needs no links to them.
			detail, err := s.Cases.Whole(ctx, by, created.OrgID, created.ID)
			if err != nil {
				return nil, err
			}
			return &ticketOutput{Body: detailOf(detail)}, nil
		}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Query, grant.Get, grant.Put),
		grant.On(grant.Audit, grant.Put))
}

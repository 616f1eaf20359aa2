package tickets

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// ticket reads a ticket with all its comments and attachments, with a link to the content of each.
func (s Services) ticket(ctx context.Context, by identity.Principal, id ID) (*ticketOutput, error) {
	detail, err := s.Cases.Whole(ctx, by, id.OrgID, id.TicketID)
	if err != nil {
		return nil, err
	}
	ticket := detailOf(detail)
	links := make(map[string]string, len(detail.Files))
	for _, file := range detail.Files {
		links[file.ID], err = s.CaseHandlers.Links.Link(ctx, file.BlobKey, file.Name, file.ContentType, uploads.LinkValid)
		if err != nil {
			return nil, err
		}
	}
	for i, file := range ticket.Attachments {
		ticket.Attachments[i].ContentURL = links[file.ID]
	}
	for _, comment := range ticket.Comments {
		for i, file := range comment.Attachments {
			comment.Attachments[i].ContentURL = links[file.ID]
		}
	}
	return &ticketOutput{Body: ticket}, nil
}

// get reads a ticket.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.get", "/orgs/{org_id}/tickets/{ticket_id}",
		"Read a ticket with its comments and attachments",
		func(ctx context.Context, in *ID) (*ticketOutput, error) {
			return s.ticket(ctx, endpoint.Principal(ctx), *in)
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put), grant.On(grant.Attachments, grant.Link))
}

type changeInput struct {
	ID
	Body struct {
		Subject *string `json:"subject,omitempty" minLength:"1" maxLength:"300"`
		Type    *string `json:"type,omitempty" maxLength:"100" doc:"question, bug or critical, or a type of the provider's list; critical is the highest severity."`
		Status  *string `json:"status,omitempty" enum:"open,pending,hold,solved,closed"`

		_ struct{} `additionalProperties:"true"`
	}
}

// change changes a ticket.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("tickets.change", "/orgs/{org_id}/tickets/{ticket_id}", "Change a ticket",
		func(ctx context.Context, in *changeInput) (*ticketOutput, error) {
			by := endpoint.Principal(ctx)
			update := support.CaseChange{
				Subject: in.Body.Subject, Type: in.Body.Type, Extension: endpoint.Extension(ctx),
			}
			if in.Body.Type != nil && *in.Body.Type == critical {
				severity := desk.MostUrgent
				update.Type, update.Severity = nil, &severity
			}
			if in.Body.Status != nil {
				status := support.Status(*in.Body.Status)
				update.Status = &status
			}
			if _, err := s.Cases.Change(ctx, by, in.OrgID, in.TicketID, update); err != nil {
				return nil, err
			}
			return s.ticket(ctx, by, in.ID)
		}).Using(grant.On(grant.Core, grant.Check, grant.Delete, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Attachments, grant.Link))
}

type uploadInput struct {
	ID
	uploads.Upload
}

// comment adds a comment, with or without files.
func comment(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "tickets.comment", Method: http.MethodPost, Path: "/orgs/{org_id}/tickets/{ticket_id}/comments",
		Summary: "Comment on a ticket", Description: "As a JSON document, or with attachments as form data.",
		MaxBody: uploads.MaxUpload, Body: cases.CommentBody(),
	}, func(ctx context.Context, in *uploadInput) (*ticketOutput, error) {
		by := endpoint.Principal(ctx)
		update, err := s.CaseHandlers.NewComment(ctx, in.caseID(), &in.Upload)
		if err == nil {
			_, _, err = s.Cases.AddComment(ctx, by, in.OrgID, in.TicketID, update)
		}
		if err != nil {
			return nil, s.CaseHandlers.Discard(ctx, update.Files, err)
		}
		return s.ticket(ctx, by, in.ID)
	}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Delete, grant.Query, grant.Get, grant.Put),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Attachments, grant.Delete, grant.Store, grant.Link))
}

// attach attaches a file to a ticket.
func attach(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "tickets.attach", Method: http.MethodPost, Path: "/orgs/{org_id}/tickets/{ticket_id}/attachments",
		Summary: "Attach a file to a ticket", MaxBody: uploads.MaxUpload, Body: cases.AttachBody(),
	}, func(ctx context.Context, in *uploadInput) (*endpoint.Empty, error) {
		_, err := s.CaseHandlers.Attach(ctx, in.caseID(), &in.Upload)
		return &endpoint.Empty{}, err
	}).Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Attachments, grant.Delete, grant.Store))
}

type attachmentInput struct {
	ID
	AttachmentID string `path:"attachment_id" format:"uuid"`
}

type attachmentOutput struct {
	Body struct {
		ContentURL string `json:"content_url" doc:"A link to the file, valid for five minutes."`
	}
}

// getAttachment returns a link to an attachment's content.
func getAttachment(s Services) endpoint.Endpoint {
	return endpoint.Get("tickets.get_attachment", "/orgs/{org_id}/tickets/{ticket_id}/attachments/{attachment_id}",
		"Get a link to an attachment of a ticket",
		func(ctx context.Context, in *attachmentInput) (*attachmentOutput, error) {
			file, err := s.Cases.File(ctx, endpoint.Principal(ctx), in.OrgID, in.TicketID, in.AttachmentID)
			if err != nil {
				return nil, err
			}
			out := &attachmentOutput{}
			out.Body.ContentURL, err = s.CaseHandlers.Links.Link(ctx, file.BlobKey, file.Name, file.ContentType,
				uploads.LinkValid)
			return out, err
		}).
		Using(grant.On(grant.Audit, grant.Put), grant.On(grant.Attachments, grant.Link))
}

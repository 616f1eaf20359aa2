package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// ID names a case in the path.
type ID struct {
	OrgID  string `path:"org_id" format:"uuid"`
	CaseID string `path:"case_id" format:"uuid"`
}

// Detail is a case with all that belongs to it.
type Detail struct {
	Case
	Description  string       `json:"description"`
	Comments     []Comment    `json:"comments" doc:"The latest hundred, oldest first."`
	MoreComments bool         `json:"more_comments,omitempty" doc:"Set where there are older comments than these; …/comments lists them all."`
	Attachments  []Attachment `json:"attachments" doc:"The latest hundred, oldest first; those of comments too."`
	History      []Change     `json:"history" doc:"The latest hundred changes of fields, oldest first."`
}

type detailOutput struct {
	Body Detail
}

// read reads a case with its comments, attachments and history.
func read(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get", "/orgs/{org_id}/cases/{case_id}", "Read a case with its comments, attachments and history",
		func(ctx context.Context, in *ID) (*detailOutput, error) {
			found, err := s.Cases.Detail(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			if err != nil {
				return nil, err
			}
			return &detailOutput{Body: detailOf(found)}, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// DetailOf shapes a case with all that belongs to it.
func DetailOf(d support.Detail) Detail { return detailOf(d) }

func detailOf(d support.Detail) Detail {
	shown := Detail{
		Case: caseOf(d.Case), Description: d.Description, MoreComments: d.MoreComments,
		Comments: []Comment{}, Attachments: []Attachment{}, History: []Change{},
	}
	for _, c := range d.Comments {
		shown.Comments = append(shown.Comments, commentOf(c))
	}
	for _, f := range d.Files {
		shown.Attachments = append(shown.Attachments, attachmentOf(f))
	}
	for _, h := range d.History {
		shown.History = append(shown.History, changeOf(h))
	}
	return shown
}

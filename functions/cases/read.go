package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// ID identifies a case in the path.
type ID struct {
	OrgID  string `path:"org_id" format:"uuid"`
	CaseID string `path:"case_id" format:"uuid"`
}

// Detail is a case with everything that belongs to it.
type Detail struct {
	Case
	Description  string       `json:"description"`
	Comments     []Comment    `json:"comments" doc:"The latest hundred, oldest first."`
	MoreComments bool         `json:"more_comments,omitempty" doc:"Set if there are older comments; …/comments lists them all."`
	Attachments  []Attachment `json:"attachments" doc:"The latest hundred, oldest first; those of comments too."`
	History      []Change     `json:"history" doc:"The latest hundred changes of fields, oldest first."`
	MergedCases  []MergedCase `json:"merged_cases,omitempty" doc:"The cases that were merged into this one, with their conversations; at most ten, links lead to all."`
}

// MergedCase is the conversation of a case that was merged into another.
type MergedCase struct {
	CaseID       string       `json:"case_id" doc:"The case that has its comments and attachments: …/cases/{case_id}."`
	CaseNumber   int64        `json:"case_number"`
	Subject      string       `json:"subject"`
	Requester    string       `json:"requester"`
	CreatedAt    int64        `json:"created_at" doc:"Epoch seconds."`
	Description  string       `json:"description"`
	Comments     []Comment    `json:"comments" doc:"The latest hundred, oldest first."`
	MoreComments bool         `json:"more_comments,omitempty" doc:"Set if there are older comments."`
	Attachments  []Attachment `json:"attachments" doc:"The latest hundred, oldest first."`
}

type detailOutput struct {
	Body Detail
}

// get reads a case with its comments, attachments and history.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get", "/orgs/{org_id}/cases/{case_id}", "Read a case with its comments, attachments and history",
		func(ctx context.Context, in *ID) (*detailOutput, error) {
			detail, err := s.Cases.Detail(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			if err != nil {
				return nil, err
			}
			return &detailOutput{Body: detailOf(detail)}, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// DetailOf converts a case with everything that belongs to it.
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
	for _, merged := range d.Merged {
		inner := detailOf(merged)
		shown.MergedCases = append(shown.MergedCases, MergedCase{
			CaseID: inner.ID, CaseNumber: inner.CaseNumber, Subject: inner.Subject, Requester: inner.Requester,
			CreatedAt: inner.CreatedAt, Description: inner.Description, Comments: inner.Comments,
			MoreComments: inner.MoreComments, Attachments: inner.Attachments,
		})
	}
	return shown
}

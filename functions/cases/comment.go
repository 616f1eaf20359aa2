package cases

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
)

type commentInput struct {
	ID
	uploads.Upload
}

type commentOutput struct {
	Body Comment
}

// CommentBody describes the body of a call that adds a comment. The handler reads the body itself.
func CommentBody() *huma.RequestBody {
	text := &huma.Schema{Type: huma.TypeString, Description: "The text, at most 65,536 characters. With files it may be absent: they are named then."}
	internal := &huma.Schema{Type: huma.TypeBoolean, Description: "An internal note, visible to the provider's staff only."}
	answer := &huma.Schema{
		Type:        huma.TypeString,
		Description: "Agents only: the id of a prepared answer to use instead of comment.",
	}
	status := &huma.Schema{Type: huma.TypeString, Description: "The new status of the case."}
	file := &huma.Schema{
		Type:        huma.TypeArray,
		Items:       &huma.Schema{Type: huma.TypeString, Format: "binary"},
		Description: "Attachments, at most 20 of at most 25 MiB each.",
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": uploads.Schema(
			map[string]*huma.Schema{"comment": text, "internal": internal, "answer_id": answer, "status": status},
		),
		"multipart/form-data": uploads.Schema(
			map[string]*huma.Schema{
				"comment":   text,
				"internal":  internal,
				"answer_id": answer,
				"status":    status,
				"file":      file,
			},
		),
	}}
}

// comment adds a comment, optionally with files.
func comment(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:        "cases.comment",
		Method:      http.MethodPost,
		Path:        "/orgs/{org_id}/cases/{case_id}/comments",
		Summary:     "Comment on a case",
		Description: "As a JSON document, or with attachments as form data. A customer's comment reopens a pending, solved or closed case.",
		MaxBody:     uploads.MaxUpload,
		Body:        CommentBody(),
	}, func(ctx context.Context, in *commentInput) (*commentOutput, error) {
		request, err := s.NewComment(ctx, in.ID, &in.Upload)
		if err != nil {
			return nil, s.Discard(ctx, request.Files, err)
		}
		_, created, err := s.Cases.AddComment(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, request)
		if err != nil {
			return nil, s.Discard(ctx, request.Files, err)
		}
		return &commentOutput{Body: commentOf(created)}, nil
	}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Delete, grant.Get, grant.Put),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Attachments, grant.Delete, grant.Store))
}

// NewComment reads a comment from a JSON body or a form.
func (s Services) NewComment(ctx context.Context, of ID, upload *uploads.Upload) (support.NewComment, error) {
	if upload.IsJSON() {
		var body struct {
			Comment  string `json:"comment"`
			Internal bool   `json:"internal"`
			AnswerID string `json:"answer_id"`
			Status   string `json:"status"`
		}
		err := upload.Decode(&body)
		return support.NewComment{
			Text:     body.Comment,
			Internal: body.Internal,
			AnswerID: body.AnswerID,
			Status:   support.Status(body.Status),
		}, err
	}
	read, err := s.Form(of, "comment", "internal", "answer_id", "status").Read(ctx, upload)
	request := support.NewComment{
		Text:     uploads.Unquote(read.Texts["comment"]),
		AnswerID: uploads.Unquote(read.Texts["answer_id"]),
		Status:   support.Status(uploads.Unquote(read.Texts["status"])),
		Files:    read.Files,
	}
	if err != nil {
		return request, err
	}
	switch uploads.Unquote(read.Texts["internal"]) {
	case "", "false", "False":
	case "true", "True":
		request.Internal = true
	default:
		return request, fault.InField("body.internal", "must be true or false")
	}
	return request, nil
}

type commentsInput struct {
	ID
	endpoint.Cursor
}

type commentsOutput struct {
	Body struct {
		Limit   int       `json:"limit"`
		Results []Comment `json:"results" doc:"The newest first. A page can be shorter than limit."`
		Next    string    `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// listComments lists all comments of a case.
func listComments(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list_comments", "/orgs/{org_id}/cases/{case_id}/comments", "List a case's comments, newest first",
		func(ctx context.Context, in *commentsInput) (*commentsOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Cases.Comments(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &commentsOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]Comment, 0, len(page.Comments))
			for _, c := range page.Comments {
				out.Body.Results = append(out.Body.Results, commentOf(c))
			}
			out.Body.Next = endpoint.Next(ctx, page.Next)
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// CommentID identifies a comment in the path.
type CommentID struct {
	ID
	CommentID string `path:"comment_id" format:"uuid"`
}

type wholeOutput struct {
	Body struct {
		Comment
		Whole string `json:"whole" doc:"The full text, including what was cut off."`
	}
}

// getComment reads one comment with its full text.
func getComment(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_comment", "/orgs/{org_id}/cases/{case_id}/comments/{comment_id}", "Read a comment with its full text",
		func(ctx context.Context, in *CommentID) (*wholeOutput, error) {
			comment, whole, err := s.Cases.Comment(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.CommentID)
			if err != nil {
				return nil, err
			}
			out := &wholeOutput{}
			out.Body.Comment, out.Body.Whole = commentOf(comment), whole
			return out, nil
		}).
		Using(grant.On(grant.Audit, grant.Put))
}

type linkOutput struct {
	Body struct {
		ContentURL string `json:"content_url" doc:"Where the file can be fetched, for five minutes."`
	}
}

// getRequest returns a link to the raw mail that opened a case, for agents.
func getRequest(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_request", "/orgs/{org_id}/cases/{case_id}/mail", "Get the raw mail that opened a case (agents)",
		func(ctx context.Context, in *ID) (*linkOutput, error) {
			key, err := s.Cases.RawRequest(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			if err != nil {
				return nil, err
			}
			out := &linkOutput{}
			out.Body.ContentURL, err = s.Links.Link(ctx, key, in.CaseID+".eml", "message/rfc822", uploads.LinkValid)
			return out, err
		}).
		Using(grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Link))
}

// getMail returns a link to the raw mail of a comment, for agents.
func getMail(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_mail", "/orgs/{org_id}/cases/{case_id}/comments/{comment_id}/mail", "Get the raw mail of a comment (agents)",
		func(ctx context.Context, in *CommentID) (*linkOutput, error) {
			key, err := s.Cases.RawMail(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.CommentID)
			if err != nil {
				return nil, err
			}
			out := &linkOutput{}
			out.Body.ContentURL, err = s.Links.Link(ctx, key, in.CommentID+".eml", "message/rfc822", uploads.LinkValid)
			return out, err
		}).
		Using(grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Link))
}

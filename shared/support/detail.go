package support

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

// DetailPage is the number of comments, files and changes that a case is shown with; Comments
// returns older comments.
const DetailPage = 100

// detailBytes limits the total size of the comments shown with a case: a response of an AWS
// function is at most 6 MB, and one letter can take up to twelve bytes.
const detailBytes = 512 << 10

// Detail is a case with everything that belongs to it.
type Detail struct {
	Case
	Description string
	// Comments are the latest comments, oldest first; MoreComments is set if there are older ones.
	Comments     []Comment
	MoreComments bool
	// History are the latest changes, oldest first.
	History []HistoryEntry
	Files   []attachment.File
}

// Detail reads a case with its comments, history and attachments, in four concurrent requests.
// Nothing is returned before the privilege is checked.
func (s *Service) Detail(ctx context.Context, by identity.Principal, orgID, caseID string) (Detail, error) {
	var (
		opened                   Opened
		text                     []table.Item
		comments, files, changes table.Page
	)
	partition := CasePartition(orgID, caseID)
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		opened, text, err = s.Open(groupCtx, by, orgID, caseID, identity.SeeCases, DescriptionSort)
		return err
	})
	for prefix, page := range map[string]*table.Page{CommentSort: &comments, FileSort: &files, HistorySort: &changes} {
		group.Go(func() (err error) {
			query := table.WithPrefix(table.Core, partition, prefix)
			query.Limit, query.Descending = DetailPage, true
			*page, err = s.journal.Query(groupCtx, query)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Detail{}, err
	}
	comments.Items, comments.Next = fitting(comments)
	detail := Detail{Case: View(by, opened.Place, opened.Case), MoreComments: comments.Next != ""}
	var first Description
	err := change.Decode(text[0], &first)
	detail.Description = first.Text
	var errs [3]error
	detail.Comments, errs[0] = seen(comments, opened.Agent, commentSeen)
	detail.Files, errs[1] = seen(files, opened.Agent, fileSeen)
	detail.History, errs[2] = seen(changes, opened.Agent, historySeen)
	slices.Reverse(detail.Comments)
	slices.Reverse(detail.Files)
	slices.Reverse(detail.History)
	return detail, errors.Join(err, errs[0], errs[1], errs[2])
}

// fitting returns the leading items of a page that fit in detailBytes, and the cursor to continue
// with.
func fitting(page table.Page) ([]table.Item, string) {
	length := 0
	for i, item := range page.Items {
		if length += len(item.Data); i > 0 && length > detailBytes {
			return page.Items[:i], page.Items[i-1].Sort
		}
	}
	return page.Items, page.Next
}

// seen decodes a page and returns what the reader may see of it.
func seen[T any](page table.Page, agent bool, show func(*T, bool) bool) ([]T, error) {
	values := make([]T, 0, len(page.Items))
	for _, item := range page.Items {
		var value T
		if err := change.Decode(item, &value); err != nil {
			return nil, err
		}
		if show(&value, agent) {
			values = append(values, value)
		}
	}
	return values, nil
}

func commentSeen(c *Comment, agent bool) bool {
	if !agent {
		*c = c.forCustomer()
	}
	return agent || !c.Internal
}

func fileSeen(f *attachment.File, agent bool) bool { return agent || !f.Internal }

func historySeen(h *HistoryEntry, agent bool) bool {
	if agent {
		return true
	}
	h.Author = h.Author.forCustomer()
	if _, inner := h.Fields[returnField]; inner {
		h.Fields = WithoutInternal(h.Fields)
		return !h.Internal && len(h.Fields) > 0
	}
	return !h.Internal
}

// CommentPage is a page of a case's comments, newest first.
type CommentPage struct {
	Comments []Comment
	// Next continues the list; "" at its end.
	Next string
}

// Comments lists the comments of a case. A page may be shorter than limit, even empty, if it has
// internal notes that the reader may not see.
func (s *Service) Comments(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	limit int,
	after string,
) (CommentPage, error) {
	if uuid.Validate(orgID) != nil || uuid.Validate(caseID) != nil {
		return CommentPage{}, fault.Missing()
	}
	query := table.WithPrefix(table.Core, CasePartition(orgID, caseID), CommentSort)
	query.Limit, query.Descending, query.After = limit, true, after
	var opened Opened
	page, err := s.queryWhile(ctx, query, func(ctx context.Context) (err error) {
		opened, _, err = s.Open(ctx, by, orgID, caseID, identity.SeeCases)
		return err
	})
	if err != nil {
		return CommentPage{}, err
	}
	comments, err := seen(page, opened.Agent, commentSeen)
	return CommentPage{Comments: comments, Next: page.Next}, err
}

// Comment reads one comment, and the full text of its mail if the comment is a part of it.
func (s *Service) Comment(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, commentID string,
) (Comment, string, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.SeeCases, CommentSort+commentID, wholeSort+commentID)
	if err != nil {
		return Comment{}, "", err
	}
	if items[0].Version == 0 {
		return Comment{}, "", fault.Missing()
	}
	var comment Comment
	if err := change.Decode(items[0], &comment); err != nil {
		return Comment{}, "", err
	}
	if !commentSeen(&comment, opened.Agent) {
		return Comment{}, "", fault.Missing()
	}
	if items[1].Version == 0 {
		return comment, comment.Text, nil
	}
	var whole wholeText
	err = change.Decode(items[1], &whole)
	return comment, whole.Text, err
}

// RawRequest returns where the raw mail that opened a case is stored; for agents.
func (s *Service) RawRequest(ctx context.Context, by identity.Principal, orgID, caseID string) (string, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases, DescriptionSort)
	if err != nil {
		return "", err
	}
	var first Description
	if err := change.Decode(items[0], &first); err != nil {
		return "", err
	}
	if first.RawKey == "" || !opened.Agent {
		return "", fault.Missing()
	}
	return first.RawKey, nil
}

// RawMail returns where the raw mail of a comment is stored; for agents, because its headers say
// more than the comment.
func (s *Service) RawMail(ctx context.Context, by identity.Principal, orgID, caseID, commentID string) (string, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases, CommentSort+commentID)
	if err != nil {
		return "", err
	}
	if items[0].Version == 0 || !opened.Agent {
		return "", fault.Missing()
	}
	var comment Comment
	if err := change.Decode(items[0], &comment); err != nil {
		return "", err
	}
	if comment.RawKey == "" {
		return "", fault.Missing()
	}
	return comment.RawKey, nil
}

// OpenRawMail opens the raw mail of a comment, for principals who may call RawMail. The caller
// closes it.
func (s *Service) OpenRawMail(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, commentID string,
) (io.ReadCloser, error) {
	key, err := s.RawMail(ctx, by, orgID, caseID, commentID)
	if err != nil {
		return nil, err
	}
	raw, err := s.files.Open(ctx, key)
	if errors.Is(err, blob.ErrAbsent) {
		return nil, fault.Missing()
	}
	return raw, err
}

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

// DetailPage is how many comments, files and changes a case is shown with; older comments are read
// by Comments.
const DetailPage = 100

// detailBytes is how long the comments of a case are at the most that are shown with it: an answer
// of a function on AWS has 6 MB, in which some letters take twelve.
const detailBytes = 512 << 10

// Detail is a case with all that belongs to it.
type Detail struct {
	Case
	Description string
	// Comments are the latest, oldest first; MoreComments is set where there are older ones.
	Comments     []Comment
	MoreComments bool
	// History is the latest changes, oldest first.
	History []HistoryEntry
	Files   []attachment.File
}

// Detail reads a case with its comments, history and attachments: four requests at once. The
// privilege is checked before anything of it is given out.
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

// fitting gives the first items of a page that are not too long together, and what the page then
// goes on with.
func fitting(page table.Page) ([]table.Item, string) {
	length := 0
	for i, item := range page.Items {
		if length += len(item.Data); i > 0 && length > detailBytes {
			return page.Items[:i], page.Items[i-1].Sort
		}
	}
	return page.Items, page.Next
}

// seen decodes a page and leaves what the reader may see, as the reader may see it.
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

// CommentPage is a page of a case's comments, the newest first.
type CommentPage struct {
	Comments []Comment
	// Next continues the list; "" at its end.
	Next string
}

// Comments lists a case's comments. A page may be shorter than limit, even empty, where notes are
// left out that the reader may not see.
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

// Comment reads one comment, and all of its mail's text where the comment is a part of it.
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

// RawRequest gives where the raw mail lies that opened a case; for agents.
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

// RawMail gives where the raw mail lies that a comment came by; for agents, as its headers tell
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

// OpenRawMail opens the raw mail that a comment came by, for those to whom RawMail tells where it
// lies. The caller closes it.
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

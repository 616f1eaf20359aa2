package support

import (
	"context"
	"errors"
	"io"
	"math"
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
// function is at most 6 MB, and encoding one character can take up to twelve bytes.
const detailBytes = 512 << 10

// Detail is a case with everything that belongs to it.
type Detail struct {
	Case
	Description string
	// Comments are the latest comments that the reader may see, oldest first; MoreComments is set
	// if there are older ones.
	Comments     []Comment
	MoreComments bool
	// History are the latest changes, oldest first.
	History []HistoryEntry
	Files   []attachment.File
	// Merged are the cases that were merged into this one, directly or indirectly, with their texts
	// and files but without their histories; at most maxMerged.
	Merged []Detail
}

// Detail reads a case with its latest comments, history and attachments, in four concurrent
// requests, or more if much of it is hidden from the reader. It returns nothing before the
// permission is checked.
func (s *Service) Detail(ctx context.Context, by identity.Principal, orgID, caseID string) (Detail, error) {
	detail, opened, err := s.detail(
		ctx, by, orgID, caseID, extent{comments: DetailPage, files: DetailPage, bytes: detailBytes})
	if err != nil {
		return Detail{}, err
	}
	detail.Merged, err = s.mergedInto(ctx, by, opened)
	return detail, err
}

// Whole reads a case like Detail, but with all comments and attachments, and without merged cases.
func (s *Service) Whole(ctx context.Context, by identity.Principal, orgID, caseID string) (Detail, error) {
	detail, _, err := s.detail(
		ctx, by, orgID, caseID, extent{comments: maxComments, files: MaxFiles, bytes: math.MaxInt})
	return detail, err
}

// extent is how much of a case to read.
type extent struct{ comments, files, bytes int }

func (s *Service) detail(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	most extent,
) (Detail, Opened, error) {
	var (
		opened                   Opened
		text                     []table.Item
		comments, files, changes table.Page
	)
	partition := CasePartition(orgID, caseID)
	reading := func(prefix string, limit int) table.Query {
		query := table.WithPrefix(table.Core, partition, prefix)
		query.Limit, query.Descending = min(limit+1, table.MaxPage), true
		return query
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		opened, text, err = s.Open(groupCtx, by, orgID, caseID, identity.SeeCases, DescriptionSort)
		return err
	})
	queries := map[string]table.Query{
		CommentSort: reading(CommentSort, most.comments), FileSort: reading(FileSort, most.files),
		HistorySort: reading(HistorySort, DetailPage),
	}
	for prefix, page := range map[string]*table.Page{CommentSort: &comments, FileSort: &files, HistorySort: &changes} {
		group.Go(func() (err error) {
			*page, err = s.journal.Query(groupCtx, queries[prefix])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Detail{}, opened, err
	}
	detail := Detail{Case: View(by, opened.Place, opened.Case)}
	var first Description
	err := change.Decode(text[0], &first)
	detail.Description = first.Text
	var next string
	var errs [3]error
	detail.Comments, next, errs[0] = visible(
		ctx, s, queries[CommentSort], comments, room{most.comments, most.bytes}, opened.Reader.comment)
	detail.Files, _, errs[1] = visible(
		ctx, s, queries[FileSort], files, room{most.files, math.MaxInt}, opened.Reader.file)
	detail.History, _, errs[2] = visible(
		ctx, s, queries[HistorySort], changes, room{DetailPage, math.MaxInt},
		func(h *HistoryEntry) bool { return opened.Reader.history(h, opened.Case) })
	detail.MoreComments = next != ""
	slices.Reverse(detail.Comments)
	slices.Reverse(detail.Files)
	slices.Reverse(detail.History)
	return detail, opened, errors.Join(err, errs[0], errs[1], errs[2])
}

// room is the maximum size of a list: entries, and bytes as stored.
type room struct{ entries, bytes int }

// visible decodes a list whose first page was read, and returns the entries that the reader may
// see, as many as there is room for. It reads further pages if hidden entries leave room, so that
// they never displace visible ones. It returns the cursor to continue with, "" if there are no
// further visible entries.
func visible[T any](
	ctx context.Context,
	s *Service,
	query table.Query,
	page table.Page,
	room room,
	show func(*T) bool,
) (values []T, next string, err error) {
	values = make([]T, 0, min(len(page.Items), room.entries))
	length, last := 0, ""
	for {
		for _, item := range page.Items {
			var value T
			if err := change.Decode(item, &value); err != nil {
				return nil, "", err
			}
			if !show(&value) {
				continue
			}
			if len(values) == room.entries || len(values) > 0 && length+len(item.Data) > room.bytes {
				return values, last, nil
			}
			values = append(values, value)
			length += len(item.Data)
			last = item.Sort
		}
		if page.Next == "" {
			return values, "", nil
		}
		query.After, query.Limit = page.Next, table.MaxPage
		if page, err = s.journal.Query(ctx, query); err != nil {
			return nil, "", err
		}
	}
}

// file reports whether the reader sees a file.
func (r Reader) file(f *attachment.File) bool { return r.Agent || !f.Internal }

func historySeen(h *HistoryEntry, agent bool) bool {
	if agent {
		return true
	}
	h.Author = h.Author.forCustomer()
	if shown := WithoutInternal(h.Fields); len(shown) < len(h.Fields) {
		h.Fields = shown
		return !h.Internal && len(shown) > 0
	}
	return !h.Internal
}

// CommentPage is a page of a case's comments, newest first.
type CommentPage struct {
	Comments []Comment
	// Next is the cursor of the next page; "" at the end of the list.
	Next string
}

// Comments lists the comments of a case that the reader may see, newest first.
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
	query.Limit, query.Descending, query.After = min(limit+1, table.MaxPage), true, after
	var opened Opened
	page, err := s.queryWhile(ctx, query, func(ctx context.Context) (err error) {
		opened, _, err = s.Open(ctx, by, orgID, caseID, identity.SeeCases)
		return err
	})
	if err != nil {
		return CommentPage{}, err
	}
	comments, next, err := visible(ctx, s, query, page, room{limit, math.MaxInt}, opened.Reader.comment)
	return CommentPage{Comments: comments, Next: next}, err
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
	if !opened.Reader.comment(&comment) {
		return Comment{}, "", fault.Missing()
	}
	if items[1].Version == 0 {
		return comment, comment.Text, nil
	}
	var whole wholeText
	err = change.Decode(items[1], &whole)
	return comment, whole.Text, err
}

// RawRequest returns the storage key of the raw mail that opened a case; for agents.
func (s *Service) RawRequest(ctx context.Context, by identity.Principal, orgID, caseID string) (string, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases, DescriptionSort)
	if err != nil {
		return "", err
	}
	if err := by.CheckRawMail(opened.Place); err != nil {
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

// RawMail returns the storage key of the raw mail of a comment; for agents, because its headers
// reveal more than the comment.
func (s *Service) RawMail(ctx context.Context, by identity.Principal, orgID, caseID, commentID string) (string, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases, CommentSort+commentID)
	if err != nil {
		return "", err
	}
	if items[0].Version == 0 || !opened.Agent {
		return "", fault.Missing()
	}
	if err := by.CheckRawMail(opened.Place); err != nil {
		return "", err
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

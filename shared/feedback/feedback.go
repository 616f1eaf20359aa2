// Package feedback keeps what people say about the pages of the guide, for the operators of the
// platform.
package feedback

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys, in the core table:
//
//	FEEDBACK         PAGE#<page>            how many people found a page helpful
//	FEEDBACK#<page>  ENTRY#<id>             what somebody said; expires
//	USER#<id>        FEEDBACK#DAY#<day>     how often a person said something on a day; expires
const (
	pagesPartition = "FEEDBACK"
	pageSort       = "PAGE#"
	entrySort      = "ENTRY#"
)

const (
	// maxPage and maxText are the maximum numbers of characters of the path of a page and of a text.
	maxPage, maxText = 100, 800
	// maxDaily is how often a person can say something in a day.
	maxDaily = 10
	// entryLife is how long what was said is kept; the counts stay.
	entryLife = 400 * 24 * time.Hour
	// retries is how often the count of a page is tried again after a lost race.
	retries = 8
)

// pagePath is the path of a page of the guide.
var pagePath = regexp.MustCompile(`^[a-z0-9/_.-]+$`)

// Given is what somebody says about a page.
type Given struct {
	// Page is the path of the page of the guide.
	Page    string
	Helpful bool
	Text    string
	// MayAnswer is set if operators may know who it was, to answer.
	MayAnswer bool
}

// Entry is what somebody said about a page, as stored.
type Entry struct {
	ID      string `json:"id"`
	Helpful bool   `json:"helpful"`
	Text    string `json:"text,omitempty"`
	// Name and Email are those of the person; empty unless they may be answered.
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	// Created is in epoch seconds.
	Created int64 `json:"created_time"`
}

// Page is a page of the guide that somebody said something about.
type Page struct {
	Page string `json:"page"`
	// Helpful and Unhelpful are how many found it helpful, or not.
	Helpful   int64 `json:"helpful"`
	Unhelpful int64 `json:"unhelpful"`
	// Latest is when somebody last said something, in epoch seconds.
	Latest int64 `json:"latest_time"`
}

// Service keeps the feedback. It is safe for concurrent use.
type Service struct{ journal *change.Journal }

// New returns the service for a journal.
func New(journal *change.Journal) *Service { return &Service{journal: journal} }

// check returns a fault of code Invalid if the feedback breaks a rule.
func (g Given) check() error {
	if len(g.Page) > maxPage || !pagePath.MatchString(g.Page) {
		return fault.InField("page", "must be the path of a page of the guide: 1 to %d lower-case letters, digits, "+
			"slashes, dots, hyphens and underscores", maxPage)
	}
	return identity.CheckParagraphs("text", g.Text, 0, maxText)
}

// Give stores what the principal says about a page. It returns a fault of code Limited after ten times
// in a day.
func (s *Service) Give(ctx context.Context, by identity.Principal, given Given) error {
	if err := given.check(); err != nil {
		return err
	}
	pageKey := table.Key{Partition: pagesPartition, Sort: pageSort + given.Page}
	for range retries {
		err := s.give(ctx, by, given, pageKey)
		if !table.ConflictAt(err, pageKey) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "Others are giving feedback on the page. Try again.")
}

func (s *Service) give(ctx context.Context, by identity.Principal, given Given, pageKey table.Key) error {
	now := s.journal.Now()
	page := Page{Page: given.Page}
	version, err := s.journal.Get(ctx, pageKey, &page)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return err
	}
	page.Latest = now.Unix()
	if given.Helpful {
		page.Helpful++
	} else {
		page.Unhelpful++
	}
	counted, err := change.Encode(pageKey, page)
	if err != nil {
		return err
	}
	count := table.Create(counted)
	if counted.Version = version; version > 0 {
		count = table.Update(counted)
	}
	entry := Entry{ID: s.journal.NewID(), Helpful: given.Helpful, Text: given.Text, Created: now.Unix()}
	if given.MayAnswer {
		entry.Name, entry.Email = by.Name(), by.Email
	}
	item, err := change.Encode(table.Key{Partition: entriesOf(given.Page), Sort: entrySort + entry.ID}, entry)
	if err != nil {
		return err
	}
	item.Expires = now.Add(entryLife).Unix()
	day := table.Key{Partition: "USER#" + by.UserID, Sort: "FEEDBACK#DAY#" + now.Format(time.DateOnly)}
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.create_feedback", Message: "Gave feedback on a page of the guide",
		UserLog: by.UserID, Target: "user:" + by.UserID,
		Writes: []table.Write{
			table.Create(item), count, table.Add(day, 1, maxDaily, now.Add(48*time.Hour).Unix()),
		},
	})
	if table.ConflictAt(err, day) {
		limited := fault.New(fault.Limited, "You gave feedback %d times today. Try again tomorrow.", maxDaily)
		limited.RetryAfter = now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
		return limited
	}
	return err
}

func entriesOf(page string) string { return pagesPartition + "#" + page }

// Pages lists the pages that somebody said something about, by their paths, with the cursor of the
// next ones; "" at the end. It is for operators.
func (s *Service) Pages(ctx context.Context, by identity.Principal, limit int, after string) ([]Page, string, error) {
	return list[Page](ctx, s, by, table.WithPrefix(table.Core, pagesPartition, pageSort), limit, after)
}

// Entries lists what was said about a page, the latest first, with the cursor of the next; "" at the
// end. It is for operators.
func (s *Service) Entries(
	ctx context.Context, by identity.Principal, page string, limit int, after string,
) ([]Entry, string, error) {
	query := table.WithPrefix(table.Core, entriesOf(page), entrySort)
	query.Descending = true
	return list[Entry](ctx, s, by, query, limit, after)
}

func list[T any](
	ctx context.Context, s *Service, by identity.Principal, query table.Query, limit int, after string,
) ([]T, string, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, "", err
	}
	query.Limit, query.After = limit, after
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return nil, "", err
	}
	listed, err := change.DecodePage[T](page)
	return listed, page.Next, err
}

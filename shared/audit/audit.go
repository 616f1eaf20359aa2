// Package audit searches the audit log by scope, time, person and text. It writes nothing:
// shared/change writes each entry along with its change, and nothing changes or deletes entries.
package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// MaxWindow is the longest time range of one search.
	MaxWindow = 400 * 24 * time.Hour
	// readAtMost is how many entries one call reads; a search that has not filled its page by then
	// returns what it has, and a cursor to continue.
	readAtMost = 2000
	readPage   = 500
)

// Search selects entries.
type Search struct {
	// Start and End limit the time: from Start (inclusive) to End (exclusive).
	Start, End time.Time
	// Admin is a part of the person's name or address, Message a part of the message; both ignore
	// case.
	Admin, Message string
	// OrgID selects the entries of one organization in an MSP's log.
	OrgID string
	// SiteID selects the entries of one site. There are none: nothing concerns a site yet.
	SiteID string
	// OldestFirst turns the order around.
	OldestFirst bool
	// Limit is the maximum number of entries on a page; After is the Next of the previous page.
	Limit int
	After string
	// customer is set if the reader is a customer: customers see neither the addresses of the
	// provider's people nor internal entries.
	customer bool
	// noCases is set if the reader may not see cases: entries about cases then show only that
	// something happened.
	noCases bool
	// withheld has the organizations of an MSP that do not let the reader see their cases.
	withheld map[string]int64
}

// Page is a page of a log, newest first unless the search asks for the oldest.
type Page struct {
	Entries []change.Entry
	// Next continues the search; "" once the whole range was searched.
	Next string
}

// Log reads the audit log. It is safe for concurrent use.
type Log struct{ journal *change.Journal }

// NewLog returns the service for a journal.
func NewLog(journal *change.Journal) *Log { return &Log{journal: journal} }

// At searches the log of an MSP or organization.
func (l *Log) At(ctx context.Context, by identity.Principal, place identity.Place, search Search) (Page, error) {
	if err := by.Check(identity.SeeAudit, place); err != nil {
		return Page{}, err
	}
	if err := search.check(); err != nil {
		return Page{}, err
	}
	search.customer, search.noCases = !by.ForProvider(place), !by.May(identity.SeeCases, place)
	if place.Scope == identity.MSPScope {
		var err error
		if search.withheld, err = identity.Withheld(ctx, l.journal, by, place.MSPID, identity.SeeCases); err != nil {
			return Page{}, err
		}
	}
	return l.read(ctx, place.Partition(), search)
}

// Own searches what the principal did and what was done to their account.
func (l *Log) Own(ctx context.Context, by identity.Principal, search Search) (Page, error) {
	if err := search.check(); err != nil {
		return Page{}, err
	}
	return l.read(ctx, change.AuditPartition("USER", by.UserID), search)
}

// Platform searches the platform's log, which has a partition per month, for operators.
func (l *Log) Platform(ctx context.Context, by identity.Principal, search Search) (Page, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Page{}, err
	}
	if err := search.check(); err != nil {
		return Page{}, err
	}
	var result Page
	month := search.End.Add(-time.Microsecond).UTC()
	if search.After != "" {
		var micros int64
		if _, err := fmt.Sscanf(search.After, "%016d", &micros); err != nil {
			return Page{}, fault.InField("search_after", "is not a cursor of this list")
		}
		month = time.UnixMicro(micros).UTC()
	}
	for ; ; month = time.Date(month.Year(), month.Month(), 0, 0, 0, 0, 0, time.UTC) { // the last day of the previous month
		part := search
		part.Limit -= len(result.Entries)
		page, err := l.read(ctx, change.PlatformAudit(month), part)
		if err != nil {
			return Page{}, err
		}
		result.Entries = append(result.Entries, page.Entries...)
		first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
		if page.Next != "" || !search.Start.Before(first) {
			result.Next = page.Next
			return result, nil
		}
		if search.After = ""; len(result.Entries) >= search.Limit {
			result.Next = change.AuditSort(first.UnixMicro(), "") // all entries of earlier months come after this
			return result, nil
		}
	}
}

func (s Search) check() error {
	switch {
	case !s.Start.Before(s.End):
		return fault.InField("start", "must be before end")
	case s.End.Sub(s.Start) > MaxWindow:
		return fault.InField("start", "must be at most %d days before end", int(MaxWindow.Hours()/24))
	}
	return nil
}

// read searches one partition, up to readAtMost entries.
func (l *Log) read(ctx context.Context, partition string, search Search) (Page, error) {
	if search.SiteID != "" {
		return Page{Entries: []change.Entry{}}, nil
	}
	query := table.Query{
		Table: table.Audit, Partition: partition, Descending: !search.OldestFirst, Limit: readPage, After: search.After,
		From: change.AuditSort(search.Start.UnixMicro(), ""), To: change.AuditSort(search.End.UnixMicro(), ""),
	}
	if search.Admin == "" && search.Message == "" && search.OrgID == "" {
		query.Limit = min(search.Limit, readPage)
	}
	page := Page{Entries: []change.Entry{}}
	for looked := 0; looked < readAtMost; {
		stored, err := l.journal.Query(ctx, query)
		if err != nil {
			return Page{}, err
		}
		for i, item := range stored.Items {
			var entry change.Entry
			if err := change.Decode(item, &entry); err != nil {
				return Page{}, err
			}
			if !search.shows(&entry) || !search.matches(entry) {
				continue
			}
			if page.Entries = append(page.Entries, entry); len(page.Entries) == search.Limit {
				if page.Next = item.Sort; i == len(stored.Items)-1 && stored.Next == "" {
					page.Next = ""
				}
				return page, nil
			}
		}
		looked += len(stored.Items)
		query.After, page.Next = stored.Next, stored.Next
		if stored.Next == "" {
			return page, nil
		}
	}
	return page, nil
}

func (s Search) matches(entry change.Entry) bool {
	has := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	return (s.Admin == "" || has(entry.Actor.Name+" "+entry.Actor.Email, s.Admin)) &&
		(s.Message == "" || has(entry.Message, s.Message)) &&
		(s.OrgID == "" || s.OrgID == entry.OrgID)
}

// shows removes what the reader may not see from an entry, and reports whether anything remains.
func (s Search) shows(entry *change.Entry) bool {
	if s.customer && entry.Internal {
		return false
	}
	if s.customer && entry.Actor.Provider {
		entry.Actor.Email, entry.Actor.SourceAddress = "", ""
	}
	_, withheld := s.withheld[entry.OrgID]
	if (s.noCases || withheld) && strings.HasPrefix(entry.Target, "case:") {
		entry.Message, entry.Before, entry.After = "Worked on a case", nil, nil
	}
	return true
}

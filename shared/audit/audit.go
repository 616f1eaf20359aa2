// Package audit searches the audit log by scope, time, person and text. It writes nothing:
// shared/change writes each entry along with its change, and nothing changes or deletes entries until
// they expire. The archive of the log is in shared/audit/archive.
package audit

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const (
	// MaxWindow is the longest time range of one search.
	MaxWindow = change.EntryLife
	// MaxDays is how many days the log goes back, to the midnight at which they begin.
	MaxDays = 60
	// MaxOrgs is how many organizations a search selects at most.
	MaxOrgs = 100
)

// Search selects entries.
type Search struct {
	// Start and End limit the time: from Start (inclusive) to End (exclusive).
	Start, End time.Time
	// Admin is a part of the person's name or address, Message a part of the message; both ignore
	// case.
	Admin, Message string
	// OrgIDs selects the entries of some organizations in an MSP's log; none stands for all.
	OrgIDs []string
	// LogIns selects log-ins, also those that failed.
	LogIns bool
	// Provider selects what was done by people who work for a provider: an MSP or the platform.
	Provider bool
	// SiteID selects the entries of one site. There are none: nothing concerns a site yet.
	SiteID string
	// OldestFirst turns the order around.
	OldestFirst bool
	// Limit is the maximum number of entries on a page; After is the Next of the previous page.
	Limit int
	After string
	// PageNumber is which page to read if there is no After; 0 and 1 are the first.
	PageNumber int
	// customer is set if the reader is a customer: customers see neither the addresses of the
	// provider's people nor internal entries.
	customer bool
	// noCases is set if the reader may not see cases: entries about cases then show only that
	// something happened.
	noCases bool
	// noPeople is set if the reader may not see the administrators: entries about accounts and
	// invitations then show only that something happened.
	noPeople bool
	// withheldCases and withheldPeople have the organizations of an MSP that do not let the reader see
	// their cases, and their administrators.
	withheldCases, withheldPeople map[string]int64
	// reader is the person who reads, and always sees their own address.
	reader string
	// by is the reader as a principal. masked is set if the reader sees the people of the organization
	// masked, and maskedOrgs has the organizations of an MSP where that is so.
	by         identity.Principal
	masked     bool
	maskedOrgs map[string]int64
	// left has the organizations that left an MSP, with when in epoch seconds. What its log got of them
	// since is not shown; what they did before, without the cases and the people.
	left map[string]int64
	// perOrg is set for a log over any organizations: each page of entries is looked up in hidden.
	perOrg bool
	hidden map[string]bool
}

// Page is a page of a log, newest first unless the search asks for the oldest.
type Page struct {
	Entries []change.Entry
	// Next continues the search; "" once the whole range was searched.
	Next string
	// Total is the number of matches on all pages. It is exact up to 10,000; if AtLeast is set, there
	// are as many and may be more. It is 0 only if there is none.
	Total   int
	AtLeast bool
}

// Log reads the audit log. It is safe for concurrent use.
type Log struct {
	journal *change.Journal
	// exactTotal and readAtMost are the constants of these names; tests have smaller ones.
	exactTotal, readAtMost int
}

// NewLog returns the service for a journal.
func NewLog(journal *change.Journal) *Log {
	return &Log{journal: journal, exactTotal: exactTotal, readAtMost: readAtMost}
}

// logInAction is the action of entries about log-ins.
const logInAction = "accounts.login"

// At searches the log of an MSP or organization.
func (l *Log) At(ctx context.Context, by identity.Principal, place identity.Place, search Search) (Page, error) {
	if err := by.Check(identity.SeeAudit, place); err != nil {
		return Page{}, err
	}
	if err := search.check(l.journal.Now()); err != nil {
		return Page{}, err
	}
	search, err := l.seenBy(ctx, search, by, place)
	if err != nil {
		return Page{}, err
	}
	return l.searchIn(ctx, []string{place.Partition()}, search)
}

// seenBy returns a search with what the principal may not see at the place.
func (l *Log) seenBy(
	ctx context.Context, search Search, by identity.Principal, place identity.Place,
) (Search, error) {
	search.customer, search.reader, search.by = !by.ForProvider(place), by.UserID, by
	search.noCases, search.noPeople = !by.May(identity.SeeCases, place), !by.May(identity.SeeAdministrators, place)
	search.masked = !by.May(identity.SeePersonalData, place)
	if place.Scope != identity.MSPScope {
		return search, nil
	}
	withheld, err := identity.WithheldInLog(ctx, l.journal, by, place.MSPID,
		identity.SeeCases, identity.SeeAdministrators, identity.SeePersonalData)
	if err != nil {
		return search, err
	}
	search.withheldCases, search.withheldPeople = withheld[0], withheld[1]
	search.maskedOrgs = withheld[2]
	if search.left, err = identity.LeftSince(ctx, l.journal, place.MSPID); err != nil {
		return search, err
	}
	for orgID, since := range search.left {
		search.withheldCases[orgID], search.withheldPeople[orgID], search.maskedOrgs[orgID] = since, since, since
	}
	return search, nil
}

// Own searches what the principal did and what was done to their account.
func (l *Log) Own(ctx context.Context, by identity.Principal, search Search) (Page, error) {
	if err := search.check(l.journal.Now()); err != nil {
		return Page{}, err
	}
	search.reader, search.by, search.perOrg = by.UserID, by, true
	search.customer = !slices.ContainsFunc(by.Privileges, func(held identity.Privilege) bool {
		return held.Scope != identity.OrgScope
	})
	return l.searchIn(ctx, []string{change.AuditPartition("USER", by.UserID)}, search)
}

// Platform searches the platform's log, which has a partition per month, for operators.
func (l *Log) Platform(ctx context.Context, by identity.Principal, search Search) (Page, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Page{}, err
	}
	if err := search.check(l.journal.Now()); err != nil {
		return Page{}, err
	}
	search.by, search.perOrg = by, true
	partitions, err := months(search)
	if err != nil {
		return Page{}, err
	}
	return l.searchIn(ctx, partitions, search)
}

func (s Search) check(now time.Time) error {
	switch {
	case !s.Start.Before(s.End):
		return fault.InField("start", "must be before end")
	case s.End.Sub(s.Start) > MaxWindow:
		return fault.InField("start", "must be at most %d days before end", int(MaxWindow.Hours()/24))
	case s.Start.Before(now.Add(-MaxWindow)):
		return fault.InField("start", "must be at most %d days ago; what is older is only in the archive", MaxDays)
	case s.PageNumber < 0:
		return fault.InField("page", "must be 1 or more")
	case len(s.OrgIDs) > MaxOrgs:
		return fault.InField("org_ids", "must be at most %d organizations", MaxOrgs)
	}
	for _, id := range s.OrgIDs {
		if uuid.Validate(id) != nil {
			return fault.InField("org_ids", "must be ids of organizations, separated by commas")
		}
	}
	return nil
}

func (s Search) matches(entry change.Entry) bool {
	has := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	return (s.Admin == "" || has(entry.Actor.Name+" "+entry.Actor.Email, s.Admin)) &&
		(s.Message == "" || has(entry.Message, s.Message)) &&
		(len(s.OrgIDs) == 0 || slices.Contains(s.OrgIDs, entry.OrgID)) &&
		(!s.LogIns || entry.Action == logInAction) && (!s.Provider || entry.Actor.Provider)
}

// shows removes what the reader may not see from an entry, and reports whether anything remains.
func (s Search) shows(entry *change.Entry) bool {
	if s.customer && entry.Internal {
		return false
	}
	if since, left := s.left[entry.OrgID]; left && entry.Time >= since*1e6 {
		return false
	}
	if s.customer && entry.Actor.Provider && (s.reader == "" || s.reader != entry.Actor.ID) {
		entry.Actor.Email, entry.Actor.SourceAddress = "", ""
	}
	_, cases := s.withheldCases[entry.OrgID]
	if (s.noCases || cases) && strings.HasPrefix(entry.Target, "case:") {
		entry.Message, entry.Before, entry.After = "Worked on a case", nil, nil
	}
	_, people := s.withheldPeople[entry.OrgID]
	if (s.noPeople || people) && aboutPeople(*entry) {
		if entry.Action != change.VisitAction {
			entry.Message, entry.Before, entry.After = "Did something with an account", nil, nil
		}
		if !s.customer && !entry.Actor.Provider { // the actor is one of the administrators
			entry.Actor.ID, entry.Actor.Name, entry.Actor.Email, entry.Actor.SourceAddress = "", "", "", ""
		}
	}
	if s.masks(*entry) {
		mask(s.by, entry)
	}
	return true
}

// aboutPeople reports whether an entry tells of an account, its tokens, an invitation, or only of who
// was there.
func aboutPeople(entry change.Entry) bool {
	kind, _, _ := strings.Cut(entry.Target, ":")
	return entry.Action == change.VisitAction || kind == "user" || kind == "invite" || kind == "token"
}

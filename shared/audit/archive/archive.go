// Package archive keeps the audit log for 400 days in the file store, after the 60 days that the
// portal shows it. For each finished day (UTC) it writes a file per tenant with entries, and a
// manifest with the hash and the number of entries of every file and the hash of the manifest of the
// day before. Who changes, removes or adds a file later breaks this chain; Verify finds where.
//
//	archive/<yyyy-mm-dd>/platform    what concerns the platform
//	archive/<yyyy-mm-dd>/people      what is in no log but a person's
//	archive/<yyyy-mm-dd>/msp-<id>    what concerns an MSP and its organizations
//	archive/<yyyy-mm-dd>/org-<id>    what concerns an organization
//	archive/<yyyy-mm-dd>/manifest    the manifest, a JSON document
//
// A file has one entry on a line, as JSON, the oldest first, and is compressed by gzip. A tenant
// without entries has no file.
package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	day = 24 * time.Hour
	// settled is how long after the end of a day it is archived: the last changes of the day are
	// committed then, also where clocks differ.
	settled = time.Hour
	// late is how many finished days may wait for the archive before somebody has to look.
	late = 2
	// dayTime is how much time must be left for another day to be begun, where time is limited. A day
	// that is not finished is only begun again.
	dayTime = 5 * time.Minute
	// yearsBack is how far the oldest entry is looked for: former versions kept entries for good.
	yearsBack = 3
)

// Archive writes the archive. It is safe for concurrent use, also by several processes.
type Archive struct {
	journal *change.Journal
	tenants *tenant.Tenants
	files   blob.Store
}

// New returns the service.
func New(journal *change.Journal, tenants *tenant.Tenants, files blob.Store) *Archive {
	return &Archive{journal: journal, tenants: tenants, files: files}
}

// head is the end of the chain. It is stored, so that the archive goes on where it ended, and does not
// follow a chain that somebody put in its place.
type head struct {
	// Day is the last day in the archive, as in "2026-11-30", and SHA256 the hash of its manifest.
	Day    string `json:"day"`
	SHA256 string `json:"sha256"`
	// Time is when it was written, in epoch seconds.
	Time int64 `json:"time"`
}

// headKey is the key of the head, a mark in the core table.
func headKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#ARCHIVE"} }

func (a *Archive) head(ctx context.Context) (head, error) {
	var stored head
	if _, err := a.journal.Get(ctx, headKey(), &stored); err != nil && !errors.Is(err, table.ErrAbsent) {
		return head{}, err
	}
	return stored, nil
}

// State is how far the archive is.
type State struct {
	// Day is the last day in the archive, as in "2026-11-30"; "" if there is none yet.
	Day string
	// SHA256 is the hash of its manifest, which is the end of the chain.
	SHA256 string
	// Waiting is the number of finished days that are not in the archive yet.
	Waiting int
}

// Late reports whether the archive lags so much that somebody has to look.
func (s State) Late() bool { return s.Waiting > late }

// State returns how far the archive is, for operators.
func (a *Archive) State(ctx context.Context, by identity.Principal) (State, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return State{}, err
	}
	end, err := a.head(ctx)
	if err != nil {
		return State{}, err
	}
	return a.stateAt(ctx, end)
}

func (a *Archive) stateAt(ctx context.Context, end head) (State, error) {
	next, err := a.next(ctx, end)
	if err != nil {
		return State{}, err
	}
	waiting := int(finished(a.journal.Now()).Sub(next)/day) + 1
	return State{Day: end.Day, SHA256: end.SHA256, Waiting: max(0, waiting)}, nil
}

// finished returns the last day that can be archived.
func finished(now time.Time) time.Time { return now.UTC().Add(-settled).Truncate(day).Add(-day) }

// next returns the first day that is not in the archive. The archive begins with the day of the oldest
// entry of the platform's log, which has the creation of the installation and of its tenants, or with
// the oldest day whose entries have not expired.
func (a *Archive) next(ctx context.Context, end head) (time.Time, error) {
	if end.Day != "" {
		last, err := time.Parse(time.DateOnly, end.Day)
		return last.Add(day), err
	}
	now := a.journal.Now()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(-yearsBack, 0, 0)
	for ; !month.After(now); month = month.AddDate(0, 1, 0) {
		page, err := a.journal.Query(ctx, table.Query{
			Table: table.Audit, Partition: change.PlatformAudit(month), Limit: 1,
		})
		if err != nil {
			return time.Time{}, err
		}
		for _, item := range page.Items {
			var oldest change.Entry
			if err := change.Decode(item, &oldest); err != nil {
				return time.Time{}, err
			}
			first, kept := time.UnixMicro(oldest.Time).UTC().Truncate(day), now.Add(day-change.EntryLife).Truncate(day)
			if first.Before(kept) {
				return kept, nil
			}
			return first, nil
		}
	}
	return now.Truncate(day), nil
}

// CatchUp archives the finished days that are not in the archive, and returns how many. If the context
// has a deadline, it ends in time for it, and the next call goes on. It returns an error if the archive
// is late then.
func (a *Archive) CatchUp(ctx context.Context) (int, error) {
	end, err := a.head(ctx)
	if err != nil {
		return 0, err
	}
	next, err := a.next(ctx, end)
	if err != nil {
		return 0, err
	}
	written := 0
	for last := finished(a.journal.Now()); !next.After(last); next = next.Add(day) {
		if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < dayTime {
			break
		}
		if end, err = a.archive(ctx, next, end); err != nil {
			return written, fmt.Errorf("the audit log of %s was not archived: %w", next.Format(time.DateOnly), err)
		}
		written++
	}
	state, err := a.stateAt(ctx, end)
	if err == nil && state.Late() {
		err = fmt.Errorf("the archive of the audit log is %d days late", state.Waiting)
	}
	return written, err
}

// Until returns the last day in the archive, as in "2026-11-30"; "" if there is none yet. It checks no
// permission: it is for Tenantry itself.
func (a *Archive) Until(ctx context.Context) (string, error) {
	end, err := a.head(ctx)
	return end.Day, err
}

package audit

import (
	"context"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
)

const (
	// failuresOver is the time in which failed log-ins are counted.
	failuresOver = 7 * 24 * time.Hour
	// mostSources is the maximum number of addresses that are listed.
	mostSources = 100
)

// LoginFailures are the failed log-ins to an account.
type LoginFailures struct {
	Count int
	// Last is the time of the last one, in microseconds since 1970; 0 if there is none.
	Last int64
	// Sources are the addresses that they came from, the latest first.
	Sources []string
}

// LoginFailures reads the failed log-ins to the principal's account in the last seven days, at most as
// many entries as a search reads.
func (l *Log) LoginFailures(ctx context.Context, by identity.Principal, now time.Time) (LoginFailures, error) {
	failures := LoginFailures{Sources: []string{}}
	search := Search{Start: now.Add(-failuresOver), End: now.Add(time.Second)}
	_, err := l.each(ctx, []string{change.AuditPartition("USER", by.UserID)}, search, "",
		func(entry change.Entry, _ string) bool {
			// A failed log-in is by a stranger: nobody knows who it was.
			if entry.Action != logInAction || entry.Actor.Kind != change.Stranger {
				return false
			}
			failures.Count++
			failures.Last = max(failures.Last, entry.Time)
			source := entry.Actor.SourceAddress
			if source != "" && len(failures.Sources) < mostSources && !slices.Contains(failures.Sources, source) {
				failures.Sources = append(failures.Sources, source)
			}
			return false
		},
		func(looked int, _ string) (bool, error) { return looked >= l.readAtMost, nil })
	return failures, err
}

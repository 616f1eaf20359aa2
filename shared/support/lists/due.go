package lists

import (
	"slices"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

const (
	// byDue is the field of the index that has when the next promise of a case is due, by the hour.
	byDue = "due"
	// Breached as the Due of a Query means the cases with a promise whose time has passed.
	Breached = "breached"
	// maxDueHours is the maximum number of hours of the Due of a Query.
	maxDueHours = 48
	// dueHour is the form of an hour in the index.
	dueHour = "2006010215"
	// recentHours is how many past hours count as due: a breach is stored soon after it occurred, and
	// indexed soon after that.
	recentHours = 2
)

// dueOf returns what a case is found by if its service level is asked for: nothing if no promise is
// running.
func dueOf(c support.Case) []search.Term {
	if c.Clock == nil || state(c) != support.OpenList {
		return nil
	}
	var next int64
	for _, timer := range []servicelevel.Timer{c.Clock.FirstAnswer, c.Clock.Solution} {
		switch {
		case timer.Met != 0:
		case timer.Breached != 0:
			return []search.Term{{Field: byDue, Value: Breached}}
		case timer.DueAt != 0 && (next == 0 || timer.DueAt < next):
			next = timer.DueAt
		}
	}
	if next == 0 {
		return nil
	}
	return []search.Term{{Field: byDue, Value: time.UnixMicro(next).UTC().Format(dueHour)}}
}

// dueHours returns the number of hours of the query's Due; -1 if it is not one.
func (w Query) dueHours() int {
	hours, err := strconv.Atoi(w.Due)
	if err != nil || hours < 1 || hours > maxDueHours {
		return -1
	}
	return hours
}

// checkDue returns a fault of code Invalid if the query's Due is neither empty nor right.
func (w Query) checkDue() error {
	if w.Due != "" && w.Due != Breached && w.dueHours() < 0 {
		return fault.InField("due", "must be %s, or a number of hours from 1 to %d", Breached, maxDueHours)
	}
	return nil
}

// checkReader refuses queries that would tell customers of the provider's service level.
func (w Query) checkReader(agent bool) error {
	if w.Due != "" && !agent {
		return fault.InField("due", "is not a field that cases are filtered by")
	}
	return nil
}

// due returns the values of the index that the query's Due stands for at a time; none if it is
// empty.
func (w Query) due(now time.Time) []string {
	if w.Due == "" {
		return nil
	}
	values := []string{Breached}
	for hour := -recentHours; hour <= w.dueHours(); hour++ {
		values = append(values, now.UTC().Add(time.Duration(hour)*time.Hour).Format(dueHour))
	}
	if w.Due == Breached {
		values = values[:1]
	}
	return slices.Clip(values)
}

// SearchQuery returns the query in the form that the index takes, as of now.
func (s *Service) SearchQuery(query Query) search.Query { return query.searchQuery(s.journal.Now()) }

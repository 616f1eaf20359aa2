package support

import (
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// DueList is the partition of all cases with scheduled work, in order of time.
const DueList = "PLATFORM#DUE"

// Reference identifies a case.
type Reference struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
}

// DueKey is the key of the item that makes a case due at a time, in microseconds since 1970.
func DueKey(due int64, caseID string) table.Key {
	return table.Key{Partition: DueList, Sort: fmt.Sprintf("%016d#%s", due, caseID)}
}

// nextDue returns when scheduled work on the case is due next, in microseconds since 1970; 0 for
// never.
func (c Case) nextDue() int64 {
	next := int64(0)
	for _, at := range c.dates() {
		if at > 0 && (next == 0 || at < next) {
			next = at
		}
	}
	return next
}

// timerWrites returns the writes that move the timer of the case; before is its present time.
func (c Case) timerWrites(before int64) ([]table.Write, error) {
	if c.Due == before {
		return nil, nil
	}
	var writes []table.Write
	if before > 0 {
		writes = append(writes, table.Delete(DueKey(before, c.ID), 1))
	}
	if c.Due > 0 {
		item, err := change.Encode(DueKey(c.Due, c.ID), Reference{OrgID: c.OrgID, CaseID: c.ID})
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// dates returns the times of scheduled work on the case; 0 for none.
func (c Case) dates() []int64 {
	if c.Binned > 0 {
		return nil
	}
	if c.Deleted > 0 {
		return []int64{c.purgeAt()}
	}
	dates := []int64{c.ReturnAt, c.CloseAt}
	if c.Clock != nil {
		if due := c.Clock.Due(); !due.IsZero() {
			dates = append(dates, due.UnixMicro())
		}
	}
	return dates
}

// Passed applies the scheduled changes that are due by now, and returns a description of them.
func (c *Case) Passed(now time.Time) string {
	switch {
	case c.ReturnAt > 0 && c.ReturnAt <= now.UnixMicro():
		c.setStatus(Open, now, 0)
		return "Reopened at its return time case"
	case c.CloseAt > 0 && c.CloseAt <= now.UnixMicro():
		c.setStatus(Closed, now, 0)
		return "Closed after nobody objected to the solution: case"
	}
	return "Checked the service levels of case"
}

// purgeAt returns when a deleted case is purged, in microseconds since 1970.
func (c Case) purgeAt() int64 { return time.UnixMicro(c.Deleted).Add(RestorableFor).UnixMicro() }

// Purgeable reports whether the time to restore a deleted case is over, so that it can be purged.
func (c Case) Purgeable(now time.Time) bool { return c.Deleted > 0 && c.purgeAt() <= now.UnixMicro() }

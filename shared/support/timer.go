package support

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// dueList is the partition in which every case stands that something is to be done with at a certain time, in the order of time.
const dueList = "PLATFORM#DUE"

// Reference names a case.
type Reference struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
}

func dueKey(due int64, caseID string) table.Key {
	return table.Key{Partition: dueList, Sort: fmt.Sprintf("%016d#%s", due, caseID)}
}

// nextDue is when something is to be done with the case next, in microseconds since 1970; 0 for never.
func (c Case) nextDue() int64 {
	next := int64(0)
	for _, at := range c.dates() {
		if at > 0 && (next == 0 || at < next) {
			next = at
		}
	}
	return next
}

// timerWrites sets the case's alarm clock, which was set to before.
func (c Case) timerWrites(before int64) ([]table.Write, error) {
	if c.Due == before {
		return nil, nil
	}
	var writes []table.Write
	if before > 0 {
		writes = append(writes, table.Delete(dueKey(before, c.ID), 1))
	}
	if c.Due > 0 {
		item, err := change.Encode(dueKey(c.Due, c.ID), Reference{OrgID: c.OrgID, CaseID: c.ID})
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// wakeAtOnce is how many cases are read from the list of those due at once.
const wakeAtOnce = 100

// WakeDue does what is due with cases by now: those that wait come back, solved ones are closed. It gives how many it looked
// at; what went wrong with one holds no other up, and is tried again the next time. It ends early when time is up.
func (d *Desk) WakeDue(ctx context.Context) (int, error) {
	var failed []error
	looked := 0
	query := table.Query{Partition: dueList, To: fmt.Sprintf("%016d", d.journal.Now().UnixMicro()+1), Limit: wakeAtOnce}
	for ctx.Err() == nil {
		page, err := d.journal.Query(ctx, query)
		if err != nil {
			return looked, errors.Join(append(failed, err)...)
		}
		for _, item := range page.Items {
			var due Reference
			err := change.Decode(item, &due)
			if err == nil {
				err = d.Wake(ctx, due)
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("wake case %s: %w", due.CaseID, err))
			}
			looked++
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	return looked, errors.Join(failed...)
}

// Wake does what is due with one case. Doing it again changes nothing.
func (d *Desk) Wake(ctx context.Context, which Reference) error {
	for attempt := 0; ; attempt++ {
		err := d.wake(ctx, which)
		if !again(ctx, err, attempt) {
			return err
		}
	}
}

func (d *Desk) wake(ctx context.Context, which Reference) error {
	items, err := d.journal.BatchGet(ctx, []table.Key{caseKey(which.OrgID, which.CaseID, caseSort)})
	if err != nil {
		return err
	}
	before, err := decodeCase(items[0])
	if err != nil {
		return err
	}
	now := d.journal.Now()
	if before.Due == 0 || before.Due > now.UnixMicro() {
		return nil
	}
	if before.purgeable(now) {
		return d.purge(ctx, before)
	}
	after := before
	message := after.passed(now)
	if after.Status == Closed && before.Status != Closed {
		setting, err := d.setting(ctx, after.MSPID)
		if err != nil {
			return err
		}
		after.ask(setting, now)
	}
	u := update{before: &before, after: after}
	if fields := differences(before, after); len(fields) > 0 {
		u.notice = Notice{Event: Changed, ActorName: platformPrincipal().Name(), Fields: fields}
		entry, err := d.entry(Party{Name: platformPrincipal().Name()}, after, fields)
		if err != nil {
			return err
		}
		u.done.Writes = append(u.done.Writes, entry)
	}
	_, err = d.commitAll(ctx, platformPrincipal(), change.Done{
		Action: "cases.wake", Message: fmt.Sprintf("%s %d", message, after.Number), Internal: before.Status == after.Status,
		Before: statusOf(before), After: statusOf(after),
	}, u)
	return err
}

func statusOf(c Case) map[string]any { return map[string]any{"status": c.Status} }

// dates are the times at which something is to be done with the case; 0 where there is none.
func (c Case) dates() []int64 {
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

// passed does to the case what is due by now, and says what.
func (c *Case) passed(now time.Time) string {
	switch {
	case c.ReturnAt > 0 && c.ReturnAt <= now.UnixMicro():
		c.setStatus(Open, now, 0)
		return "Took up again, as the time set is over, case"
	case c.CloseAt > 0 && c.CloseAt <= now.UnixMicro():
		c.setStatus(Closed, now, 0)
		return "Closed, as nobody objected to the solution, case"
	}
	return "Looked at the service levels of case"
}

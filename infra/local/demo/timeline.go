package demo

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// step is something that happens at a time.
type step struct {
	at     time.Time
	number int // of its entry, so that the order of steps at the same time does not vary
	what   string
	do     func(ctx context.Context) error
}

// timeline holds the steps to come, the earliest first. It is a heap.
type timeline []step

// Len implements heap.Interface.
func (t timeline) Len() int { return len(t) }

// Less implements heap.Interface.
func (t timeline) Less(i, j int) bool {
	return cmp.Or(t[i].at.Compare(t[j].at), cmp.Compare(t[i].number, t[j].number)) < 0
}

// Swap implements heap.Interface.
func (t timeline) Swap(i, j int) { t[i], t[j] = t[j], t[i] }

// Push implements heap.Interface.
func (t *timeline) Push(value any) { *t = append(*t, value.(step)) }

// Pop implements heap.Interface.
func (t *timeline) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// at puts a step on the timeline; what names it in errors. A step after the end never happens.
func (b *builder) at(when time.Time, what string, do func(ctx context.Context) error) {
	if when.After(b.end) {
		return
	}
	b.steps++
	heap.Push(&b.timeline, step{at: when, number: b.steps, what: what, do: do})
}

// play performs all steps in order of time, and what becomes due in between, up to the end.
func (b *builder) play(ctx context.Context) error {
	for b.timeline.Len() > 0 {
		next := heap.Pop(&b.timeline).(step)
		if err := b.wait(ctx, next.at); err != nil {
			return err
		}
		if err := next.do(ctx); err != nil {
			return fmt.Errorf("demo: %s at %s: %w", next.what, next.at.Format(time.RFC3339), err)
		}
		if err := b.Settle(ctx); err != nil {
			return err
		}
	}
	return b.wait(ctx, b.end)
}

// wait moves the clock to a time. It stops wherever something is due on a case, and does it.
func (b *builder) wait(ctx context.Context, until time.Time) error {
	for {
		due, err := b.nextDue(ctx)
		if err != nil {
			return err
		}
		if due.IsZero() || due.After(until) {
			b.Clock.forward(until)
			return nil
		}
		b.Clock.forward(due)
		queued, err := b.Services.Schedule.QueueDue(ctx)
		if err != nil {
			return err
		}
		if err := b.Settle(ctx); err != nil {
			return err
		}
		if again, err := b.nextDue(ctx); err != nil || again.Equal(due) {
			return fmt.Errorf("demo: %d cases were due at %s, and one still is: %w", queued, due, err)
		}
	}
}

// nextDue returns when something is due on a case next; the zero time for never.
func (b *builder) nextDue(ctx context.Context) (time.Time, error) {
	page, err := b.Services.Journal.Query(ctx, table.Query{Partition: support.DueList, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return time.Time{}, err
	}
	digits, _, _ := strings.Cut(page.Items[0].Sort, "#")
	micros, err := strconv.ParseInt(digits, 10, 64)
	return time.UnixMicro(micros), err
}

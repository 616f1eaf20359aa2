package bastion

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// tryEvery is how often what the bastion has not confirmed is sent again.
	tryEvery = time.Minute
	// firstTry is how long the message of a request has, before it counts as lost.
	firstTry = 15 * time.Second
	// downFor is how long a bastion that did not answer is not called for other organizations.
	downFor = 50 * time.Second
	// tryFor is for how long it is sent again.
	tryFor = 24 * time.Hour
	// dueAtOnce is how many due organizations are read at a time.
	dueAtOnce = 100
)

// over reports whether what was due is given up at a time.
func over(due, now int64) bool { return now-due >= int64(tryFor.Seconds()) }

// downtime says when the bastion did not answer, and why.
type downtime struct {
	At     int64  `json:"at"`
	Reason string `json:"reason"`
}

// lastLook says when due organizations were looked for last, in microseconds since 1970.
type lastLook struct {
	At int64 `json:"at"`
}

// IsTask reports whether a message's body is a task for Tend.
func IsTask(task tenant.BastionTask) bool {
	return task.Kind == tenant.BastionTaskKind || task.Kind == tenant.BastionDueKind
}

// Tend sends what the bastion should have of an organization, or of all that are due, for most at the
// longest. Messages may come twice and in any order.
func (s *Service) Tend(ctx context.Context, task tenant.BastionTask, most time.Duration) error {
	if task.Kind == tenant.BastionDueKind {
		return s.sendDue(ctx, s.journal.Now().Add(most))
	}
	var down downtime
	if _, err := s.journal.Get(ctx, downMark(), &down); err != nil && !errors.Is(err, table.ErrAbsent) {
		return err
	}
	if s.journal.Now().Sub(time.Unix(down.At, 0)) < downFor {
		return s.failed(ctx, task.OrgID, down.Reason)
	}
	_, err := s.send(ctx, task.OrgID)
	return err
}

// QueueDue puts a message on its queue if the bastion has not confirmed something, at most once a minute, and
// reports whether it did. It can be interrupted at any point.
func (s *Service) QueueDue(ctx context.Context) (bool, error) {
	now := s.journal.Now()
	var last lastLook
	if _, err := s.journal.Get(ctx, dueMark(), &last); err != nil && !errors.Is(err, table.ErrAbsent) {
		return false, err
	}
	if now.Sub(time.UnixMicro(last.At)) < tryEvery {
		return false, nil
	}
	page, err := s.journal.Query(ctx, s.dueBefore(now.Add(-firstTry), 1))
	if err != nil || len(page.Items) == 0 {
		return false, err
	}
	message, err := tenant.BastionTask{Kind: tenant.BastionDueKind}.Message()
	if err != nil {
		return false, err
	}
	// Each look has another ID: a queue delivers what it has completed under an ID only once.
	text := fmt.Sprint(tenant.BastionDueKind, now.Truncate(tryEvery).Unix())
	message.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
	err = s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "bastion.queue_due", Message: "Found organizations that the bastion has not confirmed", Internal: true,
		Messages: []queue.Message{message},
	})
	if err != nil {
		return false, err
	}
	return true, s.journal.Mark(ctx, dueMark(), lastLook{At: now.UnixMicro()}, 0)
}

// dueBefore returns the query for organizations that are due since a time or longer, the oldest first.
func (s *Service) dueBefore(t time.Time, limit int) table.Query {
	return table.Query{Partition: duePartition, To: dueKey(t.Unix()+1, "").Sort, Limit: limit}
}

// sendDue sends what is due until a time. If the bastion is down, it only gives up what is due for a day.
func (s *Service) sendDue(ctx context.Context, until time.Time) error {
	query, down := s.dueBefore(s.journal.Now(), dueAtOnce), false
	for {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return err
		}
		gaveUp := 0
		for _, item := range page.Items {
			if !s.journal.Now().Before(until) {
				return nil // the next look finds the rest
			}
			at, _, _ := strings.Cut(item.Sort, "#")
			due, err := strconv.ParseInt(at, 10, 64)
			if err != nil {
				return fmt.Errorf("a due time cannot be read: %w", err)
			}
			switch {
			case !down:
				if down, err = s.send(ctx, dueOf(item)); err != nil {
					return err
				}
			case over(due, s.journal.Now().Unix()):
				gaveUp++
				if err := s.giveUp(ctx, dueOf(item)); err != nil {
					return err
				}
			}
		}
		if query.After = page.Next; page.Next == "" && !down {
			return s.up(ctx)
		}
		if page.Next == "" || down && gaveUp == 0 {
			return nil
		}
	}
}

// up forgets that the bastion was down.
func (s *Service) up(ctx context.Context) error {
	var last downtime
	_, err := s.journal.Get(ctx, downMark(), &last)
	if errors.Is(err, table.ErrAbsent) || err == nil && last.At == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return s.journal.Mark(ctx, downMark(), downtime{}, 0)
}

// giveUp ends the attempts for an organization because the bastion is down.
func (s *Service) giveUp(ctx context.Context, orgID string) error {
	var down downtime
	if _, err := s.journal.Get(ctx, downMark(), &down); err != nil && !errors.Is(err, table.ErrAbsent) {
		return err
	}
	return s.failed(ctx, orgID, down.Reason)
}

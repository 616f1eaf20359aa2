package life

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The keys of what is due on deleted organizations, in the core table:
//
//	PLATFORM#ORGSDUE   <time>#<org>            a deleted organization with a step due at a time
//	PLATFORM#ORGSDUE   <time>#<org>#consents   a notice about consents that end; see identity.ConsentEndWrites
//	PLATFORM#ORGSDUE   <time>#<msp>#msp        a deleted MSP with a step due; see msp.go
//	PLATFORM           MARK#ORGS_DUE           when they were put on their queue last
//
//	access pattern                             request
//	look for what is due                       1 Get; every ten minutes also 1 Query per 90 that are due
const duePartition = identity.OrgsDue

func dueKey(due int64, orgID string) table.Key {
	return table.Key{Partition: duePartition, Sort: fmt.Sprintf("%012d#%s", due, orgID)}
}

// createDue returns the write that makes the next step of a deleted organization due, and deleteDue the
// one that removes it.
func createDue(org tenant.Org) []table.Write {
	return []table.Write{table.Create(table.Item{Key: dueKey(org.Deleted.Due, org.ID), Data: []byte("{}")})}
}

func deleteDue(org tenant.Org) []table.Write {
	return []table.Write{table.Delete(dueKey(org.Deleted.Due, org.ID), 1)}
}

// TaskKind is the Kind of a Task.
const TaskKind = "org_life"

// ConsentsKind is the Kind of a Task that tells of consents that end.
const ConsentsKind = "org_consents"

// MSPKind is the Kind of a Task that removes what belonged to a deleted MSP.
const MSPKind = "msp_ended"

// IsTask reports whether a message's body is a Task.
func IsTask(task Task) bool {
	return task.Kind == TaskKind || task.Kind == ConsentsKind || task.Kind == MSPKind
}

// Task is the body of a message that does what follows from a deletion or restoration, or what is due.
type Task struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id,omitempty"`
	// MSPID is the deleted MSP of a task about one.
	MSPID string `json:"msp_id,omitempty"`
	// Deleted is when the organization was deleted, in epoch seconds; 0 if it was restored. A task of
	// another time has nothing to do.
	Deleted int64 `json:"deleted_time"`
	// Restored is when it was restored, in epoch seconds; 0 if it was deleted.
	Restored int64 `json:"restored_time,omitempty"`
	// Due is when what the task is about was due, in epoch seconds; 0 of a task that follows from a
	// deletion or restoration at once.
	Due int64 `json:"due_time,omitempty"`
	// List and After are where to go on among the cases; List is "" at the beginning.
	List  string `json:"list,omitempty"`
	After string `json:"after,omitempty"`
}

// taskOf returns the first task of an organization that was just deleted or restored.
func taskOf(org tenant.Org) Task {
	task := Task{OrgID: org.ID}
	if org.Deleted != nil {
		task.Deleted = org.Deleted.At
	} else {
		task.Restored = org.Modified
	}
	return task
}

func (t Task) message() (queue.Message, error) {
	t.Kind = cmp.Or(t.Kind, TaskKind)
	group := "ORG#" + t.OrgID
	if t.MSPID != "" {
		group = "MSP#" + t.MSPID
	}
	body, err := json.Marshal(t)
	return queue.Message{Queue: queue.Transfers, Group: group, Body: body}, err
}

const (
	// dueEvery is how often due steps are looked for, and put on the queue again while they are due.
	dueEvery = 10 * time.Minute
	// dueAtOnce is how many messages one transaction has.
	dueAtOnce = 90
)

// dueMark says when due steps were looked for last, in microseconds since 1970.
type dueMark struct {
	At int64 `json:"at"`
}

func dueMarkKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#ORGS_DUE"} }

// QueueDue puts the organizations with something due on their queue, at most every ten minutes,
// and returns how many. It can be interrupted at any point.
func (s *Service) QueueDue(ctx context.Context) (int, error) {
	now := s.Journal.Now()
	var last dueMark
	if _, err := s.Journal.Get(ctx, dueMarkKey(), &last); err != nil && !errors.Is(err, table.ErrAbsent) {
		return 0, err
	}
	if now.Sub(time.UnixMicro(last.At)) < dueEvery {
		return 0, nil
	}
	query := table.Query{Partition: duePartition, To: dueKey(now.Unix()+1, "").Sort, Limit: dueAtOnce}
	queued := 0
	for more := true; more; more = query.After != "" {
		page, err := s.Journal.Query(ctx, query)
		if err != nil {
			return queued, err
		}
		if err := s.queueDue(ctx, page.Items, now); err != nil {
			return queued, err
		}
		queued, query.After = queued+len(page.Items), page.Next
	}
	return queued, s.Journal.Mark(ctx, dueMarkKey(), dueMark{At: now.UnixMicro()}, 0)
}

func (s *Service) queueDue(ctx context.Context, items []table.Item, now time.Time) error {
	if len(items) == 0 {
		return nil
	}
	var binned []string
	var tasks []Task
	for _, item := range items {
		at, id, _ := strings.Cut(item.Sort, "#")
		due, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return fmt.Errorf("a due time cannot be read: %w", err)
		}
		orgID, consents := strings.CutSuffix(id, identity.ConsentEndDue)
		mspID, msp := strings.CutSuffix(id, mspDue)
		switch {
		case consents:
			tasks = append(tasks, Task{Kind: ConsentsKind, OrgID: orgID, Due: due})
		case msp:
			tasks = append(tasks, Task{Kind: MSPKind, MSPID: mspID, Due: due})
		default:
			binned = append(binned, id)
		}
	}
	orgs, err := s.Tenants.LoadBin(ctx, binned)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		task := taskOf(org)
		task.Due = org.Deleted.Due
		tasks = append(tasks, task)
	}
	messages := make([]queue.Message, len(tasks))
	for i, task := range tasks {
		if messages[i], err = task.message(); err != nil {
			return err
		}
		// Each look has another ID: a queue delivers what it has completed under an ID only once.
		text := fmt.Sprint(task.Kind, task.OrgID, task.MSPID, task.Due, now.Truncate(dueEvery).Unix())
		messages[i].ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
	}
	if len(messages) == 0 {
		return nil
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.queue_due", Message: "Found organizations with something due", Internal: true,
		Messages: messages,
	})
}

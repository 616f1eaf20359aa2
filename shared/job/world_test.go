package job_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

var (
	anna  = change.Actor{Kind: change.Person, ID: "anna", Name: "Anna Smith", Email: "anna@example.net", Door: "api"}
	place = identity.Place{Scope: identity.OrgScope, MSPID: "m", OrgID: "o"}
	other = identity.Place{Scope: identity.OrgScope, MSPID: "m", OrgID: "other"}
)

// world is an installation with jobs, and what was done to their targets.
type world struct {
	*apptest.App
	t testing.TB
	// Store is where the jobs are stored, below the wrappers of a test.
	Store  table.Store
	ledger *job.Ledger
	kinds  job.Kinds
	// place is the place of the jobs.
	place identity.Place

	mutex sync.Mutex
	// fails returns the intended result of a target; nil is done.
	fails func(target string, time int) error
	// performed counts how often each target was performed.
	performed map[string]int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		App:       apptest.New(t),
		t:         t,
		place:     place,
		performed: map[string]int{},
		fails:     func(string, int) error { return nil },
	}
	w.Store = w.App.Store
	w.ledger = job.NewLedger(w.Journal)
	w.register(job.Kind{})
	return w
}

// register sets the kind of the jobs, performed by the world.
func (w *world) register(kind job.Kind) {
	w.t.Helper()
	kind.Name, kind.See, kind.Act = "cases.archive", identity.SeeCases, identity.OpenCases
	if kind.Perform == nil {
		kind.Perform = w.perform
	}
	var err error
	if w.kinds, err = job.NewKinds(kind); err != nil {
		w.t.Fatal(err)
	}
}

// perform performs a job on a target like a domain does.
func (w *world) perform(_ context.Context, j job.Job, target job.Target) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if string(j.Payload) != `{"do":"it"}` || j.Creator.ID != anna.ID {
		return fmt.Errorf("the job is %+v", j)
	}
	w.performed[target.Name]++
	return w.fails(target.Name, w.performed[target.Name])
}

func targets(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("case-%04d", i)
	}
	return names
}

func asked(names ...string) job.New {
	return job.New{
		Kind:    "cases.archive",
		Title:   "Archive cases",
		Payload: json.RawMessage(`{"do":"it"}`),
		Targets: names,
		Queue:   queue.CasesJobs,
	}
}

// ids returns targets as long as real ones: two IDs.
func ids(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("0198c0de-0000-7000-8000-%012d/0198c0de-0000-7000-8000-%012d", i%7, i)
	}
	return names
}

// take returns the messages committed since the last call and removes them from the outbox, as the
// relay does.
func (w *world) take() []queue.Message {
	w.t.Helper()
	var keys []table.Key
	var messages []queue.Message
	for _, query := range change.Forgotten(w.Clock.Now().Add(time.Hour), table.MaxPage) {
		page, err := w.Store.Query(w.t.Context(), query)
		w.must(err)
		for _, item := range page.Items {
			message, err := change.OutboxMessage(item)
			w.must(err)
			messages, keys = append(messages, message), append(keys, item.Key)
		}
	}
	w.must(w.Journal.Sent(w.t.Context(), keys))
	slices.SortFunc(messages, func(x, y queue.Message) int { return strings.Compare(x.ID, y.ID) })
	return messages
}

// drain handles all messages in order, and returns the maximum number of messages in flight.
func (w *world) drain() int {
	w.t.Helper()
	most, waiting := 0, w.take()
	for len(waiting) > 0 {
		most = max(most, len(waiting))
		message := waiting[0]
		waiting = waiting[1:]
		if w.ledger.Run(w.t.Context(), message, w.kinds) != nil {
			waiting = append(waiting, message)
		}
		waiting = append(waiting, w.take()...)
	}
	return most
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) create(n int) job.Job {
	w.t.Helper()
	j, err := w.ledger.Create(w.t.Context(), anna, w.place, asked(targets(n)...))
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

// run delivers messages until none must be delivered again, or each was delivered as often as a
// queue does.
func (w *world) run(messages ...queue.Message) {
	w.t.Helper()
	for range queue.MaxReceives {
		var again []queue.Message
		for _, message := range messages {
			if w.ledger.Run(w.t.Context(), message, w.kinds) != nil {
				again = append(again, message)
			}
		}
		messages = again
	}
	if len(messages) > 0 {
		w.t.Errorf("%d messages were never done", len(messages))
	}
}

// wants checks a job's state and counts.
func (w *world) wants(id string, state job.State, done, failed, skipped int) job.Job {
	w.t.Helper()
	j, err := w.ledger.Get(w.t.Context(), w.place, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if j.State != state || j.Done != done || j.Failed != failed || j.Skipped != skipped {
		w.t.Errorf("the job is %+v; want %s, %d done, %d failed, %d skipped", j, state, done, failed, skipped)
	}
	if ended := state == job.Done || state == job.Failed || state == job.Cancelled; ended != (j.Ended != 0) {
		w.t.Errorf("the job is %+v", j)
	}
	return j
}

// results returns all results, read page by page, and checks that the counts match.
func (w *world) results(id string, limit int) map[string]job.Result {
	w.t.Helper()
	results, after := map[string]job.Result{}, ""
	for {
		page, err := w.ledger.Results(w.t.Context(), w.place, id, "", after, limit)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, result := range page.Items {
			results[result.Target] = result
		}
		if after = page.Next; after == "" {
			break
		}
	}
	j, err := w.ledger.Get(w.t.Context(), w.place, id)
	if err != nil {
		w.t.Fatal(err)
	}
	counted := map[job.Outcome]int{}
	for _, result := range results {
		counted[result.Outcome]++
	}
	if len(results) != j.Total || counted[job.TargetDone] != j.Done || counted[job.TargetFailed] != j.Failed ||
		counted[job.TargetSkipped] != j.Skipped {
		w.t.Errorf("the results are %v, the job %+v", counted, j)
	}
	return results
}

// shaky is a store whose nth transaction ends in a crash: before the commit, or just after it.
type shaky struct {
	table.Store
	mutex sync.Mutex
	// left is the number of transactions until the crash.
	left  int
	after bool
}

var errCrash = fault.New(fault.Unavailable, "The process was killed.")

func (s *shaky) Transact(ctx context.Context, writes []table.Write) error {
	s.mutex.Lock()
	s.left--
	crash := s.left == 0
	s.mutex.Unlock()
	if crash && !s.after {
		return errCrash
	}
	err := s.Store.Transact(ctx, writes)
	if crash && err == nil {
		return errCrash
	}
	return err
}

// through makes the jobs use another store.
func (w *world) through(store table.Store) {
	w.ledger = job.NewLedger(change.NewJournal(store, w.Clock.Now))
}

const day = 24 * time.Hour

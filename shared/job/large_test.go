package job_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
)

// check reads everything stored of a job and checks that it is consistent: the outcomes add up to
// the total, each tally is the sum of its parts, and the head counts the parts as they are.
func (w *world) check(id string) map[string]job.Outcome {
	w.t.Helper()
	var head struct {
		job.Job
		PartsMade int    `json:"parts_made"`
		PartsLeft int    `json:"parts_left"`
		Out       int    `json:"out"`
		Pending   []byte `json:"pending"`
		Retrying  bool   `json:"retrying"`
	}
	_, err := w.Journal.Get(w.t.Context(), table.Key{Partition: w.place.Partition() + "#JOBS", Sort: id}, &head)
	w.must(err)
	page, err := w.Store.Query(w.t.Context(), table.WithPrefix(table.Core, w.place.Partition()+"#JOB#"+id, ""))
	w.must(err)
	sums, tallies := map[int]map[job.Outcome]int{}, map[int]map[job.Outcome]int{}
	outcomes := map[string]job.Outcome{}
	open, unmade := 0, 0
	for _, item := range page.Items {
		var number int
		switch {
		case strings.HasPrefix(item.Sort, "PART#"):
			_, err := fmt.Sscanf(item.Sort, "PART#%d", &number)
			w.must(err)
			var part struct{ Results []job.Result }
			w.must(json.Unmarshal(item.Data, &part))
			if sums[number%16] == nil {
				sums[number%16] = map[job.Outcome]int{}
			}
			waits := false
			for _, result := range part.Results {
				sums[number%16][result.Outcome]++
				outcomes[result.Target] = result.Outcome
				waits = waits || result.Outcome == job.TargetWaiting || result.Outcome == job.TargetSent
			}
			if waits {
				open++
			}
		case strings.HasPrefix(item.Sort, "TALLY#"):
			_, err := fmt.Sscanf(item.Sort, "TALLY#%x", &number)
			w.must(err)
			tally := map[job.Outcome]int{}
			w.must(json.Unmarshal(item.Data, &tally))
			tallies[number] = tally
		}
	}
	shown, err := w.ledger.Get(w.t.Context(), w.place, id)
	w.must(err)
	counted := map[job.Outcome]int{}
	for _, sum := range sums {
		for outcome, targets := range sum {
			counted[outcome] += targets
		}
	}
	unmade = head.Total - len(outcomes)
	counted[job.TargetWaiting] += unmade
	want := map[job.Outcome]int{
		job.TargetWaiting:   shown.Waiting(),
		job.TargetSent:      shown.Sent,
		job.TargetDone:      shown.Done,
		job.TargetFailed:    shown.Failed,
		job.TargetSkipped:   shown.Skipped,
		job.TargetCancelled: shown.Cancelled,
	}
	for outcome, targets := range want {
		if counted[outcome] != targets || targets < 0 {
			w.t.Fatalf("%d targets are %s, the job counts %d: %+v", counted[outcome], outcome, targets, shown)
		}
	}
	if len(tallies) > 0 && unmade == 0 {
		for number, tally := range tallies {
			for outcome, targets := range tally {
				if sums[number][outcome] != targets {
					w.t.Fatalf("tally %d has %d %s, its parts have %d", number, targets, outcome, sums[number][outcome])
				}
			}
		}
	}
	if unmade == 0 && open != head.PartsLeft {
		w.t.Fatalf("%d parts are open, the head counts %d", open, head.PartsLeft)
	}
	if head.Out < 0 || head.Out > 20 ||
		head.Ended != 0 &&
			(head.Out != 0 || len(head.Pending) != 0 || head.PartsLeft != 0 || head.Retrying || open > 0 || unmade > 0) {
		w.t.Fatalf("the head is %+v; %d parts are open, %d targets unmade", head, open, unmade)
	}
	if open == 0 && unmade == 0 && head.Ended == 0 && !head.Retrying {
		w.t.Fatalf("all has ended, but not the job: %+v", head)
	}
	return outcomes
}

func TestTheLargestJobIsCreatedInOneTransactionAndWorkedOffTwentyMessagesAtATime(t *testing.T) {
	w := newWorld(t)
	large := asked(ids(job.MaxTargets)...)
	large.Payload = []byte(`{"do":"it"}`)
	created, err := w.ledger.Create(once(t.Context(), "r"), anna, place, large)
	if err != nil || created.Total != 20_000 || created.State != job.Preparing {
		t.Fatalf("%+v, %v", created, err)
	}
	if again, err := w.ledger.Create(once(t.Context(), "r"), anna, place, large); !errors.Is(err, change.ErrRepeated) {
		t.Errorf("%+v, %v", again, err)
	}
	page, err := w.ledger.Results(t.Context(), place, created.ID, "", "19990", 100)
	if err != nil || len(page.Items) != 10 || page.Items[9].Target != large.Targets[19_999] ||
		page.Items[9].Outcome != job.TargetWaiting {
		t.Errorf("before its parts are made: %+v, %v", page, err)
	}
	if most := w.drain(); most > 20 {
		t.Errorf("%d messages were out at once", most)
	}
	w.check(created.ID)
	w.wants(created.ID, job.Done, 20_000, 0, 0)
	for _, target := range large.Targets {
		if w.performed[target] != 1 {
			t.Fatalf("%s was performed %d times", target, w.performed[target])
		}
	}
	if len(w.results(created.ID, 100)) != 20_000 {
		t.Error("results are missing")
	}
}

func TestNamesThatAreTooLongTogetherAreRefused(t *testing.T) {
	w := newWorld(t)
	names := make([]string, job.MaxTargets)
	for i := range names {
		names[i] = fmt.Sprintf("%0200d", i)
	}
	_, err := w.ledger.Create(t.Context(), anna, place, asked(names...))
	w.Wants(fault.Invalid, err)
	if _, err := w.ledger.Create(t.Context(), anna, place, asked(names[:job.MaxTargetBytes/200]...)); err != nil {
		t.Error(err)
	}
}

func TestProgressIsExactWhileALargeJobRuns(t *testing.T) {
	w := newWorld(t)
	created, number := w.create(1100), 0
	w.fails = func(target string, _ int) error {
		if number++; number%25 == 0 {
			w.check(created.ID)
		}
		if strings.HasSuffix(target, "9") {
			return fault.Denied()
		}
		return nil
	}
	w.drain()
	w.wants(created.ID, job.Failed, 990, 110, 0)
	if page, err := w.ledger.List(
		t.Context(),
		place,
		nil,
		"",
		10,
	); err != nil || len(page.Items) != 1 ||
		page.Items[0].Done != 990 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestFailedTargetsOfALargeJobAreTriedAgainByMessage(t *testing.T) {
	w := newWorld(t)
	broken := true
	w.fails = func(target string, _ int) error {
		if broken && strings.HasSuffix(target, "99") {
			return fault.New(fault.Conflict, "Not now.")
		}
		return nil
	}
	created := w.create(3000)
	w.drain()
	w.wants(created.ID, job.Failed, 2970, 30, 0)
	clear(w.performed)
	broken = false
	again, err := w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	if err != nil || again.State != job.Running || again.Ended != 0 {
		t.Fatalf("%+v, %v", again, err)
	}
	_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	w.Wants(fault.Conflict, err)
	w.check(created.ID)
	w.drain()
	w.check(created.ID)
	w.wants(created.ID, job.Done, 3000, 0, 0)
	if len(w.performed) != 30 {
		t.Errorf("%d were tried again", len(w.performed))
	}
}

func TestWhatALargeJobCosts(t *testing.T) {
	w := newWorld(t)
	meter := cost.Count(w.Store)
	w.through(meter)
	spent := func(what string, want cost.Units) {
		t.Helper()
		if got := meter.Snapshot(); got.Requests > want.Requests || got.Read > want.Read || got.Write > want.Write {
			t.Errorf("%s cost %+v, more than %+v", what, got, want)
		}
		meter.Reset()
	}
	created, err := w.ledger.Create(t.Context(), anna, place, asked(ids(20_000)...))
	w.must(err)
	spent("creation", cost.Units{Requests: 1, Write: 3100})
	messages := w.take()
	w.must(w.ledger.Run(t.Context(), messages[0], w.kinds))
	spent("five hundred targets five times", cost.Units{Requests: 15, Read: 60, Write: 950})
	for next := w.take(); len(next) == 1; next = w.take() {
		if err := w.ledger.Run(t.Context(), next[0], w.kinds); err != nil {
			t.Fatal(err)
		}
		j, err := w.ledger.Get(t.Context(), place, created.ID)
		w.must(err)
		if j.State == job.Running {
			break
		}
	}
	messages = w.take()
	if len(messages) != 20 {
		t.Fatalf("%d messages", len(messages))
	}
	meter.Reset()
	w.must(w.ledger.Run(t.Context(), messages[0], w.kinds))
	spent("a part", cost.Units{Requests: 27, Read: 40, Write: 24})
	_, err = w.ledger.Get(t.Context(), place, created.ID)
	w.must(err)
	spent("a look", cost.Units{Requests: 2, Read: 17})
}

func TestKindsAreRegisteredOnceAndWhole(t *testing.T) {
	whole := job.Kind{Name: "a", See: 1, Act: 1, Perform: newWorld(t).perform}
	lacking := whole
	lacking.Act = 0
	for _, kinds := range [][]job.Kind{{whole, whole}, {{}}, {lacking}} {
		if _, err := job.NewKinds(kinds...); err == nil {
			t.Errorf("%+v is taken", kinds)
		}
	}
	w := newWorld(t)
	w.create(1)
	none, err := job.NewKinds()
	w.must(err)
	w.Wants(fault.Invalid, w.ledger.Run(t.Context(), w.take()[0], none))
	w.Wants(
		fault.Invalid,
		w.ledger.Run(t.Context(), queue.Message{Body: []byte(`{"job_id":"x","part":-1,"step":"jump"}`)}, w.kinds),
	)
	w.must(w.ledger.Run(t.Context(), queue.Message{Body: []byte(`{"job_id":"x","part":-1,"step":"expand"}`)}, w.kinds))
}

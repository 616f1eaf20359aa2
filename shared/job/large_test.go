package job_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table"
	"github.com/tenantry/tenantry/shared/table/cost"
)

// check reads all that is stored of a job and checks that it agrees with itself: the outcomes add up to the total, each
// tally is the sum of its parts, and the head counts the parts as they are.
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
		job.TargetWaiting: shown.Waiting(), job.TargetSent: shown.Sent, job.TargetDone: shown.Done, job.TargetFailed: shown.Failed,
		job.TargetSkipped: shown.Skipped, job.TargetCancelled: shown.Cancelled,
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
	if head.Out < 0 || head.Out > 20 || head.Ended != 0 && (head.Out != 0 || len(head.Pending) != 0 || head.PartsLeft != 0 || head.Retrying || open > 0 || unmade > 0) {
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
	large.Payload, large.Request = []byte(`{"do":"it"}`), "r"
	made, err := w.ledger.Create(t.Context(), anna, place, large)
	if err != nil || made.Total != 20_000 || made.State != job.Preparing {
		t.Fatalf("%+v, %v", made, err)
	}
	if again, err := w.ledger.Create(t.Context(), anna, place, large); err != nil || again.ID != made.ID {
		t.Errorf("%+v, %v", again, err)
	}
	page, err := w.ledger.Results(t.Context(), place, made.ID, "", "19990", 100)
	if err != nil || len(page.Items) != 10 || page.Items[9].Target != large.Targets[19_999] || page.Items[9].Outcome != job.TargetWaiting {
		t.Errorf("before its parts are made: %+v, %v", page, err)
	}
	if most := w.drain(); most > 20 {
		t.Errorf("%d messages were out at once", most)
	}
	w.check(made.ID)
	w.wants(made.ID, job.Done, 20_000, 0, 0)
	for _, target := range large.Targets {
		if w.performed[target] != 1 {
			t.Fatalf("%s was performed %d times", target, w.performed[target])
		}
	}
	if len(w.results(made.ID, 100)) != 20_000 {
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
	made, number := w.create(1100), 0
	w.fails = func(target string, _ int) error {
		if number++; number%25 == 0 {
			w.check(made.ID)
		}
		if strings.HasSuffix(target, "9") {
			return fault.Denied()
		}
		return nil
	}
	w.drain()
	w.wants(made.ID, job.Failed, 990, 110, 0)
	if page, err := w.ledger.List(t.Context(), place, nil, "", 10); err != nil || len(page.Items) != 1 || page.Items[0].Done != 990 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestAfterAJobWasCancelledNothingMoreIsBegun(t *testing.T) {
	for _, total := range []int{10, 700, 1100} {
		t.Run(fmt.Sprint(total), func(t *testing.T) {
			w := newWorld(t)
			made := w.create(total)
			w.fails = func(target string, _ int) error {
				if target == "case-0006" {
					j, err := w.ledger.Cancel(t.Context(), anna, place, made.ID, anybody)
					if err != nil || j.State != job.Cancelling || j.Stop.By != anna {
						t.Errorf("%+v, %v", j, err)
					}
				}
				return nil
			}
			w.drain()
			w.check(made.ID)
			if j := w.wants(made.ID, job.Cancelled, 7, 0, 0); j.Cancelled != total-7 || len(w.performed) != 7 {
				t.Errorf("%+v, %d performed", j, len(w.performed))
			}
			_, err := w.ledger.Cancel(t.Context(), anna, place, made.ID, anybody)
			w.Wants(fault.Conflict, err)
			_, err = w.ledger.Retry(t.Context(), anna, place, made.ID, anybody)
			w.Wants(fault.Conflict, err)
		})
	}
}

func TestAJobCanBeCancelledWhileItsPartsAreMade(t *testing.T) {
	for _, made := range []int{0, 1, 5, 6} {
		w := newWorld(t)
		large, err := w.ledger.Create(t.Context(), anna, place, asked(targets(3000)...)) // six times twenty parts
		w.must(err)
		steps := w.take()
		w.through(&shaky{Store: w.Store, left: made + 1})
		if err := w.ledger.Run(t.Context(), steps[0], w.kinds); made < 5 && err == nil {
			t.Fatal("the crash is missing")
		}
		w.through(w.Store)
		j, err := w.ledger.Cancel(t.Context(), anna, place, large.ID, anybody)
		w.must(err)
		if again, err := w.ledger.Cancel(t.Context(), anna, place, large.ID, anybody); err != nil || again.State != j.State {
			t.Errorf("%+v, %v", again, err)
		}
		w.check(large.ID)
		w.must(w.ledger.Run(t.Context(), steps[0], w.kinds))
		w.drain()
		w.check(large.ID)
		if j := w.wants(large.ID, job.Cancelled, 0, 0, 0); j.Cancelled != 3000 || len(w.performed) != 0 {
			t.Errorf("%+v", j)
		}
		if len(w.results(large.ID, 100)) != 3000 {
			t.Error("results are missing")
		}
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
	made := w.create(3000)
	w.drain()
	w.wants(made.ID, job.Failed, 2970, 30, 0)
	clear(w.performed)
	broken = false
	again, err := w.ledger.Retry(t.Context(), anna, place, made.ID, anybody)
	if err != nil || again.State != job.Running || again.Ended != 0 {
		t.Fatalf("%+v, %v", again, err)
	}
	_, err = w.ledger.Retry(t.Context(), anna, place, made.ID, anybody)
	w.Wants(fault.Conflict, err)
	w.check(made.ID)
	w.drain()
	w.check(made.ID)
	w.wants(made.ID, job.Done, 3000, 0, 0)
	if len(w.performed) != 30 {
		t.Errorf("%d were tried again", len(w.performed))
	}
}

func TestATargetThatWasSentIsSettledOnce(t *testing.T) {
	w := newWorld(t)
	w.fails = func(target string, _ int) error {
		if target < "case-1000" {
			return job.Sent()
		}
		return nil
	}
	made := w.create(1100)
	_, err := w.ledger.Settle(t.Context(), w.kinds, place, made.ID, 0, job.Settlement{Outcome: job.TargetDone})
	w.Wants(fault.NotFound, err) // its parts are yet to be made
	w.drain()
	if j := w.wants(made.ID, job.Running, 100, 0, 0); j.Sent != 1000 {
		t.Errorf("%+v", j)
	}
	settle := func(part int, want int, results ...job.Settlement) {
		t.Helper()
		got, err := w.ledger.Settle(t.Context(), w.kinds, place, made.ID, part, results...)
		if err != nil || got != want {
			t.Errorf("%d settled, %v; want %d", got, err, want)
		}
		w.check(made.ID)
	}
	for part := range 40 {
		settle(part, 2, job.Settlement{Index: 1, Outcome: job.TargetFailed, Message: "No answer."}, job.Settlement{Index: 3, Outcome: job.TargetDone}, job.Settlement{Index: 99, Outcome: job.TargetDone})
		settle(part, 0, job.Settlement{Index: 1, Outcome: job.TargetDone}, job.Settlement{Index: 3, Outcome: job.TargetSkipped})
	}
	_, err = w.ledger.Settle(t.Context(), w.kinds, place, made.ID, 0, job.Settlement{Outcome: job.TargetCancelled})
	w.Wants(fault.Invalid, err)
	_, err = w.ledger.Settle(t.Context(), w.kinds, place, made.ID, 99, job.Settlement{Outcome: job.TargetDone})
	w.Wants(fault.NotFound, err)
	if j, err := w.ledger.Cancel(t.Context(), anna, place, made.ID, anybody); err != nil || j.State != job.Cancelling || j.Sent != 920 {
		t.Errorf("%+v, %v", j, err)
	}
	for part := range 40 {
		var all []job.Settlement
		for index := range 25 {
			all = append(all, job.Settlement{Index: index, Outcome: job.TargetDone})
		}
		settle(part, 23, all...)
	}
	w.wants(made.ID, job.Cancelled, 1060, 40, 0)
}

func TestAStageBeginsWhenTheOneBeforeHasEnded(t *testing.T) {
	for _, test := range []struct {
		total         int
		stages        []int
		broken        string // the targets that fail have this in their names
		state         job.State
		done, failed  int
		stage, notRun int
	}{
		{111, []int{1, 10, 100}, "none", job.Done, 111, 0, 2, 0},
		{111, []int{1, 10, 100}, "case-0000", job.Failed, 0, 1, 0, 110},
		{111, []int{1, 10, 100}, "case-0005", job.Failed, 110, 1, 2, 0}, // 9 percent of those until then
		{111, []int{1, 10, 100}, "case-000", job.Failed, 0, 1, 0, 110},
		{2000, []int{30, 270, 1700}, "none", job.Done, 2000, 0, 2, 0},
		{2000, []int{30, 270, 1700}, "case-02", job.Failed, 200, 100, 1, 1700},
	} {
		w := newWorld(t)
		w.register(job.Kind{Abort: job.FailedAbove(10)})
		order := asked(targets(test.total)...)
		order.Stages = test.stages
		made, err := w.ledger.Create(t.Context(), anna, place, order)
		w.must(err)
		begun := 0
		w.fails = func(target string, _ int) error {
			var number int
			if _, err := fmt.Sscanf(target, "case-%d", &number); err != nil {
				return err
			}
			first := 0
			for _, targets := range test.stages {
				if number >= first+targets && begun < first+targets || number < first+targets && number >= first && begun < first {
					t.Errorf("%v: %s was begun after %d others", test.stages, target, begun)
				}
				first += targets
			}
			begun++
			if strings.Contains(target, test.broken) {
				return fault.Denied()
			}
			return nil
		}
		w.drain()
		w.check(made.ID)
		j := w.wants(made.ID, test.state, test.done, test.failed, 0)
		if j.Cancelled != test.notRun || j.Stage != test.stage || len(w.results(made.ID, 100)) != test.total {
			t.Errorf("%+v", j)
		}
		if aborted := j.Stop != nil && j.Stop.Aborted; aborted != (test.notRun > 0) {
			t.Errorf("%+v", j.Stop)
		}
		if test.failed > 0 {
			w.fails = func(string, int) error { return nil }
			_, err := w.ledger.Retry(t.Context(), anna, place, made.ID, anybody)
			w.must(err)
			w.drain()
			w.check(made.ID)
			want := job.Done
			if test.notRun > 0 {
				want = job.Cancelled
			}
			w.wants(made.ID, want, test.done+test.failed, 0, 0)
		}
	}
}

func TestResultsAreFilteredByOutcomeAndJobsByWhatIsWanted(t *testing.T) {
	w := newWorld(t)
	w.fails = func(target string, _ int) error {
		if strings.HasSuffix(target, "77") {
			return fault.Denied()
		}
		return nil
	}
	made := w.create(3000)
	w.drain()
	var failed []string
	after, pages := "", 0
	for {
		page, err := w.ledger.Results(t.Context(), place, made.ID, job.TargetFailed, after, 7)
		w.must(err)
		for _, result := range page.Items {
			failed = append(failed, result.Target)
		}
		pages++
		if after = page.Next; after == "" {
			break
		}
	}
	if len(failed) != 30 || failed[0] != "case-0077" || failed[29] != "case-2977" || pages > 8 {
		t.Errorf("%d pages: %q", pages, failed)
	}
	for range 250 {
		w.create(1)
	}
	var got []string
	for after = ""; ; {
		page, err := w.ledger.List(t.Context(), place, func(j job.Job) bool { return j.State == job.Failed }, after, 5)
		w.must(err)
		for _, one := range page.Items {
			got = append(got, one.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{made.ID}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFilteredListLosesNoJob(t *testing.T) {
	w := newWorld(t)
	want := map[string]bool{}
	for number := range 220 {
		if made := w.create(number%2 + 1); made.Total == 1 {
			want[made.ID] = true
		}
	}
	for after := ""; ; {
		page, err := w.ledger.List(t.Context(), place, func(j job.Job) bool { return j.Total == 1 }, after, 3)
		w.must(err)
		for _, one := range page.Items {
			if !want[one.ID] {
				t.Errorf("%s comes twice, or was not wanted", one.ID)
			}
			delete(want, one.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(want) > 0 {
		t.Errorf("%d are missing", len(want))
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
	made, err := w.ledger.Create(t.Context(), anna, place, asked(ids(20_000)...))
	w.must(err)
	spent("creation", cost.Units{Requests: 1, Write: 3100})
	messages := w.take()
	w.must(w.ledger.Run(t.Context(), messages[0], w.kinds))
	spent("five hundred targets five times", cost.Units{Requests: 15, Read: 60, Write: 950})
	for next := w.take(); len(next) == 1; next = w.take() {
		if err := w.ledger.Run(t.Context(), next[0], w.kinds); err != nil {
			t.Fatal(err)
		}
		j, err := w.ledger.Get(t.Context(), place, made.ID)
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
	_, err = w.ledger.Get(t.Context(), place, made.ID)
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
	w.Wants(fault.Invalid, w.ledger.Run(t.Context(), queue.Message{Body: []byte(`{"job_id":"x","part":-1,"step":"jump"}`)}, w.kinds))
	w.must(w.ledger.Run(t.Context(), queue.Message{Body: []byte(`{"job_id":"x","part":-1,"step":"expand"}`)}, w.kinds))
}

package job_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table/cost"
)

func TestEveryTargetIsPerformedOnceAndHasAResult(t *testing.T) {
	w := newWorld(t)
	for _, total := range []int{1, 24, 25, 26, 60} {
		before := len(w.Outbox())
		created := w.create(total)
		w.wants(created.ID, job.Waiting, 0, 0, 0)
		messages := w.Outbox()[before:]
		if want := (total + 24) / 25; len(messages) != want || messages[0].Group != "ORG#o" ||
			messages[0].Queue != queue.CasesJobs {
			t.Errorf("%d targets have the messages %+v", total, messages)
		}
		clear(w.performed)
		w.Clock.Pass(time.Second)
		w.run(messages...)
		w.run(messages...) // again, as queues do
		j := w.wants(created.ID, job.Done, total, 0, 0)
		if j.Started != created.Created+1e6 || j.Ended != created.Created+1e6 || j.Total != total || j.Creator != anna {
			t.Errorf("the job is %+v", j)
		}
		for _, target := range targets(total) {
			if w.performed[target] != 1 {
				t.Errorf("%s was performed %d times", target, w.performed[target])
			}
		}
	}
}

func TestAFaultIsTheTargetsResultAndOtherErrorsAreTriedAgain(t *testing.T) {
	w := newWorld(t)
	outcomes := map[string]struct {
		err     error
		times   int // how often it fails
		outcome job.Outcome
		message string
		tried   int
	}{
		"case-0000": {fault.Denied(), 99, job.TargetFailed, "You do not have permission to perform this action.", 1},
		"case-0001": {fmt.Errorf("look it up: %w", fault.Missing()), 99, job.TargetFailed, "Not found.", 1},
		"case-0002": {fault.New(fault.Conflict, "It is closed."), 99, job.TargetFailed, "It is closed.", 1},
		"case-0003": {job.Skip("It is %s already.", "archived"), 99, job.TargetSkipped, "It is archived already.", 1},
		"case-0004": {
			fault.Wrap(errors.New("secret"), fault.Unavailable, "The table does not answer."),
			2,
			job.TargetDone,
			"",
			3,
		},
		"case-0005": {fault.Stale(7), 1, job.TargetDone, "", 2},
		"case-0006": {
			errors.New("secret"),
			99,
			job.TargetFailed,
			"It failed for a reason that may be temporary. Try again.",
			5,
		},
		"case-0007": {
			fault.Wrap(errors.New("secret"), fault.Unavailable, "The table does not answer."),
			99,
			job.TargetFailed,
			"The table does not answer.",
			5,
		},
		"case-0008": {
			fault.Wrap(errors.New("x"), fault.Internal, "secret"),
			99,
			job.TargetFailed,
			"It failed for a reason that may be temporary. Try again.",
			5,
		},
		"case-0009": {
			fault.New(fault.Invalid, "%s", strings.Repeat("ü", 2000)),
			99,
			job.TargetFailed,
			strings.Repeat("ü", 250) + "…",
			1,
		},
	}
	w.fails = func(target string, time int) error {
		if o, ok := outcomes[target]; ok && time <= o.times {
			return o.err
		}
		if target == "case-0010" && time == 1 {
			panic("boom")
		}
		return nil
	}
	created := w.create(30)
	w.run(w.Outbox()...)
	w.wants(created.ID, job.Failed, 30-8, 7, 1)
	results := w.results(created.ID, 7)
	for target, o := range outcomes {
		if diff := cmp.Diff(
			job.Result{Target: target, Outcome: o.outcome, Message: o.message},
			results[target],
		); diff != "" {
			t.Error(diff)
		}
		if w.performed[target] != o.tried {
			t.Errorf("%s was tried %d times, want %d", target, w.performed[target], o.tried)
		}
	}
	if w.performed["case-0010"] != 2 || w.performed["case-0011"] != 1 {
		t.Errorf("after a panic: %v", w.performed)
	}
	if w.OnDisk("secret") {
		t.Error("an internal text was stored")
	}
}

func TestOnlyFailedTargetsAreTriedAgain(t *testing.T) {
	w := newWorld(t)
	broken := true
	w.fails = func(target string, _ int) error {
		if broken && (target == "case-0003" || target == "case-0055") {
			return fault.New(fault.Conflict, "Not now.")
		}
		return nil
	}
	created := w.create(60)
	first := w.Outbox()
	_, err := w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	w.Wants(fault.Conflict, err)
	w.run(first...)
	w.wants(created.ID, job.Failed, 58, 2, 0)
	broken = false
	clear(w.performed)
	again, err := w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	if err != nil || again.State != job.Running || again.Failed != 0 || again.Done != 58 {
		t.Fatalf("%+v, %v", again, err)
	}
	w.wants(created.ID, job.Running, 58, 0, 0)
	_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	w.Wants(fault.Conflict, err)
	messages := w.Outbox()[len(first):]
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	w.run(messages...)
	w.wants(created.ID, job.Done, 60, 0, 0)
	if diff := cmp.Diff(map[string]int{"case-0003": 1, "case-0055": 1}, w.performed); diff != "" {
		t.Error(diff)
	}
	_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	w.Wants(fault.Conflict, err)
}

func TestTheSameRequestMakesOneJob(t *testing.T) {
	w := newWorld(t)
	request := asked(targets(30)...)
	var created atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			ctx := once(t.Context(), "click-1")
			if _, err := w.ledger.Create(ctx, anna, place, request); err == nil {
				created.Add(1)
			} else if !errors.Is(err, change.ErrRepeated) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	page, err := w.ledger.List(t.Context(), place, nil, "", 10)
	if err != nil || len(page.Items) != 1 || created.Load() != 1 {
		t.Errorf("%d calls created %d jobs, %v", created.Load(), len(page.Items), err)
	}
	if got := len(w.Outbox()); got != 2 {
		t.Errorf("%d messages", got)
	}
	if _, err := w.ledger.Create(once(t.Context(), "click-2"), anna, place, request); err != nil {
		t.Errorf("another request: %v", err)
	}
}

// once returns a context in which a key makes one job.
func once(ctx context.Context, key string) context.Context {
	ctx, _ = change.WithOnce(ctx, change.Request{
		Caller: anna.ID, Operation: "create", Key: key, Fingerprint: func() string { return key },
	})
	return ctx
}

func TestAJobIsSeenFromItsPlaceAlone(t *testing.T) {
	w := newWorld(t)
	created := w.create(3)
	_, err := w.ledger.Get(t.Context(), other, created.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.ledger.Results(t.Context(), other, created.ID, "", "", 10)
	w.Wants(fault.NotFound, err)
	_, err = w.ledger.Retry(t.Context(), anna, other, created.ID, anybody)
	w.Wants(fault.NotFound, err)
	for _, id := range []string{"", "x", strings.Repeat("x", 5000)} {
		_, err = w.ledger.Get(t.Context(), place, id)
		w.Wants(fault.NotFound, err)
	}
	if page, err := w.ledger.List(t.Context(), other, nil, "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestTheListHasTheNewestFirst(t *testing.T) {
	w := newWorld(t)
	var want, got []string
	for range 5 {
		want = append([]string{w.create(2).ID}, want...)
	}
	after := ""
	for {
		page, err := w.ledger.List(t.Context(), place, nil, after, 2)
		if err != nil || len(page.Items) > 2 {
			t.Fatalf("%+v, %v", page, err)
		}
		for _, one := range page.Items {
			got = append(got, one.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAJobIsGoneAfterNinetyDays(t *testing.T) {
	w := newWorld(t)
	w.fails = func(string, int) error { return fault.Denied() }
	created := w.create(30)
	messages := w.Outbox()
	w.run(messages[0])
	w.Clock.Pass(89*day + time.Hour)
	w.wants(created.ID, job.Running, 0, 25, 0)
	w.run(messages[1])
	_, err := w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
	w.Wants(fault.Conflict, err)
	w.Clock.Pass(day)
	_, err = w.ledger.Get(t.Context(), place, created.ID)
	w.Wants(fault.NotFound, err)
	clear(w.performed)
	w.run(messages...)
	if len(w.performed) != 0 {
		t.Errorf("performed %v", w.performed)
	}
}

func TestAJobThatExpiresUnderItsWorkEndsInPeace(t *testing.T) {
	w := newWorld(t)
	w.create(25)
	w.fails = func(target string, _ int) error {
		if target == "case-0003" {
			w.Clock.Pass(91 * day)
		}
		return nil
	}
	w.run(w.Outbox()...)
	if len(w.performed) != 4 {
		t.Errorf("performed %v", w.performed)
	}
}

func TestProgressIsSeenWhileAPartIsWorkedOn(t *testing.T) {
	w := newWorld(t)
	created := w.create(25)
	w.fails = func(target string, _ int) error {
		if target == "case-0010" {
			w.wants(created.ID, job.Running, 9, 0, 0)
		}
		w.Clock.Pass(2 * time.Second)
		return nil
	}
	w.run(w.Outbox()...)
	w.wants(created.ID, job.Done, 25, 0, 0)
}

func TestWhatWasDoneBeforeTheTimeWasUpIsRecorded(t *testing.T) {
	w := newWorld(t)
	created := w.create(25)
	ctx, cancel := context.WithCancel(t.Context())
	w.fails = func(target string, _ int) error {
		if target == "case-0009" {
			cancel()
			return ctx.Err()
		}
		return nil
	}
	for range 10 { // that does not count as an attempt, however often it happens
		if err := w.ledger.Run(ctx, w.Outbox()[0], w.kinds); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	w.wants(created.ID, job.Running, 9, 0, 0)
	w.fails = func(string, int) error { return nil }
	w.run(w.Outbox()...)
	w.wants(created.ID, job.Done, 25, 0, 0)
	if w.performed["case-0008"] != 1 {
		t.Errorf("performed %v", w.performed)
	}
}

func TestManyWorkersAtOnceLoseNothing(t *testing.T) {
	w := newWorld(t)
	w.fails = func(target string, time int) error {
		switch {
		case strings.HasSuffix(target, "7"):
			return fault.Denied()
		case strings.HasSuffix(target, "3") && time == 1:
			return errors.New("not yet")
		}
		return nil
	}
	created := w.create(250)
	messages := append(w.Outbox(), w.Outbox()...)
	rand.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
	var group sync.WaitGroup
	for _, message := range messages {
		group.Go(func() {
			for range queue.MaxReceives {
				if w.ledger.Run(t.Context(), message, w.kinds) == nil {
					return
				}
			}
			t.Error("a message was never done")
		})
	}
	group.Wait()
	w.wants(created.ID, job.Failed, 225, 25, 0)
	w.results(created.ID, 100)
}

func TestWhatMakesNoJobIsRefused(t *testing.T) {
	w := newWorld(t)
	for field, spoil := range map[string]func(*job.New){
		"targets":    func(n *job.New) { n.Targets = nil },
		"targets[1]": func(n *job.New) { n.Targets = []string{"a", strings.Repeat("x", 201)} },
		"targets[0]": func(n *job.New) { n.Targets = []string{""} },
		"payload":    func(n *job.New) { n.Payload = []byte(`"` + strings.Repeat("x", job.MaxPayload) + `"`) },
	} {
		request := asked("a")
		spoil(&request)
		_, err := w.ledger.Create(t.Context(), anna, place, request)
		problem, ok := errors.AsType[*fault.Error](err)
		if !ok || len(problem.Fields) != 1 || problem.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := w.ledger.Create(t.Context(), anna, place, asked(targets(20_001)...))
	w.Wants(fault.Invalid, err)
	for name, spoil := range map[string]func(*job.New){
		"no kind": func(n *job.New) { n.Kind = "" }, "no title": func(n *job.New) { n.Title = "" }, "no JSON": func(n *job.New) { n.Payload = []byte("{") },
		"no queue": func(n *job.New) { n.Queue = "" }, "a queue that is none": func(n *job.New) { n.Queue = "x" }, "a long title": func(n *job.New) { n.Title = strings.Repeat("x", 201) },
	} {
		request := asked("a")
		spoil(&request)
		if _, err := w.ledger.Create(t.Context(), anna, place, request); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice, err := w.ledger.Create(t.Context(), anna, place, asked("a", "b", "a"))
	if err != nil || twice.Total != 2 {
		t.Errorf("%+v, %v", twice, err)
	}
	for _, after := range []string{"x", "-1", "3"} {
		_, err := w.ledger.Results(t.Context(), place, twice.ID, "", after, 1)
		w.Wants(fault.Invalid, err)
	}
	for _, body := range []string{`{}`, `x`, `{"job_id":"x","part":-1}`} {
		w.Wants(fault.Invalid, w.ledger.Run(t.Context(), queue.Message{Body: []byte(body)}, w.kinds))
	}
}

func TestWhatJobsCost(t *testing.T) {
	w := newWorld(t)
	meter := cost.Count(w.Store)
	w.through(meter)
	spent := func(want cost.Units) {
		t.Helper()
		if got := meter.Snapshot(); got.Requests > want.Requests || got.Read > want.Read || got.Write > want.Write {
			t.Errorf("it cost %+v, more than %+v", got, want)
		}
		meter.Reset()
	}
	created, err := w.ledger.Create(t.Context(), anna, place, asked(ids(1000)...))
	if err != nil {
		t.Fatal(err)
	}
	spent(cost.Units{Requests: 1, Write: 288})
	if err := w.ledger.Run(t.Context(), w.Outbox()[0], w.kinds); err != nil {
		t.Fatal(err)
	}
	spent(cost.Units{Requests: 27, Read: 30, Write: 22}) // before each target it checks whether the job was stopped
	if _, err := w.ledger.Get(t.Context(), place, created.ID); err != nil {
		t.Fatal(err)
	}
	spent(cost.Units{Requests: 1, Read: 1})
	if _, err := w.ledger.Results(t.Context(), place, created.ID, "", "", 25); err != nil {
		t.Fatal(err)
	}
	spent(cost.Units{Requests: 2, Read: 2})
	if _, err := w.ledger.List(t.Context(), place, nil, "", 25); err != nil {
		t.Fatal(err)
	}
	spent(cost.Units{Requests: 1, Read: 1})
}

// anybody may retry a job.
func anybody(job.Job) error { return nil }

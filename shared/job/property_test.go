package job_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// play is a job under random interleavings: messages arrive in any order, twice or late, and the
// process is killed before or after any of its transactions.
type play struct {
	*world
	t *rapid.T
	// id is the ID of the job; fates are the intended results of its targets.
	id    string
	fates map[string]string
	// waiting are the messages not handled yet; late those that were, and may arrive again.
	waiting, late []queue.Message
	// before are the outcomes at the last check; cancelled is set once the job was cancelled.
	before    map[string]job.Outcome
	cancelled bool
	// retried is set while failed targets may become waiting again; inside while something else
	// happens during a target.
	retried, inside bool
	crashes         int
}

// shake occasionally makes one of the next transactions end in a crash, and reports whether it may.
func (p *play) shake() {
	left := 0
	if p.crashes < 12 {
		left = rapid.IntRange(0, 4).Draw(p.t, "crash")
	}
	if left > 0 {
		p.crashes++
	}
	p.through(&shaky{Store: p.Store, left: left, after: rapid.Bool().Draw(p.t, "after")})
}

// until repeats a call until it succeeds.
func (p *play) until(do func() error) error {
	for {
		p.shake()
		if err := do(); !fault.Is(err, fault.Unavailable) {
			return err
		}
	}
}

// look checks what must always hold.
func (p *play) look() {
	p.through(p.Store)
	now := p.check(p.id)
	for target, outcome := range p.before {
		final := outcome != job.TargetWaiting && outcome != job.TargetSent
		if final && now[target] != outcome && (!p.retried || outcome != job.TargetFailed) {
			p.t.Fatalf("%s was %s and is %s", target, outcome, now[target])
		}
	}
	p.before = now
}

// deliver delivers a waiting message, or repeats a handled one.
func (p *play) deliver() {
	from := &p.waiting
	if len(p.late) > 0 && (len(p.waiting) == 0 || rapid.IntRange(0, 9).Draw(p.t, "late") == 0) {
		from = &p.late
	}
	if len(*from) == 0 {
		return
	}
	at := rapid.IntRange(0, len(*from)-1).Draw(p.t, "message")
	message := (*from)[at]
	p.shake()
	err := p.ledger.Run(p.world.t.Context(), message, p.kinds)
	if err == nil {
		p.late = append(p.late, message)
		same := func(other queue.Message) bool { return other.ID == message.ID }
		p.waiting = slices.DeleteFunc(slices.Clone(p.waiting), same)
	}
	p.collect()
}

// amidst lets something else happen during the work on a target.
func (p *play) amidst() {
	if p.inside || rapid.IntRange(0, 40).Draw(p.t, "amidst") > 0 {
		return
	}
	p.inside = true
	defer func() { p.inside = false }()
	for range rapid.IntRange(1, 4).Draw(p.t, "acts") {
		switch rapid.IntRange(0, 5).Draw(p.t, "act") {
		case 0:
			p.cancel()
		case 1:
			p.answer()
		default:
			p.deliver()
		}
		p.look()
	}
}

func (p *play) collect() { p.waiting = append(p.waiting, p.take()...) }

// answer settles a target from outside.
func (p *play) answer() {
	j, err := p.ledger.Get(p.world.t.Context(), p.place, p.id)
	p.must(err)
	position := rapid.IntRange(0, j.Total-1).Draw(p.t, "position")
	part, index := position/25, position%25
	if target := fmt.Sprintf(
		"case-%04d",
		position,
	); len(j.Stages) > 0 || p.fates[target] != "sent" ||
		p.before[target] != job.TargetSent {
		return
	}
	err = p.until(func() error {
		_, err := p.ledger.Settle(
			p.world.t.Context(),
			p.kinds,
			p.place,
			p.id,
			part,
			job.Settlement{Index: index, Outcome: job.TargetDone},
		)
		return err
	})
	p.must(err)
	p.collect()
}

// answerAll settles everything that was sent.
func (p *play) answerAll(stages []int) {
	part, first := 0, 0
	for _, targets := range stages {
		for at := 0; at < targets; at += 25 {
			for index := range min(25, targets-at) {
				if p.before[fmt.Sprintf("case-%04d", first+at+index)] != job.TargetSent {
					continue
				}
				_, err := p.ledger.Settle(
					p.world.t.Context(),
					p.kinds,
					p.place,
					p.id,
					part,
					job.Settlement{Index: index, Outcome: job.TargetDone},
				)
				p.must(err)
			}
			part++
		}
		first += targets
	}
	p.collect()
	p.look()
}

func (p *play) cancel() {
	err := p.until(func() error {
		_, err := p.ledger.Cancel(p.world.t.Context(), anna, p.place, p.id, anybody)
		return err
	})
	if err == nil {
		p.cancelled = true
	} else {
		p.Wants(fault.Conflict, err)
	}
	p.collect()
}

// finish delivers messages until the job has ended.
func (p *play) finish(stages []int) job.Job {
	for round := 0; ; round++ {
		if round > 3000 {
			p.t.Fatal("the job never ends")
		}
		if len(p.waiting) > 0 {
			p.deliver()
			if round%16 == 0 {
				p.look()
			}
			continue
		}
		p.look()
		p.answerAll(stages)
		j, err := p.ledger.Get(p.world.t.Context(), p.place, p.id)
		p.must(err)
		if len(p.waiting) == 0 && j.Ended != 0 {
			return j
		}
		if len(p.waiting) == 0 {
			p.t.Fatalf("nothing is left to be done, and the job has not ended: %+v", j)
		}
	}
}

// cut divides a number of targets into stages.
func cut(t *rapid.T, total int) []int {
	var stages []int
	for total > 0 && len(stages) < 5 {
		some := rapid.IntRange(1, total).Draw(t, "stage")
		stages, total = append(stages, some), total-some
	}
	if total > 0 {
		stages = append(stages, total)
	}
	return stages
}

func TestNoInterleavingDuplicateOrKillLosesOrDoublesAnything(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) { w.play(t) })
}

func (w *world) play(t *rapid.T) {
	w.place = identity.Place{Scope: identity.OrgScope, MSPID: "m", OrgID: w.Journal.NewID()}
	clear(w.performed)
	p := &play{world: w, t: t, fates: map[string]string{}}
	w.register(job.Kind{
		Abort: func(j job.Job) bool { return j.Failed*3 > j.Total-j.Waiting() },
		Perform: func(_ context.Context, _ job.Job, target job.Target) error {
			w.performed[target.Name]++
			return w.fails(target.Name, w.performed[target.Name])
		},
	})
	total := rapid.IntRange(1, 90).Draw(t, "total")
	if rapid.IntRange(0, 5).Draw(t, "large") == 0 {
		total = rapid.IntRange(1001, 1100).Draw(t, "total")
	}
	kinds := rapid.SampledFrom([][]string{{"done", "done", "done", "fails", "skips", "later", "never"}, {"done", "sent"}, {"done"}, {"done", "done", "done", "done", "fails"}}).
		Draw(t, "kinds")
	seed := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	for _, target := range targets(total) {
		p.fates[target] = kinds[seed.IntN(len(kinds))]
	}
	tried := map[string]int{}
	w.fails = func(target string, _ int) error {
		if p.cancelled {
			t.Fatalf("%s was begun after the job was cancelled", target)
		}
		w.Clock.Pass(300 * 1e6)
		tried[target]++
		attempt := tried[target]
		p.amidst()
		switch fate := p.fates[target]; {
		case fate == "fails":
			return fault.Denied()
		case fate == "skips":
			return job.Skip("Not this one.")
		case fate == "sent":
			return job.Sent()
		case fate == "later" && attempt == 1, fate == "never":
			return errors.New("not now")
		}
		return nil
	}
	order := asked(targets(total)...)
	stages := []int{total}
	if rapid.Bool().Draw(t, "staged") {
		stages = cut(t, total)
		order.Stages = stages
	}
	// The client repeats its request until it gets a response.
	err := p.until(func() error {
		created, err := w.ledger.Create(once(w.t.Context(), w.place.OrgID), anna, w.place, order)
		if errors.Is(err, change.ErrRepeated) {
			var page job.Page[job.Job]
			if page, err = w.ledger.List(w.t.Context(), w.place, nil, "", 1); err == nil {
				created = page.Items[0]
			}
		}
		p.id = created.ID
		return err
	})
	w.must(err)
	p.collect()
	p.look()
	for range rapid.IntRange(0, 40).Draw(t, "acts") {
		switch rapid.IntRange(0, 12).Draw(t, "act") {
		case 0:
			p.cancel()
		case 1, 2:
			p.answer()
		default:
			p.deliver()
		}
		p.look()
	}
	ended := p.finish(stages)
	p.outcomes(ended, false)
	p.cancelled, p.retried = false, true
	if ended.Failed == 0 {
		return
	}
	for target, fate := range p.fates {
		if fate == "fails" && seed.IntN(2) == 0 {
			p.fates[target] = "done"
		}
	}
	clear(tried)
	err = p.until(func() error {
		_, err := p.ledger.Retry(w.t.Context(), anna, w.place, p.id, anybody)
		return err
	})
	if err != nil {
		w.Wants(fault.Conflict, err) // it was accepted before, but the response was lost
	}
	p.collect()
	p.look()
	for steps := 0; steps < 8; steps++ {
		if p.deliver(); rapid.IntRange(0, 20).Draw(t, "cancel") == 0 {
			p.cancel()
		}
		p.look()
	}
	for len(p.waiting) > 0 { // steps of the retry keep resetting failed targets to waiting
		p.deliver()
		p.look()
	}
	p.retried = false
	p.outcomes(p.finish(stages), true)
}

// outcomes checks the end: each target has its intended result, unless it was cancelled.
func (p *play) outcomes(ended job.Job, retried bool) {
	want := map[string]job.Outcome{
		"done":  job.TargetDone,
		"fails": job.TargetFailed,
		"skips": job.TargetSkipped,
		"later": job.TargetDone,
		"never": job.TargetFailed,
		"sent":  job.TargetDone,
	}
	for target, outcome := range p.before {
		switch {
		case outcome == job.TargetCancelled && (ended.Stop != nil || retried):
		case outcome != want[p.fates[target]] && (!retried || outcome != job.TargetFailed || ended.Stop == nil):
			p.t.Fatalf("%s, which is %q, ended as %s: %+v", target, p.fates[target], outcome, ended)
		case p.performed[target] < 1:
			p.t.Fatalf("%s was never performed", target)
		}
	}
	if len(p.before) != ended.Total {
		p.t.Fatalf("%d of %d results", len(p.before), ended.Total)
	}
}

package job

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Ledger stores the jobs. Domains create their jobs with it; Service decides who may see or stop a
// job. It is safe for concurrent use.
type Ledger struct{ journal *change.Journal }

// NewLedger returns the ledger on a journal.
func NewLedger(journal *change.Journal) *Ledger { return &Ledger{journal: journal} }

// Create creates a job in one transaction: a small one with all its parts; for a large one, a
// worker creates the parts later. It returns a fault of code Invalid for an invalid job.
func (l *Ledger) Create(ctx context.Context, by change.Actor, place identity.Place, request New) (Job, error) {
	request.Targets = distinct(request.Targets)
	if err := request.check(); err != nil {
		return Job{}, err
	}
	e := l.editOf(Kinds{}, l.newHead(by, place, request), 0)
	err := errors.Join(e.addOrder(request), e.addParts(request))
	if err != nil {
		return Job{}, err
	}
	e.touched = true
	err = e.commit(ctx, by, change.Record{
		Action: "jobs.create", Message: fmt.Sprintf("%s: %d to do", e.head.Title, e.head.Total),
		After: map[string]any{"kind": e.head.Kind, "total": e.head.Total},
	})
	if err != nil {
		return Job{}, err
	}
	return e.head.Job, nil
}

// newHead returns the head of a new job.
func (l *Ledger) newHead(by change.Actor, place identity.Place, request New) head {
	h := head{Format: format, Job: Job{
		ID:      l.journal.NewID(),
		Kind:    request.Kind,
		Title:   request.Title,
		Scope:   place.Scope,
		MSPID:   place.MSPID,
		OrgID:   place.OrgID,
		Creator: by,
		Created: l.journal.Now().
			UnixMicro(),
		Total:   len(request.Targets),
		State:   Waiting,
		Payload: request.Payload,
		Queue:   request.Queue,
	}}
	for _, targets := range request.Stages {
		h.Stages = append(h.Stages, Stage{Targets: targets, Left: partsFor(targets)})
	}
	h.PartsLeft = h.parts()
	return h
}

// addOrder adds the order.
func (e *edit) addOrder(asked New) error {
	return e.create(orderKey(e.head.Place(), e.head.ID), order{Payload: asked.Payload})
}

// create adds a new item.
func (e *edit) create(key table.Key, value any) error {
	write, err := e.head.write(key, 0, value)
	e.writes = append(e.writes, write)
	return err
}

// addParts adds the parts of a small job, or the targets and tallies of a large one with the
// message that creates its parts.
func (e *edit) addParts(request New) error {
	h := &e.head
	if !h.large() {
		err := e.makeParts(0, h.parts(), request.Targets)
		e.beginWork()
		return errors.Join(err, e.release())
	}
	h.State = Preparing
	counts := make([]tally, tallies)
	for number := range h.parts() {
		first, end := h.partTargets(number)
		counts[number%tallies].Waiting += end - first
	}
	var err error
	for number, t := range counts {
		err = errors.Join(err, e.create(tallyKey(h.Place(), h.ID, number), t))
	}
	for first := 0; first < h.parts(); first += stepParts {
		from, to := h.targetsOf(first)
		err = errors.Join(
			err,
			e.create(targetsKey(h.Place(), h.ID, first/stepParts), targets{Targets: request.Targets[from:to]}),
		)
	}
	return errors.Join(err, e.send(task{Part: -1, Step: stepExpand}))
}

// makeParts creates parts from their targets. Parts of a stopped job get no work.
func (e *edit) makeParts(first, end int, names []string) error {
	h := &e.head
	offset, _ := h.partTargets(first)
	for number := first; number < end; number++ {
		some := part{}
		from, to := h.partTargets(number)
		for _, name := range names[from-offset : to-offset] {
			some.Results = append(some.Results, Result{Target: name, Outcome: TargetWaiting})
		}
		if h.Stop != nil {
			e.move(number, TargetWaiting, TargetCancelled, some.cancel())
			e.closePart(number)
		} else {
			h.Pending.add(number)
		}
		if err := e.create(partKey(h.Place(), h.ID, number), some); err != nil {
			return err
		}
	}
	h.PartsMade, e.touched = end, true
	return nil
}

// beginWork starts the parts of the first stage once all are created.
func (e *edit) beginWork() {
	for stage := 1; stage < len(e.head.Stages); stage++ {
		first, end := e.head.stageParts(stage)
		for number := first; number < end; number++ {
			e.head.Pending.remove(number)
		}
	}
}

// cancel sets the outcome of waiting targets to cancelled, and returns their number.
func (p *part) cancel() int {
	number := 0
	for i := range p.Results {
		if p.Results[i].Outcome == TargetWaiting {
			p.Results[i].Outcome = TargetCancelled
			number++
		}
	}
	return number
}

func (n New) check() error {
	switch {
	case n.Kind == "" || n.Title == "" || !slices.Contains(queue.Names(), n.Queue):
		return errors.New("job: a kind, a title and a queue that exists are required")
	case len(n.Title) > 200:
		return errors.New("job: the title is longer than 200 bytes")
	case !json.Valid(n.Payload):
		return errors.New("job: the payload is not a JSON document")
	case len(n.Payload) > MaxPayload:
		return fault.InField("payload", "it has %d bytes; %d are allowed", len(n.Payload), MaxPayload)
	}
	return cmp.Or(n.checkTargets(), n.checkStages())
}

func (n New) checkTargets() error {
	switch {
	case len(n.Targets) == 0:
		return fault.InField("targets", "must have at least one")
	case len(n.Targets) > MaxTargets:
		return fault.InField("targets", "there are %d; %d are allowed", len(n.Targets), MaxTargets)
	}
	bytes := 0
	for i, target := range n.Targets {
		if target == "" || len(target) > MaxTarget {
			return fault.InField(fmt.Sprintf("targets[%d]", i), "give a name of 1 to %d bytes", MaxTarget)
		}
		bytes += len(target)
	}
	if bytes > MaxTargetBytes {
		return fault.InField("targets", "the names have %d bytes together; %d are allowed", bytes, MaxTargetBytes)
	}
	return nil
}

func (n New) checkStages() error {
	total := 0
	for _, targets := range n.Stages {
		if targets < 1 {
			return errors.New("job: a stage without targets")
		}
		total += targets
	}
	if len(n.Stages) > MaxStages || len(n.Stages) > 0 && total != len(n.Targets) {
		return fmt.Errorf("job: %d stages with %d targets, of a job that has %d", len(n.Stages), total, len(n.Targets))
	}
	return nil
}

// distinct returns the targets without duplicates, in order.
func distinct(targets []string) []string {
	seen := make(map[string]bool, len(targets))
	return slices.DeleteFunc(slices.Clone(targets), func(target string) bool {
		twice := seen[target]
		seen[target] = true
		return twice
	})
}

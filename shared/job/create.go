package job

import (
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

// Ledger keeps the jobs. It is safe for concurrent use.
type Ledger struct{ journal *change.Journal }

// NewLedger makes the service on a journal.
func NewLedger(journal *change.Journal) *Ledger { return &Ledger{journal: journal} }

// Create makes a job with all its parts and messages, in one transaction. It returns a fault of code Invalid for what makes no
// job, and Conflict if the request's name was used for something else.
func (l *Ledger) Create(ctx context.Context, by change.Actor, place identity.Place, asked New) (Job, error) {
	asked.Targets = distinct(asked.Targets)
	if err := asked.check(); err != nil {
		return Job{}, err
	}
	if asked.Request != "" {
		if known, err := l.known(ctx, by, place, asked); err != nil || known.ID != "" {
			return known, err
		}
	}
	now := l.journal.Now()
	j := Job{
		ID: l.journal.NewID(), Kind: asked.Kind, Title: asked.Title, Scope: place.Scope, MSPID: place.MSPID, OrgID: place.OrgID, Creator: by,
		Created: now.UnixMicro(), Total: len(asked.Targets), State: Waiting, Payload: asked.Payload, Queue: asked.Queue,
	}
	done, err := l.creation(by, j, asked)
	if err != nil {
		return Job{}, err
	}
	err = l.journal.Commit(ctx, by, done)
	if asked.Request != "" && table.ConflictAt(err, requestKey(place, by, asked.Request)) {
		return l.known(ctx, by, place, asked) // the same request came in at the same moment
	}
	if err != nil {
		return Job{}, err
	}
	return j, nil
}

// creation is the change that makes a job.
func (l *Ledger) creation(by change.Actor, j Job, asked New) (change.Record, error) {
	place := j.place()
	done := change.Record{
		Action: "jobs.create", Message: fmt.Sprintf("%s: %d to do", j.Title, j.Total), OrgID: j.OrgID, MSPID: j.MSPID, Target: "job:" + j.ID,
		After: map[string]any{"kind": j.Kind, "total": j.Total},
	}
	add := func(key table.Key, value any) error {
		write, err := j.write(key, 0, value)
		done.Writes = append(done.Writes, write)
		return err
	}
	err := errors.Join(add(jobKey(place, j.ID), j), add(orderKey(place, j.ID), order{Payload: asked.Payload}))
	if asked.Request != "" {
		hash, hashErr := asked.hash()
		err = errors.Join(err, hashErr, add(requestKey(place, by, asked.Request), made{JobID: j.ID, Asked: hash}))
	}
	number := 0
	for targets := range slices.Chunk(asked.Targets, PartTargets) {
		some := part{}
		for _, target := range targets {
			some.Results = append(some.Results, Result{Target: target, Outcome: TargetWaiting})
		}
		err = errors.Join(err, add(partKey(place, j.ID, number), some))
		message, messageErr := j.message(number)
		err = errors.Join(err, messageErr)
		done.Messages = append(done.Messages, message)
		number++
	}
	return done, err
}

// write makes the write of an item that goes with the job; version 0 creates it.
func (j Job) write(key table.Key, version int64, value any) (table.Write, error) {
	item, err := change.Encode(key, value)
	if err != nil {
		return table.Write{}, err
	}
	item.Expires = j.Created/1e6 + int64(Kept.Seconds())
	if version == 0 {
		return table.Create(item), nil
	}
	item.Version = version
	return table.Update(item), nil
}

// message is the message for one part.
func (j Job) message(number int) (queue.Message, error) {
	body, err := json.Marshal(task{Scope: j.Scope, MSPID: j.MSPID, OrgID: j.OrgID, JobID: j.ID, Part: number})
	return queue.Message{Queue: j.Queue, Group: j.place().Partition(), Body: body}, err
}

// known gives the job that a request made before; one without an id if it made none.
func (l *Ledger) known(ctx context.Context, by change.Actor, place identity.Place, asked New) (Job, error) {
	var before made
	if _, err := l.journal.Get(ctx, requestKey(place, by, asked.Request), &before); errors.Is(err, table.ErrAbsent) {
		return Job{}, nil
	} else if err != nil {
		return Job{}, err
	}
	hash, err := asked.hash()
	if err != nil {
		return Job{}, err
	}
	if hash != before.Asked {
		return Job{}, fault.New(fault.Conflict, "A request of this name was made before, for something else. Give each request a name of its own.")
	}
	return l.Get(ctx, place, before.JobID)
}

func (n New) check() error {
	switch {
	case n.Kind == "" || n.Title == "" || n.Queue == "":
		return errors.New("job: a kind, a title and a queue are required")
	case len(n.Title) > 200:
		return errors.New("job: the title is longer than 200 bytes")
	case !json.Valid(n.Payload):
		return errors.New("job: the payload is no JSON document")
	case len(n.Payload) > MaxPayload:
		return fault.InField("payload", "it has %d bytes; %d are allowed", len(n.Payload), MaxPayload)
	case len(n.Request) > 200:
		return fault.InField("request", "give a name of at most 200 bytes")
	case len(n.Targets) == 0:
		return fault.InField("targets", "give one at least")
	case len(n.Targets) > MaxTargets:
		return fault.InField("targets", "there are %d; %d are allowed", len(n.Targets), MaxTargets)
	}
	for i, target := range n.Targets {
		if target == "" || len(target) > MaxTarget {
			return fault.InField(fmt.Sprintf("targets[%d]", i), "give a name of 1 to %d bytes", MaxTarget)
		}
	}
	return nil
}

// distinct gives each target once, in the order given.
func distinct(targets []string) []string {
	seen := make(map[string]bool, len(targets))
	return slices.DeleteFunc(slices.Clone(targets), func(target string) bool {
		twice := seen[target]
		seen[target] = true
		return twice
	})
}

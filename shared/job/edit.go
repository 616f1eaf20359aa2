package job

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// errGone says that the job has expired in the meantime.
var errGone = errors.New("job: the job is gone")

// edit is one change of a job: its head, its parts and its counts are written in one transaction.
type edit struct {
	ledger  *Ledger
	kinds   Kinds
	head    head
	version int64
	// touched is set if the head must be written.
	touched bool
	// tallies are the tallies read so far, with their versions; moved are the changed ones.
	tallies  map[int]tally
	versions map[int]int64
	moved    map[int]bool
	writes   []table.Write
	messages []queue.Message
	now      int64
}

// edit reads a job to change it; a fault of code NotFound if there is none.
func (l *Ledger) edit(ctx context.Context, kinds Kinds, place identity.Place, id string) (*edit, error) {
	h, version, err := l.head(ctx, place, id)
	if err != nil {
		return nil, err
	}
	return l.editOf(kinds, h, version), nil
}

// editOf starts a change of a job that was read already.
func (l *Ledger) editOf(kinds Kinds, h head, version int64) *edit {
	h.Stages = slices.Clone(h.Stages)
	return &edit{
		ledger:   l,
		kinds:    kinds,
		head:     h,
		version:  version,
		tallies:  map[int]tally{},
		versions: map[int]int64{},
		moved:    map[int]bool{},
		now:      l.journal.Now().UnixMicro(),
	}
}

// move moves targets of a part from one outcome to another. The part's tally must have been read.
func (e *edit) move(number int, from, to Outcome, targets int) {
	if targets == 0 || from == to {
		return
	}
	if !e.head.large() {
		e.head.add(from, -targets)
		e.head.add(to, targets)
		e.touched = true
		return
	}
	t := e.tallies[number%tallies]
	t.add(from, -targets)
	t.add(to, targets)
	e.tallies[number%tallies], e.moved[number%tallies] = t, true
}

// change writes a part that was read as before, and updates the counts.
func (e *edit) change(number int, before, after part, version int64) error {
	for i := range after.Results {
		e.move(number, before.Results[i].Outcome, after.Results[i].Outcome, 1)
	}
	write, err := e.head.write(partKey(e.head.Place(), e.head.ID, number), version, after)
	if err != nil {
		return err
	}
	e.writes = append(e.writes, write)
	if e.head.Format == 0 {
		return nil
	}
	if before.count(TargetWaiting) > 0 && after.count(TargetWaiting) == 0 { // the work on it is done
		if e.head.Pending.has(number) {
			e.head.Pending.remove(number)
		} else {
			e.head.Out--
		}
		e.touched = true
	}
	if before.open() > 0 && after.open() == 0 {
		e.closePart(number)
	}
	return nil
}

// closePart counts a part as having no open targets any more.
func (e *edit) closePart(number int) {
	e.head.PartsLeft--
	if len(e.head.Stages) > 0 {
		e.head.Stages[e.head.stageOf(number)].Left--
	}
	e.touched = true
}

// settle updates the job's state from its counts and parts: it ends the job or its stage, and
// releases parts. The head was read before the tallies: while the head is unchanged, no part
// closes, so the tallies of closed parts are final.
func (e *edit) settle(ctx context.Context) error {
	h := &e.head
	if h.Format == 0 {
		e.settleByCounts()
		return nil
	}
	if h.idle() {
		return nil
	}
	if h.State == Waiting && (h.large() || h.Waiting() < h.Total) {
		h.State, e.touched = Running, true
	}
	if h.PartsLeft == 0 {
		if err := e.total(ctx); err != nil {
			return err
		}
		h.end(e.now)
		e.touched = true
		return nil
	}
	if h.Stop == nil && h.Stage < len(h.Stages)-1 && h.Stages[h.Stage].Left == 0 {
		if err := e.nextStage(ctx); err != nil {
			return err
		}
	}
	return e.release()
}

// settleByCounts is settle for jobs of earlier releases.
func (e *edit) settleByCounts() {
	h := &e.head
	switch {
	case h.open() == 0:
		h.end(e.now)
	case h.Stop != nil:
		h.State, h.Ended = Cancelling, 0
	case h.Waiting() == h.Total:
		h.State, h.Ended = Waiting, 0
	default:
		h.State, h.Ended = Running, 0
	}
}

// nextStage decides at the end of a stage whether to continue.
func (e *edit) nextStage(ctx context.Context) error {
	e.touched = true
	counted, err := e.counted(ctx)
	if err != nil {
		return err
	}
	if !e.kinds.abort(counted) {
		e.head.Stage++
		e.head.addStage(e.head.Stage)
		return nil
	}
	e.head.stop(change.ByPlatform(), e.now, true)
	return e.send(task{Part: -1, Step: stepCancel})
}

// counted returns the job with its counts. For a large job it reads all tallies.
func (e *edit) counted(ctx context.Context) (Job, error) {
	j := e.head.Job
	if !e.head.large() {
		return j, nil
	}
	if err := e.readTallies(ctx, everyTally()...); err != nil {
		return Job{}, err
	}
	j.count(slices.Collect(maps.Values(e.tallies)))
	return j, nil
}

// total writes the totals of a large job to its head.
func (e *edit) total(ctx context.Context) error {
	counted, err := e.counted(ctx)
	e.head.Job = counted
	return err
}

// release sends the messages of pending parts, as far as there is room.
func (e *edit) release() error {
	h := &e.head
	for h.Stop == nil && h.Out < messagesOut {
		number, ok := h.Pending.first()
		if !ok {
			return nil
		}
		h.Pending.remove(number)
		h.Out++
		e.touched = true
		if err := e.send(task{Part: number}); err != nil {
			return err
		}
	}
	return nil
}

// send sends a message of the job.
func (e *edit) send(t task) error {
	t.Scope, t.MSPID, t.OrgID, t.JobID = e.head.Scope, e.head.MSPID, e.head.OrgID, e.head.ID
	body, err := json.Marshal(t)
	e.messages = append(e.messages, queue.Message{Queue: e.head.Queue, Group: e.head.Place().Partition(), Body: body})
	return err
}

// commit writes the change. record has its action, message and what else the audit log needs.
func (e *edit) commit(ctx context.Context, by change.Actor, record change.Record) error {
	h := &e.head
	var first []table.Write // a conflict names the first write that fails
	if e.touched {
		write, err := h.write(jobKey(h.Place(), h.ID), e.version, h)
		if err != nil {
			return err
		}
		first = append(first, write)
	}
	for _, number := range slices.Sorted(maps.Keys(e.moved)) {
		write, err := h.write(tallyKey(h.Place(), h.ID, number), e.versions[number], e.tallies[number])
		if err != nil {
			return err
		}
		first = append(first, write)
	}
	record.OrgID, record.MSPID, record.Target = h.OrgID, h.MSPID, "job:"+h.ID
	record.Writes, record.Messages = append(first, e.writes...), e.messages
	return e.ledger.journal.Commit(ctx, by, record)
}

// write returns the write of an item that belongs to the job; version 0 creates it.
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

// lostRace reports whether err says that an item of the job changed in the meantime.
func lostRace(err error) bool {
	_, lost := errors.AsType[*table.ConflictError](err)
	return lost
}

// busy returns the error for too many concurrent changes of the job.
func busy() error {
	return fault.New(fault.Unavailable, "Many others are changing the job. Try again.")
}

// again repeats a function until it loses no race.
func again(ctx context.Context, do func() error) error {
	for race := range races {
		err := do()
		if !lostRace(err) {
			return err
		}
		if err := pause(ctx, race); err != nil {
			return err
		}
	}
	return busy()
}

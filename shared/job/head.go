package job

import (
	"math/bits"

	"github.com/tenantry/tenantry/shared/change"
)

const (
	// smallParts is the maximum number of parts of a job whose counts are in its head, and that is
	// created with all its parts. A job with more is large.
	smallParts = 40
	// tallies is the number of tallies of a large job.
	tallies = 16
	// messagesOut is how many part messages of one job are in flight, so that a large job does not
	// fill the queue: the transaction that ends the work on a part releases the next one.
	messagesOut = 20
)

// head is a job with its bookkeeping, as stored.
type head struct {
	Job
	// Format is 0 for jobs of releases before this bookkeeping: all their messages were sent on
	// creation, and they end when their counts say so.
	Format int `json:"format,omitempty"`
	// PartsMade is the number of parts created, PartsLeft the number of all parts with open
	// targets.
	PartsMade int `json:"parts_made,omitempty"`
	PartsLeft int `json:"parts_left,omitempty"`
	// Out is the number of parts that workers have not finished.
	Out int `json:"out,omitempty"`
	// Pending are the parts to be released to workers.
	Pending set `json:"pending,omitempty"`
	// Retrying is set while failed targets are reset to waiting: RetryFrom is the next part to
	// reset.
	Retrying  bool `json:"retrying,omitempty"`
	RetryFrom int  `json:"retry_from,omitempty"`
}

// format is the format of new jobs.
const format = 1

// partsFor returns the number of parts for a number of targets.
func partsFor(targets int) int { return (targets + PartTargets - 1) / PartTargets }

// stages returns the sizes of the stages; a job without stages has one.
func (h *head) stages() []int {
	if len(h.Stages) == 0 {
		return []int{h.Total}
	}
	sizes := make([]int, len(h.Stages))
	for i, stage := range h.Stages {
		sizes[i] = stage.Targets
	}
	return sizes
}

// parts returns the number of parts of the job.
func (h *head) parts() int {
	parts := 0
	for _, targets := range h.stages() {
		parts += partsFor(targets)
	}
	return parts
}

// large reports whether the counts are kept in tallies.
func (h *head) large() bool { return h.Format > 0 && h.parts() > smallParts }

// stageParts returns the range of a stage's parts: the first, and the one after the last.
func (h *head) stageParts(stage int) (first, end int) {
	for i, targets := range h.stages() {
		first, end = end, end+partsFor(targets)
		if i == stage {
			break
		}
	}
	return first, end
}

// stageOf returns the stage of a part.
func (h *head) stageOf(part int) int {
	for stage := range h.stages() {
		if _, end := h.stageParts(stage); part < end {
			return stage
		}
	}
	return len(h.stages()) - 1
}

// partAt returns the part of the target at a position, and the position of the part's first target.
func (h *head) partAt(position int) (part, first int) {
	for _, targets := range h.stages() {
		if position < first+targets {
			inside := (position - first) / PartTargets
			return part + inside, first + inside*PartTargets
		}
		part, first = part+partsFor(targets), first+targets
	}
	return part, first
}

// partTargets returns the range of a part's targets: the first, and the one after the last.
func (h *head) partTargets(part int) (first, end int) {
	for _, targets := range h.stages() {
		if parts := partsFor(targets); part >= parts {
			part, first = part-parts, first+targets
			continue
		}
		return first + part*PartTargets, first + min((part+1)*PartTargets, targets)
	}
	return first, first
}

// begun reports whether a part was ever released to a worker.
func (h *head) begun(part int) bool {
	return h.Format == 0 || !h.idle() && !h.Pending.has(part) && h.stageOf(part) <= h.Stage
}

// idle reports whether parts are being created or reset: until then nothing is released, and the
// job does not end.
func (h *head) idle() bool { return h.Format > 0 && (h.Retrying || h.PartsMade < h.parts()) }

// stop keeps the job from starting more work: pending parts and later stages are to be cancelled.
func (h *head) stop(by change.Actor, now int64, aborted bool) {
	h.Stop = &Stop{By: by, At: now, Aborted: aborted}
	h.State = Cancelling
	if h.Format == 0 || h.idle() {
		return
	}
	for stage := h.Stage + 1; stage < len(h.Stages); stage++ {
		h.addStage(stage)
	}
}

// addStage makes the parts of a stage pending.
func (h *head) addStage(stage int) {
	first, end := h.stageParts(stage)
	for part := first; part < end; part++ {
		h.Pending.add(part)
	}
}

// end sets the final state of the job.
func (h *head) end(now int64) {
	h.Ended = now
	switch {
	case h.Stop != nil && h.Stop.Aborted, h.Stop == nil && h.Failed > 0:
		h.State = Failed
	case h.Stop != nil || h.Cancelled > 0:
		h.State = Cancelled
	default:
		h.State = Done
	}
}

// set is a set of small numbers, as a bitmap.
type set []byte

func (s set) has(number int) bool {
	return number>>3 < len(s) && s[number>>3]&(1<<(number&7)) != 0
}

func (s *set) add(number int) {
	for len(*s) <= number>>3 {
		*s = append(*s, 0)
	}
	(*s)[number>>3] |= 1 << (number & 7)
}

func (s *set) remove(number int) {
	if number>>3 >= len(*s) {
		return
	}
	(*s)[number>>3] &^= 1 << (number & 7)
	for len(*s) > 0 && (*s)[len(*s)-1] == 0 {
		*s = (*s)[:len(*s)-1]
	}
}

// first returns the smallest number, and false if there is none.
func (s set) first() (int, bool) {
	for i, eight := range s {
		if eight != 0 {
			return i<<3 + bits.TrailingZeros8(eight), true
		}
	}
	return 0, false
}

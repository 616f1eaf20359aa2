// Package job keeps long actions: what is to be done to many targets, how far it has come, and the result for each target. It
// divides the targets into parts, each with a message of its own, and records what a worker made of them.
// What is done to a target, and who may ask for it, is known by the domains alone; they check privileges before they
// come here.
package job

import (
	"encoding/json"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
)

const (
	// MaxTargets is how many targets a job can have.
	MaxTargets = 1000
	// PartTargets is how many targets one message is for. The parts of the largest job and their messages fit into one
	// transaction. A worker's time must be enough for so many targets.
	PartTargets = 25
	// MaxTarget is the longest name of a target in bytes.
	MaxTarget = 200
	// MaxPayload is the largest payload in bytes.
	MaxPayload = 64 << 10
	// MaxAttempts is how often a target is tried that fails for a reason that may pass: once less than its message is
	// delivered, so that the result is recorded.
	MaxAttempts = queue.MaxReceives - 1
	// Kept is how long a job is kept after it was created.
	Kept = 90 * 24 * time.Hour
	// RetriedFor is how long after its creation the failed targets can be tried again.
	RetriedFor = 89 * 24 * time.Hour
)

// State is how far a job has come.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // nothing is recorded yet
	Running State = "running" // some targets have a result
	Done    State = "done"    // all have one, and none failed
	Failed  State = "failed"  // all have one, and some failed
)

// Job is a long action. Times are microseconds since 1970; 0 is not yet.
type Job struct {
	ID string `json:"id"`
	// Kind is the operation, as in "cases.archive"; Title says for people what is done.
	Kind  string `json:"kind"`
	Title string `json:"title"`
	// Scope, MSPID and OrgID are the place that the job belongs to.
	Scope identity.ScopeKind `json:"scope"`
	MSPID string             `json:"msp_id,omitempty"`
	OrgID string             `json:"org_id,omitempty"`
	// Creator is who asked for it; its worker acts for that person.
	Creator change.Actor `json:"creator"`
	Created int64        `json:"created"`
	Started int64        `json:"started,omitempty"`
	Ended   int64        `json:"ended,omitempty"`
	// Total is the number of targets; Done, Failed and Skipped have that result, and the others wait.
	Total   int   `json:"total"`
	Done    int   `json:"done"`
	Failed  int   `json:"failed"`
	Skipped int   `json:"skipped"`
	State   State `json:"state"`
	// Payload says what to do. It is there for those who perform the job alone.
	Payload json.RawMessage `json:"-"`

	// Queue is where its messages go.
	Queue string `json:"queue"`
}

// place is where the job belongs.
func (j Job) place() identity.Place {
	return identity.Place{Scope: j.Scope, MSPID: j.MSPID, OrgID: j.OrgID}
}

// settle brings the state into agreement with the counts.
func (j *Job) settle(now int64) {
	switch with := j.Done + j.Failed + j.Skipped; {
	case with < j.Total && with == 0:
		j.State, j.Ended = Waiting, 0
	case with < j.Total:
		j.State, j.Ended = Running, 0
	case j.Failed > 0:
		j.State, j.Ended = Failed, now
	default:
		j.State, j.Ended = Done, now
	}
}

// add counts a result in, or out again.
func (j *Job) add(outcome Outcome, number int) {
	switch outcome {
	case TargetDone:
		j.Done += number
	case TargetFailed:
		j.Failed += number
	case TargetSkipped:
		j.Skipped += number
	}
}

// Outcome is what became of one target.
type Outcome string

// The outcomes of a target.
const (
	TargetWaiting Outcome = "waiting"
	TargetDone    Outcome = "done"
	TargetFailed  Outcome = "failed"
	TargetSkipped Outcome = "skipped"
)

// Result is what became of one target.
type Result struct {
	Target  string  `json:"target"`
	Outcome Outcome `json:"outcome"`
	// Message says why, where it failed or was skipped.
	Message string `json:"message,omitempty"`
}

// New is a job to be created.
type New struct {
	Kind, Title string
	// Payload says what to do, as a JSON document of at most MaxPayload bytes.
	Payload json.RawMessage
	// Targets are what to do it to: 1 to MaxTargets names. One that is there twice counts once.
	Targets []string
	// Queue is where its messages go.
	Queue string
	// Request is the client's own name for this request; the same name twice makes one job. Empty: each makes one.
	Request string
}

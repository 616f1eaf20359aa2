// Package job runs long operations on many targets: what to do, the progress, and the result of
// each target. It divides the targets into parts, each with its own message, and records what the
// workers report. What happens to a target is known only to the domains: each registers its kinds
// of jobs (Kind).
package job

import (
	"encoding/json"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
)

const (
	// MaxTargets is the maximum number of targets of a job.
	MaxTargets = 20_000
	// PartTargets is the number of targets per message. A worker must be able to handle that many
	// within its time limit.
	PartTargets = 25
	// MaxStages is the maximum number of stages of a job.
	MaxStages = 20
	// MaxTarget is the maximum length of a target's name in bytes.
	MaxTarget = 200
	// MaxTargetBytes is the maximum length of all target names together, so that they fit in one
	// transaction.
	MaxTargetBytes = 3 << 20
	// MaxPayload is the maximum size of a payload in bytes.
	MaxPayload = 64 << 10
	// MaxAttempts is how often a target is tried that fails for a temporary reason: once less than
	// its message is delivered, so that the result is recorded.
	MaxAttempts = queue.MaxReceives - 1
	// Kept is how long a job is kept after it was created.
	Kept = 90 * 24 * time.Hour
	// RetriedFor is how long after its creation failed targets can be retried.
	RetriedFor = 89 * 24 * time.Hour
)

// State is the state of a job.
type State string

// The states of a job.
const (
	Preparing  State = "preparing"  // its parts are being created
	Waiting    State = "waiting"    // nothing is recorded yet
	Running    State = "running"    // work has begun
	Cancelling State = "cancelling" // nothing more is started; started work is being finished
	Done       State = "done"       // all targets have a result, and none failed
	Failed     State = "failed"     // all targets have a result; some failed, or too many failed and stopped the job
	Cancelled  State = "cancelled"  // all targets have a result, and somebody cancelled the job
)

// States lists them.
func States() []State {
	return []State{Preparing, Waiting, Running, Cancelling, Done, Failed, Cancelled}
}

// Job is a long-running operation. Times are microseconds since 1970; 0 is not yet.
type Job struct {
	ID string `json:"id"`
	// Kind is the operation, as in "cases.archive"; Title describes it for people.
	Kind  string `json:"kind"`
	Title string `json:"title"`
	// Scope, MSPID and OrgID are the place that the job belongs to.
	Scope identity.ScopeKind `json:"scope"`
	MSPID string             `json:"msp_id,omitempty"`
	OrgID string             `json:"org_id,omitempty"`
	// Creator requested the job; workers act for that person.
	Creator change.Actor `json:"creator"`
	Created int64        `json:"created"`
	Started int64        `json:"started,omitempty"`
	Ended   int64        `json:"ended,omitempty"`
	// Total is the number of targets; the others count the targets with that outcome, and the rest
	// are waiting.
	Total     int   `json:"total"`
	Done      int   `json:"done"`
	Failed    int   `json:"failed"`
	Skipped   int   `json:"skipped"`
	Sent      int   `json:"sent,omitempty"`
	Cancelled int   `json:"cancelled,omitempty"`
	State     State `json:"state"`
	// Stages divide the targets; empty if all are worked on at once. Stage is the number of the
	// present one.
	Stages []Stage `json:"stages,omitempty"`
	Stage  int     `json:"stage,omitempty"`
	// Stop is set once no more work may be started.
	Stop *Stop `json:"stop,omitempty"`
	// Payload says what to do. Only those who perform the job see it.
	Payload json.RawMessage `json:"-"`

	// Queue is where its messages go.
	Queue string `json:"queue"`
}

// Stage is a range of a job's targets. A stage begins when the one before it has ended.
type Stage struct {
	Targets int `json:"targets"`
	// Left is the number of its parts that have targets without a final result.
	Left int `json:"left"`
}

// Stop is why a job was stopped.
type Stop struct {
	// By cancelled it; Tenantry itself if too many targets failed.
	By change.Actor `json:"by"`
	At int64        `json:"at"`
	// Aborted is set if the job stopped itself because of its failures.
	Aborted bool `json:"aborted,omitempty"`
}

// Place returns where the job belongs. It does not tell whether support has access there.
func (j Job) Place() identity.Place {
	return identity.Place{Scope: j.Scope, MSPID: j.MSPID, OrgID: j.OrgID}
}

// Waiting returns the number of targets without an outcome.
func (j Job) Waiting() int { return j.Total - j.Done - j.Failed - j.Skipped - j.Sent - j.Cancelled }

// open returns the number of targets without a final result.
func (j Job) open() int { return j.Waiting() + j.Sent }

// add counts targets with an outcome.
func (j *Job) add(outcome Outcome, number int) {
	switch outcome {
	case TargetDone:
		j.Done += number
	case TargetFailed:
		j.Failed += number
	case TargetSkipped:
		j.Skipped += number
	case TargetSent:
		j.Sent += number
	case TargetCancelled:
		j.Cancelled += number
	case TargetWaiting: // the remainder
	}
}

// Outcome is the outcome of one target.
type Outcome string

// The outcomes of a target. Waiting and sent targets are open, the others final.
const (
	TargetWaiting   Outcome = "waiting"
	TargetSent      Outcome = "sent" // an outside system reports the result later
	TargetDone      Outcome = "done"
	TargetFailed    Outcome = "failed"
	TargetSkipped   Outcome = "skipped"
	TargetCancelled Outcome = "cancelled"
)

// Outcomes lists them.
func Outcomes() []Outcome {
	return []Outcome{TargetWaiting, TargetSent, TargetDone, TargetFailed, TargetSkipped, TargetCancelled}
}

// final reports whether only a retry changes the outcome.
func (o Outcome) final() bool { return o != TargetWaiting && o != TargetSent }

// Result is the result of one target.
type Result struct {
	Target  string  `json:"target"`
	Outcome Outcome `json:"outcome"`
	// Message is the reason if the target failed or was skipped.
	Message string `json:"message,omitempty"`
}

// New is a job to be created.
type New struct {
	Kind, Title string
	// Payload says what to do, as a JSON document of at most MaxPayload bytes.
	Payload json.RawMessage
	// Targets are the names of 1 to MaxTargets targets. Duplicates are dropped.
	Targets []string
	// Stages, if any, are the numbers of targets of each stage, in order; they add up to the number
	// of distinct targets.
	Stages []int
	// Queue is where its messages go.
	Queue string
}

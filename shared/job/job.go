// Package job keeps long-running actions: what to do to many targets, how far it has come, and the
// result for each target. It divides the targets into parts, each with a message of its own, and
// records what the workers report. What is done to a target is known only to the domains: each
// registers its kinds of jobs (Kind).
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
	MaxTargets = 20_000
	// PartTargets is how many targets one message is for. A worker must be able to handle that many
	// in its time.
	PartTargets = 25
	// MaxStages is how many stages a job can have.
	MaxStages = 20
	// MaxTarget is the longest name of a target in bytes.
	MaxTarget = 200
	// MaxTargetBytes is how long the names of all targets can be together, so that they fit into
	// one transaction.
	MaxTargetBytes = 3 << 20
	// MaxPayload is the largest payload in bytes.
	MaxPayload = 64 << 10
	// MaxAttempts is how often a target is tried that fails for a reason that may pass: once less
	// than its message is delivered, so that the result is recorded.
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
	Preparing  State = "preparing"  // its parts are being made
	Waiting    State = "waiting"    // nothing is recorded yet
	Running    State = "running"    // the work has begun
	Cancelling State = "cancelling" // nothing more is started; what was started is being finished
	Done       State = "done"       // all have a result, and none failed
	Failed     State = "failed"     // all have a result, and some failed, or it was stopped as too many failed
	Cancelled  State = "cancelled"  // all have a result, and somebody cancelled it
)

// States lists them.
func States() []State {
	return []State{Preparing, Waiting, Running, Cancelling, Done, Failed, Cancelled}
}

// Job is a long-running action. Times are microseconds since 1970; 0 is not yet.
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
	// Total is the number of targets; the others count those with that outcome, and the rest wait.
	Total     int   `json:"total"`
	Done      int   `json:"done"`
	Failed    int   `json:"failed"`
	Skipped   int   `json:"skipped"`
	Sent      int   `json:"sent,omitempty"`
	Cancelled int   `json:"cancelled,omitempty"`
	State     State `json:"state"`
	// Stages are what the targets are divided into; none where all are worked on at once. Stage is
	// the number of the present one.
	Stages []Stage `json:"stages,omitempty"`
	Stage  int     `json:"stage,omitempty"`
	// Stop is set once nothing more may be started.
	Stop *Stop `json:"stop,omitempty"`
	// Payload says what to do. Only those who perform the job see it.
	Payload json.RawMessage `json:"-"`

	// Queue is where its messages go.
	Queue string `json:"queue"`
}

// Stage is some of a job's targets, in their order. A stage begins when the one before it has
// ended.
type Stage struct {
	Targets int `json:"targets"`
	// Left is how many of its parts have targets without a final result.
	Left int `json:"left"`
}

// Stop says why a job was stopped.
type Stop struct {
	// By is who cancelled it; Tenantry itself where too many targets failed.
	By change.Actor `json:"by"`
	At int64        `json:"at"`
	// Aborted is set where the job stopped itself because of its failures.
	Aborted bool `json:"aborted,omitempty"`
}

// Place is where the job belongs. It does not tell whether support has access there.
func (j Job) Place() identity.Place {
	return identity.Place{Scope: j.Scope, MSPID: j.MSPID, OrgID: j.OrgID}
}

// Waiting is how many targets nothing was done to yet.
func (j Job) Waiting() int { return j.Total - j.Done - j.Failed - j.Skipped - j.Sent - j.Cancelled }

// open is how many targets have no final result.
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
	case TargetWaiting: // what is left
	}
}

// Outcome is what became of one target.
type Outcome string

// The outcomes of a target. Waiting and sent ones are open, the others are final.
const (
	TargetWaiting   Outcome = "waiting"
	TargetSent      Outcome = "sent" // somebody outside answers later
	TargetDone      Outcome = "done"
	TargetFailed    Outcome = "failed"
	TargetSkipped   Outcome = "skipped"
	TargetCancelled Outcome = "cancelled"
)

// Outcomes lists them.
func Outcomes() []Outcome {
	return []Outcome{TargetWaiting, TargetSent, TargetDone, TargetFailed, TargetSkipped, TargetCancelled}
}

// final reports whether an outcome changes only by trying again.
func (o Outcome) final() bool { return o != TargetWaiting && o != TargetSent }

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
	// Stages, if given, are how many of the targets each stage has, in their order; they add up to
	// the number of different targets.
	Stages []int
	// Queue is where its messages go.
	Queue string
	// Request is the client's own name for this request; the same name twice makes one job. Empty:
	// each makes one.
	Request string
}

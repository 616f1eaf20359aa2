package job

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/identity"
)

// Kind is a kind of job, as a domain registers it.
type Kind struct {
	// Name is the operation, as in "cases.archive".
	Name string
	// See is what a principal needs at the job's place to see it, Act what it takes to cancel it or
	// to retry what failed.
	See, Act identity.Permission
	// Perform does to one target what the job says.
	Perform Perform
	// Show tells what a target's name stands for; nil if the name says it all.
	Show func(target string) Shown
	// Abort, if set, is asked at the end of each stage but the last, with the counts as they are
	// then: true stops the job. FailedAbove makes one of a percentage.
	Abort func(j Job) bool
}

// Perform does to one target what the job's payload says. It must be repeatable: after a crash, or
// when a message is delivered twice, it is called again for a target whose result was not recorded
// yet.
//
// nil is done; Skip's error is skipped, and Sent's that somebody outside answers later. A fault
// that would come again makes the target failed, with the fault's message as the result. Any other
// error (a fault of code Unavailable, Limited or Internal, a lost race, what is no fault) is tried
// again with the message, MaxAttempts times.
type Perform func(ctx context.Context, j Job, target Target) error

// Target is one target of a job, and where its result is kept: Settle wants Part and Index.
type Target struct {
	Name        string
	Part, Index int
}

// Shown is what a target stands for: an object, as in "case", its id and its organization's.
type Shown struct{ Object, ID, OrgID string }

// FailedAbove aborts a job when more than a percentage of the targets that have ended failed.
func FailedAbove(percent int) func(Job) bool {
	return func(j Job) bool { return j.Failed*100 > percent*(j.Total-j.open()) }
}

// skipped is the result of a target to which nothing is to be done.
type skipped struct{ message string }

// Error gives the reason.
func (s skipped) Error() string { return s.message }

// Skip gives the error by which a target is recorded as skipped, with the reason for people.
func Skip(format string, arguments ...any) error { return skipped{fmt.Sprintf(format, arguments...)} }

// sent is the result of a target of which somebody outside tells later.
type sent struct{}

// Error says what it is.
func (sent) Error() string { return "job: the answer comes later" }

// Sent gives the error by which a target is recorded as sent: its result comes later, by Settle.
func Sent() error { return sent{} }

// Kinds is a registry of kinds of jobs. It does not change once made.
type Kinds struct{ kinds map[string]Kind }

// NewKinds makes a registry of the kinds of all domains. It returns an error for one that is not
// complete, or whose name another one has.
func NewKinds(kinds ...Kind) (Kinds, error) {
	registry := Kinds{kinds: make(map[string]Kind, len(kinds))}
	for _, kind := range kinds {
		if _, twice := registry.kinds[kind.Name]; twice {
			return Kinds{}, fmt.Errorf("job: the kind %q is registered twice", kind.Name)
		}
		if kind.Name == "" || kind.Perform == nil || kind.See == 0 || kind.Act == 0 {
			return Kinds{}, fmt.Errorf("job: the kind %q lacks a name, its permissions or its Perform", kind.Name)
		}
		registry.kinds[kind.Name] = kind
	}
	return registry, nil
}

// Find gives a kind by its name.
func (k Kinds) Find(name string) (Kind, bool) {
	kind, known := k.kinds[name]
	return kind, known
}

// abort asks a job's kind whether the job is to stop.
func (k Kinds) abort(j Job) bool {
	kind := k.kinds[j.Kind]
	return kind.Abort != nil && kind.Abort(j)
}

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
	// See is the permission needed at the job's place to see it, Act the permission to cancel it or
	// retry its failures.
	See, Act identity.Permission
	// At are the scopes of the places that have jobs of this kind; none for all scopes.
	At []identity.ScopeKind
	// Direct is set if a job of the platform is about direct customers: who has the permission in
	// any of them that consents sees the job, as operators do, and may act on it.
	Direct bool
	// Perform performs the job on one target.
	Perform Perform
	// Show returns what a target's name stands for; nil if the name is enough.
	Show func(target string) Shown
	// Abort, if set, is called at the end of each stage but the last, with the counts at that time:
	// true stops the job. FailedAbove returns one for a percentage.
	Abort func(j Job) bool
}

// Perform performs the job's payload on one target. It must be repeatable: after a crash, or when a
// message is delivered twice, it is called again for a target whose result was not recorded yet.
// nil means done; the error of Skip means skipped, and that of Sent that an outside system reports
// later. A permanent fault makes the target failed, with the fault's message as the result. Any
// other error (a fault of code Unavailable, Limited or Internal, a lost race, or an error that is
// not a fault) is retried with the message, MaxAttempts times.
type Perform func(ctx context.Context, j Job, target Target) error

// Target is one target of a job, and where its result is stored: Settle needs Part and Index.
type Target struct {
	Name        string
	Part, Index int
}

// Shown is what a target stands for: an object, as in "case", its id and its organization's.
type Shown struct{ Object, ID, OrgID string }

// FailedAbove aborts a job if more than a percentage of the ended targets failed.
func FailedAbove(percent int) func(Job) bool {
	return func(j Job) bool { return j.Failed*100 > percent*(j.Total-j.open()) }
}

// skipped is the result of a target that needs nothing done.
type skipped struct{ message string }

// Error returns the reason.
func (s skipped) Error() string { return s.message }

// Skip returns the error that records a target as skipped, with the reason for people.
func Skip(format string, arguments ...any) error { return skipped{fmt.Sprintf(format, arguments...)} }

// sent is the result of a target that an outside system reports on later.
type sent struct{}

// Error implements error.
func (sent) Error() string { return "job: the result comes later" }

// Sent returns the error that records a target as sent: its result comes later, with Settle.
func Sent() error { return sent{} }

// Kinds is an immutable registry of kinds of jobs.
type Kinds struct{ kinds map[string]Kind }

// NewKinds returns a registry of the kinds of all domains. It returns an error for an incomplete
// kind or a duplicate name.
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

// Find returns a kind by its name.
func (k Kinds) Find(name string) (Kind, bool) {
	kind, known := k.kinds[name]
	return kind, known
}

// abort asks a job's kind whether the job is to stop.
func (k Kinds) abort(j Job) bool {
	kind := k.kinds[j.Kind]
	return kind.Abort != nil && kind.Abort(j)
}

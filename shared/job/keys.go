package job

import (
	"encoding/json"
	"fmt"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of jobs, all in the core table; <scope> is the partition of the place, "ORG#<id>",
// "MSP#<id>" or "PLATFORM". All expire.
//
//	<scope>#JOBS            <id>         the head: a job and its bookkeeping; ids sort by time
//	<scope>#JOB#<id>        ORDER        what is to be done
//	                        PART#<nn>    up to 25 targets and their results
//	                        TARGETS#<nn> the targets of 20 parts not created yet; large jobs only
//	                        TALLY#<n>    the outcomes of every sixteenth part; large jobs only
//
// A job of at most 40 parts has its counts in its head. A large job has 16 tallies: tally n mod 16
// counts part n. The transaction that changes a target's outcome writes both its part and its
// count, so a tally is always the sum of its parts; targets whose parts are not created yet count
// as waiting. The head of a large job gets the totals when the job ends.
//
//	access pattern          requests (in sequence)                    items
//	create, small           BatchGet if a request is named, Transact  2 and 1 per part, 20 messages; up to 3 of audit
//	create, large           the same                                  2, 16 tallies and 1 per 500 targets, 1 message
//	expand, 20 parts        Get, Get, Transact                        1 head, 20 parts, 1 or 2 audit entries
//	a part's work           BatchGet, Get per target, BatchGet,       3 read, then 1 per target, 2 or 3; 2 or 3 written,
//	                        Transact                                  1 or 2 audit entries, 1 message
//	a job                   Get, BatchGet for a running large one      1, and 16 tallies
//	a page of results       BatchGet                                  1 per 25 results
//	a page of the list      Query, BatchGet for running large ones    page
//	cancel                  Get, Transact                             1
//	retry, small            Get, BatchGet, Transact                   1 and 1 per part with failed targets
//	retry or cancel, large  Get, BatchGet, BatchGet, Transact         1, 20 parts and up to 16 tallies per step
//
// A part's results are also recorded every five seconds while its work lasts. docs/costs.md has
// the costs of jobs.
const (
	orderSort   = "ORDER"
	partSort    = "PART#"
	targetsSort = "TARGETS#"
	tallySort   = "TALLY#"
)

func jobKey(place identity.Place, id string) table.Key {
	return table.Key{Partition: place.Partition() + "#JOBS", Sort: id}
}

func innerKey(place identity.Place, id, sort string) table.Key {
	return table.Key{Partition: place.Partition() + "#JOB#" + id, Sort: sort}
}

func orderKey(place identity.Place, id string) table.Key { return innerKey(place, id, orderSort) }

func partKey(place identity.Place, id string, number int) table.Key {
	return innerKey(place, id, fmt.Sprintf("%s%02d", partSort, number))
}

func targetsKey(place identity.Place, id string, number int) table.Key {
	return innerKey(place, id, fmt.Sprintf("%s%02d", targetsSort, number))
}

func tallyKey(place identity.Place, id string, number int) table.Key {
	return innerKey(place, id, fmt.Sprintf("%s%x", tallySort, number))
}

// order is what a job is to do.
type order struct {
	Payload json.RawMessage `json:"payload"`
}

// targets are the targets of parts to be created.
type targets struct {
	Targets []string `json:"targets"`
}

// part is a range of a job's targets.
type part struct {
	Results []Result `json:"results"`
	// Attempts is how often a worker finished this part with targets that failed temporarily.
	Attempts int `json:"attempts,omitempty"`
}

// count returns how many targets of a part have an outcome.
func (p part) count(outcome Outcome) int {
	number := 0
	for _, result := range p.Results {
		if result.Outcome == outcome {
			number++
		}
	}
	return number
}

// open returns the number of targets without a final result.
func (p part) open() int { return p.count(TargetWaiting) + p.count(TargetSent) }

// task is the body of a message: one part of a job, or a step of its bookkeeping.
type task struct {
	Scope identity.ScopeKind `json:"scope"`
	MSPID string             `json:"msp_id,omitempty"`
	OrgID string             `json:"org_id,omitempty"`
	JobID string             `json:"job_id"`
	// Part is the number of the part, or -1 for a step.
	Part int  `json:"part"`
	Step step `json:"step,omitempty"`
}

// step is a step of a job's bookkeeping.
type step string

// The steps.
const (
	stepExpand step = "expand" // create the parts
	stepCancel step = "cancel" // cancel the parts that were never begun
	stepRetry  step = "retry"  // reset failed targets to waiting
)

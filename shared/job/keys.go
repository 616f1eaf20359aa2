package job

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of jobs, all in the core table; <scope> is the partition of the place, "ORG#<id>" or "MSP#<id>". All expire.
//
//	<scope>#JOBS            <id>         a job with its counts; ids are in the order of time
//	<scope>#JOB#<id>        ORDER        what is to be done
//	                        PART#<nn>    up to 25 targets and their results
//	<scope>#JOBREQUESTS     <hash>       which job a client's request made
//
// The counts change in one transaction with the results that they count, so they always agree.
//
//	access pattern          requests (in sequence)                    items
//	create                  BatchGet if a request is named, Transact  2 and 2 a part; 3 a part of audit at the most
//	a part's work           BatchGet, BatchGet, Transact              3 read, 2 written, 1 or 2 audit entries
//	a job                   Get                                       1
//	a page of results       BatchGet                                  1 for 25 results
//	a page of the list      Query                                     page
//	retry                   Get, BatchGet, Transact                   1 and 2 a part with failed targets
//
// A part's results are also recorded every five seconds while its work lasts. A job of 1,000 targets (ids of 36 letters)
// costs 248 write units to create, and 14 for each of its 40 parts to record.
const (
	orderSort = "ORDER"
	partSort  = "PART#"
)

func jobKey(place identity.Place, id string) table.Key {
	return table.Key{Partition: place.Partition() + "#JOBS", Sort: id}
}

func orderKey(place identity.Place, id string) table.Key {
	return table.Key{Partition: place.Partition() + "#JOB#" + id, Sort: orderSort}
}

func partKey(place identity.Place, id string, number int) table.Key {
	return table.Key{Partition: place.Partition() + "#JOB#" + id, Sort: fmt.Sprintf("%s%02d", partSort, number)}
}

// requestKey is the same for the same request of the same actor. The name is hashed, as it is of the client's choice.
func requestKey(place identity.Place, by change.Actor, request string) table.Key {
	sum := sha256.Sum256([]byte(string(by.Kind) + "\x00" + by.ID + "\x00" + by.TokenID + "\x00" + request))
	return table.Key{Partition: place.Partition() + "#JOBREQUESTS", Sort: hex.EncodeToString(sum[:])}
}

// order is what a job is to do.
type order struct {
	Payload json.RawMessage `json:"payload"`
}

// part is some of a job's targets.
type part struct {
	Results []Result `json:"results"`
	// Attempts is how often a worker came to the end of this part with targets that could not be done for now.
	Attempts int `json:"attempts,omitempty"`
}

// parts is how many parts a job has.
func (j Job) parts() int { return (j.Total + PartTargets - 1) / PartTargets }

// made is which job a request made.
type made struct {
	JobID string `json:"job_id"`
	// Asked is the hash of what was asked for.
	Asked string `json:"asked"`
}

// hash gives the same text for the same order.
func (n New) hash() (string, error) {
	data, err := json.Marshal([]any{n.Kind, n.Payload, n.Targets})
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}

// task is the body of a message: one part of a job.
type task struct {
	Scope identity.ScopeKind `json:"scope"`
	MSPID string             `json:"msp_id,omitempty"`
	OrgID string             `json:"org_id,omitempty"`
	JobID string             `json:"job_id"`
	Part  int                `json:"part"`
}

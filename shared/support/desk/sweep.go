package desk

import (
	"encoding/json"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// SweepRetarget is the Kind of a Sweep.
const SweepRetarget = "retarget"

// Sweep is the body of a message that applies a provider's present service level to its open cases,
// a batch at a time.
type Sweep struct {
	Kind  string `json:"kind"`
	MSPID string `json:"msp_id"`
	// Until is the time of the last change of the cases to handle, in microseconds since 1970;
	// later changes already applied the present policy.
	Until int64 `json:"until"`
	// After is the cursor of the sweep.
	After string `json:"after,omitempty"`
}

// Message returns the queue message that starts or continues the sweep.
func (s Sweep) Message() (queue.Message, error) {
	s.Kind = SweepRetarget
	body, err := json.Marshal(s)
	return queue.Message{Queue: queue.CasesJobs, Group: Partition(s.MSPID), Body: body}, err
}

package desk

import (
	"encoding/json"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// SweepRetarget is the Kind of a Sweep.
const SweepRetarget = "retarget"

// Sweep is the body of a message that brings the open cases of a provider, some at a time, under
// its present promises.
type Sweep struct {
	Kind  string `json:"kind"`
	MSPID string `json:"msp_id"`
	// Until is the time of the last change of the cases concerned, in microseconds since 1970: what
	// was changed later has been seen to.
	Until int64 `json:"until"`
	// After is how far the sweep has come.
	After string `json:"after,omitempty"`
}

// Message returns the queue message that starts or continues the sweep.
func (s Sweep) Message() (queue.Message, error) {
	s.Kind = SweepRetarget
	body, err := json.Marshal(s)
	return queue.Message{Queue: queue.CasesJobs, Group: Partition(s.MSPID), Body: body}, err
}

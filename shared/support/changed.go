package support

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table"
)

// IsCase reports whether a key is that of a case.
func IsCase(key table.Key) bool {
	return key.Table == table.Core && key.Sort == caseSort && strings.HasPrefix(key.Partition, "ORG#")
}

// Indexing is the body of a message by which a changed case is found by what it says now. All but the ids is for a case that
// is gone by then.
type Indexing struct {
	Reference
	MSPID   string `json:"msp_id,omitempty"`
	Number  int64  `json:"number"`
	Version int64  `json:"version"`
}

// IndexMessage makes of a change in the table the message of the case that it changed. It gives false for a change of anything
// else.
func IndexMessage(told table.Change) (queue.Message, bool, error) {
	if !IsCase(told.Key) {
		return queue.Message{}, false, nil
	}
	item := told.New
	if item.Version == 0 {
		item = told.Old
	}
	var c Case
	if err := change.Decode(item, &c); err != nil {
		return queue.Message{}, false, err
	}
	body, err := json.Marshal(Indexing{Reference: Reference{OrgID: c.OrgID, CaseID: c.ID}, MSPID: c.MSPID, Number: c.Number, Version: item.Version})
	return queue.Message{
		// The same change told twice is the same message.
		ID: fmt.Sprintf("index-%s-%d", c.ID, told.New.Version), Queue: queue.CasesIndex, Group: "ORG#" + c.OrgID, Body: body,
	}, true, err
}

package lists

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// IsCase reports whether a key is the key of a case.
func IsCase(key table.Key) bool {
	return key.Table == table.Core && key.Sort == support.CaseSort && strings.HasPrefix(key.Partition, "ORG#")
}

// IndexTask is the body of a message that updates a changed case in the index. The fields other
// than the IDs are used if the case is gone by then.
type IndexTask struct {
	support.Reference
	MSPID   string `json:"msp_id,omitempty"`
	Number  int64  `json:"number"`
	Version int64  `json:"version"`
	// Moved is set if the change gave the case another provider, and FormerMSPID is the one before; "" for
	// the platform.
	Moved       bool   `json:"moved,omitempty"`
	FormerMSPID string `json:"former_msp_id,omitempty"`
}

// IndexMessage returns the message that indexes the case changed in the table. It returns false for
// a change of anything else.
func IndexMessage(event table.Change) (queue.Message, bool, error) {
	if !IsCase(event.Key) {
		return queue.Message{}, false, nil
	}
	item := event.New
	if item.Version == 0 {
		item = event.Old
	}
	var c support.Case
	if err := change.Decode(item, &c); err != nil {
		return queue.Message{}, false, err
	}
	task := IndexTask{
		Reference: support.Reference{OrgID: c.OrgID, CaseID: c.ID}, MSPID: c.MSPID, Number: c.Number, Version: item.Version,
	}
	if event.Old.Version > 0 && event.New.Version > 0 {
		var former support.Case
		if err := change.Decode(event.Old, &former); err != nil {
			return queue.Message{}, false, err
		}
		if former.MSPID != c.MSPID {
			task.Moved, task.FormerMSPID = true, former.MSPID
		}
	}
	body, err := json.Marshal(task)
	return queue.Message{
		ID: indexID(c.ID, event.New.Version), Queue: queue.CasesIndex, Group: "ORG#" + c.OrgID, Body: body,
	}, true, err
}

// indexID returns the ID of the message for a change: the same change always has the same ID. It
// has the form of every message ID, so that operators can replay dead letters.
func indexID(caseID string, version int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "index %s %d", caseID, version))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // of version 8 (RFC 9562, 5.8)
	return id.String()
}

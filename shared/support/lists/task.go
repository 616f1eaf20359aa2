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

// IsCase reports whether a key is that of a case.
func IsCase(key table.Key) bool {
	return key.Table == table.Core && key.Sort == support.CaseSort && strings.HasPrefix(key.Partition, "ORG#")
}

// IndexTask is the body of a message by which a changed case is found by what it says now. All but
// the ids is for a case that is gone by then.
type IndexTask struct {
	support.Reference
	MSPID   string `json:"msp_id,omitempty"`
	Number  int64  `json:"number"`
	Version int64  `json:"version"`
}

// IndexMessage makes of a change in the table the message of the case that it changed. It gives
// false for a change of anything else.
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
	body, err := json.Marshal(
		IndexTask{
			Reference: support.Reference{OrgID: c.OrgID, CaseID: c.ID},
			MSPID:     c.MSPID,
			Number:    c.Number,
			Version:   item.Version,
		},
	)
	return queue.Message{
		ID: indexID(c.ID, event.New.Version), Queue: queue.CasesIndex, Group: "ORG#" + c.OrgID, Body: body,
	}, true, err
}

// indexID names the message of a change: the same change told twice is the same message. It has the
// form of every message's id, by which operators replay what was given up.
func indexID(caseID string, version int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "index %s %d", caseID, version))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // of version 8 (RFC 9562, 5.8)
	return id.String()
}

package support

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table"
)

// IsCase reports whether a key is that of a case.
func IsCase(key table.Key) bool {
	return key.Table == table.Core && key.Sort == caseSort && strings.HasPrefix(key.Partition, "ORG#")
}

// IndexMessage makes of a change in the table the message by which a changed case is found by what it says now. It gives
// false for a change of anything else.
func IndexMessage(told table.Change) (queue.Message, bool, error) {
	orgID, caseID, _ := strings.Cut(strings.TrimPrefix(told.Key.Partition, "ORG#"), "#CASE#")
	if !IsCase(told.Key) {
		return queue.Message{}, false, nil
	}
	body, err := json.Marshal(Reference{OrgID: orgID, CaseID: caseID})
	return queue.Message{
		// The same change told twice is the same message.
		ID: fmt.Sprintf("index-%s-%d", caseID, told.New.Version), Queue: queue.CasesIndex, Group: "ORG#" + orgID, Body: body,
	}, true, err
}

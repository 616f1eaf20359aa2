package identity

import (
	"encoding/json"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// AccessEndedKind is the Kind of an AccessEnded.
const AccessEndedKind = "access_ended"

// AccessEnded is the body of a message that a person may have lost access to cases. It is committed
// with the change that ended the access. Other domains then remove the person from the cases that
// they work on.
type AccessEnded struct {
	Kind string `json:"kind"`
	// UserID is the person; "" for all who work for the provider.
	UserID string `json:"user_id,omitempty"`
	// Scope, MSPID and OrgID are the place.
	Scope ScopeKind `json:"scope"`
	MSPID string    `json:"msp_id,omitempty"`
	OrgID string    `json:"org_id,omitempty"`
	// After is the cursor for continuing the work.
	After string `json:"after,omitempty"`
	// CaseID limits the work to one case of OrgID, which could not be changed with the others.
	CaseID string `json:"case_id,omitempty"`
}

// AccessEndedAt returns the message for a person at a place; an empty userID stands for everybody
// who works for the provider.
func AccessEndedAt(place Place, userID string) AccessEnded {
	return AccessEnded{UserID: userID, Scope: place.Scope, MSPID: place.MSPID, OrgID: place.OrgID}
}

// Message returns the queue message.
func (e AccessEnded) Message() (queue.Message, error) {
	e.Kind = AccessEndedKind
	body, err := json.Marshal(e)
	group := Place{Scope: e.Scope, MSPID: e.MSPID, OrgID: e.OrgID}.Partition()
	return queue.Message{Queue: queue.CasesJobs, Group: group, Body: body}, err
}

// accessEndedMessages returns the messages for a changed privilege of a person. Only people with a
// privilege at an MSP or the platform work on cases.
func accessEndedMessages(place Place, userID string) ([]queue.Message, error) {
	if place.Scope == OrgScope {
		return nil, nil
	}
	message, err := AccessEndedAt(place, userID).Message()
	return []queue.Message{message}, err
}

package tenant

import (
	"encoding/json"
	"slices"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// BastionState says whether a second installation, the bastion, has a copy of an organization. Package
// bastion moves it.
type BastionState string

// The states. Those that end in Requested wait for the bastion's receipt.
const (
	Unconfigured     BastionState = "UNCONFIGURED" // was never staged
	StageRequested   BastionState = "STAGE_REQUESTED"
	Staged           BastionState = "STAGED"
	UnstageRequested BastionState = "UNSTAGE_REQUESTED"
	Unstaged         BastionState = "UNSTAGED"
)

// BastionStates lists the states in the order in which an organization goes through them.
func BastionStates() []BastionState {
	return []BastionState{Unconfigured, StageRequested, Staged, UnstageRequested, Unstaged}
}

// next returns the states that can follow one.
func (s BastionState) next() []BastionState {
	switch s {
	case Unconfigured, Unstaged:
		return []BastionState{StageRequested}
	case StageRequested:
		return []BastionState{Staged}
	case Staged:
		return []BastionState{UnstageRequested}
	case UnstageRequested:
		return []BastionState{Unstaged}
	}
	return nil
}

// MayBecome reports whether a state can follow this one.
func (s BastionState) MayBecome(other BastionState) bool { return slices.Contains(s.next(), other) }

// Held reports whether the bastion may have a copy in this state.
func (s BastionState) Held() bool { return s == StageRequested || s == Staged || s == UnstageRequested }

// BastionState returns the organization's state.
func (o Org) BastionState() BastionState {
	if o.Bastion == "" {
		return Unconfigured
	}
	return o.Bastion
}

// BastionTaskKind and BastionDueKind are the kinds of a BastionTask: one about an organization, and one
// about all that the bastion has not confirmed.
const (
	BastionTaskKind = "bastion"
	BastionDueKind  = "bastion_due"
)

// BastionTask is the body of a message that asks for what the bastion should have of an organization to be
// sent.
type BastionTask struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id,omitempty"`
}

// Message returns the message that asks for it. It has no ID yet.
func (t BastionTask) Message() (queue.Message, error) {
	group := "PLATFORM"
	if t.OrgID != "" {
		group = "ORG#" + t.OrgID
	}
	body, err := json.Marshal(t)
	return queue.Message{Queue: queue.Transfers, Group: group, Body: body}, err
}

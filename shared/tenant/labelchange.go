package tenant

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// LabelChange is a request to create or change a label; nil fields stay as they are.
type LabelChange struct {
	Name *string
	// OrgIDs are all organizations that are to have the label; nil for those that have it. One call
	// moves at most MaxLabelMoves organizations.
	OrgIDs *[]string
	// Version, if not 0, is the version that the caller read.
	Version int64
}

// NewLabel creates a label, for the MSP's super users and for operators.
func (t *Tenants) NewLabel(ctx context.Context, by identity.Principal, mspID string, request LabelChange) (Label, error) {
	msp, err := t.MSP(ctx, by, mspID, identity.ChangeMSP)
	if err != nil {
		return Label{}, err
	}
	if err := t.requireTier(ctx, msp, Labels); err != nil {
		return Label{}, err
	}
	labels, err := t.labels(ctx, msp.ID)
	if err != nil {
		return Label{}, err
	}
	if len(labels) >= MaxLabels {
		return Label{}, fault.New(fault.Conflict, "There are already %d labels, which is the maximum.", MaxLabels)
	}
	label := Label{ID: t.journal.NewID(), mspID: msp.ID}
	return t.commitLabel(ctx, by, msp, Label{}, label, request, change.Record{Action: "msps.create_label"})
}

// ChangeLabel changes the name of a label, or the organizations that have it, for the MSP's super
// users and for operators. It writes nothing if nothing changes.
func (t *Tenants) ChangeLabel(
	ctx context.Context, by identity.Principal, mspID, id string, request LabelChange,
) (Label, error) {
	msp, label, err := t.label(ctx, by, mspID, id, identity.ChangeMSP)
	if err != nil {
		return Label{}, err
	}
	if err := t.requireTier(ctx, msp, Labels); err != nil {
		return Label{}, err
	}
	if request.Version != 0 && request.Version != label.Version {
		return Label{}, fault.Stale(label.Version)
	}
	return t.commitLabel(ctx, by, msp, label, label, request, change.Record{Action: "msps.change_label"})
}

// commitLabel commits a new label, or a change of one.
func (t *Tenants) commitLabel(
	ctx context.Context, by identity.Principal, msp MSP, before, label Label, request LabelChange, record change.Record,
) (Label, error) {
	if request.Name != nil {
		label.Name = strings.TrimSpace(*request.Name)
	}
	if err := identity.CheckName("name", label.Name, 1, maxLabelName); err != nil {
		return Label{}, err
	}
	moves, err := t.labelMoves(ctx, msp, label, request.OrgIDs)
	if err != nil {
		return Label{}, err
	}
	if before == label && len(moves.writes) == 0 {
		return before, nil
	}
	label.Modified = t.journal.Now().Unix()
	if before.ID == "" {
		label.Created = label.Modified
	}
	item, err := change.Encode(label.key(), label)
	if err != nil {
		return Label{}, err
	}
	item.Version = before.Version
	record.Writes = moves.writes
	if added := len(moves.after) - len(moves.before); before.ID == "" || len(moves.writes) > 0 {
		record.Writes = append(record.Writes, label.count(added))
		label.Orgs += int64(added)
	}
	if before.ID == "" {
		record.Message = "Created the label " + label.Name
		record.Writes = append(record.Writes, table.Create(item))
	} else {
		record.Message, record.Before = "Changed the label "+label.Name, labelState{Label: before, Orgs: moves.before}
		record.Writes = append(record.Writes, table.Update(item))
	}
	if before.ID == "" || before.nameKey() != label.nameKey() {
		record.Writes = append(record.Writes, table.Create(table.Item{Key: label.nameKey(), Data: []byte("{}")}))
		if before.ID != "" {
			record.Writes = append(record.Writes, table.Delete(before.nameKey(), 1))
		}
	}
	if record.Messages, err = reachEnded(msp, moves.before); err != nil {
		return Label{}, err
	}
	record.MSPID, record.Target, record.After = msp.ID, "label:"+label.ID, labelState{Label: label, Orgs: moves.after}
	label.Version = before.Version + 1
	err = t.journal.Commit(ctx, by.Actor(), record)
	return label, t.labelConflict(err, label)
}

// labelState is what the audit log says of a label, with the organizations that got or lost it.
type labelState struct {
	Label
	Orgs []string `json:"org_ids,omitempty"`
	// Roles are those that end with it.
	Roles []identity.EndedRole `json:"roles,omitempty"`
}

// labelConflict turns the conflicts of a commit into faults.
func (t *Tenants) labelConflict(err error, label Label) error {
	if table.ConflictAt(err, label.nameKey()) {
		return fault.New(fault.Conflict, "There is already a label with the name %s.", label.Name)
	}
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return fault.New(fault.Conflict, "Others changed the label or one of the organizations at the same time. Try again.")
	}
	return err
}

// maxLabelWrites is how many writes of the transaction that deletes a label are those of organizations and
// people.
const maxLabelWrites = table.MaxWrites - 10

// endedOneByOne is how many organizations lose a label with a message each, so that people whose roles
// reached them by it are taken off their cases. For more, there is one message for the whole MSP.
const endedOneByOne = 8

// reachEnded returns the messages for organizations that lose a label.
func reachEnded(msp MSP, orgIDs []string) ([]queue.Message, error) {
	places := []identity.Place{msp.Place()}
	if len(orgIDs) <= endedOneByOne {
		places = nil
		for _, id := range orgIDs {
			places = append(places, identity.Place{Scope: identity.OrgScope, MSPID: msp.ID, OrgID: id})
		}
	}
	var messages []queue.Message
	for _, place := range places {
		message, err := identity.AccessEndedAt(place, "").Message()
		if err != nil {
			return nil, err
		}
		messages = append(messages, message)
	}
	return messages, nil
}

// DeleteLabel deletes a label, for the MSP's super users and for operators. The organizations with it
// lose it in the same transaction, and the roles at it end; a fault of code Conflict if they are too many
// for one.
func (t *Tenants) DeleteLabel(ctx context.Context, by identity.Principal, mspID, id string) error {
	msp, label, err := t.label(ctx, by, mspID, id, identity.ChangeMSP)
	if err != nil {
		return err
	}
	moves, err := t.labelMoves(ctx, msp, label, &[]string{})
	if fault.Is(err, fault.Invalid) {
		return fault.New(fault.Conflict, "More than %d organizations have the label. Take it off them first, many at a time.",
			MaxLabelMoves)
	}
	if err != nil {
		return err
	}
	ending, err := t.accounts.EndLabel(ctx, msp.ID, id)
	if err != nil {
		return err
	}
	if len(moves.writes)+len(ending.Writes)+len(ending.Messages) > maxLabelWrites {
		return fault.New(fault.Conflict, "Too many organizations and people have the label. Take it off some of them first.")
	}
	err = t.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "msps.delete_label", Message: "Deleted the label " + label.Name, MSPID: msp.ID,
		Target: "label:" + id, Before: labelState{label, moves.before, ending.Ended},
		Writes: slices.Concat(moves.writes, ending.Writes, []table.Write{
			table.Delete(label.key(), label.Version), table.Delete(label.nameKey(), 1),
			table.Delete(label.countKey(), label.counted),
		}),
		Messages: ending.Messages,
	})
	return t.labelConflict(err, label)
}

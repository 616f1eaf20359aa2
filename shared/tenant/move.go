package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// An organization changes its provider in one transaction: its item, the lists of both providers,
// the end of its labels and of what the former MSP gave its own people in it, the consents, the
// entries in the logs of all three, the mails, and the message that has its cases and people
// brought into the new provider's lists. Permission follows the organization's item, so that the
// former MSP sees nothing from that moment.

// Move is an organization's last change of provider.
type Move struct {
	// From and To are the MSPs, "" for the platform.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Key is what asked for it: the ID of a job, or "".
	Key string `json:"key,omitempty"`
	// Began and Ended are in epoch seconds; Ended is 0 while cases and people are still moving.
	Began int64 `json:"began"`
	Ended int64 `json:"ended,omitempty"`
}

func moveKey(orgID string) table.Key { return table.Key{Partition: "ORG#" + orgID, Sort: "MOVE"} }

// OrgMovedKind is the Kind of an OrgMoved.
const OrgMovedKind = "org_moved"

// OrgMoved is the body of a message that asks to bring what belongs to an organization into the
// lists of its present provider. It is committed with the move.
type OrgMoved struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id"`
}

func (m OrgMoved) message() (queue.Message, error) {
	m.Kind = OrgMovedKind
	body, err := json.Marshal(m)
	return queue.Message{Queue: queue.Transfers, Group: "ORG#" + m.OrgID, Body: body}, err
}

// movement is a change of an organization's provider that is permitted.
type movement struct {
	to                MSP // the zero value for the platform
	operator, partner bool
	key               string
	action            string
}

// named returns what the organization's provider is called in a sentence.
func (m MSP) named() string {
	if m.ID == "" {
		return "the operator"
	}
	return m.Name
}

// UnderWay returns the sentence that refuses what must wait for a transfer of the organization to
// end; "" if there is none.
func (o Org) UnderWay() string {
	if o.Moving == "" {
		return ""
	}
	return "A transfer of " + o.Name + " is under way: its cases and people are still moving. Try again when it has ended."
}

// partitionOf returns the partition with the list of a provider's organizations.
func partitionOf(mspID string) string {
	if mspID == "" {
		return platformPartition
	}
	return mspList + mspID
}

// move commits a movement of an organization. If others change it at the same time, nothing is
// done, and a fault of code Conflict says so.
func (t *Tenants) move(ctx context.Context, by identity.Principal, org Org, m movement) (Org, error) {
	if t.accounts == nil {
		return Org{}, fault.New(fault.Unavailable, "No organization can be moved here.")
	}
	if message := org.UnderWay(); message != "" {
		return Org{}, fault.New(fault.Conflict, "%s", message)
	}
	owned, err := t.owned(ctx, org)
	if err != nil {
		return Org{}, err
	}
	now := t.journal.Now()
	after := org
	after.MSPID, after.Labels, after.Modified = m.to.ID, nil, now.Unix()
	after.Moving, after.MovingSince = t.journal.NewID(), now.Unix()
	after.Consents = t.start.moved(org, by, m, owned, now.Unix())
	after.judge(now)
	writes, err := t.moveWrites(ctx, org, after, m)
	if err != nil {
		return Org{}, err
	}
	names, err := t.Names(ctx, []string{org.MSPID}, nil)
	if err != nil {
		return Org{}, err
	}
	messages, err := moveMessages(by, org, MSP{ID: org.MSPID, Name: names[org.MSPID]}, m)
	if err != nil {
		return Org{}, err
	}
	record := change.Record{
		Action: m.action, OrgID: org.ID, MSPID: m.to.ID, PlatformLog: true, Target: "org:" + org.ID,
		Message: "Moved the organization " + org.Name + " to " + m.to.named(),
		Before:  moveState{Consents: org.Consents},
		After: moveState{
			MSPID: m.to.ID, Consents: after.Consents, DelegateOperator: &m.operator, DelegatePartner: &m.partner,
		},
		Writes: writes, Messages: messages,
	}
	if org.MSPID != "" {
		record.Asides = []change.Aside{{
			MSPID: org.MSPID, Message: "The organization " + org.Name + " left the MSP", Target: "org:" + org.ID,
		}}
	}
	err = t.journal.Commit(ctx, by.Actor(), record)
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return Org{}, fault.Wrap(err, fault.Unavailable, "Others changed %s at the same time. Try again.", org.Name)
	}
	if err != nil {
		return Org{}, err
	}
	after.Version++
	t.Listed(ctx, after)
	return after, nil
}

// moveState is what the audit log says of a move. It does not name the former MSP: the new one
// reads it too.
type moveState struct {
	MSPID            string            `json:"msp_id,omitempty"`
	Consents         identity.Consents `json:"consents"`
	DelegateOperator *bool             `json:"delegate_operator,omitempty"`
	DelegatePartner  *bool             `json:"delegate_partner,omitempty"`
}

// owned reports whether the organization has or had an own administrator. Those stored before there
// were consents do not have it noted.
func (t *Tenants) owned(ctx context.Context, org Org) (bool, error) {
	if org.FirstOwnAdmin > 0 {
		return true, nil
	}
	place := org.Place()
	owners, err := t.accounts.PeopleAt(ctx, place, 1, func(person identity.Person) bool {
		return person.Principal("", "").OwnAdministrator(place)
	})
	return len(owners) > 0, err
}

// moveWrites returns the writes of a move.
func (t *Tenants) moveWrites(ctx context.Context, org, after Org, m movement) ([]table.Write, error) {
	item, err := change.Encode(OrgKey(org.ID), after)
	if err != nil {
		return nil, err
	}
	item.Version = org.Version
	entry := table.Item{Key: table.Key{Partition: partitionOf(m.to.ID), Sort: orgList + org.ID}, Data: []byte("{}")}
	leaves, err := t.counting(ctx, orgsList(org.MSPID), -1)
	if err != nil {
		return nil, err
	}
	comes, err := t.counting(ctx, orgsList(m.to.ID), 1)
	if err != nil {
		return nil, err
	}
	writes := []table.Write{
		table.Update(item), table.Create(entry), leaves, comes,
		table.Delete(table.Key{Partition: partitionOf(org.MSPID), Sort: orgList + org.ID}, 1),
	}
	if m.to.ID != "" {
		writes = append(writes, table.Require(mspKey(m.to.ID), m.to.Version))
	}
	labels, err := t.labelEntries(ctx, org, nil)
	if err != nil {
		return nil, err
	}
	staff, err := t.accounts.EndStaff(ctx, org.Place())
	if err != nil {
		return nil, err
	}
	leaving, err := identity.LeaveWrites(ctx, t.journal, org.MSPID, org.ID)
	if err != nil {
		return nil, err
	}
	arriving, err := identity.ArriveWrites(ctx, t.journal, m.to.ID, org.ID, after.Consents, after.Enforced)
	if err != nil {
		return nil, err
	}
	noted, err := t.noteMove(ctx, org.ID, func(move *Move) {
		*move = Move{From: org.MSPID, To: m.to.ID, Key: m.key, Began: after.MovingSince}
	})
	return slices.Concat(writes, labels, staff, leaving, arriving, noted), err
}

// noteMove returns the write of the organization's last move.
func (t *Tenants) noteMove(ctx context.Context, orgID string, edit func(*Move)) ([]table.Write, error) {
	move, version, err := t.lastMove(ctx, orgID)
	if err != nil {
		return nil, err
	}
	edit(&move)
	item, err := change.Encode(moveKey(orgID), move)
	if err != nil {
		return nil, err
	}
	if item.Version = version; version == 0 {
		return []table.Write{table.Create(item)}, nil
	}
	return []table.Write{table.Update(item)}, nil
}

// LastMove reads the last move of an organization; the zero value if it never moved. It checks no
// permission: it is for Tenantry itself.
func (t *Tenants) LastMove(ctx context.Context, orgID string) (Move, error) {
	move, _, err := t.lastMove(ctx, orgID)
	return move, err
}

// lastMove reads the last move of an organization; version 0 if it never moved.
func (t *Tenants) lastMove(ctx context.Context, orgID string) (Move, int64, error) {
	var move Move
	version, err := t.journal.Get(ctx, moveKey(orgID), &move)
	if errors.Is(err, table.ErrAbsent) {
		return Move{}, 0, nil
	}
	return move, version, err
}

// moveMessages returns the message that continues a move, and those that tell of it. The MSPs do
// not learn who asked for it, nor of each other.
func moveMessages(by identity.Principal, org Org, from MSP, m movement) ([]queue.Message, error) {
	more, err := OrgMoved{OrgID: org.ID}.message()
	if err != nil {
		return nil, err
	}
	messages := []queue.Message{more}
	told := identity.Notice{
		Scope: identity.OrgScope, ScopeID: org.ID, PlaceName: org.Name, ByName: by.Name(), ProviderName: m.to.Name,
	}
	notices := map[identity.SecurityEvent]identity.Notice{identity.OrgMoved: told}
	told = identity.Notice{Scope: identity.MSPScope, OrgName: org.Name}
	if from.ID != "" {
		told.ScopeID, told.PlaceName = from.ID, from.Name
		notices[identity.OrgLeft] = told
	}
	if m.to.ID != "" {
		told.ScopeID, told.PlaceName = m.to.ID, m.to.Name
		notices[identity.OrgArrived] = told
	}
	for _, event := range []identity.SecurityEvent{identity.OrgMoved, identity.OrgLeft, identity.OrgArrived} {
		notice, tells := notices[event]
		if !tells {
			continue
		}
		message, err := identity.SecurityMessage(event, notice)
		if err != nil {
			return nil, err
		}
		messages = append(messages, message)
	}
	return messages, nil
}

// EndMove notes that all that belongs to an organization is in the lists of its present provider.
// It is for Tenantry itself; it does nothing if the move with this ID is not under way any more.
func (t *Tenants) EndMove(ctx context.Context, orgID, moveID string) error {
	org, err := t.LoadOrg(ctx, orgID)
	if err != nil || org.Moving != moveID || moveID == "" {
		return err
	}
	move, _, err := t.lastMove(ctx, orgID)
	if err != nil {
		return err
	}
	writes, err := t.noteMove(ctx, orgID, func(move *Move) { move.Ended = t.journal.Now().Unix() })
	if err != nil {
		return err
	}
	gone, err := identity.GoneWrites(ctx, t.journal, move.From, orgID)
	if err != nil {
		return err
	}
	org.Moving, org.MovingSince = "", 0
	item, err := change.Encode(OrgKey(orgID), org)
	if err != nil {
		return err
	}
	item.Version = org.Version
	err = t.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.end_move", Message: "The transfer of the organization " + org.Name + " has ended",
		OrgID: org.ID, MSPID: org.MSPID, PlatformLog: true, Target: "org:" + org.ID,
		Writes: slices.Concat([]table.Write{table.Update(item)}, writes, gone),
	})
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return fault.Wrap(err, fault.Unavailable, "Others changed %s at the same time. Try again.", org.Name)
	}
	return err
}

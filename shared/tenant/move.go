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
	// From is the former MSP, "" for the platform.
	From string `json:"from,omitempty"`
	// Key is what asked for it: the ID of a job, or "".
	Key string `json:"key,omitempty"`
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

// moveAttempts is how often a movement is tried while others change what it changes too.
const moveAttempts = 5

// move commits a movement of an organization. If others keep changing what it changes at the same time,
// nothing is done, and a fault of code Unavailable says so.
func (t *Tenants) move(ctx context.Context, by identity.Principal, org Org, m movement) error {
	for attempt := 1; ; attempt++ {
		err := t.moveOnce(ctx, by, org, m)
		if !fault.Is(err, fault.Unavailable) || attempt == moveAttempts {
			return err
		}
		present, err := t.LoadOrg(ctx, org.ID)
		if err != nil {
			return err
		}
		decides := by.May(identity.RunPlatform, identity.ThePlatform()) || by.DecidesFor(present.Place())
		if present.MSPID != org.MSPID || !decides {
			return fault.New(fault.Conflict, "Others moved %s at the same time.", org.Name)
		}
		org = present
	}
}

func (t *Tenants) moveOnce(ctx context.Context, by identity.Principal, org Org, m movement) error {
	if t.accounts == nil {
		return fault.New(fault.Unavailable, "No organization can be moved here.")
	}
	if message := org.UnderWay(); message != "" {
		return fault.New(fault.Conflict, "%s", message)
	}
	owned, err := t.owned(ctx, org)
	if err != nil {
		return err
	}
	now := t.journal.Now()
	after := org
	after.MSPID, after.Labels, after.Modified = m.to.ID, nil, now.Unix()
	after.Moving, after.MovingSince = t.journal.NewID(), now.Unix()
	after.Consents = t.start.moved(org, by, m, owned, now.Unix())
	after.judge(now)
	writes, err := t.moveWrites(ctx, org, after, m)
	if err != nil {
		return err
	}
	names, err := t.Names(ctx, []string{org.MSPID}, nil)
	if err != nil {
		return err
	}
	messages, err := moveMessages(by, org, MSP{ID: org.MSPID, Name: names[org.MSPID]}, m)
	if err != nil {
		return err
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
		return fault.Wrap(err, fault.Unavailable, "Others changed %s at the same time. Try again.", org.Name)
	}
	if err != nil {
		return err
	}
	t.Listed(ctx, after)
	return nil
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
	changed, err := after.Write()
	if err != nil {
		return nil, err
	}
	leaves, err := t.counting(ctx, orgsList(org.MSPID), -1)
	if err != nil {
		return nil, err
	}
	comes, err := t.counting(ctx, orgsList(m.to.ID), 1)
	if err != nil {
		return nil, err
	}
	writes := []table.Write{
		changed, table.Create(table.Item{Key: listKey(after), Data: []byte("{}")}), leaves, comes,
		table.Delete(listKey(org), 1),
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
	ends, err := identity.ConsentEndWrites(ctx, t.journal, org.ID, after.Consents)
	if err != nil {
		return nil, err
	}
	noted, err := t.noteMove(ctx, org.ID, Move{From: org.MSPID, Key: m.key})
	return slices.Concat(writes, labels, staff, leaving, arriving, ends, []table.Write{noted}), err
}

// noteMove returns the write of the organization's last move.
func (t *Tenants) noteMove(ctx context.Context, orgID string, move Move) (table.Write, error) {
	_, version, err := t.lastMove(ctx, orgID)
	if err != nil {
		return table.Write{}, err
	}
	item, err := change.Encode(moveKey(orgID), move)
	if item.Version = version; version == 0 {
		return table.Create(item), err
	}
	return table.Update(item), err
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
	notices := []identity.Notice{{
		Event: identity.OrgMoved, Scope: identity.OrgScope, ScopeID: org.ID, PlaceName: org.Name, ByName: by.Name(),
		ProviderName: m.to.Name,
	}}
	if from.ID != "" {
		notices = append(notices, identity.Notice{
			Event: identity.OrgLeft, Scope: identity.MSPScope, ScopeID: from.ID, PlaceName: from.Name, OrgName: org.Name,
		})
	}
	if m.to.ID != "" {
		notices = append(notices, identity.Notice{
			Event: identity.OrgArrived, Scope: identity.MSPScope, ScopeID: m.to.ID, PlaceName: m.to.Name, OrgName: org.Name,
		})
	}
	for _, notice := range notices {
		message, err := identity.SecurityMessage(notice.Event, notice)
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
	gone, err := identity.GoneWrites(ctx, t.journal, move.From, orgID)
	if err != nil {
		return err
	}
	org.Moving, org.MovingSince = "", 0
	changed, err := org.Write()
	if err != nil {
		return err
	}
	err = t.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.end_move", Message: "The transfer of the organization " + org.Name + " has ended",
		OrgID: org.ID, MSPID: org.MSPID, PlatformLog: true, Target: "org:" + org.ID,
		Writes: append([]table.Write{changed}, gone...),
	})
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return fault.Wrap(err, fault.Unavailable, "Others changed %s at the same time. Try again.", org.Name)
	}
	return err
}

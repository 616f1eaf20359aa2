package support

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Update is a change of a case to be committed.
type Update struct {
	Before *Case // nil for a new case
	After  Case
	Record change.Record
	Notice Notice // what happened and who did it; each recipient gets a message made from it
	// also are further notices to the agents who work on the case.
	also []Notice
	// desk are the agents to notify while the case is unassigned.
	desk []string
	// answered is set if an agent wrote to the customer; Retarget if the service level policy
	// changed.
	answered, Retarget bool
	// noReceipt is set if the author of a new case is not notified of it.
	noReceipt bool
}

// commit writes a case, its list entries, the audit entry and the notices in one transaction. It
// returns the case as stored, or a fault of code Conflict if the case changed in the meantime.
func (s *Service) commit(ctx context.Context, by identity.Principal, u Update) (Case, error) {
	stored, err := s.CommitAll(ctx, by, u.Record, u)
	if err != nil {
		return Case{}, err
	}
	return stored[0], nil
}

// auditWrites is the number of logs that record a change of a case: the organization's and the
// MSP's.
const auditWrites = 2

// CommitAll writes changes of several cases of one organization in one transaction with one audit
// entry: record, extended with the writes and messages of the updates.
func (s *Service) CommitAll(
	ctx context.Context,
	by identity.Principal,
	record change.Record,
	updates ...Update,
) ([]Case, error) {
	stored := make([]Case, len(updates))
	record.Writes, record.Messages = nil, nil
	for i, u := range updates {
		if err := s.keepTime(ctx, &u); err != nil {
			return nil, err
		}
		if err := s.callDesk(ctx, &u); err != nil {
			return nil, err
		}
		c, writes, err := s.caseWrites(u)
		if err != nil {
			return nil, err
		}
		messages, err := u.messages(by.UserID, c)
		if err != nil {
			return nil, err
		}
		record.Writes = append(append(record.Writes, u.Record.Writes...), writes...)
		record.Messages = append(append(record.Messages, u.Record.Messages...), messages...)
		stored[i] = c
	}
	if err := s.fitMessages(ctx, &record, stored[0]); err != nil {
		return nil, err
	}
	record.OrgID, record.MSPID, record.Target = stored[0].OrgID, stored[0].MSPID, "case:"+stored[0].ID
	err := s.journal.Commit(ctx, by.Actor(), record)
	for _, c := range stored {
		if key := CaseKey(c.OrgID, c.ID, CaseSort); table.ConflictAt(err, key) {
			present, err := s.journal.BatchGet(ctx, []table.Key{key})
			if err != nil {
				return nil, err
			}
			return nil, fault.Stale(present[0].Version)
		}
	}
	return stored, err
}

// fitMessages drops trailing notices rather than fail a change that has too many recipients. The
// log and the internal history say how many people were not notified.
func (s *Service) fitMessages(ctx context.Context, record *change.Record, c Case) error {
	room := table.MaxWrites - auditWrites - len(record.Writes)
	if len(record.Messages) <= room {
		return nil
	}
	room = max(0, room-1) // the entry takes one write
	dropped := len(record.Messages) - room
	record.Messages = record.Messages[:room]
	s.log.WarnContext(ctx, "notices were dropped: too many recipients", "case", c.Number, "dropped", dropped)
	entry := HistoryEntry{
		ID:       s.journal.NewID(),
		Author:   Party{Name: PlatformPrincipal().Name()},
		Internal: true,
		Created:  s.journal.Now().UnixMicro(),
		Fields: map[string]Difference{
			"notifications": {Before: "", After: fmt.Sprintf("%d people were not notified: too many recipients", dropped)},
		},
	}
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, HistorySort+entry.ID), entry)
	if err != nil {
		return err
	}
	record.Writes = append(record.Writes, table.Create(item))
	return nil
}

// caseWrites returns the writes for a case, its list entries and its timer, and the case as it will
// be stored.
func (s *Service) caseWrites(u Update) (Case, []table.Write, error) {
	now := s.journal.Now().UnixMicro()
	c := u.After
	c.Updated = now
	if u.Before == nil {
		c.Created = now
	} else {
		c.Updated = max(now, u.Before.Updated+1) // the key of a list entry must be new
	}
	c.Due = c.nextDue()
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, CaseSort), c)
	if err != nil {
		return Case{}, nil, err
	}
	var writes []table.Write
	var due int64
	if u.Before == nil {
		writes = append(writes, table.Create(item))
	} else {
		item.Version, due = u.Before.Revision, u.Before.Due
		writes = append(writes, table.Update(item))
		for _, key := range u.Before.ListKeys() {
			writes = append(writes, table.Delete(key, 1))
		}
	}
	c.Revision = item.Version + 1
	line, err := json.Marshal(c.Summary())
	if err != nil {
		return Case{}, nil, err
	}
	for _, key := range c.ListKeys() {
		writes = append(writes, table.Create(table.Item{Key: key, Data: line}))
	}
	timer, err := c.timerWrites(due)
	return c, append(writes, timer...), err
}

// messages returns the notices: one for each participant other than the person who made the change,
// and a receipt for the submitter of a new case.
func (u Update) messages(actorID string, c Case) ([]queue.Message, error) {
	var messages []queue.Message
	send := func(notice Notice, to ...string) error {
		for _, id := range to {
			notice.Kind, notice.OrgID, notice.CaseID, notice.UserID = NoticeCase, c.OrgID, c.ID, id
			body, err := json.Marshal(notice)
			if err != nil {
				return err
			}
			messages = append(messages, queue.Message{Queue: queue.MailSend, Group: "ORG#" + c.OrgID, Body: body})
		}
		return nil
	}
	if err := send(u.Notice, u.recipients(actorID, c)...); err != nil {
		return nil, err
	}
	for _, notice := range u.also {
		if err := send(notice, c.onlyAgents(u.desk)...); err != nil {
			return nil, err
		}
	}
	if u.askedNow() {
		if err := send(Notice{Event: AskRating, ActorName: PlatformPrincipal().Name()}, c.Submitter.ID); err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// recipients returns the people to notify of the change itself.
func (u Update) recipients(actorID string, c Case) []string {
	if u.Notice.Event == "" {
		return nil
	}
	var recipients []string
	add := func(id string) {
		receipt := u.Notice.Event == Created && id == c.Submitter.ID && !u.noReceipt
		if (id != actorID || receipt) && !slices.Contains(recipients, id) {
			recipients = append(recipients, id)
		}
	}
	add(c.Submitter.ID)
	if c.Assignee != nil {
		add(c.Assignee.ID)
	} else {
		for _, id := range u.desk {
			add(id)
		}
	}
	for _, other := range slices.Concat(c.Watchers, c.CC) {
		add(other.ID)
	}
	return recipients
}

// callDesk finds the agents to notify of events on an unassigned case.
func (s *Service) callDesk(ctx context.Context, u *Update) error {
	if len(u.also) == 0 || u.After.Assignee != nil || u.desk != nil {
		return nil
	}
	setting, err := s.desk.Load(ctx, u.After.MSPID)
	u.desk = setting.DeskIDs
	return err
}

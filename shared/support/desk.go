package support

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/blob"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/estate"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/table"
)

// Desk keeps the cases. It is safe for concurrent use.
type Desk struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *estate.Tenants
	files    blob.Store
	keyring  *seal.Keyring
	// mailDomain is the domain of our own addresses, in lower case.
	mailDomain string
}

// NewDesk makes the service; mailDomain is the domain whose mail reaches Tenantry.
func NewDesk(journal *change.Journal, accounts *identity.Accounts, tenants *estate.Tenants, files blob.Store, keyring *seal.Keyring, mailDomain string) *Desk {
	return &Desk{journal: journal, accounts: accounts, tenants: tenants, files: files, keyring: keyring, mailDomain: mailDomain}
}

// opened is a case that a principal was let see, with its organization.
type opened struct {
	Case
	org   estate.Org
	place identity.Place
	// agent is set if the principal sees the case as the provider does; answers if they may work on it so.
	agent, answers bool
}

// open reads a case for a principal with permission at its organization, with one
// request; extra keys of the case's partition are read along. What is missing and what the principal
// may not see give the same fault of code NotFound.
func (d *Desk) open(ctx context.Context, by identity.Principal, orgID, caseID string, permission identity.Permission, extra ...string) (opened, []table.Item, error) {
	if uuid.Validate(orgID) != nil || uuid.Validate(caseID) != nil {
		return opened{}, nil, fault.Missing()
	}
	keys := []table.Key{estate.OrgKey(orgID), caseKey(orgID, caseID, caseSort)}
	for _, sort := range extra {
		keys = append(keys, caseKey(orgID, caseID, sort))
	}
	items, err := d.journal.BatchGet(ctx, keys)
	if err != nil {
		return opened{}, nil, err
	}
	org, err := estate.DecodeOrg(items[0])
	if err != nil {
		return opened{}, nil, err
	}
	place := org.Place()
	if err := by.Check(identity.SeeCases, place); err != nil {
		return opened{}, nil, err
	}
	if err := by.Check(permission, place); err != nil {
		return opened{}, nil, err
	}
	found, err := decodeCase(items[1])
	if err != nil {
		return opened{}, nil, err
	}
	return opened{Case: found, org: org, place: place, agent: by.IsAgent(place), answers: by.May(identity.AnswerCases, place)}, items[2:], nil
}

func decodeCase(item table.Item) (Case, error) {
	if item.Version == 0 {
		return Case{}, fault.Missing()
	}
	var found Case
	err := change.Decode(item, &found)
	found.Revision = item.Version
	return found, err
}

// update is one change of a case on its way to being committed.
type update struct {
	before *Case // nil for a new case
	after  Case
	done   change.Done
	notice Notice // who caused it and what; one message a recipient is made of it
}

// view gives the case as the principal sees it.
func view(by identity.Principal, place identity.Place, c Case) Case {
	if by.IsAgent(place) {
		return c
	}
	return c.forCustomer()
}

// commit writes a case, its lines in the lists, the audit entry and the notices in one transaction. It
// gives the case as stored; a fault of code Conflict if it was changed meanwhile.
func (d *Desk) commit(ctx context.Context, by identity.Principal, u update) (Case, error) {
	now := d.journal.Now().UnixMicro()
	c := u.after
	c.Updated = now
	if u.before == nil {
		c.Created = now
	} else {
		c.Updated = max(now, u.before.Updated+1) // a line's key must be new
	}
	item, err := change.Encode(caseKey(c.OrgID, c.ID, caseSort), c)
	if err != nil {
		return Case{}, err
	}
	if u.before == nil {
		u.done.Writes = append(u.done.Writes, table.Create(item))
	} else {
		item.Version = u.before.Revision
		u.done.Writes = append(u.done.Writes, table.Update(item))
		for _, key := range u.before.listKeys() {
			u.done.Writes = append(u.done.Writes, table.Delete(key, 1))
		}
	}
	c.Revision = item.Version + 1
	line, err := json.Marshal(c.line())
	if err != nil {
		return Case{}, err
	}
	for _, key := range c.listKeys() {
		u.done.Writes = append(u.done.Writes, table.Create(table.Item{Key: key, Data: line}))
	}
	if u.done.Messages, err = u.messages(by.UserID, c); err != nil {
		return Case{}, err
	}
	u.done.OrgID, u.done.MSPID, u.done.Target = c.OrgID, c.MSPID, "case:"+c.ID
	err = d.journal.Commit(ctx, by.Actor(), u.done)
	if table.ConflictAt(err, item.Key) {
		present, err := d.journal.BatchGet(ctx, []table.Key{item.Key})
		if err != nil {
			return Case{}, err
		}
		return Case{}, fault.Stale(present[0].Version)
	}
	return c, err
}

// messages makes the notices: one for everybody who has to do with the case and did not
// make the change, and for the submitter of a new case, as a receipt.
func (u update) messages(actorID string, c Case) ([]queue.Message, error) {
	if u.notice.Event == "" {
		return nil, nil
	}
	var recipients []string
	add := func(id string) {
		if (id != actorID || u.notice.Event == Created && id == c.Submitter.ID) && !contains(recipients, id) {
			recipients = append(recipients, id)
		}
	}
	add(c.Submitter.ID)
	if c.Assignee != nil {
		add(c.Assignee.ID)
	}
	for _, watcher := range c.Watchers {
		add(watcher.ID)
	}
	messages := make([]queue.Message, 0, len(recipients))
	for _, id := range recipients {
		notice := u.notice
		notice.Kind, notice.OrgID, notice.CaseID, notice.UserID = NoticeCase, c.OrgID, c.ID, id
		body, err := json.Marshal(notice)
		if err != nil {
			return nil, err
		}
		messages = append(messages, queue.Message{Queue: queue.MailSend, Group: "ORG#" + c.OrgID, Body: body})
	}
	return messages, nil
}

func contains(ids []string, id string) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}

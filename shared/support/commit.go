package support

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Update is a change of a case to commit.
type Update struct {
	Before *Case // nil for a new case
	After  Case
	// Org is the organization as it was read with the case, or nil. The change then brings the case to the
	// organization's present provider.
	Org    *tenant.Org
	Record change.Record
	Notice Notice // what happened and who did it; the zero value notifies nobody
	// also are further notices to the agents who work on the case.
	also []Notice
	// answered is set if an agent wrote to the customer; Retarget if the service level policy
	// changed.
	answered, Retarget bool
	// stores is what the change stores in files.
	stores storage.Use
	// copies is how many people of public mail domains a customer puts in copy.
	copies int64
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

// CommitAll commits changes of several cases of one organization in one transaction with one audit
// entry: record, extended by the writes and messages of the updates.
func (s *Service) CommitAll(
	ctx context.Context,
	by identity.Principal,
	record change.Record,
	updates ...Update,
) ([]Case, error) {
	stored := make([]Case, len(updates))
	record.Writes, record.Messages = nil, nil
	var stores storage.Use // at most one of the updates stores files
	var still []table.Write
	for i, u := range updates {
		before := u.Before
		if before != nil && before.Binned > 0 {
			back, err := s.comeBack(ctx, &u)
			if err != nil {
				return nil, err
			}
			u.Before = &back
		}
		if err := s.arrive(ctx, &u); err != nil {
			return nil, err
		}
		if err := s.keepTime(ctx, &u); err != nil {
			return nil, err
		}
		u.Before = before
		hidden, err := u.hidden(record)
		if err != nil {
			return nil, err
		}
		c, writes, err := s.caseWrites(u, hidden)
		if err != nil {
			return nil, err
		}
		record.Writes = append(append(record.Writes, u.Record.Writes...), writes...)
		record.Messages = append(record.Messages, u.Record.Messages...)
		if err := s.announce(&record, by, u, c); err != nil {
			return nil, err
		}
		stored[i] = c
		if u.Org != nil && u.Before != nil && u.Before.ListName() != c.ListName() && still == nil {
			still = []table.Write{stillOf(*u.Org)} // see package handover
		}
		record.Writes = append(record.Writes, s.copiesWrites(c.OrgID, u.copies)...)
		if u.stores.Org.ID != "" {
			stores = u.stores
			record.Writes = append(record.Writes, s.storage.Take(stores)...)
		}
	}
	record.Writes = append(record.Writes, still...)
	record.OrgID, record.MSPID, record.Target = stored[0].OrgID, stored[0].MSPID, "case:"+stored[0].ID
	err := s.copiesRefused(s.storage.Refused(s.journal.Commit(ctx, by.Actor(), record), stores.Org), record.OrgID)
	if table.ConflictAt(err, tenant.OrgKey(record.OrgID)) && updates[0].Before != nil {
		return nil, fault.Stale(max(stored[0].Revision-1, 1))
	}
	for _, c := range stored {
		if key := CaseKey(c.OrgID, c.ID, CaseSort); table.ConflictAt(err, key) {
			present, err := s.journal.BatchGet(ctx, []table.Key{key})
			if err != nil {
				return nil, err
			}
			stored, err := DecodeCase(present[0])
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			return nil, fault.Stale(stored.Revision)
		}
	}
	return stored, err
}

// hidden reports whether customers must not learn of the change: they can see neither its record
// nor its effect on the case.
func (u Update) hidden(record change.Record) (bool, error) {
	if !record.Internal || u.Before == nil || u.Before.Binned != u.After.Binned {
		return false, nil
	}
	return sameForCustomers(*u.Before, u.After)
}

// sameForCustomers reports whether two states of a case look the same to customers. A new ReturnAt
// counts as a difference, although customers do not see it, so that agents do not overwrite each
// other.
func sameForCustomers(before, after Case) (bool, error) {
	if before.ReturnAt != after.ReturnAt {
		return false, nil
	}
	var shown [2][]byte
	for i, c := range []Case{before, after} {
		c = c.forCustomer()
		c.Comments, c.Files, c.Asked, c.MSPID = 0, 0, 0, ""
		var err error
		if shown[i], err = json.Marshal(c); err != nil {
			return false, err
		}
	}
	return bytes.Equal(shown[0], shown[1]), nil
}

// caseWrites returns the writes for a case, its list entries and its timer, and the case as stored.
// A hidden change leaves Updated, Revision and therefore the list entries unchanged, but for that of a
// provider that is no longer the organization's.
func (s *Service) caseWrites(u Update, hidden bool) (Case, []table.Write, error) {
	now := s.journal.Now().UnixMicro()
	c := u.After
	switch {
	case u.Before == nil:
		c.Created, c.Updated, c.Revision = now, now, 1
	case !hidden:
		c.Updated = max(now, u.Before.Updated+1) // the key of a list entry must be new
		c.Revision = u.Before.Revision + 1
	}
	if c.Due = c.nextDue(); c.Due > 0 {
		c.Due = max(c.Due, now) // a sweep does not look for earlier times again
	}
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, CaseSort), c)
	if err != nil {
		return Case{}, nil, err
	}
	var writes []table.Write
	var due int64
	if u.Before == nil {
		writes = append(writes, table.Create(item))
	} else {
		item.Version, due = u.Before.Stored, u.Before.Due
		writes = append(writes, table.Update(item))
	}
	c.Stored = item.Version + 1
	timer, err := c.timerWrites(due)
	if err != nil || hidden {
		moved, lineErr := u.movedLine(c)
		return c, slices.Concat(writes, timer, moved), cmp.Or(err, lineErr)
	}
	if u.Before != nil {
		for _, key := range u.Before.ListKeys() {
			writes = append(writes, table.Delete(key, 1))
		}
	}
	line, err := json.Marshal(c.Summary())
	if err != nil {
		return Case{}, nil, err
	}
	for _, key := range c.ListKeys() {
		writes = append(writes, table.Create(table.Item{Key: key, Data: line}))
	}
	return c, append(writes, timer...), nil
}

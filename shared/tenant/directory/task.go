package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// IndexKind is the Kind of a Task.
const IndexKind = "org"

// Task is the body of a message that brings the index up to date with an organization.
type Task struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id"`
	// MSPIDs are the MSPs before and after the change; "" for none.
	MSPIDs []string `json:"msp_ids,omitempty"`
	// Number is the organization's number, if it was purged; 0 else.
	Number int64 `json:"number,omitempty"`
}

// IsOrg reports whether a change of the item under a key changes what the index says of an organization.
func IsOrg(key table.Key) bool {
	id, is := strings.CutPrefix(key.Partition, "ORG#")
	return is && key.Table == table.Core && !strings.Contains(id, "#") &&
		(key.Sort == tenant.OrgKey(id).Sort || key == tenant.SettingKey(id) || key == numberKey(id))
}

// IndexMessage returns the message that brings the index up to date with a change of the table. It returns
// false if the index need not follow.
func IndexMessage(event table.Change) (queue.Message, bool, error) {
	if !IsOrg(event.Key) {
		return queue.Message{}, false, nil
	}
	task := Task{Kind: IndexKind, OrgID: strings.TrimPrefix(event.Key.Partition, "ORG#")}
	if event.Key == numberKey(task.OrgID) {
		if event.New.Version > 0 {
			return queue.Message{}, false, nil // who gives a number indexes with it
		}
		var gone numbered
		if err := change.Decode(event.Old, &gone); err != nil {
			return queue.Message{}, false, err
		}
		task.Number = gone.Number
	}
	if event.Key == tenant.OrgKey(task.OrgID) {
		for _, item := range []table.Item{event.Old, event.New} {
			var org struct {
				MSPID string `json:"msp_id"`
			}
			if item.Version == 0 {
				continue
			}
			if err := change.Decode(item, &org); err != nil {
				return queue.Message{}, false, err
			}
			if !slices.Contains(task.MSPIDs, org.MSPID) {
				task.MSPIDs = append(task.MSPIDs, org.MSPID)
			}
		}
	}
	body, err := json.Marshal(task)
	return queue.Message{
		ID: messageID(event), Queue: queue.CasesIndex, Group: event.Key.Partition, Body: body,
	}, true, err
}

// messageID returns the ID of the message for a change: the same change always has the same ID.
func messageID(event table.Change) string {
	text := fmt.Appendf(nil, "org %s %s %d", event.Key.Partition, event.Key.Sort, event.New.Version)
	return uuid.NewSHA1(uuid.NameSpaceOID, text).String()
}

// forever is a version that no document reaches: what is removed with it stays removed.
const forever = 1 << 52

// Index brings the index up to date with an organization as it is now. It is safe to call twice, and in any
// order with others.
func (s *Service) Index(ctx context.Context, task Task) error {
	items, err := s.journal.BatchGet(ctx, keysOf(task.OrgID))
	if err != nil {
		return err
	}
	present, err := s.stateOf(items)
	if fault.Is(err, fault.NotFound) {
		return s.remove(ctx, task, items[2])
	}
	if err != nil {
		return err
	}
	if !inLists(present.Org) && items[2].Version == 0 {
		return nil // it gets no number that its purge would have to remove again
	}
	number, err := s.number(ctx, task.OrgID, items[2])
	if err != nil {
		return err
	}
	document, err := present.document(number)
	if err != nil {
		return err
	}
	home := Scope{MSPID: present.MSPID}
	group, ctx := errgroup.WithContext(ctx)
	for _, scope := range spacesOf(append(task.MSPIDs, present.MSPID)) {
		group.Go(func() error {
			if inLists(present.Org) && (scope.All || scope == home) {
				return s.index.Put(ctx, scope.space(), document)
			}
			return s.index.Remove(ctx, scope.space(), number, present.version)
		})
	}
	return group.Wait()
}

// IndexNow is Index for a caller who changed an organization and stays with its MSP.
func (s *Service) IndexNow(ctx context.Context, orgID string) error {
	return s.Index(ctx, Task{OrgID: orgID})
}

// remove removes an organization that is gone from the index.
func (s *Service) remove(ctx context.Context, task Task, stored table.Item) error {
	number := task.Number
	if number == 0 && stored.Version > 0 {
		var present numbered
		if err := change.Decode(stored, &present); err != nil {
			return err
		}
		number = present.Number
	}
	if number == 0 {
		return nil // it never was in the index, or another message knows its number
	}
	mspIDs := task.MSPIDs
	if mspIDs == nil { // where it was last is in the space of all, from which it is removed last
		hits, err := s.index.Documents(ctx, Scope{All: true}.space(), []int64{number})
		if err != nil || len(hits) == 0 {
			return err
		}
		var last entry
		if err := json.Unmarshal(hits[0].Data, &last); err != nil {
			return err
		}
		mspIDs = []string{last.MSPID}
	}
	for _, scope := range spacesOf(mspIDs) {
		if err := s.index.Remove(ctx, scope.space(), number, forever); err != nil {
			return err
		}
	}
	return nil
}

// spacesOf returns the scopes of some MSPs, each once, and then that of all organizations.
func spacesOf(mspIDs []string) []Scope {
	var scopes []Scope
	for _, id := range mspIDs {
		if scope := (Scope{MSPID: id}); !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return append(scopes, Scope{All: true})
}

// keysOf returns the keys of what the index needs of an organization, for stateOf.
func keysOf(orgID string) []table.Key {
	return []table.Key{tenant.OrgKey(orgID), tenant.SettingKey(orgID), numberKey(orgID)}
}

// stateOf returns the state of an organization, also of one in the bin; a fault of code NotFound if there is
// none.
func (s *Service) stateOf(items []table.Item) (state, error) {
	org, err := tenant.DecodeStored(items[0], s.journal.Now())
	if err != nil {
		return state{}, err
	}
	setting, err := tenant.DecodeSetting(items[1], org)
	if err != nil {
		return state{}, err
	}
	known, err := setting.Known()
	return state{Org: org, accountNumber: known.AccountNumber, version: items[0].Version + items[1].Version}, err
}

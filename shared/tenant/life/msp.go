package life

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// What is left of a deleted MSP until everything that belonged to it is removed, in the core table:
//
//	MSP#<id>           ENDED                what the MSP was, and how far its removal is
//	PLATFORM#ORGSDUE   <time>#<msp>#msp     when the next step is due
const (
	endedSort = "ENDED"
	mspDue    = "#msp"
)

// endedMSP is what is left of a deleted MSP.
type endedMSP struct {
	MSP tenant.MSP `json:"msp"`
	// At is when it was deleted, in epoch seconds, and ByName by whom.
	At     int64  `json:"time"`
	ByName string `json:"by_name"`
	// Emptied is when everything was removed for the second time, in epoch seconds; 0 before. A request that
	// had read the MSP before it was deleted may have written something after the first time.
	Emptied int64 `json:"emptied_time,omitempty"`
	// Due is when the next step is due, in epoch seconds.
	Due     int64 `json:"due_time"`
	version int64
}

func endedKey(mspID string) table.Key { return table.Key{Partition: "MSP#" + mspID, Sort: endedSort} }

func mspDueKey(due int64, mspID string) table.Key {
	return table.Key{Partition: duePartition, Sort: dueKey(due, mspID).Sort + mspDue}
}

// then returns the writes that make the next step due at a time.
func (e endedMSP) then(due time.Time) ([]table.Write, error) {
	before := e
	e.Due = due.Unix()
	item, err := change.Encode(endedKey(e.MSP.ID), e)
	if err != nil {
		return nil, err
	}
	line := table.Create(table.Item{Key: mspDueKey(e.Due, e.MSP.ID), Data: []byte("{}")})
	if item.Version = e.version; e.version == 0 {
		return []table.Write{table.Create(item), line}, nil
	}
	writes := []table.Write{table.Update(item)}
	if before.Due != e.Due {
		writes = append(writes, table.Delete(mspDueKey(before.Due, e.MSP.ID), 1), line)
	}
	return writes, nil
}

// The kinds of blockers of an MSP: it has organizations, deleted ones are in its bin, and cases of
// organizations that left it are still moving.
const (
	OrgsBlock     = "orgs"
	BinBlock      = "bin"
	TransferBlock = "transfer"
)

// MSPBlockers returns what is in the way of deleting an MSP.
func (s *Service) MSPBlockers(ctx context.Context, msp tenant.MSP) ([]Blocker, error) {
	uses, err := s.Tenants.UsesOfMSP(ctx, msp.ID)
	if err != nil {
		return nil, err
	}
	var blockers []Blocker
	switch {
	case uses.Orgs == 1:
		blockers = append(blockers, Blocker{
			Kind: OrgsBlock, Message: "It has an organization: make it a direct customer, or transfer it to another MSP.",
		})
	case uses.Orgs > 1:
		blockers = append(blockers, Blocker{Kind: OrgsBlock, Message: fmt.Sprintf(
			"It has %d organizations: make them direct customers, or transfer them to another MSP.", uses.Orgs)})
	}
	if uses.Binned {
		blockers = append(blockers, Blocker{Kind: BinBlock, Message: "Deleted organizations of it are in the bin: restore " +
			"them and make them direct customers, or wait until they are removed for good."})
	}
	if uses.Orgs == 0 && !uses.Binned && uses.Leaving { // before, those that are limited need not be leaving
		blockers = append(blockers, Blocker{
			Kind: TransferBlock, Message: "Cases of organizations that left it are still moving. Try again in a moment.",
		})
	}
	return blockers, nil
}

// DeleteMSP deletes an MSP without organizations, for operators; a fault of code Conflict lists what is in
// the way. From then on it is missing for everybody. What belonged to it is removed by a message.
func (s *Service) DeleteMSP(ctx context.Context, by identity.Principal, mspID string) error {
	for attempt := 1; ; attempt++ {
		err := s.deleteMSP(ctx, by, mspID)
		if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
			return err
		}
		if attempt == attempts {
			return fault.Wrap(err, fault.Unavailable, "Others are changing the MSP at the same time. Try again.")
		}
	}
}

func (s *Service) deleteMSP(ctx context.Context, by identity.Principal, mspID string) error {
	msp, err := s.Tenants.MayEndMSP(ctx, by, mspID)
	if err != nil {
		return err
	}
	blockers, err := s.MSPBlockers(ctx, msp)
	if err != nil {
		return err
	}
	if err := blocked(msp.Name, blockers); err != nil {
		return err
	}
	writes, err := s.Tenants.EndMSP(ctx, msp)
	if err != nil {
		return err
	}
	now := s.Journal.Now()
	ended, err := endedMSP{MSP: msp, At: now.Unix(), ByName: by.Name()}.then(now.Add(settled))
	if err != nil {
		return err
	}
	message, err := Task{Kind: MSPKind, MSPID: msp.ID}.message()
	if err != nil {
		return err
	}
	return s.Journal.Commit(ctx, by.Actor(), change.Record{
		Action: "msps.delete", Message: "Deleted the MSP " + msp.Name, MSPID: msp.ID, PlatformLog: true,
		Target: "msp:" + msp.ID, Before: msp, Writes: slices.Concat(writes, ended), Messages: []queue.Message{message},
	})
}

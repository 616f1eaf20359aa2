package life

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// attempts is how often a deletion is tried while others change the organization or its labels.
	attempts = 5
	// settled is how long after a deletion its cases are looked at a second time. A request that had read
	// the organization before may have opened one until then; no request takes that long.
	settled = 15 * time.Minute
)

// Delete moves an organization to the bin, for the super users of its MSP and for operators; a fault of
// code Conflict lists what is in the way. From then on it is missing for everybody, its people included,
// but in the bin.
func (s *Service) Delete(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	return again(func() (tenant.Org, error) { return s.delete(ctx, by, orgID) })
}

func (s *Service) delete(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	org, err := s.Tenants.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return tenant.Org{}, err
	}
	if err := MayEnd(by, org); err != nil {
		return tenant.Org{}, err
	}
	blockers, err := s.Blockers(ctx, []tenant.Org{org})
	if err != nil {
		return tenant.Org{}, err
	}
	if err := blocked(org.Name, blockers[0]); err != nil {
		return tenant.Org{}, err
	}
	before, now := org, s.Journal.Now()
	org.Modified = now.Unix()
	org.Deleted = &tenant.Deletion{
		At: now.Unix(), ByID: by.UserID, ByName: by.Name(), Due: now.Add(settled).Unix(),
	}
	moves, err := s.Tenants.ToBin(ctx, org)
	if err != nil {
		return tenant.Org{}, err
	}
	limits, err := identity.DeletionWrites(
		ctx, s.Journal, org.MSPID, org.ID, org.Consents, org.Enforced, identity.InLists)
	if err != nil {
		return tenant.Org{}, err
	}
	return s.commit(ctx, by, org, slices.Concat(moves, limits, createDue(org)), change.Record{
		Action: "orgs.delete", Message: "Deleted the organization " + org.Name, Before: before, After: org,
	})
}

// Restore brings an organization back from the bin, with everything as it was but labels that are gone.
// It is for those who may delete it. It returns a fault of code Conflict if the organization is not
// deleted, and NotFound once it cannot be restored any more.
func (s *Service) Restore(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	return again(func() (tenant.Org, error) { return s.restore(ctx, by, orgID) })
}

func (s *Service) restore(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	org, err := s.deleted(ctx, by, orgID)
	if err != nil {
		return tenant.Org{}, err
	}
	if err := MayEnd(by, org); err != nil {
		return tenant.Org{}, err
	}
	if org.Deleted == nil {
		return tenant.Org{}, fault.New(fault.Conflict, "%s is not deleted.", org.Name)
	}
	if org.MSPID != "" {
		if _, err := s.Tenants.LoadMSP(ctx, org.MSPID); err != nil {
			return tenant.Org{}, err
		}
	}
	moves, labels, err := s.Tenants.FromBin(ctx, org)
	if err != nil {
		return tenant.Org{}, err
	}
	limits, err := identity.RestoreWrites(ctx, s.Journal, org.MSPID, org.ID, org.Consents, org.Enforced)
	if err != nil {
		return tenant.Org{}, err
	}
	before, due := org, deleteDue(org)
	org.Modified, org.Deleted, org.Labels = s.Journal.Now().Unix(), nil, labels
	return s.commit(ctx, by, org, slices.Concat(moves, limits, due), change.Record{
		Action: "orgs.restore", Message: "Restored the organization " + org.Name, Before: before, After: org,
	})
}

// commit stores an organization that is deleted or restored, with the message that does what follows.
func (s *Service) commit(
	ctx context.Context, by identity.Principal, org tenant.Org, writes []table.Write, record change.Record,
) (tenant.Org, error) {
	write, err := org.Write()
	if err != nil {
		return tenant.Org{}, err
	}
	message, err := taskOf(org).message()
	if err != nil {
		return tenant.Org{}, err
	}
	org.Version++
	record.OrgID, record.MSPID, record.Target, record.PlatformLog = org.ID, org.MSPID, "org:"+org.ID, org.MSPID == ""
	record.Writes, record.Messages = append(writes, write), []queue.Message{message}
	if err := s.Journal.Commit(ctx, by.Actor(), record); err != nil {
		return tenant.Org{}, err
	}
	s.Tenants.Listed(ctx, org)
	return org, nil
}

// again repeats a change while others change the same; then it returns a fault of code Unavailable.
func again(do func() (tenant.Org, error)) (tenant.Org, error) {
	for attempt := 1; ; attempt++ {
		org, err := do()
		if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
			return org, err
		}
		if attempt == attempts {
			return tenant.Org{}, fault.Wrap(err, fault.Unavailable, "Others are changing the organization. Try again.")
		}
	}
}

package tenant

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// MayEndMSP reads an MSP for those who may delete it: operators.
func (t *Tenants) MayEndMSP(ctx context.Context, by identity.Principal, id string) (MSP, error) {
	msp, err := t.MSP(ctx, by, id, identity.SeeMSP)
	if err != nil {
		return MSP{}, err
	}
	if !by.May(identity.RunPlatform, identity.ThePlatform()) {
		return MSP{}, fault.New(fault.Forbidden, "Only operators delete an MSP. Ask them to do it.")
	}
	return msp, nil
}

// MSPUses is what an MSP still has that is in the way of its deletion.
type MSPUses struct {
	// Orgs are its organizations.
	Orgs int64
	// Binned is set if deleted organizations of it are in the bin, and Leaving if cases or people of
	// organizations that left it are still in its lists.
	Binned, Leaving bool
}

// UsesOfMSP returns what an MSP still has; one request for each kind. The organizations come first: one that
// is deleted in the meantime is found in the bin.
func (t *Tenants) UsesOfMSP(ctx context.Context, id string) (uses MSPUses, err error) {
	if uses.Orgs, _, err = t.count(ctx, orgsList(id)); err != nil {
		return MSPUses{}, err
	}
	bin, err := t.journal.Query(ctx, table.Query{Partition: mspList + id + binList, Limit: 1})
	if err != nil {
		return MSPUses{}, err
	}
	uses.Binned = len(bin.Items) > 0
	uses.Leaving, err = identity.HasLimited(ctx, t.journal, id)
	return uses, err
}

// EndMSP returns the writes that delete an MSP without organizations, which is missing for everybody from
// then on. Its list of organizations is closed: whoever creates or transfers one to it at the same time fails,
// or the deletion does. It stays in the list of the archive; see ForgetMSP.
func (t *Tenants) EndMSP(ctx context.Context, msp MSP) ([]table.Write, error) {
	count, err := t.counting(ctx, mspsList(), -1)
	if err != nil {
		return nil, err
	}
	return []table.Write{
		table.Delete(mspKey(msp.ID), msp.Version), count, table.Add(orgsList(msp.ID).countKey(), MaxOrgs, MaxOrgs, 0),
	}, nil
}

// ForgetMSP returns the write that takes a deleted MSP out of the list of the archive.
func (t *Tenants) ForgetMSP(id string) table.Write {
	return table.Delete(table.Key{Partition: platformPartition, Sort: mspList + id}, 1)
}

// IsOrgCount reports whether an item counts the organizations of an MSP, which closes the list of one that is
// deleted.
func IsOrgCount(key table.Key) bool { return key.Sort == orgsList("").countKey().Sort }

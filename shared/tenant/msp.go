package tenant

import (
	"context"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// checkName returns a fault if a tenant's name is empty, too long, not one line, or has a link.
func checkName(name string) error { return identity.CheckName("name", name, 1, 128) }

// NewMSP creates an MSP with the fields of a request, of which it ignores the version; for operators.
// It invites the first super user in the same transaction, if the request names one.
func (t *Tenants) NewMSP(ctx context.Context, by identity.Principal, request MSPChange) (MSP, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return MSP{}, err
	}
	now := t.journal.Now().Unix()
	msp := MSP{ID: t.journal.NewID(), Tier: BaseTier, Created: now, Modified: now, Version: 1}
	if err := errors.Join(request.apply(&msp), checkName(msp.Name), t.checkRegion(request.Region)); err != nil {
		return MSP{}, err
	}
	if msp.URL != "" {
		if err := t.requireTier(ctx, msp, CustomLogo); err != nil {
			return MSP{}, err
		}
	}
	writes, err := createTenant(mspKey(msp.ID), msp, table.Key{Partition: platformPartition, Sort: mspList + msp.ID})
	if err != nil {
		return MSP{}, err
	}
	record := change.Record{
		Action: "msps.create", Message: "Created the MSP " + msp.Name, MSPID: msp.ID, PlatformLog: true,
		Target: "msp:" + msp.ID, After: msp, Writes: writes,
	}
	if first := request.Admin; first != nil {
		if t.accounts == nil {
			return MSP{}, fault.New(fault.Unavailable, "Nobody can be invited here.")
		}
		first.Role = identity.Admin
		sending, err := t.accounts.Prepare(by, msp.Place(), *first)
		if err != nil {
			return MSP{}, err
		}
		record.Message += ", and invited " + sending.Invite.Email
		record.Writes = append(record.Writes, sending.Writes...)
		record.Messages = append(record.Messages, sending.Message)
	}
	return msp, t.commitCounted(ctx, by, mspsList(), record)
}

// createTenant returns the writes for a new tenant and its entry in a list. The entry is all in its
// key.
func createTenant(key table.Key, tenant any, entry table.Key) ([]table.Write, error) {
	item, err := change.Encode(key, tenant)
	if err != nil {
		return nil, err
	}
	return []table.Write{table.Create(item), table.Create(table.Item{Key: entry, Data: []byte("{}")})}, nil
}

// MSPChange is a request to change an MSP; nil fields stay as they are. Version, if not 0, is the
// version that the caller read.
type MSPChange struct {
	Name *string
	// SupportAccess is whether new organizations begin with support access.
	SupportAccess *bool
	// Tier is for operators to change; others may only repeat the present one.
	Tier *Tier
	// URL is the address of the MSP's web site, "" for none. Only an MSP with a tier that has logos
	// changes it.
	URL *string
	// Region, if not empty, must be the name of this installation; see InRegion.
	Region string
	// Admin is the first super user to invite to a new MSP; nil for nobody. The role is not asked for.
	Admin *identity.NewInvite
	// Extension has fields that Tenantry does not know; nulls remove them.
	Extension extension.Fields
	Version   int64
}

// apply makes the change to an MSP; a fault of code Invalid if a field breaks a rule.
func (c MSPChange) apply(msp *MSP) (err error) {
	if c.Name != nil {
		if err := checkName(*c.Name); err != nil {
			return err
		}
		msp.Name = *c.Name
	}
	if c.SupportAccess != nil {
		msp.NoSupportAccess = !*c.SupportAccess
	}
	if c.Tier != nil {
		if !slices.Contains(AllTiers(), *c.Tier) {
			return fault.OneOf("tier", AllTiers())
		}
		msp.Tier = *c.Tier
	}
	if c.URL != nil {
		if err := checkURL(*c.URL); err != nil {
			return err
		}
		msp.URL = *c.URL
	}
	msp.Extension, err = msp.Extension.With(c.Extension, extension.Large)
	return err
}

// same reports whether two states of an MSP have the same fields.
func (m MSP) same(other MSP) bool {
	return m.Name == other.Name && m.NoSupportAccess == other.NoSupportAccess && m.Tier == other.Tier &&
		m.URL == other.URL && m.Extension.Equal(other.Extension)
}

// complete fills in what follows from how an MSP is stored.
func (m *MSP) complete(version int64) {
	m.Version = version
	if m.Tier == "" {
		m.Tier = BaseTier
	}
}

// ChangeMSP changes an MSP. It writes nothing if nothing changes.
func (t *Tenants) ChangeMSP(ctx context.Context, by identity.Principal, id string, request MSPChange) (MSP, error) {
	msp, err := t.MSP(ctx, by, id, identity.ChangeMSP)
	if err != nil {
		return MSP{}, err
	}
	if request.Version != 0 && request.Version != msp.Version {
		return MSP{}, fault.Stale(msp.Version)
	}
	before := msp
	if err := errors.Join(request.apply(&msp), t.checkRegion(request.Region)); err != nil || msp.same(before) {
		return before, err
	}
	if msp.Tier != before.Tier && !by.May(identity.RunPlatform, identity.ThePlatform()) {
		return MSP{}, fault.New(fault.Forbidden, "Only the operator changes the tier of an MSP.")
	}
	if msp.URL != before.URL && msp.URL != "" {
		if err := t.requireTier(ctx, msp, CustomLogo); err != nil {
			return MSP{}, err
		}
	}
	msp.Modified = t.journal.Now().Unix()
	item, err := change.Encode(mspKey(id), msp)
	if err != nil {
		return MSP{}, err
	}
	item.Version = msp.Version
	msp.Version++
	return msp, t.commitTenant(ctx, by, item, change.Record{
		Action:  "msps.change",
		Message: "Changed the MSP " + msp.Name,
		MSPID:   id,
		Target:  "msp:" + id,
		Before:  before,
		After:   msp,
	})
}

// commitTenant commits a change of one tenant's item; a fault of code Conflict if it changed in the
// meantime.
func (t *Tenants) commitTenant(
	ctx context.Context,
	by identity.Principal,
	item table.Item,
	record change.Record,
) error {
	record.Writes = append(record.Writes, table.Update(item))
	err := t.journal.Commit(ctx, by.Actor(), record)
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		present, err := t.journal.BatchGet(ctx, []table.Key{item.Key})
		if err != nil {
			return err
		}
		return fault.Stale(present[0].Version)
	}
	return err
}

// MSPs lists the MSPs that the principal sees, ordered by name: all for an operator, otherwise
// those of their own privileges.
func (t *Tenants) MSPs(ctx context.Context, by identity.Principal) ([]MSP, error) {
	var ids []string
	if by.May(identity.RunPlatform, identity.ThePlatform()) {
		all, err := t.listIDs(ctx, platformPartition, mspList)
		if err != nil {
			return nil, err
		}
		ids = all
	} else {
		for _, privilege := range by.Privileges {
			if privilege.MSPID != "" && privilege.Scope != identity.OrgScope && !slices.Contains(ids, privilege.MSPID) {
				ids = append(ids, privilege.MSPID)
			}
		}
	}
	return loadAll(
		ctx,
		t.journal,
		ids,
		mspKey,
		(*MSP).complete,
		func(m MSP) string { return m.Name },
	)
}

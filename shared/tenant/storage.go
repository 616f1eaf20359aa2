package tenant

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// maxStorage is the largest budget of an organization in bytes: 1 PiB.
const maxStorage = 1 << 50

// StorageChange is a request to change how much an organization may store; nil fields stay as they
// are, and 0 means the limit of the installation.
type StorageChange struct {
	Bytes, DailyBytes *int64
}

// ChangeStorage changes how much an organization may store, for operators. Package storage keeps
// these limits.
func (t *Tenants) ChangeStorage(
	ctx context.Context, by identity.Principal, id string, request StorageChange,
) (Org, error) {
	org, err := t.Org(ctx, by, id, identity.SeeOrg)
	if err != nil {
		return Org{}, err
	}
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Org{}, err
	}
	before := org
	for _, field := range []struct {
		name   string
		value  *int64
		stored *int64
	}{
		{"storage_limit_in_bytes", request.Bytes, &org.StorageBytes},
		{"storage_daily_limit_in_bytes", request.DailyBytes, &org.StorageDailyBytes},
	} {
		if field.value == nil {
			continue
		}
		if *field.value < 0 || *field.value > maxStorage {
			return Org{}, fault.InField(field.name,
				"must be from 0, for the limit of the installation, to %d", int64(maxStorage))
		}
		*field.stored = *field.value
	}
	org.Modified = t.journal.Now().Unix()
	item, err := change.Encode(OrgKey(id), org)
	if err != nil {
		return Org{}, err
	}
	item.Version = org.Version
	org.Version++
	return org, t.commitTenant(ctx, by, item, change.Record{
		Action:      "orgs.change_limits",
		Message:     "Changed how much the organization " + org.Name + " may store",
		OrgID:       id,
		MSPID:       org.MSPID,
		PlatformLog: true,
		Target:      "org:" + id,
		Before:      before,
		After:       org,
	})
}

package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of the bin, in the core table. The times are when the organizations were deleted.
//
//	PLATFORM#BIN    <time>#<org>   a deleted organization of the installation
//	MSP#<id>#BIN    <time>#<org>   the same, of an MSP
//
//	access pattern                 request
//	a page of the bin              1 Query, 1 BatchGet per 100 organizations
const binList = "#BIN"

// RestorableFor is how long a deleted organization can be restored.
const RestorableFor = 30 * 24 * time.Hour

// Deletion says when and by whom an organization was deleted, and how far that is.
type Deletion struct {
	// At is in epoch seconds.
	At     int64  `json:"time"`
	ByID   string `json:"by_id,omitempty"`
	ByName string `json:"by_name,omitempty"`
	// Emptied is set once none of its cases is in the lists of its provider.
	Emptied bool `json:"emptied,omitempty"`
	// Purged is when all but the organization itself was removed for good, in epoch seconds; 0 before.
	Purged int64 `json:"purged_time,omitempty"`
	// Due is when the next step is due, in epoch seconds.
	Due int64 `json:"due_time"`
}

// Ends returns until when the organization can be restored.
func (d Deletion) Ends() time.Time { return time.Unix(d.At, 0).UTC().Add(RestorableFor) }

// DecodeStored is like DecodeOrg, but also decodes an organization in the bin.
func DecodeStored(item table.Item, now time.Time) (Org, error) {
	if item.Version == 0 {
		return Org{}, fault.Missing()
	}
	var org Org
	err := change.Decode(item, &org)
	org.Version = item.Version
	org.judge(now)
	return org, err
}

// LoadStored reads an organization, also one in the bin, without a permission check; a fault of code
// NotFound if there is none.
func (t *Tenants) LoadStored(ctx context.Context, id string) (Org, error) {
	if err := checkID(id); err != nil {
		return Org{}, err
	}
	items, err := t.journal.BatchGet(ctx, []table.Key{OrgKey(id)})
	if err != nil {
		return Org{}, err
	}
	return DecodeStored(items[0], t.journal.Now())
}

// LoadDeleted reads organizations in the bin by ID, without a permission check. It orders them by name,
// and leaves out those that are not there or cannot be restored any more.
func (t *Tenants) LoadDeleted(ctx context.Context, ids []string) ([]Org, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return checkID(id) != nil })
	orgs, err := t.LoadAllStored(ctx, ids)
	return slices.DeleteFunc(orgs, func(org Org) bool { return !org.Restorable(t.journal.Now()) }), err
}

// LoadBin is like LoadDeleted, with those that cannot be restored any more.
func (t *Tenants) LoadBin(ctx context.Context, ids []string) ([]Org, error) {
	orgs, err := t.LoadAllStored(ctx, ids)
	return slices.DeleteFunc(orgs, func(org Org) bool { return org.Deleted == nil }), err
}

// Restorable reports whether an organization is in the bin and can be restored.
func (o Org) Restorable(now time.Time) bool {
	return o.Deleted != nil && o.Deleted.Purged == 0 && now.Before(o.Deleted.Ends())
}

// Write returns the write that replaces an organization, conditional on the version read.
func (o Org) Write() (table.Write, error) {
	item, err := change.Encode(OrgKey(o.ID), o)
	item.Version = o.Version
	return table.Update(item), err
}

// binKeys returns the keys of a deleted organization's entries in the bin.
func binKeys(org Org) []table.Key {
	sort := fmt.Sprintf("%012d#%s", org.Deleted.At, org.ID)
	keys := []table.Key{{Partition: platformPartition + binList, Sort: sort}}
	if org.MSPID != "" {
		keys = append(keys, table.Key{Partition: mspList + org.MSPID + binList, Sort: sort})
	}
	return keys
}

// listKey returns the key of an organization's entry in the list of its MSP, or of direct customers.
func listKey(org Org) table.Key {
	list := orgsList(org.MSPID)
	return table.Key{Partition: list.partition, Sort: list.prefix + org.ID}
}

// binEntry says whose an organization in the bin is.
type binEntry struct {
	MSPID string `json:"msp_id,omitempty"`
}

// ToBin returns the writes that move an organization, which is deleted already, from the lists of its
// provider to the bin. It keeps its labels only in its own item.
func (t *Tenants) ToBin(ctx context.Context, org Org) ([]table.Write, error) {
	count, err := t.counting(ctx, orgsList(org.MSPID), -1)
	if err != nil {
		return nil, err
	}
	writes := []table.Write{table.Delete(listKey(org), 1), count}
	for _, key := range binKeys(org) {
		item, err := change.Encode(key, binEntry{MSPID: org.MSPID})
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	labels, err := t.labelEntries(ctx, org, nil)
	return append(writes, labels...), err
}

// FromBin returns the writes that move an organization, which is still marked as deleted, from the bin
// to the lists of its provider, and its labels, without those that no longer exist.
func (t *Tenants) FromBin(ctx context.Context, org Org) ([]table.Write, []string, error) {
	entry := listKey(org)
	count, err := t.counting(ctx, orgsList(org.MSPID), 1)
	if err != nil {
		return nil, nil, err
	}
	writes := []table.Write{table.Create(table.Item{Key: entry, Data: []byte("{}")}), count}
	for _, key := range binKeys(org) {
		writes = append(writes, table.Delete(key, 1))
	}
	present, err := t.readLabels(ctx, org.MSPID, org.Labels...)
	if err != nil {
		return nil, nil, err
	}
	var labels []string
	for _, label := range present {
		if label.Version > 0 {
			labels = append(labels, label.ID)
		}
	}
	org.Labels = nil
	entries, err := t.labelEntries(ctx, org, labels)
	return append(writes, entries...), labels, err
}

// Forget returns the writes that remove an organization and its entries in the bin for good.
func (t *Tenants) Forget(org Org) []table.Write {
	writes := []table.Write{table.Delete(OrgKey(org.ID), org.Version)}
	for _, key := range binKeys(org) {
		writes = append(writes, table.Delete(key, 1))
	}
	return writes
}

// BinPage is a page of the bin, the latest deletion first.
type BinPage struct {
	Orgs []Org
	// Next is the cursor of the next page; "" at the end.
	Next string
}

// Bin lists the deleted organizations of an MSP for those who see it, or all of the installation (mspID
// "") for operators. A page may have fewer than limit: those that cannot be restored any more are left
// out.
func (t *Tenants) Bin(ctx context.Context, by identity.Principal, mspID string, limit int, after string,
) (BinPage, error) {
	partition := platformPartition
	if mspID == "" {
		if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
			return BinPage{}, err
		}
	} else {
		msp, err := t.MSP(ctx, by, mspID, identity.SeeMSP)
		if err != nil {
			return BinPage{}, err
		}
		partition = msp.Place().Partition()
	}
	listed, err := t.journal.Query(ctx, table.Query{
		Partition: partition + binList, Descending: true, Limit: min(max(limit, 1), table.MaxBatch), After: after,
	})
	if err != nil {
		return BinPage{}, err
	}
	ids := make([]string, len(listed.Items))
	for i, item := range listed.Items {
		_, ids[i], _ = strings.Cut(item.Sort, "#")
	}
	orgs, err := t.LoadDeleted(ctx, ids)
	if err != nil {
		return BinPage{}, err
	}
	slices.SortStableFunc(orgs, func(x, y Org) int { return int(y.Deleted.At - x.Deleted.At) })
	return BinPage{Orgs: orgs, Next: listed.Next}, nil
}

// eachBinned calls a function with the place of each organization in the bin but some, and returns the
// IDs of all of them.
func (t *Tenants) eachBinned(
	ctx context.Context, but map[string]bool, do func(identity.Place) error,
) (map[string]bool, error) {
	seen := map[string]bool{}
	query := table.WithPrefix(table.Core, platformPartition+binList, "")
	for {
		page, err := t.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		entries, err := change.DecodePage[binEntry](page)
		if err != nil {
			return nil, err
		}
		for i, item := range page.Items {
			_, id, _ := strings.Cut(item.Sort, "#")
			if seen[id] = true; but[id] {
				continue
			}
			err := do(identity.Place{Scope: identity.OrgScope, MSPID: entries[i].MSPID, OrgID: id})
			if err != nil {
				return nil, err
			}
		}
		if query.After = page.Next; page.Next == "" {
			return seen, nil
		}
	}
}

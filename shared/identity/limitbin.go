package identity

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Where an MSP's list of limited organizations has one that is deleted:
//
//	MSP#<id>            LIMITED#<org>     as long as its cases may be in the lists of the MSP
//	MSP#<id>            LIMITEDBIN#<org>  later, while it is in the bin: lists need not read it any more
//	MSP#<id>#LIMITED    <org>             audit table: once it is gone, as long as the log of the MSP has entries
//	                                      about it, which are shown by its last consents
const limitBinSort = "LIMITEDBIN#"

// DeletionStep is how far the deletion of an organization is.
type DeletionStep int

// The steps of a deletion.
const (
	// InLists means that cases of the organization may still be in the lists of its MSP.
	InLists DeletionStep = iota
	// InBin means that they are not.
	InBin
	// Purged means that the organization is gone for good.
	Purged
)

// DeletionWrites returns the writes that bring the MSP's list of limited organizations up to date with
// the deletion of one.
func DeletionWrites(
	ctx context.Context, journal *change.Journal, mspID, orgID string, consents Consents, enforced *Enforced,
	deletion DeletionStep,
) ([]table.Write, error) {
	if mspID == "" {
		return nil, nil
	}
	entry := limits{OrgID: orgID, Consents: consents, Enforced: enforced, Deleted: true}
	keys := []table.Key{limitKey(mspID, orgID), limitBinKey(mspID, orgID)}
	items, err := journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var writes []table.Write
	for i, key := range keys {
		write, err := entry.replace(key, items[i].Version, deletion == DeletionStep(i))
		if err != nil {
			return nil, err
		}
		writes = append(writes, write...)
	}
	if deletion != Purged || !consents.limited() && enforced == nil {
		return writes, nil
	}
	item, err := change.Encode(table.Key{Table: table.Audit, Partition: "MSP#" + mspID + "#LIMITED", Sort: orgID}, entry)
	item.Expires = journal.Now().Add(change.EntryLife).Unix()
	return append(writes, table.Create(item)), err
}

// RestoreWrites is LimitWrites for an organization that comes back from the bin.
func RestoreWrites(
	ctx context.Context, journal *change.Journal, mspID, orgID string, consents Consents, enforced *Enforced,
) ([]table.Write, error) {
	writes, err := LimitWrites(ctx, journal, mspID, orgID, consents, enforced)
	if err != nil || mspID == "" {
		return nil, err
	}
	return dropped(ctx, journal, writes, limitBinKey(mspID, orgID))
}

func limitBinKey(mspID, orgID string) table.Key {
	return table.Key{Partition: "MSP#" + mspID, Sort: limitBinSort + orgID}
}

// limitedOrBinned returns the query for the limited organizations of an MSP and for all in the bin.
func limitedOrBinned(mspID string) table.Query {
	return table.WithPrefix(table.Core, "MSP#"+mspID, "LIMITED") // both prefixes begin so
}

// withheldInTree is WithheldEach for what is not listed by case: everything of the organizations in the
// bin is withheld too.
func withheldInTree(
	ctx context.Context, journal *change.Journal, by Principal, mspID string, permissions ...Permission,
) ([]map[string]int64, error) {
	return withheldIn(ctx, journal, by, mspID, false, permissions,
		limitedOrBinned(mspID))
}

// WithheldInLog is WithheldEach for the entries in the log of an MSP. They stay when an organization is
// deleted, and are shown by its last consents.
func WithheldInLog(
	ctx context.Context, journal *change.Journal, by Principal, mspID string, permissions ...Permission,
) ([]map[string]int64, error) {
	return withheldIn(ctx, journal, by, mspID, true, permissions,
		limitedOrBinned(mspID),
		table.WithPrefix(table.Audit, "MSP#"+mspID+"#LIMITED", ""))
}

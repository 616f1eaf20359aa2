package support

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
)

// purgeAt is when a deleted case is gone for good, in microseconds since 1970.
func (c Case) purgeAt() int64 { return time.UnixMicro(c.Deleted).Add(RestorableFor).UnixMicro() }

func (c Case) purgeable(now time.Time) bool { return c.Deleted > 0 && c.purgeAt() <= now.UnixMicro() }

// purgeBatch is how many items of a case go at once; with the audit entry they fit one transaction.
const purgeBatch = 80

// purge takes away all that belongs to a case whose time in the bin is over: its files first, then its texts, at last the case itself
// with its lines. It can be cut short anywhere, and goes on the next time.
func (d *Desk) purge(ctx context.Context, c Case) error {
	for {
		page, err := d.journal.Query(ctx, table.Query{Partition: casePartition(c.OrgID, c.ID), Limit: purgeBatch})
		if err != nil {
			return err
		}
		var writes []table.Write
		for _, item := range page.Items {
			if item.Sort == caseSort {
				continue
			}
			if err := d.dropFile(ctx, item); err != nil {
				return err
			}
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
		if len(writes) == 0 {
			break
		}
		if err := d.journal.Commit(ctx, change.ByPlatform(), purged(c, writes)); err != nil {
			return err
		}
	}
	writes := []table.Write{table.Delete(caseKey(c.OrgID, c.ID, caseSort), c.Revision), table.Delete(dueKey(c.Due, c.ID), 1), table.Delete(numberKey(c.Number), 1)}
	for _, key := range c.listKeys() {
		writes = append(writes, table.Delete(key, 1))
	}
	return d.journal.Commit(ctx, change.ByPlatform(), purged(c, writes))
}

func purged(c Case, writes []table.Write) change.Done {
	return change.Done{
		Action: "cases.purge", Message: fmt.Sprintf("Removed case %d for good", c.Number), OrgID: c.OrgID, MSPID: c.MSPID, Target: "case:" + c.ID, Writes: writes,
	}
}

// dropFile removes the stored file of an attachment, and the raw mail of a text.
func (d *Desk) dropFile(ctx context.Context, item table.Item) error {
	var stored struct {
		BlobKey string `json:"blob_key"`
		RawKey  string `json:"raw_key"`
	}
	if err := change.Decode(item, &stored); err != nil {
		return err
	}
	for _, key := range []string{stored.BlobKey, stored.RawKey} {
		if key == "" {
			continue
		}
		if err := d.files.Delete(ctx, key); err != nil && !errors.Is(err, blob.ErrAbsent) {
			return err
		}
	}
	return nil
}

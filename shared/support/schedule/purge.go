package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// purgeBatch is the maximum number of items of a case deleted at once; with the audit entry, they
// fit in one transaction.
const purgeBatch = 80

// PurgeCase deletes everything that belongs to a case that can no longer be restored, or whose
// organization is purged: its files first, then its texts, and finally the case itself with its list
// entries. It can be interrupted at any point and resumes the next time.
func (s *Service) PurgeCase(ctx context.Context, c support.Case) error {
	for {
		page, err := s.journal.Query(
			ctx,
			table.Query{Partition: support.CasePartition(c.OrgID, c.ID), Limit: purgeBatch},
		)
		if err != nil {
			return err
		}
		var writes []table.Write
		var counted int64
		var records []table.Key // of mails
		for _, item := range page.Items {
			if item.Sort == support.CaseSort {
				continue
			}
			if len(writes)+len(records) >= purgeBatch {
				break
			}
			bytes, err := s.dropFile(ctx, item)
			if err != nil {
				return err
			}
			named, err := mailthread.RecordsOf(item)
			if err != nil {
				return err
			}
			records = append(records, named...)
			counted += bytes
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
		if len(writes) == 0 {
			break
		}
		forgotten, err := s.forgetMails(ctx, records)
		if err != nil {
			return err
		}
		writes = append(writes, forgotten...)
		writes = append(writes, storage.GiveBack(c.OrgID, counted)...)
		if err := s.journal.Commit(ctx, change.ByPlatform(), purged(c, writes)); err != nil {
			return err
		}
	}
	writes, err := s.forgetMails(ctx, []table.Key{s.threads.RootKey(c)})
	if err != nil {
		return err
	}
	writes = append(writes,
		table.Delete(support.CaseKey(c.OrgID, c.ID, support.CaseSort), c.Stored),
		table.Delete(support.NumberKey(c.Number), 1),
	)
	if c.Due > 0 {
		writes = append(writes, table.Delete(support.DueKey(c.Due, c.ID), 1))
	}
	for _, key := range c.ListKeys() {
		writes = append(writes, table.Delete(key, 1))
	}
	return s.journal.Commit(ctx, change.ByPlatform(), purged(c, writes))
}

// forgetMails returns the writes that delete the records of mails that are still there.
func (s *Service) forgetMails(ctx context.Context, keys []table.Key) ([]table.Write, error) {
	slices.SortFunc(keys, func(a, b table.Key) int { return strings.Compare(a.Partition, b.Partition) })
	if keys = slices.Compact(keys); len(keys) == 0 {
		return nil, nil
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var writes []table.Write
	for _, item := range items {
		if item.Version > 0 {
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
	}
	return writes, nil
}

func purged(c support.Case, writes []table.Write) change.Record {
	return change.Record{
		Action:  "cases.purge",
		Message: fmt.Sprintf("Purged case %d", c.Number),
		OrgID:   c.OrgID,
		MSPID:   c.MSPID,
		Target:  "case:" + c.ID,
		Writes:  writes,
	}
}

// dropFile deletes the stored file of an attachment, or the raw mail of a text. It returns how many
// bytes of it count in the storage of the organization.
func (s *Service) dropFile(ctx context.Context, item table.Item) (int64, error) {
	var stored struct {
		BlobKey string `json:"blob_key"`
		RawKey  string `json:"raw_key"`
		Size    int64  `json:"size"`
		Counted bool   `json:"counted"`
		RawSize int64  `json:"raw_size"`
	}
	if err := change.Decode(item, &stored); err != nil {
		return 0, err
	}
	for _, key := range []string{stored.BlobKey, stored.RawKey} {
		if key == "" {
			continue
		}
		if err := s.files.Delete(ctx, key); err != nil && !errors.Is(err, blob.ErrAbsent) {
			return 0, err
		}
	}
	if !stored.Counted {
		stored.Size = 0
	}
	return stored.Size + stored.RawSize, nil
}

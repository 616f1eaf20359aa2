package sqlite

import (
	"context"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// BatchPut stores and removes items without conditions; see the port. This store applies all or
// none.
func (s *Store) BatchPut(ctx context.Context, items []table.Item) error {
	if err := table.CheckPuts(items); err != nil {
		return err
	}
	recorded := false
	err := s.database.Write(ctx, func(tx *embedded.Tx) error {
		for _, item := range items {
			included, err := s.put(tx, item)
			if err != nil {
				return err
			}
			recorded = recorded || included
		}
		return nil
	})
	if err == nil && recorded {
		s.signal()
	}
	return err
}

// put stores or removes one item, and reports whether the change feed includes it.
func (s *Store) put(tx *embedded.Tx, item table.Item) (recorded bool, err error) {
	var before table.Item
	if recorded = s.record(item.Key); recorded {
		if before, err = s.get(&tx.Reader, item.Key); err != nil {
			return false, err
		}
	}
	text, partition, sort := statementsOf(item.Table), []byte(item.Partition), []byte(item.Sort)
	if item.Version == 0 {
		_, err = tx.Exec(text.remove, partition, sort)
		item = table.Item{Key: item.Key}
		recorded = recorded && before.Version != 0
	} else {
		data := item.Data
		if data == nil {
			data = []byte{} // nil would be NULL
		}
		_, err = tx.Exec(text.put, partition, sort, item.Version, item.Expires, data)
	}
	if err != nil || !recorded {
		return false, err
	}
	return true, s.append(tx, item.Key, before, item)
}

package sqlite

import (
	"context"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Transact applies all writes or none; see the port. Every statement tests its own condition; the
// first that fails undoes those before it.
func (s *Store) Transact(ctx context.Context, writes []table.Write) error {
	if err := table.CheckWrites(writes); err != nil {
		return err
	}
	recorded := false
	err := s.database.Write(ctx, func(tx *embedded.Tx) error {
		for i, write := range writes {
			held, included, err := s.write(tx, write)
			if err != nil {
				return err
			}
			if !held {
				return &table.ConflictError{Index: i, Key: write.Item.Key}
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

// write executes one write. It reports whether the condition held and whether the change feed
// includes the change.
func (s *Store) write(tx *embedded.Tx, write table.Write) (held, recorded bool, err error) {
	if write.Kind == table.RequireKind {
		held, err = s.require(tx, write)
		return held, false, err
	}
	var before table.Item
	if recorded = s.record(write.Item.Key); recorded {
		if before, err = s.get(&tx.Reader, write.Item.Key); err != nil {
			return false, false, err
		}
	}
	after := write.Item
	switch write.Kind {
	case table.AddKind:
		if held, after, err = s.add(tx, write); err != nil || !held {
			return false, false, err
		}
	default:
		changed, err := s.execute(tx, write)
		if err != nil || changed == 0 {
			return false, false, err
		}
		if write.Kind == table.DeleteKind {
			after = table.Item{}
		}
	}
	if !recorded {
		return true, false, nil
	}
	return true, true, s.append(tx, write.Item.Key, before, after)
}

func (s *Store) require(tx *embedded.Tx, write table.Write) (bool, error) {
	key := write.Item.Key
	var version int64
	row := tx.Row(statementsOf(key.Table).require, []byte(key.Partition), []byte(key.Sort), s.now().Unix())
	err := row.Scan(&version)
	return version == write.IfVersion, err
}

func (s *Store) execute(tx *embedded.Tx, write table.Write) (changed int64, err error) {
	item, text, now := write.Item, statementsOf(write.Item.Table), s.now().Unix()
	partition, sort := []byte(item.Partition), []byte(item.Sort)
	data := item.Data
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	switch write.Kind {
	case table.CreateKind:
		return tx.Exec(text.insert, partition, sort, item.Version, item.Expires, data, now)
	case table.UpdateKind:
		return tx.Exec(text.update, partition, sort, item.Version, item.Expires, data, now, write.IfVersion)
	default: // DeleteKind; CheckWrites rejects all others
		return tx.Exec(text.delete, partition, sort, write.IfVersion, now)
	}
}

// Sweep removes up to limit expired items and returns their number. The change feed reports them as
// deleted. A result below limit means that none are left.
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) {
	removed, recorded := 0, false
	err := s.database.Write(ctx, func(tx *embedded.Tx) error {
		for _, each := range []table.Table{table.Core, table.Audit, table.Derived} {
			items, err := s.oldest(tx, each, limit-removed)
			if err != nil {
				return err
			}
			for _, item := range items {
				if _, err := tx.Exec(statementsOf(each).remove, []byte(item.Partition), []byte(item.Sort)); err != nil {
					return err
				}
				removed++
				if !s.record(item.Key) {
					continue
				}
				recorded = true
				if err := s.append(tx, item.Key, item, table.Item{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if recorded {
		s.signal()
	}
	return removed, nil
}

func (s *Store) oldest(tx *embedded.Tx, from table.Table, limit int) ([]table.Item, error) {
	var items []table.Item
	arguments := []any{s.now().Unix(), max(0, limit)}
	err := tx.Each(statementsOf(from).oldest, arguments, func(scan func(...any) error) error {
		item := table.Item{Key: table.Key{Table: from}}
		err := scan(&item.Partition, &item.Sort, &item.Version, &item.Expires, &item.Data)
		items = append(items, item)
		return err
	})
	return items, err
}

package sqlite

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// count adds to a counter, and returns its new value and item.
func (s *Store) count(tx *embedded.Tx, key table.Key, add, expires int64) (int64, table.Item, error) {
	var total, version int64
	row := tx.Row(statementsOf(key.Table).count, []byte(key.Partition), []byte(key.Sort), expires, add, s.now().Unix())
	err := row.Scan(&total, &version)
	if errors.Is(err, embedded.ErrNoRows) {
		return 0, table.Item{}, fmt.Errorf("%w: %q %q is no counter, or would overflow",
			table.ErrBadRequest, key.Partition, key.Sort)
	}
	after := table.Item{Key: key, Version: version, Expires: expires, Data: strconv.AppendInt(nil, total, 10)}
	return total, after, err
}

// add executes a write of AddKind. It reports whether the sum was within the limit, and returns the
// counter's new item.
func (s *Store) add(tx *embedded.Tx, write table.Write) (bool, table.Item, error) {
	key := write.Item.Key
	if write.Most >= 0 {
		var counter bool
		var total int64
		row := tx.Row(statementsOf(key.Table).counter, []byte(key.Partition), []byte(key.Sort), s.now().Unix())
		err := row.Scan(&counter, &total)
		switch {
		case errors.Is(err, embedded.ErrNoRows):
		case err != nil:
			return false, table.Item{}, err
		case !counter:
			return false, table.Item{}, fmt.Errorf("%w: %q %q is no counter", table.ErrBadRequest, key.Partition, key.Sort)
		}
		if total+write.Add > write.Most {
			return false, table.Item{}, nil
		}
	}
	_, after, err := s.count(tx, key, write.Add, write.Item.Expires)
	return err == nil, after, err
}

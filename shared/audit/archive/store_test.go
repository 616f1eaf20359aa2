package archive_test

import (
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// deleteOf removes an entry from the audit table, which no method of the store can.
func deleteOf(key table.Key) func(tx *embedded.Tx) error {
	return func(tx *embedded.Tx) error {
		_, err := tx.Exec("DELETE FROM table_audit WHERE partition = ? AND sort = ?", []byte(key.Partition), []byte(key.Sort))
		return err
	}
}

package sqlite

import (
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// statements are the SQL texts for one of the three tables. Partition, sort and data are blobs, so
// that SQLite compares keys bytewise as the port requires. A counter's data is an integer, which
// distinguishes it from an item.
type statements struct {
	create, index                   string
	get, ascending, descending      string
	insert, update, delete, require string
	count, counter                  string
	put, oldest, remove             string
}

// live is the condition that an item has not expired at ?now.
const live = `(expires = 0 OR expires > ?now)`

var texts = [...]statements{
	table.Core:    statementsFor("table_core"),
	table.Audit:   statementsFor("table_audit"),
	table.Derived: statementsFor("table_derived"),
}

func statementsOf(of table.Table) *statements { return &texts[of] }

func statementsFor(name string) statements {
	text := func(statement, now string) string {
		statement = strings.ReplaceAll(statement, "LIVE", live)
		return strings.NewReplacer("TABLE_NAME", name, "?now", now).Replace(statement)
	}
	return statements{
		create: text(`CREATE TABLE IF NOT EXISTS TABLE_NAME (
			partition BLOB NOT NULL, sort BLOB NOT NULL, version INTEGER NOT NULL,
			expires INTEGER NOT NULL, data BLOB NOT NULL,
			PRIMARY KEY (partition, sort)) WITHOUT ROWID`, ""),
		index: text(`CREATE INDEX IF NOT EXISTS TABLE_NAME_expires ON TABLE_NAME (expires) WHERE expires <> 0`, ""),
		get:   text(`SELECT version, expires, data FROM TABLE_NAME WHERE partition = ?1 AND sort = ?2`, ""),
		// A bare parameter as the limit would make SQLite recompile the statement for each value.
		ascending: text(`SELECT sort, version, expires, data FROM TABLE_NAME
			WHERE partition = ?1 AND sort >= ?2 AND sort < ?3 AND LIVE ORDER BY sort LIMIT ?5 + 0`, "?4"),
		descending: text(`SELECT sort, version, expires, data FROM TABLE_NAME
			WHERE partition = ?1 AND sort >= ?2 AND sort < ?3 AND LIVE ORDER BY sort DESC LIMIT ?5 + 0`, "?4"),
		insert: text(`INSERT INTO TABLE_NAME (partition, sort, version, expires, data) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT DO UPDATE SET version = ?3, expires = ?4, data = ?5 WHERE NOT LIVE`, "?6"),
		update: text(`UPDATE TABLE_NAME SET version = ?3, expires = ?4, data = ?5
			WHERE partition = ?1 AND sort = ?2 AND version = ?7 AND LIVE`, "?6"),
		delete: text(`DELETE FROM TABLE_NAME WHERE partition = ?1 AND sort = ?2 AND version = ?3 AND LIVE`, "?4"),
		require: text(`SELECT coalesce((SELECT version FROM TABLE_NAME
			WHERE partition = ?1 AND sort = ?2 AND LIVE), 0)`, "?3"),
		// A sum beyond 64 bits would become a real number in SQLite; such a counter stays
		// unchanged.
		count: text(`INSERT INTO TABLE_NAME (partition, sort, version, expires, data) VALUES (?1, ?2, 1, ?3, ?4)
			ON CONFLICT DO UPDATE SET version = iif(LIVE, version + 1, 1), expires = ?3, data = iif(LIVE, data + ?4, ?4)
			WHERE NOT LIVE OR typeof(data) = 'integer' AND typeof(data + ?4) = 'integer'
			RETURNING data, version`, "?5"),
		counter: text(`SELECT typeof(data) = 'integer', iif(typeof(data) = 'integer', data, 0) FROM TABLE_NAME
			WHERE partition = ?1 AND sort = ?2 AND LIVE`, "?3"),
		put: text(`INSERT INTO TABLE_NAME (partition, sort, version, expires, data) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT DO UPDATE SET version = ?3, expires = ?4, data = ?5`, ""),
		oldest: text(`SELECT partition, sort, version, expires, data FROM TABLE_NAME
			WHERE expires <> 0 AND expires <= ?1 ORDER BY expires LIMIT ?2 + 0`, ""),
		remove: text(`DELETE FROM TABLE_NAME WHERE partition = ?1 AND sort = ?2`, ""),
	}
}

func schema() []string {
	all := feedSchema()
	for _, text := range texts {
		all = append(all, text.create, text.index)
	}
	return all
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver for the bare transactions
)

const clients = 32

// rate returns how often per second so many concurrent workers finish their work.
func rate(workers int, length time.Duration, work func() error) (float64, error) {
	var done atomic.Int64
	var first atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for range workers {
		group.Go(func() {
			for time.Since(began) < length && first.Load() == nil {
				if err := work(); err != nil {
					first.CompareAndSwap(nil, &err)
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	if err := first.Load(); err != nil {
		return 0, *err
	}
	return float64(done.Load()) / time.Since(began).Seconds(), nil
}

// creating compares opening cases over HTTP with bare durable transactions of the same rows.
func (b *bench) creating(ctx context.Context) error {
	b.waitsFor.Store(fmt.Sprintf("new cases for %v, and bare transactions for as long", b.size.length))
	ours, err := rate(clients, b.size.length, func() error { _, err := b.create(nil); return err })
	if err != nil {
		return err
	}
	rows, err := b.rowsOfACase(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(b.folder, "bare-")
	if err != nil {
		return err
	}
	bare, err := bareRate(ctx, filepath.Join(folder, "bare.db"), rows, b.size.length)
	if err != nil {
		return err
	}
	b.note(fmt.Sprintf("create a case over HTTP, %d clients", clients), ours, "/s", "")
	b.note(fmt.Sprintf("  bare durable transactions of the same %d rows", len(rows)), bare, "/s", "")
	b.note("  ratio to them", ours/bare, "", "≥ 0.5")
	return nil
}

// row is a row that a transaction writes.
type row struct {
	table           string
	partition, sort []byte
	data            []byte
}

// rowsOfACase returns the rows that opening a case wrote: the case's, its audit entries', and one
// for the outbox.
func (b *bench) rowsOfACase(ctx context.Context) ([]row, error) {
	database, err := sql.Open("sqlite", "file:"+filepath.Join(b.folder, "data", "tenantry.db")+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { _ = database.Close() }()
	tables, err := tableNames(ctx, database)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, table := range tables {
		if strings.HasSuffix(table, "derived") {
			continue // a worker writes the index later
		}
		some, err := rowsWith(ctx, database, table, b.first)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no rows of the case %s", b.first)
	}
	// The message has left the outbox since; a row of its size represents it.
	return append(rows, row{
		table:     tables[0],
		partition: []byte("OUTBOX#0"),
		sort:      []byte("0000000000000000#outbox"),
		data:      make([]byte, 400),
	}), nil
}

// rowsWith returns the rows of a table that contain an id anywhere.
func rowsWith(ctx context.Context, database *sql.DB, table, id string) ([]row, error) {
	rows, err := database.QueryContext(
		ctx,
		`SELECT partition, sort, data FROM `+table+` WHERE instr(partition, ?1) OR instr(sort, ?1) OR instr(data, ?1)`,
		[]byte(id),
	)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var matches []row
	for rows.Next() {
		one := row{table: table}
		if err := rows.Scan(&one.partition, &one.sort, &one.data); err != nil {
			return nil, err
		}
		matches = append(matches, one)
	}
	return matches, rows.Err()
}

// tableNames lists the tables that hold items.
func tableNames(ctx context.Context, database *sql.DB) ([]string, error) {
	rows, err := database.QueryContext(
		ctx,
		`SELECT name FROM sqlite_master WHERE type = 'table' AND
			sql LIKE '%partition BLOB NOT NULL, sort BLOB NOT NULL, version%' ORDER BY name`,
	)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// bareRate measures durable transactions of the same rows, executed one after the other as SQLite
// does, and requested by as many concurrent callers.
func bareRate(ctx context.Context, path string, rows []row, length time.Duration) (float64, error) {
	database, err := sql.Open("sqlite",
		"file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return 0, err
	}
	defer func() { _ = database.Close() }()
	database.SetMaxOpenConns(1)
	insert := map[string]*sql.Stmt{}
	for _, one := range rows {
		if insert[one.table] != nil {
			continue
		}
		layout := `(partition BLOB NOT NULL, sort BLOB NOT NULL, version INTEGER NOT NULL, expires INTEGER NOT NULL,
			data BLOB NOT NULL, PRIMARY KEY (partition, sort)) WITHOUT ROWID`
		if _, err := database.ExecContext(ctx, `CREATE TABLE `+one.table+` `+layout); err != nil {
			return 0, err
		}
		if insert[one.table], err = database.PrepareContext(ctx,
			`INSERT INTO `+one.table+` VALUES (?, ?, 1, 0, ?)`); err != nil {
			return 0, err
		}
	}
	var number atomic.Int64
	return rate(clients, length, func() error {
		id := fmt.Appendf(nil, "#%016d", number.Add(1))
		tx, err := database.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for _, one := range rows {
			partition := slices.Concat(one.partition, id)
			if _, err := tx.StmtContext(ctx, insert[one.table]).ExecContext(ctx, partition, one.sort, one.data); err !=
				nil {
				_ = tx.Rollback()
				return err
			}
		}
		return tx.Commit()
	})
}

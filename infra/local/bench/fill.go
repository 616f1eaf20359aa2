package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
)

// fill copies the rows of the first case under other ids and numbers until the wanted number of
// cases exists. It records some of the ids.
func (b *bench) fill(ctx context.Context, count int) error {
	if b.process != nil {
		if err := b.settled(ctx); err != nil {
			return err
		}
		if err := b.stop(); err != nil {
			return err
		}
	}
	rows, err := b.rowsOfACase(ctx)
	if err != nil {
		return err
	}
	// A row of the case whose key contains neither the case nor its number exists once for what its
	// key names, such as the mark of a sent mail; lists and reads do not need it.
	rows = slices.DeleteFunc(rows, func(one row) bool {
		key := slices.Concat(one.partition, one.sort)
		return one.table != "core" && one.table != "table_core" || bytes.HasPrefix(one.partition, []byte("OUTBOX#")) ||
			bytes.Equal(renewed(key, b.first, "another", 2), key)
	})
	if len(rows) == 0 {
		return fmt.Errorf("no row of the case %s can be copied", b.first)
	}
	file := filepath.Join(b.folder, "data", "tenantry.db")
	database, err := sql.Open("sqlite", "file:"+file+
		"?_pragma=synchronous(OFF)&_pragma=cache_size(-400000)&_txlock=immediate")
	if err != nil {
		return err
	}
	defer func() { _ = database.Close() }()
	database.SetMaxOpenConns(1)
	var present int
	numbers := `SELECT count(*) FROM ` + rows[0].table + ` WHERE partition >= ? AND partition < ?`
	if err := database.QueryRowContext(ctx, numbers, []byte("NUMBER#"), []byte("NUMBER$")).Scan(&present); err != nil {
		return err
	}
	for from := present; from < count; from += 20_000 {
		b.waitsFor.Store(fmt.Sprintf("%d cases to be copied; %d exist", count, from))
		if err := b.fillSome(ctx, database, rows, from, min(from+20_000, count)); err != nil {
			return err
		}
	}
	return nil
}

// settled waits until the queues are empty: rows that are written for a case later would not be
// copied.
func (b *bench) settled(ctx context.Context) error {
	for _, name := range []string{"mail-send", "cases-index"} {
		err := b.await(ctx, 20*time.Millisecond, func() (bool, string, error) {
			left, err := b.queued(name)
			return left == 0, fmt.Sprintf("the queue %s to be empty; it has %d", name, left), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// renewed returns a row's text with another id and number.
func renewed(text []byte, first, id string, number int) []byte {
	text = bytes.ReplaceAll(text, []byte(first), []byte(id))
	return bytes.ReplaceAll(text, []byte("NUMBER#1"), fmt.Appendf(nil, "NUMBER#9%08d", number))
}

func (b *bench) fillSome(ctx context.Context, database *sql.DB, rows []row, from, to int) error {
	tx, err := database.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after the commit
	insert, err := tx.PrepareContext(ctx,
		`INSERT INTO `+rows[0].table+` (partition, sort, version, expires, data) VALUES (?, ?, 1, 0, ?)`)
	if err != nil {
		return err
	}
	for number := from; number < to; number++ {
		id := uuid.Must(uuid.NewV7()).String()
		if number%1000 == 0 || to-from < 1000 {
			b.ids = append(b.ids, id)
		}
		for _, one := range rows {
			_, err := insert.ExecContext(ctx, renewed(one.partition, b.first, id, number),
				renewed(one.sort, b.first, id, number), renewed(one.data, b.first, id, number))
			if err != nil {
				return fmt.Errorf("copy %q %q: %w", one.partition, one.sort, err)
			}
		}
	}
	return tx.Commit()
}

package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
)

const (
	small   = 1000
	samples = 3000
)

// reading compares lists and reads at a thousand cases with those at many.
func (b *bench) reading(ctx context.Context, large int) error {
	if err := b.stop(); err != nil {
		return err
	}
	some, err := b.fill(ctx, small)
	if err != nil {
		return err
	}
	listSmall, readSmall, err := b.readTimes(ctx, some)
	if err != nil {
		return err
	}
	began := time.Now()
	if some, err = b.fill(ctx, large); err != nil {
		return err
	}
	fmt.Printf("(filled up to %d cases in %s)\n", large, time.Since(began).Round(time.Second))
	listLarge, readLarge, err := b.readTimes(ctx, some)
	if err != nil {
		return err
	}
	fmt.Printf(
		"list a page of 50 cases: median %v at %d cases, %v at %d; ratio %.2f (aim ≤ 1.2)\n",
		listSmall,
		small,
		listLarge,
		large,
		float64(listLarge)/float64(listSmall),
	)
	fmt.Printf(
		"read a case, any of them: median %v at %d cases, %v at %d; ratio %.2f (aim ≤ 1.2)\n",
		readSmall,
		small,
		readLarge,
		large,
		float64(readLarge)/float64(readSmall),
	)
	return nil
}

// readTimes measures, with the program started anew, how long a page and a case take.
func (b *bench) readTimes(ctx context.Context, ids []string) (list, read time.Duration, err error) {
	if err := b.start(ctx); err != nil {
		return 0, 0, err
	}
	median := func(path func() string) (time.Duration, error) {
		times := make([]time.Duration, 0, samples)
		for i := range samples + 200 {
			began := time.Now()
			if _, _, err := b.call("GET", path(), nil); err != nil {
				return 0, err
			}
			if i >= 200 { // the first ones warm up
				times = append(times, time.Since(began))
			}
		}
		slices.Sort(times)
		return times[len(times)/2], nil
	}
	cases := "/orgs/" + b.orgID + "/cases"
	if list, err = median(func() string { return cases + "?limit=50" }); err != nil {
		return 0, 0, err
	}
	if read, err = median(func() string { return cases + "/" + ids[rand.N(len(ids))] }); err != nil {
		return 0, 0, err
	}
	return list, read, b.stop()
}

// fill copies the rows of the first case, under other ids and numbers, until there are so many cases. It gives some of the ids.
func (b *bench) fill(ctx context.Context, wanted int) ([]string, error) {
	rows, err := b.rowsOfACase(ctx)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(one row) bool {
		// The key of a MESSAGE# row is a hash of a mail's Message-ID, not of the case: a copy would have the same key.
		return one.table != "core" && one.table != "table_core" ||
			bytes.HasPrefix(one.partition, []byte("OUTBOX#")) || bytes.HasPrefix(one.partition, []byte("MESSAGE#"))
	})
	database, err := sql.Open(
		"sqlite",
		"file:"+filepath.Join(
			b.folder,
			"data",
			"tenantry.db",
		)+"?_pragma=synchronous(OFF)&_pragma=cache_size(-400000)&_txlock=immediate",
	)
	if err != nil {
		return nil, err
	}
	defer func() { _ = database.Close() }()
	database.SetMaxOpenConns(1)
	var present int
	if err := database.QueryRowContext(ctx, `SELECT count(*) FROM `+rows[0].table+` WHERE partition >= ? AND partition < ?`, []byte("NUMBER#"), []byte("NUMBER$")).
		Scan(&present); err != nil {
		return nil, err
	}
	var ids []string
	for from := present; from < wanted; from += 20_000 {
		if err := fillSome(ctx, database, rows, b.first, from, min(from+20_000, wanted), &ids); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		ids = []string{b.first}
	}
	return ids, nil
}

func fillSome(ctx context.Context, database *sql.DB, rows []row, first string, from, to int, ids *[]string) error {
	tx, err := database.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(
		ctx,
		`INSERT INTO `+rows[0].table+` (partition, sort, version, expires, data) VALUES (?, ?, 1, 0, ?)`,
	)
	if err != nil {
		return err
	}
	for number := from; number < to; number++ {
		id := uuid.Must(uuid.NewV7()).String()
		if number%1000 == 0 || to-from < 1000 {
			*ids = append(*ids, id)
		}
		renew := func(text []byte) []byte {
			text = bytes.ReplaceAll(text, []byte(first), []byte(id))
			return bytes.ReplaceAll(text, []byte("NUMBER#1"), fmt.Appendf(nil, "NUMBER#9%08d", number))
		}
		for _, one := range rows {
			if _, err := insert.ExecContext(ctx, renew(one.partition), renew(one.sort), renew(one.data)); err != nil {
				return fmt.Errorf("copy %q %q: %w", one.partition, one.sort, err)
			}
		}
	}
	return tx.Commit()
}

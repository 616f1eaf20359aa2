package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
)

// BenchmarkDurableTransactions measures transactions of three rows (an item, its audit entry and a
// recorded outbox item) through the store, compared with bare SQLite transactions of the same rows,
// each with an fsync of its own. ×bare is the ratio of their throughputs.
func BenchmarkDurableTransactions(b *testing.B) {
	bare := bareRate(b)
	for _, workers := range []int{1, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			store := newStore(b, sqlite.Options{Now: time.Now})
			var number atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range workers {
				all.Go(func() {
					for i := number.Add(1); i <= int64(b.N); i = number.Add(1) {
						if err := store.Transact(b.Context(), benchmarkWrites(i)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "transactions/s")
			b.ReportMetric(rate/bare, "×bare")
		})
	}
}

var benchmarkData = []byte(`{"text":"` + strings.Repeat("x", 300) + `"}`)

func benchmarkWrites(i int64) []table.Write {
	partition := fmt.Sprintf("ORG#%d", i%1000)
	var writes []table.Write
	for _, kind := range []string{"CASE", "AUDIT", "OUTBOX"} {
		item := table.Item{
			Key:  table.Key{Partition: partition, Sort: fmt.Sprintf("%s#%d", kind, i)},
			Data: benchmarkData,
		}
		if kind == "AUDIT" {
			item.Table = table.Audit
		}
		writes = append(writes, table.Create(item))
	}
	return writes
}

// bareRate returns how many transactions of the same rows per second SQLite itself makes durable,
// one after the other.
func bareRate(b *testing.B) float64 {
	settings := "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4096)"
	database, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+settings)
	if err != nil {
		b.Fatal(err)
	}
	defer database.Close()
	database.SetMaxOpenConns(1)
	for _, name := range []string{"core", "audit"} {
		_, err := database.Exec(
			`CREATE TABLE ` + name + ` (partition BLOB, sort BLOB, version INTEGER, expires INTEGER, data BLOB,
			PRIMARY KEY (partition, sort)) WITHOUT ROWID`,
		)
		if err != nil {
			b.Fatal(err)
		}
	}
	insert := map[table.Table]*sql.Stmt{}
	for where, name := range map[table.Table]string{table.Core: "core", table.Audit: "audit"} {
		if insert[where], err = database.Prepare(`INSERT INTO ` + name + ` VALUES (?, ?, 1, 0, ?)`); err != nil {
			b.Fatal(err)
		}
	}
	const transactions = 3000
	start := time.Now()
	for i := range transactions {
		tx, err := database.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for _, write := range benchmarkWrites(int64(i)) {
			item := write.Item
			if _, err := tx.Stmt(insert[item.Table]).
				Exec([]byte(item.Partition), []byte(item.Sort), item.Data); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	rate := transactions / time.Since(start).Seconds()
	b.Logf("bare SQLite: %.0f transactions/s", rate)
	return rate
}

func BenchmarkGet(b *testing.B) {
	store := newStore(b, sqlite.Options{Now: time.Now})
	if err := store.Transact(b.Context(), benchmarkWrites(1)); err != nil {
		b.Fatal(err)
	}
	key := benchmarkWrites(1)[0].Item.Key
	for b.Loop() {
		if _, err := store.Get(b.Context(), key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPageOf100(b *testing.B) {
	store := newStore(b, sqlite.Options{Now: time.Now})
	for i := range int64(200) {
		if err := store.Transact(b.Context(), benchmarkWrites(i*1000)); err != nil {
			b.Fatal(err)
		}
	}
	query := table.WithPrefix(table.Core, "ORG#0", "CASE#")
	query.Limit = 100
	for b.Loop() {
		if page, err := store.Query(b.Context(), query); err != nil || len(page.Items) != 100 {
			b.Fatal(len(page.Items), err)
		}
	}
}

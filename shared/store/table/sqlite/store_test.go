package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

func open(t testing.TB, path string, options sqlite.Options) (*sqlite.Store, *embedded.Database) {
	t.Helper()
	database, err := embedded.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	store, err := sqlite.New(t.Context(), database, options)
	if err != nil {
		t.Fatal(err)
	}
	return store, database
}

func newStore(t testing.TB, options sqlite.Options) *sqlite.Store {
	t.Helper()
	store, _ := open(t, filepath.Join(t.TempDir(), "test.db"), options)
	return store
}

func everything(table.Key) bool { return true }

func TestTheStoreKeepsTheContract(t *testing.T) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) table.Store {
		return newStore(t, sqlite.Options{Now: now})
	})
}

func TestTheStoreKeepsTheContractWhileItRecordsChanges(t *testing.T) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) table.Store {
		return newStore(t, sqlite.Options{Now: now, Record: everything, Consumers: []string{"test"}})
	})
}

func TestRecordingAndSweepingChangeNoAnswer(t *testing.T) {
	tabletest.Play(t, func(t *testing.T, now func() time.Time) (left, right table.Store) {
		recording := sqlite.Options{Now: now, Record: everything, Consumers: []string{"test"}}
		return newStore(t, sqlite.Options{Now: now}), sweeping{newStore(t, recording)}
	})
}

package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

func outbox(key table.Key) bool { return strings.HasPrefix(key.Sort, "OUTBOX#") }

func coreItem(sort, data string) table.Item {
	return table.Item{Key: table.Key{Partition: "ORG#1", Sort: sort}, Data: []byte(data)}
}

func transact(t *testing.T, store *sqlite.Store, writes ...table.Write) {
	t.Helper()
	if err := store.Transact(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
}

// changesOf describes the changes after a consumer's position.
func changesOf(t *testing.T, store *sqlite.Store, consumer string, limit int) (lines []string, last int64) {
	t.Helper()
	changes, err := store.Changes(t.Context(), consumer, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		if change.Sequence <= last {
			t.Errorf("sequence %d after %d", change.Sequence, last)
		}
		last = change.Sequence
		lines = append(
			lines,
			fmt.Sprintf("%s %d%s→%d%s",
				change.Key.Sort, change.Old.Version, change.Old.Data, change.New.Version, change.New.Data),
		)
	}
	return lines, last
}

func wantChanges(t *testing.T, store *sqlite.Store, consumer string, want ...string) (last int64) {
	t.Helper()
	lines, last := changesOf(t, store, consumer, 100)
	if diff := cmp.Diff(want, lines, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changes for %s (-want +got):\n%s", consumer, diff)
	}
	return last
}

func TestTheFeedTellsEveryRecordedChangeInOrderAndNoOther(t *testing.T) {
	clock := tabletest.NewClock()
	store := newStore(t, sqlite.Options{Now: clock.Now, Record: outbox, Consumers: []string{"relay"}})
	item := coreItem("OUTBOX#1", "a")
	transact(t, store, table.Create(item), table.Create(coreItem("CASE#1", "x")))
	item.Version, item.Data = 1, []byte("b")
	transact(t, store, table.Update(item), table.Require(coreItem("OUTBOX#9", "").Key, 0))
	err := store.Transact(t.Context(), []table.Write{table.Create(coreItem("OUTBOX#2", "lost")), table.Create(item)})
	if err == nil {
		t.Fatal("no conflict")
	}
	transact(t, store, table.Delete(item.Key, 2))
	transact(t, store, table.Create(coreItem("OUTBOX#1", "c")))
	if _, err := store.Count(t.Context(), coreItem("OUTBOX#3", "").Key, 7, 0); err != nil {
		t.Fatal(err)
	}
	wantChanges(t, store, "relay", "OUTBOX#1 0→1a", "OUTBOX#1 1a→2b", "OUTBOX#1 2b→0", "OUTBOX#1 0→1c", "OUTBOX#3 0→17")
}

func TestAnExpiredItemIsToldAsDeletedWhenSweptAndAsAbsentWhenReplaced(t *testing.T) {
	clock := tabletest.NewClock()
	store := newStore(t, sqlite.Options{Now: clock.Now, Record: outbox, Consumers: []string{"relay"}})
	for _, sort := range []string{"OUTBOX#1", "OUTBOX#2"} {
		item := coreItem(sort, "old")
		item.Expires = clock.Now().Unix() + 1
		transact(t, store, table.Create(item))
	}
	clock.Advance(time.Second)
	transact(t, store, table.Create(coreItem("OUTBOX#1", "new")))
	if removed, err := store.Sweep(t.Context(), 100); err != nil || removed != 1 {
		t.Fatalf("swept %d (%v)", removed, err)
	}
	wantChanges(t, store, "relay", "OUTBOX#1 0→1old", "OUTBOX#2 0→1old", "OUTBOX#1 0→1new", "OUTBOX#2 1old→0")
}

func TestAChangeIsKeptUntilAllConsumersAcknowledgedItAndNumbersAreNeverGivenTwice(t *testing.T) {
	clock := tabletest.NewClock()
	path := filepath.Join(t.TempDir(), "test.db")
	options := sqlite.Options{Now: clock.Now, Record: outbox, Consumers: []string{"relay", "totals"}}
	store, database := open(t, path, options)
	transact(t, store, table.Create(coreItem("OUTBOX#1", "a")), table.Create(coreItem("OUTBOX#2", "b")))

	lines, first := changesOf(t, store, "relay", 1)
	if diff := cmp.Diff([]string{"OUTBOX#1 0→1a"}, lines); diff != "" {
		t.Error(diff)
	}
	acknowledge := func(consumer string, sequence int64) {
		t.Helper()
		if err := store.Acknowledge(t.Context(), consumer, sequence); err != nil {
			t.Fatal(err)
		}
	}
	acknowledge("relay", first)
	last := wantChanges(t, store, "relay", "OUTBOX#2 0→1b")
	acknowledge("relay", last)
	acknowledge("relay", first) // the position never goes back
	wantChanges(t, store, "relay")
	wantChanges(t, store, "totals", "OUTBOX#1 0→1a", "OUTBOX#2 0→1b")
	acknowledge("totals", last)
	wantChanges(t, store, "totals")
	if err := store.Acknowledge(t.Context(), "relay", last+1); !errors.Is(err, table.ErrBadRequest) {
		t.Errorf("acknowledging a change that was never delivered: %v", err)
	}
	if _, err := store.Changes(t.Context(), "stranger", 1); !errors.Is(err, table.ErrBadRequest) {
		t.Errorf("an unknown consumer: %v", err)
	}

	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	options.Consumers = []string{"relay", "search"} // totals has gone, search is new
	store, _ = open(t, path, options)
	transact(t, store, table.Create(coreItem("OUTBOX#3", "c")))
	wantChanges(t, store, "search", "OUTBOX#3 0→1c")
	if next := wantChanges(t, store, "relay", "OUTBOX#3 0→1c"); next <= last {
		t.Errorf("the number %d was used again after %d", next, last)
	}
}

func TestACommitThatRecordedChangesWakesEveryListenerOnce(t *testing.T) {
	clock := tabletest.NewClock()
	store := newStore(t, sqlite.Options{Now: clock.Now, Record: outbox, Consumers: []string{"relay"}})
	listeners := []<-chan struct{}{store.Committed(), store.Committed()}
	wakes := func() (count int) {
		for _, listener := range listeners {
			select {
			case <-listener:
				count++
			default:
			}
		}
		return count
	}
	transact(t, store, table.Create(coreItem("CASE#1", "x")))
	if woken := wakes(); woken != 0 {
		t.Errorf("%d listeners woken by a change that is not recorded", woken)
	}
	transact(t, store, table.Create(coreItem("OUTBOX#1", "a")))
	transact(t, store, table.Create(coreItem("OUTBOX#2", "b")))
	if woken := wakes(); woken != 2 {
		t.Errorf("%d of 2 listeners woken", woken)
	}
	if woken := wakes(); woken != 0 {
		t.Errorf("%d listeners woken again", woken)
	}
}

func TestItemsAndFeedOutliveTheProcess(t *testing.T) {
	clock := tabletest.NewClock()
	path := filepath.Join(t.TempDir(), "test.db")
	options := sqlite.Options{Now: clock.Now, Record: outbox, Consumers: []string{"relay"}}
	store, database := open(t, path, options)
	transact(t, store, table.Create(coreItem("OUTBOX#1", "a")))
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	store, _ = open(t, path, options)
	wantChanges(t, store, "relay", "OUTBOX#1 0→1a")
	if item, err := store.Get(t.Context(), coreItem("OUTBOX#1", "").Key); err != nil || string(item.Data) != "a" {
		t.Errorf("%v (%v)", item, err)
	}
}

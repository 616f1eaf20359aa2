package sqlite_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

// sweeping removes expired items before each transaction.
type sweeping struct{ *sqlite.Store }

func (s sweeping) Transact(ctx context.Context, writes []table.Write) error {
	if _, err := s.Sweep(ctx, 3); err != nil {
		return err
	}
	return s.Store.Transact(ctx, writes)
}

func TestSweepRemovesExpiredItemsOfAllTablesAndNothingElse(t *testing.T) {
	clock := tabletest.NewClock()
	store := newStore(t, sqlite.Options{Now: clock.Now})
	for i := range 30 {
		item := table.Item{
			Data: []byte(`{}`),
			Key:  table.Key{Table: table.Table(i % 3), Partition: "P", Sort: fmt.Sprintf("%02d", i)},
		}
		if i%2 == 0 {
			item.Expires = clock.Now().Unix() + int64(i) + 1
		}
		if err := store.Transact(t.Context(), []table.Write{table.Create(item)}); err != nil {
			t.Fatal(err)
		}
	}
	clock.Advance(15 * time.Second) // 0, 2, 4 … 14 have expired
	var removed []int
	for {
		count, err := store.Sweep(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		removed = append(removed, count)
		if count < 3 {
			break
		}
	}
	if diff := cmp.Diff([]int{3, 3, 2}, removed); diff != "" {
		t.Error(diff)
	}
	left := 0
	for where := table.Core; where <= table.Derived; where++ {
		page, err := store.Query(t.Context(), table.Query{Table: where, Partition: "P", Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		left += len(page.Items)
	}
	if left != 22 {
		t.Errorf("%d items left, want 22", left)
	}
}

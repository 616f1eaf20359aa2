package tabletest

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/tenantry/tenantry/shared/store/table"
)

func concurrencyRules() []rule {
	return []rule{
		{"ConcurrentUpdatesLoseNothing", updatesLoseNothing},
		{"ConcurrentCountsLoseNothing", countsLoseNothing},
		{"OfConcurrentCreatesOneWins", oneCreateWins},
		{"AnEndedContextIsTheErrorAndChangesNothing", endedContext},
	}
}

const (
	workers = 16
	repeats = 5
)

// updatesLoseNothing lets all workers increment two items in one transaction, by reading and
// updating. The items must be equal in the end.
func updatesLoseNothing(f *fixture) {
	left, right := f.item("left", "0"), f.item("right", "0")
	f.do(table.Create(left), table.Create(right))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range repeats {
				if err := f.increment(left.Key, right.Key); err != nil {
					f.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	for _, item := range []table.Item{left, right} {
		item.Version = workers*repeats + 1
		item.Data = []byte(strconv.Itoa(workers * repeats))
		f.wantStored(item)
	}
}

func (f *fixture) increment(keys ...table.Key) error {
	for {
		items, err := f.store.BatchGet(f.Context(), keys)
		if err != nil {
			return err
		}
		writes := make([]table.Write, len(items))
		for i, item := range items {
			value, err := strconv.Atoi(string(item.Data))
			if err != nil {
				return err
			}
			item.Data = []byte(strconv.Itoa(value + 1))
			writes[i] = table.Update(item)
		}
		err = f.store.Transact(f.Context(), writes)
		if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
			return err
		}
	}
}

func countsLoseNothing(f *fixture) {
	var all sync.WaitGroup
	var guard sync.Mutex
	read := make(map[int64]bool)
	for range workers {
		all.Go(func() {
			for range repeats {
				value, err := f.store.Count(f.Context(), f.key("counter"), 1, 0)
				if err != nil {
					f.Error(err)
					return
				}
				guard.Lock()
				if read[value] {
					f.Errorf("the value %d was returned twice", value)
				}
				read[value] = true
				guard.Unlock()
			}
		})
	}
	all.Wait()
	f.count("counter", 0, 0, workers*repeats)
}

func oneCreateWins(f *fixture) {
	for _, sort := range []string{"a", "b", "c"} {
		won := make([]bool, workers)
		var all sync.WaitGroup
		for worker := range workers {
			all.Go(func() {
				err := f.store.Transact(f.Context(), []table.Write{table.Create(f.item(sort, strconv.Itoa(worker)))})
				if err != nil && !table.ConflictAt(err, f.key(sort)) {
					f.Error(err)
				}
				won[worker] = err == nil
			})
		}
		all.Wait()
		winner := string(f.stored(f.key(sort)).Data)
		for worker, won := range won {
			if won != (winner == strconv.Itoa(worker)) {
				f.Errorf("worker %d got %v, but the stored item is that of worker %s", worker, won, winner)
			}
		}
	}
}

func endedContext(f *fixture) {
	ctx, cancel := context.WithCancel(f.Context())
	cancel()
	_, getError := f.store.Get(ctx, f.key("a"))
	_, batchError := f.store.BatchGet(ctx, []table.Key{f.key("a")})
	_, queryError := f.store.Query(ctx, f.query())
	_, countError := f.store.Count(ctx, f.key("counter"), 1, 0)
	oneError := f.store.Transact(ctx, []table.Write{table.Create(f.item("a", `{}`))})
	twoError := f.store.Transact(ctx, []table.Write{table.Create(f.item("a", `{}`)), table.Create(f.item("b", `{}`))})
	putError := f.store.BatchPut(ctx, []table.Item{f.derived("a", `{}`, 1)})
	for i, err := range []error{getError, batchError, queryError, countError, oneError, twoError, putError} {
		if !errors.Is(err, context.Canceled) {
			f.Errorf("method %d: %v, want context.Canceled", i, err)
		}
	}
	f.wantSorts(f.query())
}

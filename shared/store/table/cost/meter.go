// Package cost counts what requests to a table would cost on Amazon DynamoDB, whatever store is
// behind it, so that a test can fail when an access pattern becomes more expensive.
package cost

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
)

// Units is the cost of requests.
type Units struct {
	// Requests is the number of requests to the service.
	Requests int
	// Read is the number of read request units: strongly consistent reads.
	Read int
	// Write is the number of write request units.
	Write int
}

// Meter is a store that counts what its requests would cost on the adapter table/dynamo if nothing
// had to be retried. To learn the sizes of items that a transaction replaces, and of those that a
// query reads beyond its page, it sends more requests to the store than it counts. Expired items
// that the service has not deleted yet are not counted. It is safe for concurrent use.
type Meter struct {
	store table.Store

	guard sync.Mutex
	units Units
}

// Count returns a meter in front of a store.
func Count(store table.Store) *Meter { return &Meter{store: store} }

// Snapshot returns the units counted since the meter was created or reset.
func (m *Meter) Snapshot() Units {
	m.guard.Lock()
	defer m.guard.Unlock()
	return m.units
}

// Reset sets the units to zero.
func (m *Meter) Reset() {
	m.guard.Lock()
	defer m.guard.Unlock()
	m.units = Units{}
}

func (m *Meter) add(units Units) {
	m.guard.Lock()
	defer m.guard.Unlock()
	m.units.Requests += units.Requests
	m.units.Read += units.Read
	m.units.Write += units.Write
}

// Get reads one item and counts its size; an absent item costs one unit.
func (m *Meter) Get(ctx context.Context, key table.Key) (table.Item, error) {
	item, err := m.store.Get(ctx, key)
	if err == nil || errors.Is(err, table.ErrAbsent) {
		m.add(Units{Requests: 1, Read: readUnits(size(item))})
	}
	return item, err
}

// BatchGet reads many items and counts each as if it were read alone, in one request for each 16 MB
// of response.
func (m *Meter) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	items, err := m.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	units, total := Units{}, 0
	for _, item := range items {
		units.Read += readUnits(size(item))
		total += size(item)
	}
	units.Requests = started(total, batchBytes)
	m.add(units)
	return items, nil
}

// Query reads a page and counts the total size of its items, including the one item beyond the page
// that the adapter reads to learn whether a page follows, in one request for each 1 MB.
func (m *Meter) Query(ctx context.Context, query table.Query) (table.Page, error) {
	page, err := m.store.Query(ctx, query)
	if err != nil {
		return page, err
	}
	read := page.Items
	if page.Next != "" {
		query.After, query.Limit = page.Next, 1
		next, err := m.store.Query(ctx, query)
		if err != nil {
			return table.Page{}, err
		}
		read = append(read[:len(read):len(read)], next.Items...)
	}
	total := 0
	for _, item := range read {
		total += size(item)
	}
	m.add(Units{Requests: started(total, queryBytes), Read: readUnits(total)})
	return page, nil
}

// Transact counts each write by the larger of the item before and after, doubled in a transaction.
// A transaction that fails on a condition costs the same.
func (m *Meter) Transact(ctx context.Context, writes []table.Write) error {
	if err := table.CheckWrites(writes); err != nil {
		return m.store.Transact(ctx, writes)
	}
	before, err := m.before(ctx, writes)
	if err != nil {
		return err
	}
	err = m.store.Transact(ctx, writes)
	if _, conflict := errors.AsType[*table.ConflictError](err); err != nil && !conflict {
		return err
	}
	m.add(transactUnits(writes, before))
	return err
}

// BatchPut counts each item by the larger of the item before and after, in one request for each 25
// items.
func (m *Meter) BatchPut(ctx context.Context, items []table.Item) error {
	if err := table.CheckPuts(items); err != nil {
		return m.store.BatchPut(ctx, items)
	}
	units := Units{Requests: started(len(items), dynamo.MaxBatchWrite)}
	for some := range slices.Chunk(items, table.MaxBatch) {
		keys := make([]table.Key, len(some))
		for i, item := range some {
			keys[i] = item.Key
		}
		before, err := m.store.BatchGet(ctx, keys)
		if err != nil {
			return err
		}
		for i, item := range some {
			units.Write += writeUnits(max(size(before[i]), size(item)))
		}
	}
	if err := m.store.BatchPut(ctx, items); err != nil {
		return err
	}
	m.add(units)
	return nil
}

// before reads what is stored now. An audit entry replaces nothing.
func (m *Meter) before(ctx context.Context, writes []table.Write) ([]table.Item, error) {
	keys := make([]table.Key, len(writes))
	for i, write := range writes {
		keys[i] = write.Item.Key
	}
	return m.store.BatchGet(ctx, keys)
}

// Count counts the counter's size.
func (m *Meter) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	total, err := m.store.Count(ctx, key, add, expires)
	if err == nil {
		counter := table.Item{Key: key, Version: 1, Expires: expires, Data: strconv.AppendInt(nil, total, 10)}
		m.add(Units{Requests: 1, Write: writeUnits(size(counter))})
	}
	return total, err
}

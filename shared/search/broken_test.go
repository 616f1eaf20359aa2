package search

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/tenantry/tenantry/shared/store/table"
)

var errKilled = errors.New("killed")

// killed is a store whose process is killed at one of its requests. That request and all later ones
// fail; if late is set, that request still takes effect.
type killed struct {
	table.Store
	left atomic.Int64
	late bool
}

func (k *killed) die(do func() error) error {
	left := k.left.Add(-1)
	if left > 0 {
		return do()
	}
	if left == 0 && k.late {
		_ = do()
	}
	return errKilled
}

func (k *killed) Get(ctx context.Context, key table.Key) (item table.Item, err error) {
	err = k.die(func() (err error) { item, err = k.Store.Get(ctx, key); return err })
	return item, err
}

func (k *killed) BatchGet(ctx context.Context, keys []table.Key) (items []table.Item, err error) {
	err = k.die(func() (err error) { items, err = k.Store.BatchGet(ctx, keys); return err })
	return items, err
}

func (k *killed) Query(ctx context.Context, query table.Query) (page table.Page, err error) {
	err = k.die(func() (err error) { page, err = k.Store.Query(ctx, query); return err })
	return page, err
}

func (k *killed) Transact(ctx context.Context, writes []table.Write) error {
	return k.die(func() error { return k.Store.Transact(ctx, writes) })
}

func (k *killed) BatchPut(ctx context.Context, items []table.Item) error {
	return k.die(func() error { return k.Store.BatchPut(ctx, items) })
}

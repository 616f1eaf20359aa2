package tracing

import (
	"context"
	"errors"

	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Store is a table whose requests are measured.
type Store struct{ table.Store }

// Get measures the request.
func (s Store) Get(ctx context.Context, key table.Key) (item table.Item, err error) {
	ctx, span := Call(ctx, "table get "+key.Table.String())
	defer func() {
		if errors.Is(err, table.ErrAbsent) {
			span.End(nil)
			return
		}
		span.End(err)
	}()
	return s.Store.Get(ctx, key)
}

// BatchGet measures the request.
func (s Store) BatchGet(ctx context.Context, keys []table.Key) (items []table.Item, err error) {
	ctx, span := Call(ctx, "table batch get")
	span.Number("table.items", len(keys))
	defer func() { span.End(err) }()
	return s.Store.BatchGet(ctx, keys)
}

// Query measures the request.
func (s Store) Query(ctx context.Context, query table.Query) (page table.Page, err error) {
	ctx, span := Call(ctx, "table query "+query.Table.String())
	defer func() { span.Number("table.items", len(page.Items)); span.End(err) }()
	return s.Store.Query(ctx, query)
}

// Transact measures the request.
func (s Store) Transact(ctx context.Context, writes []table.Write) (err error) {
	ctx, span := Call(ctx, "table transact")
	span.Number("table.items", len(writes))
	defer func() { span.End(err) }()
	return s.Store.Transact(ctx, writes)
}

// Count measures the request.
func (s Store) Count(ctx context.Context, key table.Key, add, expires int64) (value int64, err error) {
	ctx, span := Call(ctx, "table count "+key.Table.String())
	defer func() { span.End(err) }()
	return s.Store.Count(ctx, key, add, expires)
}

// BatchPut measures the request.
func (s Store) BatchPut(ctx context.Context, items []table.Item) (err error) {
	ctx, span := Call(ctx, "table batch put")
	span.Number("table.items", len(items))
	defer func() { span.End(err) }()
	return s.Store.BatchPut(ctx, items)
}

// Sender is a carrier of mails whose work is measured.
type Sender struct{ mail.Sender }

// Send measures the sending of a mail.
func (s Sender) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	ctx, span := Call(ctx, "mail send")
	defer func() { span.End(err) }()
	return s.Sender.Send(ctx, message)
}

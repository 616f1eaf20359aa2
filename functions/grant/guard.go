package grant

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Guard restricts a function to its grants, as its role does on AWS: what was not granted fails. It
// also records what was used, to find unnecessary grants. It is safe for concurrent use.
type Guard struct {
	allowed Grants
	mutex   sync.Mutex
	used    Grants
}

// NewGuard returns a guard that allows the given grants and no others.
func NewGuard(allowed Grants) *Guard { return &Guard{allowed: allowed} }

// Used returns what was used so far, allowed or not.
func (g *Guard) Used() Grants {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return slices.Clone(g.used)
}

// Unused returns what is allowed but was not used so far.
func (g *Guard) Unused() Grants { return g.allowed.Without(g.Used()) }

// Use records one use, and returns an error if it is not allowed.
func (g *Guard) Use(resource Resource, action Action) error {
	grant := Grant{resource, action}
	g.mutex.Lock()
	g.used = Union(g.used, Grants{grant})
	g.mutex.Unlock()
	if !slices.Contains(g.allowed, grant) {
		return fmt.Errorf("grant: %q is not declared", grant)
	}
	return nil
}

// Tables puts the guard in front of a store.
func (g *Guard) Tables(store table.Store) table.Store { return guardedTables{g, store} }

// Blobs puts the guard in front of a file store.
func (g *Guard) Blobs(store blob.Store) blob.Store { return guardedFiles{g, store} }

// Queues puts the guard in front of the queues.
func (g *Guard) Queues(sender queue.Sender) queue.Sender { return guardedQueues{g, sender} }

// Mail puts the guard in front of a mail sender.
func (g *Guard) Mail(sender mail.Sender) mail.Sender { return guardedMail{g, sender} }

type guardedTables struct {
	guard *Guard
	table.Store
}

func (s guardedTables) Get(ctx context.Context, key table.Key) (table.Item, error) {
	if err := s.guard.Use(Table(key.Table), Get); err != nil {
		return table.Item{}, err
	}
	return s.Store.Get(ctx, key)
}

func (s guardedTables) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	for _, key := range keys {
		if err := s.guard.Use(Table(key.Table), BatchGet); err != nil {
			return nil, err
		}
	}
	return s.Store.BatchGet(ctx, keys)
}

func (s guardedTables) Query(ctx context.Context, query table.Query) (table.Page, error) {
	if err := s.guard.Use(Table(query.Table), Query); err != nil {
		return table.Page{}, err
	}
	return s.Store.Query(ctx, query)
}

func (s guardedTables) Transact(ctx context.Context, writes []table.Write) error {
	for _, write := range writes {
		action := Put
		switch write.Kind {
		case table.DeleteKind:
			action = Delete
		case table.RequireKind:
			action = Check
		case table.AddKind:
			action = Count
		case table.CreateKind, table.UpdateKind:
		}
		if err := s.guard.Use(Table(write.Item.Table), action); err != nil {
			return err
		}
	}
	return s.Store.Transact(ctx, writes)
}

func (s guardedTables) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	if err := s.guard.Use(Table(key.Table), Count); err != nil {
		return 0, err
	}
	return s.Store.Count(ctx, key, add, expires)
}

func (s guardedTables) BatchPut(ctx context.Context, items []table.Item) error {
	for _, item := range items {
		if err := s.guard.Use(Table(item.Table), BatchPut); err != nil {
			return err
		}
	}
	return s.Store.BatchPut(ctx, items)
}

type guardedFiles struct {
	guard *Guard
	blob.Store
}

func (s guardedFiles) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	if err := s.guard.Use(FilesOf(key), Store); err != nil {
		return blob.Written{}, err
	}
	return s.Store.Put(ctx, key, content, limit)
}

func (s guardedFiles) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := s.guard.Use(FilesOf(key), Open); err != nil {
		return nil, err
	}
	return s.Store.Open(ctx, key)
}

func (s guardedFiles) Delete(ctx context.Context, key string) error {
	if err := s.guard.Use(FilesOf(key), Delete); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key)
}

type guardedQueues struct {
	guard *Guard
	queue.Sender
}

func (s guardedQueues) Send(ctx context.Context, messages []queue.Message) error {
	for _, message := range messages {
		if err := s.guard.Use(Queue(message.Queue), Send); err != nil {
			return err
		}
	}
	return s.Sender.Send(ctx, messages)
}

type guardedMail struct {
	guard *Guard
	mail.Sender
}

func (s guardedMail) Send(ctx context.Context, letter mail.Outgoing) (string, error) {
	if err := s.guard.Use(Mail, Send); err != nil {
		return "", err
	}
	return s.Sender.Send(ctx, letter)
}

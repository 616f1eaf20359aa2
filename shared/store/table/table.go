// Package table is the table as the domains see it: items under a partition and a sort key, read by
// key or by range, and written only in conditional transactions. It holds the port, its limits and
// its errors. table/dynamo and table/sqlite implement it, and table/tabletest holds the contract
// that both must keep. It knows no entity of the product.
package table

import "context"

// Table names one of the three tables, which differ by the life cycle of their items.
type Table uint8

const (
	// Core holds everything that changes together: tenants, people, cases, the outbox.
	Core Table = iota
	// Audit is append-only: every write to it must be a Create.
	Audit
	// Derived holds data that can be rebuilt from the other two.
	Derived
)

// String returns the table's name as used in settings, logs and resource names.
func (t Table) String() string {
	switch t {
	case Core:
		return "core"
	case Audit:
		return "audit"
	case Derived:
		return "derived"
	default:
		return "unknown"
	}
}

// Key identifies one item. Partition begins with the scope that the caller was authorized for
// ("ORG#…"), so that the id of a child alone never leads to an item.
type Key struct {
	Table     Table
	Partition string
	Sort      string
}

// Item is the content stored under a key.
type Item struct {
	Key
	// Version is 1 on creation and grows by one with each update; 0 means absent.
	Version int64
	// Expires is when the item expires, in epoch seconds; 0 means never. An expired item is absent
	// for every read and every condition, whether or not the store has removed it yet.
	Expires int64
	// Data is the item's content: a JSON document in UTF-8.
	Data []byte
}

// Query reads a range of one partition in the order of the sort keys (by bytes).
type Query struct {
	Table     Table
	Partition string
	// From is the first sort key of the range (inclusive); empty means from the beginning.
	From string
	// To is where the range ends (exclusive); empty means to the end.
	To string
	// Descending reverses the order: from the end of the range to its beginning.
	Descending bool
	// Limit is the maximum number of items in a page: 1 to MaxPage.
	Limit int
	// After continues after this sort key, in the order of the query: the Next of the previous
	// page.
	After string
}

// Page is one page of a query's results.
type Page struct {
	Items []Item
	// Next is passed as After to get the next page. It is empty if and only if this is the last
	// page.
	Next string
}

// WithPrefix returns a query for all items of a partition whose sort key begins with prefix.
func WithPrefix(table Table, partition, prefix string) Query {
	return Query{Table: table, Partition: partition, From: prefix, To: prefixEnd(prefix), Limit: MaxPage}
}

// prefixEnd returns the first string after all those that begin with prefix.
func prefixEnd(prefix string) string {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return string(end[:i+1])
		}
	}
	return ""
}

// Store is the port. All reads see every transaction that was acknowledged before they began. Every
// method may return a fault of code Unavailable if the store does not respond; other errors are
// documented with each method.
type Store interface {
	// Get reads one item; ErrAbsent if there is none.
	Get(ctx context.Context, key Key) (Item, error)
	// BatchGet reads up to MaxBatch different keys in one request and returns the items in the
	// keys' order; an absent item has Version 0. The items may be read at different moments.
	BatchGet(ctx context.Context, keys []Key) ([]Item, error)
	// Query reads a page of a range. A page holds Limit items unless the range ends before.
	Query(ctx context.Context, query Query) (Page, error)
	// Transact applies all writes or none. If a write's condition does not hold, it changes nothing
	// and returns a *ConflictError for the first such write.
	Transact(ctx context.Context, writes []Write) error
	// Count adds to the counter under key, creating it if absent, sets its expiry, and returns the
	// new value. A counter is an item of its own: its Data is the value in decimal, and of the writes
	// of Transact only Add is for it.
	Count(ctx context.Context, key Key, add int64, expires int64) (int64, error)
	// BatchPut stores up to MaxPuts different items of the derived table unconditionally. An item
	// is stored with its version; one with Version 0 is removed. Items of the core table can only be
	// removed, in a call of their own. It is not a transaction: after an error, some items may have
	// been written and others not, and the call can be repeated. Use it only for data that can be
	// rebuilt from the other tables, and for items that have done their work.
	BatchPut(ctx context.Context, items []Item) error
}

package table

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// The limits are those of Amazon DynamoDB, so that what fits into one store fits into both
// (docs.aws.amazon.com, "Quotas in Amazon DynamoDB").
const (
	MaxPage           = 1000      // items in a page
	MaxBatch          = 100       // keys in a BatchGet
	MaxWrites         = 100       // writes in a transaction
	MaxPuts           = 500       // items in a BatchPut
	MaxItemBytes      = 400 << 10 // keys, data and the store's own attributes
	MaxTransactBytes  = 4 << 20   // all items of a transaction
	MaxPartitionBytes = 2048
	MaxSortBytes      = 1024

	// itemOverhead is what both stores keep in addition to keys and data: attribute names, version
	// and expiry.
	itemOverhead = 64
)

// ErrAbsent means that there is no item under the key.
var ErrAbsent = errors.New("table: no such item")

// ErrBadRequest means that a request breaks a limit or a rule of the port. It is a programming
// mistake, because input is checked long before.
var ErrBadRequest = errors.New("table: bad request")

// ConflictError says which write's condition did not hold.
type ConflictError struct {
	// Index is the position of the write in the transaction.
	Index int
	Key   Key
}

// Error names the key whose condition failed.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("table: write %d on %s %q %q: the condition does not hold",
		e.Index, e.Key.Table, e.Key.Partition, e.Key.Sort)
}

// ConflictAt reports whether err is a conflict on the item under key.
func ConflictAt(err error, key Key) bool {
	conflict, ok := errors.AsType[*ConflictError](err)
	return ok && conflict.Key == key
}

// Kind is what a write does.
type Kind uint8

// The kinds of write.
const (
	CreateKind Kind = iota + 1
	UpdateKind
	DeleteKind
	RequireKind
	AddKind
)

// Write is one conditional write of a transaction. Create one with Create, Update, Delete, Require
// or Add.
type Write struct {
	Kind Kind
	Item Item
	// IfVersion is the version that must be stored now; 0 means that the item must be absent.
	IfVersion int64
	// Add is what a write of AddKind adds to a counter, and Most is what the sum may be; a negative
	// Most means any sum.
	Add, Most int64
}

// Create stores a new item with version 1. Its condition is that no item exists under the key.
func Create(item Item) Write {
	item.Version = 1
	return Write{Kind: CreateKind, Item: item}
}

// Update replaces an item that was read. Its condition is that the stored version is still
// item.Version; the stored item gets the next version.
func Update(item Item) Write {
	write := Write{Kind: UpdateKind, Item: item, IfVersion: item.Version}
	write.Item.Version++
	return write
}

// Delete removes an item. Its condition is the version.
func Delete(key Key, version int64) Write {
	return Write{Kind: DeleteKind, Item: Item{Key: key}, IfVersion: version}
}

// Require changes nothing. Its condition is that the item has this version.
func Require(key Key, version int64) Write {
	return Write{Kind: RequireKind, Item: Item{Key: key}, IfVersion: version}
}

// Unlimited is the Most of a counter without a limit.
const Unlimited = -1

// Add adds to a counter, creating it if absent, and sets its expiry. Its condition is that the sum
// does not exceed most, or that most is Unlimited. Items that are no counters are ErrBadRequest.
func Add(key Key, add, most, expires int64) Write {
	return Write{Kind: AddKind, Item: Item{Key: key, Expires: expires}, Add: add, Most: most}
}

// Bytes returns the size of an item as counted by the limits.
func (i Item) Bytes() int {
	return len(i.Partition) + len(i.Sort) + len(i.Data) + itemOverhead
}

// CheckKey returns ErrBadRequest for a key that no store accepts.
func CheckKey(key Key) error {
	switch {
	case key.Table > Derived:
		return fmt.Errorf("%w: unknown table %d", ErrBadRequest, key.Table)
	case key.Partition == "" || len(key.Partition) > MaxPartitionBytes || !utf8.ValidString(key.Partition):
		return fmt.Errorf("%w: partition key %q", ErrBadRequest, key.Partition)
	case key.Sort == "" || len(key.Sort) > MaxSortBytes || !utf8.ValidString(key.Sort):
		return fmt.Errorf("%w: sort key %q", ErrBadRequest, key.Sort)
	}
	return nil
}

// CheckKeys returns ErrBadRequest for a BatchGet that no store accepts.
func CheckKeys(keys []Key) error {
	if len(keys) == 0 || len(keys) > MaxBatch {
		return fmt.Errorf("%w: %d keys in one batch", ErrBadRequest, len(keys))
	}
	seen := make(map[Key]bool, len(keys))
	for _, key := range keys {
		if err := CheckKey(key); err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%w: key %q %q twice in one batch", ErrBadRequest, key.Partition, key.Sort)
		}
		seen[key] = true
	}
	return nil
}

// CheckQuery returns ErrBadRequest for a query that no store accepts.
func CheckQuery(query Query) error {
	if query.Limit < 1 || query.Limit > MaxPage {
		return fmt.Errorf("%w: limit %d", ErrBadRequest, query.Limit)
	}
	if query.From != "" && query.To != "" && query.From >= query.To {
		return fmt.Errorf("%w: empty range from %q to %q", ErrBadRequest, query.From, query.To)
	}
	return CheckKey(Key{Table: query.Table, Partition: query.Partition, Sort: "any"})
}

// CheckWrites returns ErrBadRequest for a transaction that no store accepts.
func CheckWrites(writes []Write) error {
	if len(writes) == 0 || len(writes) > MaxWrites {
		return fmt.Errorf("%w: %d writes in one transaction", ErrBadRequest, len(writes))
	}
	seen := make(map[Key]bool, len(writes))
	total := 0
	for _, write := range writes {
		if err := checkWrite(write); err != nil {
			return err
		}
		if seen[write.Item.Key] {
			return fmt.Errorf("%w: two writes on %q %q in one transaction",
				ErrBadRequest, write.Item.Partition, write.Item.Sort)
		}
		seen[write.Item.Key] = true
		total += write.Item.Bytes()
	}
	if total > MaxTransactBytes {
		return fmt.Errorf("%w: %d bytes in one transaction", ErrBadRequest, total)
	}
	return nil
}

// CheckPuts returns ErrBadRequest for a BatchPut that no store accepts.
func CheckPuts(items []Item) error {
	if len(items) == 0 || len(items) > MaxPuts {
		return fmt.Errorf("%w: %d items put at once", ErrBadRequest, len(items))
	}
	seen := make(map[Key]bool, len(items))
	for _, item := range items {
		if err := checkPut(item); err != nil {
			return err
		}
		if seen[item.Key] {
			return fmt.Errorf("%w: %q %q put twice at once", ErrBadRequest, item.Partition, item.Sort)
		}
		if item.Table != items[0].Table {
			return fmt.Errorf("%w: items of the %s and the %s table put at once", ErrBadRequest, items[0].Table, item.Table)
		}
		seen[item.Key] = true
	}
	return nil
}

func checkPut(item Item) error {
	if err := CheckKey(item.Key); err != nil {
		return err
	}
	switch {
	case item.Table == Audit, item.Table == Core && item.Version != 0:
		return fmt.Errorf("%w: put without a condition into the %s table", ErrBadRequest, item.Table)
	case item.Version < 0:
		return fmt.Errorf("%w: put of %q %q with version %d", ErrBadRequest, item.Partition, item.Sort, item.Version)
	case !utf8.Valid(item.Data):
		return fmt.Errorf("%w: data of %q %q is not UTF-8", ErrBadRequest, item.Partition, item.Sort)
	case item.Bytes() > MaxItemBytes:
		return fmt.Errorf("%w: item %q %q has %d bytes", ErrBadRequest, item.Partition, item.Sort, item.Bytes())
	}
	return nil
}

func checkWrite(write Write) error {
	if err := CheckKey(write.Item.Key); err != nil {
		return err
	}
	switch {
	case write.Kind < CreateKind || write.Kind > AddKind:
		return fmt.Errorf("%w: write of kind %d", ErrBadRequest, write.Kind)
	case write.Item.Table == Audit && write.Kind != CreateKind:
		return fmt.Errorf("%w: the audit table may only be added to", ErrBadRequest)
	case (write.Kind == UpdateKind || write.Kind == DeleteKind) && write.IfVersion < 1:
		return fmt.Errorf("%w: update or delete of %q %q without the version that was read",
			ErrBadRequest, write.Item.Partition, write.Item.Sort)
	case (write.Kind == CreateKind || write.Kind == UpdateKind) && !utf8.Valid(write.Item.Data):
		return fmt.Errorf("%w: data of %q %q is not UTF-8", ErrBadRequest, write.Item.Partition, write.Item.Sort)
	case write.Item.Bytes() > MaxItemBytes:
		return fmt.Errorf("%w: item %q %q has %d bytes",
			ErrBadRequest, write.Item.Partition, write.Item.Sort, write.Item.Bytes())
	}
	return nil
}

// Change is a change of one item in the change feed.
type Change struct {
	// Sequence orders the changes of one item. A feed delivers each change at least once.
	Sequence int64
	Key      Key
	// Old is the item before the change; Version 0 if it was created.
	Old Item
	// New is the item after the change; Version 0 if it was deleted.
	New Item
}

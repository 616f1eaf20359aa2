// Package sqlite implements the table on the embedded database, with the same guarantees as on
// Amazon DynamoDB and a change feed in place of its stream. shared/store/embedded holds the engine,
// its file and its commits.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Options configures a store.
type Options struct {
	// Now returns the time by which items expire.
	Now func() time.Time
	// Record reports whether the change feed includes changes of a key; nil means that it includes
	// none.
	Record func(key table.Key) bool
	// Consumers names everybody who reads the change feed. A change is kept until all of them have
	// acknowledged it. A new consumer begins with the oldest change that is still kept. Without
	// consumers nothing is recorded.
	Consumers []string
}

// Store keeps the three tables in the embedded database.
type Store struct {
	database *embedded.Database
	now      func() time.Time
	record   func(key table.Key) bool
	feed     feed

	guard     sync.Mutex
	listeners []chan struct{}
}

// New returns a store in database, creating its tables if necessary.
func New(ctx context.Context, database *embedded.Database, options Options) (*Store, error) {
	if options.Now == nil {
		return nil, errors.New("sqlite: options without a clock")
	}
	store := &Store{database: database, now: options.Now, record: options.Record}
	if store.record == nil || len(options.Consumers) == 0 {
		store.record = func(table.Key) bool { return false }
	}
	if err := database.Define(ctx, schema()...); err != nil {
		return nil, fmt.Errorf("sqlite: create the tables: %w", err)
	}
	if err := store.openFeed(ctx, options.Consumers); err != nil {
		return nil, fmt.Errorf("sqlite: open the change feed: %w", err)
	}
	return store, nil
}

// Get reads one item; see the port.
func (s *Store) Get(ctx context.Context, key table.Key) (table.Item, error) {
	if err := table.CheckKey(key); err != nil {
		return table.Item{}, err
	}
	var item table.Item
	err := s.database.Read(ctx, func(reader *embedded.Reader) (err error) {
		item, err = s.get(reader, key)
		return err
	})
	if err == nil && item.Version == 0 {
		return table.Item{}, table.ErrAbsent
	}
	return item, err
}

// BatchGet reads many items; see the port.
func (s *Store) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	if err := table.CheckKeys(keys); err != nil {
		return nil, err
	}
	items := make([]table.Item, len(keys))
	err := s.database.Read(ctx, func(reader *embedded.Reader) (err error) {
		for i, key := range keys {
			if items[i], err = s.get(reader, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// Query reads a page of a range; see the port.
func (s *Store) Query(ctx context.Context, query table.Query) (table.Page, error) {
	if err := table.CheckQuery(query); err != nil {
		return table.Page{}, err
	}
	from, to := bounds(query)
	statement := statementsOf(query.Table).ascending
	if query.Descending {
		statement = statementsOf(query.Table).descending
	}
	var items []table.Item
	err := s.database.Read(ctx, func(reader *embedded.Reader) error {
		arguments := []any{[]byte(query.Partition), []byte(from), []byte(to), s.now().Unix(), query.Limit + 1}
		return reader.Each(statement, arguments, func(scan func(...any) error) error {
			item := table.Item{Key: table.Key{Table: query.Table, Partition: query.Partition}}
			err := scan(&item.Sort, &item.Version, &item.Expires, &item.Data)
			items = append(items, item)
			return err
		})
	})
	if err != nil {
		return table.Page{}, err
	}
	page := table.Page{Items: items}
	if len(items) > query.Limit {
		page.Items = items[:query.Limit]
		page.Next = page.Items[query.Limit-1].Sort
	}
	return page, nil
}

// endOfSorts sorts after every sort key, because no UTF-8 text begins with this byte.
const endOfSorts = "\xff"

// bounds returns what is left of a query's range: from (inclusive) and to (exclusive).
func bounds(query table.Query) (from, to string) {
	from, to = query.From, query.To
	if to == "" {
		to = endOfSorts
	}
	switch {
	case query.After == "":
	case query.Descending:
		to = min(to, query.After)
	default:
		from = max(from, query.After+"\x00") // the first string after After
	}
	return from, to
}

// get reads an item. It returns Version 0 if there is none or it has expired.
func (s *Store) get(reader *embedded.Reader, key table.Key) (table.Item, error) {
	item := table.Item{Key: key}
	row := reader.Row(statementsOf(key.Table).get, []byte(key.Partition), []byte(key.Sort))
	err := row.Scan(&item.Version, &item.Expires, &item.Data)
	switch {
	case errors.Is(err, embedded.ErrNoRows), err == nil && expired(item, s.now()):
		return table.Item{Key: key}, nil
	case err != nil:
		return table.Item{}, err
	}
	return item, nil
}

func expired(item table.Item, now time.Time) bool {
	return item.Expires != 0 && item.Expires <= now.Unix()
}

// Count adds to a counter; see the port.
func (s *Store) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	if err := table.CheckKey(key); err != nil {
		return 0, err
	}
	if key.Table == table.Audit {
		return 0, fmt.Errorf("%w: the audit table may only be added to", table.ErrBadRequest)
	}
	var total int64
	recorded := s.record(key)
	err := s.database.Write(ctx, func(tx *embedded.Tx) error {
		var before table.Item
		var err error
		if recorded {
			if before, err = s.get(&tx.Reader, key); err != nil {
				return err
			}
		}
		var after table.Item
		if total, after, err = s.count(tx, key, add, expires); err != nil || !recorded {
			return err
		}
		return s.append(tx, key, before, after)
	})
	if err != nil {
		return 0, err
	}
	if recorded {
		s.signal()
	}
	return total, nil
}

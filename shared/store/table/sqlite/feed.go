package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
)

// feed numbers the changes. Only the database's writer uses last.
type feed struct {
	consumers []string
	last      int64
}

func feedSchema() []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS table_feed (
			sequence INTEGER PRIMARY KEY, item_table INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
			old_version INTEGER NOT NULL, old_expires INTEGER NOT NULL, old_data BLOB,
			new_version INTEGER NOT NULL, new_expires INTEGER NOT NULL, new_data BLOB)`,
		`CREATE TABLE IF NOT EXISTS table_feed_consumers (
			name TEXT PRIMARY KEY, position INTEGER NOT NULL, active INTEGER NOT NULL) WITHOUT ROWID`,
	}
}

// openFeed registers the consumers, retires those no longer named, and finds the last sequence
// number used. Positions of retired consumers count too, so that no number is ever used twice.
func (s *Store) openFeed(ctx context.Context, consumers []string) error {
	s.feed.consumers = slices.Clone(consumers)
	return s.database.Write(ctx, func(tx *embedded.Tx) error {
		if _, err := tx.Exec(`UPDATE table_feed_consumers SET active = 0`); err != nil {
			return err
		}
		for _, consumer := range consumers {
			const enter = `INSERT INTO table_feed_consumers (name, position, active) VALUES (?1, 0, 1)
				ON CONFLICT DO UPDATE SET active = 1`
			if _, err := tx.Exec(enter, consumer); err != nil {
				return err
			}
		}
		const last = `SELECT max(coalesce((SELECT max(sequence) FROM table_feed), 0),
			coalesce((SELECT max(position) FROM table_feed_consumers), 0))`
		return tx.Row(last).Scan(&s.feed.last)
	})
}

// append adds a change to the feed, in the transaction that makes it.
func (s *Store) append(tx *embedded.Tx, key table.Key, before, after table.Item) error {
	const add = `INSERT INTO table_feed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	s.feed.last++
	_, err := tx.Exec(add, s.feed.last, int64(key.Table), []byte(key.Partition), []byte(key.Sort),
		before.Version, before.Expires, before.Data, after.Version, after.Expires, after.Data)
	return err
}

// Changes returns up to limit changes that the consumer has not acknowledged yet, oldest first. It
// returns the same ones again until they are acknowledged.
func (s *Store) Changes(ctx context.Context, consumer string, limit int) ([]table.Change, error) {
	if err := s.checkConsumer(consumer); err != nil {
		return nil, err
	}
	const behind = `SELECT sequence, item_table, partition, sort,
			old_version, old_expires, old_data, new_version, new_expires, new_data
		FROM table_feed WHERE sequence > (SELECT position FROM table_feed_consumers WHERE name = ?1)
		ORDER BY sequence LIMIT ?2`
	var changes []table.Change
	err := s.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Each(behind, []any{consumer, limit}, func(scan func(...any) error) error {
			var change table.Change
			err := scan(&change.Sequence, &change.Key.Table, &change.Key.Partition, &change.Key.Sort,
				&change.Old.Version, &change.Old.Expires, &change.Old.Data,
				&change.New.Version, &change.New.Expires, &change.New.Data)
			if change.Old.Version != 0 {
				change.Old.Key = change.Key
			}
			if change.New.Version != 0 {
				change.New.Key = change.Key
			}
			changes = append(changes, change)
			return err
		})
	})
	return changes, err
}

// Acknowledge moves the consumer's position to sequence; it never moves back. Changes that all
// consumers have acknowledged are deleted.
func (s *Store) Acknowledge(ctx context.Context, consumer string, sequence int64) error {
	if err := s.checkConsumer(consumer); err != nil {
		return err
	}
	return s.database.Write(ctx, func(tx *embedded.Tx) error {
		if sequence > s.feed.last {
			return fmt.Errorf("%w: change %d acknowledged, the last is %d", table.ErrBadRequest, sequence, s.feed.last)
		}
		const move = `UPDATE table_feed_consumers SET position = ?2 WHERE name = ?1 AND position < ?2`
		moved, err := tx.Exec(move, consumer, sequence)
		if err != nil || moved == 0 {
			return err
		}
		const trim = `DELETE FROM table_feed
			WHERE sequence <= (SELECT min(position) FROM table_feed_consumers WHERE active)`
		_, err = tx.Exec(trim)
		return err
	})
}

func (s *Store) checkConsumer(consumer string) error {
	if !slices.Contains(s.feed.consumers, consumer) {
		return fmt.Errorf("%w: no consumer %q of the change feed", table.ErrBadRequest, consumer)
	}
	return nil
}

// Committed returns a channel that receives a signal after each commit that recorded changes.
// Signals that were not received yet are merged into one. Every call returns a new channel: a
// consumer calls Committed once, then reads the changes that are already there.
func (s *Store) Committed() <-chan struct{} {
	listener := make(chan struct{}, 1)
	s.guard.Lock()
	defer s.guard.Unlock()
	s.listeners = append(s.listeners, listener)
	return listener
}

func (s *Store) signal() {
	s.guard.Lock()
	defer s.guard.Unlock()
	for _, listener := range s.listeners {
		select {
		case listener <- struct{}{}:
		default: // a signal is pending already
		}
	}
}

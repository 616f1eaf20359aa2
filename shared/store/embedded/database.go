// Package embedded is the database engine of an installation on one machine: one SQLite file, one
// writer that commits waiting transactions together, and a pool of readers. It defines no tables:
// table/sqlite and queue/embedded create their own.
package embedded

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/gofrs/flock"

	"github.com/tenantry/tenantry/shared/fault"
)

// ErrInUse means that another process, or this one, has the database open.
var ErrInUse = errors.New("embedded: the database is in use by another process")

// ErrForeign means that the file is not a database of this program, or was written by a newer
// version.
var ErrForeign = errors.New("embedded: not a database that this program can open")

// maxBatch is the maximum number of writes per commit, to keep commits and the waits for them
// short.
const maxBatch = 256

// Database is an open database file. It is safe for concurrent use.
type Database struct {
	lock    *flock.Flock
	writer  *writer
	readers *readers

	// closing guards closed and queue: Write sends and Read reads under the read lock,
	// Close takes the write lock, so that nothing is sent on a closed channel and
	// nothing reads from a closed file.
	closing sync.RWMutex
	closed  bool
	queue   chan *request
}

// Write runs work in a transaction and returns when its outcome is durable (one fsync, shared with
// the writes that wait at the same time). An error of work rolls back this work only and is
// returned unchanged. Work must only touch the database through tx, must not call Write, and must
// not keep tx.
//
// A context that ends while the write waits for its turn withdraws it: it is not
// executed. Once executing, Write waits for the outcome. It returns a fault of code
// Unavailable when the database is closed or the commit fails.
func (d *Database) Write(ctx context.Context, work func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	waiting := newRequest(work)
	if err := d.enqueue(ctx, waiting); err != nil {
		return err
	}
	select {
	case <-waiting.done:
		return waiting.outcome
	case <-ctx.Done():
		if waiting.withdraw() {
			return ctx.Err()
		}
		<-waiting.done
		return waiting.outcome
	}
}

func (d *Database) enqueue(ctx context.Context, waiting *request) error {
	d.closing.RLock()
	defer d.closing.RUnlock()
	if d.closed {
		return errClosed()
	}
	select {
	case d.queue <- waiting:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Read runs work with a reader that sees every write acknowledged before Read began. Each statement
// sees the database at one moment; two statements may see two moments. Reads never wait for writes.
// The context is checked only before the work begins, because reads are short. Work must not call
// Read or Write. Read returns a fault of code Unavailable when the database is closed.
func (d *Database) Read(ctx context.Context, work func(reader *Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.closing.RLock()
	defer d.closing.RUnlock()
	if d.closed {
		return errClosed()
	}
	return work(&d.readers.reader)
}

// Define runs statements that create tables and indexes, in one transaction. Each must be a no-op
// if its object already exists.
func (d *Database) Define(ctx context.Context, statements ...string) error {
	return d.Write(ctx, func(tx *Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// Close waits for pending writes, rejects new ones and closes the file. A second call does nothing.
func (d *Database) Close() error {
	d.closing.Lock()
	if d.closed {
		d.closing.Unlock()
		return nil
	}
	d.closed = true
	close(d.queue)
	d.closing.Unlock()

	<-d.writer.stopped
	// Close the writer's connection last: it writes the log back into the file.
	return errors.Join(d.readers.close(), d.writer.close(), d.lock.Unlock())
}

func errClosed() error { return unavailable(errors.New("embedded: the database is closed")) }

func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "The database does not answer. Try again.")
}

// ErrNoRows is what Row.Scan returns if the statement returned no rows.
var ErrNoRows = sql.ErrNoRows

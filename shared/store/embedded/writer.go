package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/tenantry/tenantry/shared/fault"
)

// request is a write that waits for its turn.
type request struct {
	work    func(tx *Tx) error
	taken   atomic.Bool
	outcome error
	done    chan struct{}
}

func newRequest(work func(tx *Tx) error) *request {
	return &request{work: work, done: make(chan struct{})}
}

// withdraw reports whether the request was withdrawn before the writer began it.
func (r *request) withdraw() bool { return r.taken.CompareAndSwap(false, true) }

// begin reports whether the request has not been withdrawn.
func (r *request) begin() bool { return r.taken.CompareAndSwap(false, true) }

func (r *request) answer(outcome error) {
	r.outcome = outcome
	close(r.done)
}

// writer is the only goroutine that writes; all its methods run on it.
type writer struct {
	database   *sql.DB
	connection *sql.Conn
	tx         Tx
	stopped    chan struct{}
}

func newWriter(database *sql.DB, connection *sql.Conn) *writer {
	created := &writer{database: database, connection: connection, stopped: make(chan struct{})}
	prepared := make(map[string]*sql.Stmt)
	created.tx = Tx{Reader{prepare: func(text string) (*sql.Stmt, error) {
		if statement, ok := prepared[text]; ok {
			return statement, nil
		}
		statement, err := connection.PrepareContext(context.Background(), text)
		if err == nil {
			prepared[text] = statement
		}
		return statement, err
	}}}
	return created
}

// run commits pending requests until the queue is closed and empty.
func (w *writer) run(queue <-chan *request) {
	drained := false
	defer func() {
		if drained {
			close(w.stopped)
			return
		}
		// A work has ended this goroutine by runtime.Goexit, as a failing test does.
		go w.run(queue)
	}()
	for first := range queue {
		w.commit(gather(first, queue))
	}
	drained = true
}

// gather collects the requests that are already waiting, without waiting for more: while one batch
// is being committed, the next one fills up.
func gather(first *request, queue <-chan *request) []*request {
	batch := make([]*request, 0, maxBatch)
	for next, more := first, true; more; {
		if next.begin() {
			batch = append(batch, next)
		}
		if len(batch) == maxBatch {
			return batch
		}
		select {
		case next, more = <-queue:
		default:
			return batch
		}
	}
	return batch
}

// commit executes a batch in one transaction and answers each request when its outcome is durable.
func (w *writer) commit(batch []*request) {
	if len(batch) == 0 {
		return
	}
	outcomes := make([]error, len(batch))
	broken := errors.New("embedded: a write ended the writer")
	defer func() {
		if broken != nil {
			// If SQLite has rolled back by itself, this has no effect.
			_, _ = w.tx.Exec("ROLLBACK")
		}
		for i, request := range batch {
			if broken != nil {
				request.answer(unavailable(broken))
			} else {
				request.answer(outcomes[i])
			}
		}
	}()
	broken = w.execute(batch, outcomes)
}

// execute returns an error if the transaction as a whole failed.
func (w *writer) execute(batch []*request, outcomes []error) error {
	if _, err := w.tx.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for i, request := range batch {
		var err error
		if outcomes[i], err = w.attempt(request.work); err != nil {
			return err
		}
	}
	_, err := w.tx.Exec("COMMIT")
	return err
}

// attempt runs one work in a savepoint. If the disk fails, SQLite rolls back the whole transaction
// and the savepoint with it, which shows here as the second error.
func (w *writer) attempt(work func(tx *Tx) error) (outcome, broken error) {
	if _, err := w.tx.Exec("SAVEPOINT work"); err != nil {
		return nil, err
	}
	if outcome = protect(work, &w.tx); outcome != nil {
		if _, err := w.tx.Exec("ROLLBACK TO work"); err != nil {
			return nil, errors.Join(err, outcome)
		}
	}
	_, broken = w.tx.Exec("RELEASE work")
	return outcome, broken
}

// protect turns a panic into an error of the work that panicked.
func protect(work func(tx *Tx) error, tx *Tx) (err error) {
	defer func() {
		if value := recover(); value != nil {
			cause := fmt.Errorf("embedded: a write panicked: %v\n%s", value, debug.Stack())
			err = fault.Wrap(cause, fault.Internal, "Something went wrong on our side.")
		}
	}()
	return work(tx)
}

// close writes the log back into the file and closes it. The driver would leave the log, and the
// next process would have to read all of it on opening.
func (w *writer) close() error {
	// FULL makes the checkpoint durable, also that of a volatile database.
	_, err := w.connection.ExecContext(context.Background(), "PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		err = explain(err)
	}
	return errors.Join(err, w.connection.Close(), w.database.Close())
}

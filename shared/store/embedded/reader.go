package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reader runs statements that read. Statements are prepared once and kept, so their text must be
// constant; pass everything that varies as an argument.
type Reader struct {
	prepare func(text string) (*sql.Stmt, error)
}

// Row is the result of a statement that returns at most one row.
type Row struct {
	row *sql.Row
	err error
}

// Row runs a statement that returns at most one row.
func (r *Reader) Row(statement string, arguments ...any) Row {
	prepared, err := r.prepare(statement)
	if err != nil {
		return Row{err: explain(err)}
	}
	return Row{row: prepared.QueryRow(arguments...)}
}

// Scan copies the row's columns, or returns ErrNoRows if there is no row.
func (r Row) Scan(columns ...any) error {
	if r.err != nil {
		return r.err
	}
	return explain(r.row.Scan(columns...))
}

// Each runs a statement and calls visit for each row. It stops at the first error of visit and
// returns it unchanged. Visit must not run the same statement.
func (r *Reader) Each(statement string, arguments []any, visit func(scan func(columns ...any) error) error) error {
	prepared, err := r.prepare(statement)
	if err != nil {
		return explain(err)
	}
	rows, err := prepared.Query(arguments...)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// Tx is the transaction of one write. It reads its own changes.
type Tx struct{ Reader }

// Exec runs a statement and returns the number of rows that it changed.
func (t *Tx) Exec(statement string, arguments ...any) (int64, error) {
	prepared, err := t.prepare(statement)
	if err != nil {
		return 0, explain(err)
	}
	result, err := prepared.Exec(arguments...)
	if err != nil {
		return 0, explain(err)
	}
	return result.RowsAffected()
}

// explain turns failures of disk and memory into faults that callers may retry. It leaves a wrong
// statement as it is, because that is a programming mistake.
func explain(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	sqliteErr, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return fmt.Errorf("embedded: %w", err)
	}
	switch sqliteErr.Code() & 0xff {
	case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH,
		sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG:
		return fmt.Errorf("embedded: %w", err)
	default:
		return unavailable(err)
	}
}

// readers is the pool of connections that read.
type readers struct {
	database *sql.DB
	reader   Reader
	guard    sync.RWMutex
	prepared map[string]*sql.Stmt
}

func newReaders(database *sql.DB) *readers {
	created := &readers{database: database, prepared: make(map[string]*sql.Stmt)}
	created.reader = Reader{prepare: created.statement}
	return created
}

func (r *readers) statement(text string) (*sql.Stmt, error) {
	r.guard.RLock()
	statement, ok := r.prepared[text]
	r.guard.RUnlock()
	if ok {
		return statement, nil
	}
	r.guard.Lock()
	defer r.guard.Unlock()
	if statement, ok := r.prepared[text]; ok {
		return statement, nil
	}
	statement, err := r.database.PrepareContext(context.Background(), text)
	if err == nil {
		r.prepared[text] = statement
	}
	return statement, err
}

func (r *readers) close() error { return r.database.Close() }

package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// applicationID marks a file as ours (sqlite.org/pragma.html#pragma_application_id): "TNRY".
	applicationID = 0x544e5259
	// formatVersion grows when older versions can no longer read the file.
	formatVersion = 1
)

// The settings of the connections (sqlite.org/pragma.html). FULL makes every commit durable in WAL
// mode; OFF leaves it to the system when a commit reaches the disk. The log is written back every 4,096 pages (16 MiB) rather than every 1,000, so that pages
// that change often are written back less often.
const (
	durable        = "&_pragma=synchronous(FULL)"
	volatile       = "&_pragma=synchronous(OFF)"
	commonSettings = "_pragma=busy_timeout(10000)&_pragma=temp_store(MEMORY)"
	writerSettings = commonSettings +
		"&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4096)&_pragma=journal_size_limit(67108864)"
	readerSettings = commonSettings + durable + "&_pragma=cache_size(-65536)&_pragma=query_only(1)"
)

// Open opens the database file at path, creating it if necessary. It returns ErrInUse while another
// process has it open, and ErrForeign for a file that this program did not write. The lock ends
// with the process, even if it is killed.
func Open(ctx context.Context, path string) (*Database, error) { return openLocked(ctx, path, durable) }

// OpenVolatile opens a database like Open, for data that can be made again: a commit is not durable
// before Close has returned, and a power failure before that can destroy the file. It is many times
// as fast where the disk is slow.
func OpenVolatile(ctx context.Context, path string) (*Database, error) {
	return openLocked(ctx, path, volatile)
}

func openLocked(ctx context.Context, path, durability string) (*Database, error) {
	path, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	lock := flock.New(path + ".lock")
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("embedded: lock %s: %w", path, err)
	}
	if !locked {
		return nil, fmt.Errorf("%w: %s", ErrInUse, path)
	}
	database, err := open(ctx, path, durability)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	database.lock = lock
	return database, nil
}

// prepareFile makes the file readable by its owner only and returns its path without symbolic
// links, so that a link cannot bypass the lock.
func prepareFile(path string) (string, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fmt.Errorf("embedded: open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("embedded: open the database: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", fmt.Errorf("embedded: find the database: %w", err)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", fmt.Errorf("embedded: find the database: %w", err)
	}
	return path, nil
}

func open(ctx context.Context, path, durability string) (*Database, error) {
	writing, err := connect(path, writerSettings+durability)
	if err != nil {
		return nil, err
	}
	connection, err := writing.Conn(ctx)
	if err != nil {
		return nil, errors.Join(describe(path, err), writing.Close())
	}
	if err := claim(ctx, connection, path); err != nil {
		return nil, errors.Join(err, connection.Close(), writing.Close())
	}
	reading, err := connect(path, readerSettings)
	if err != nil {
		return nil, errors.Join(err, connection.Close(), writing.Close())
	}
	reading.SetMaxOpenConns(max(4, 2*runtime.GOMAXPROCS(0)))
	reading.SetMaxIdleConns(max(4, 2*runtime.GOMAXPROCS(0)))

	database := &Database{
		writer:  newWriter(writing, connection),
		readers: newReaders(reading),
		queue:   make(chan *request, 4*maxBatch),
	}
	go database.writer.run(database.queue)
	return database, nil
}

func connect(path, settings string) (*sql.DB, error) {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: settings}
	database, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("embedded: open %s: %w", path, err)
	}
	return database, nil
}

// claim checks that the file is ours before changing anything in it, and marks an empty file as
// ours.
func claim(ctx context.Context, connection *sql.Conn, path string) error {
	var application, version, objects int64
	const look = `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`
	if err := connection.QueryRowContext(ctx, look).Scan(&application, &version, &objects); err != nil {
		return describe(path, err)
	}
	created := application == 0 && version == 0 && objects == 0
	switch {
	case !created && application != applicationID:
		return fmt.Errorf("%w: %s belongs to another program", ErrForeign, path)
	case version > formatVersion:
		return fmt.Errorf("%w: %s has format %d, written by a newer version; this version reads formats up to %d",
			ErrForeign, path, version, formatVersion)
	}
	var mode string
	if err := connection.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return describe(path, err)
	}
	if mode != "wal" {
		return fmt.Errorf("embedded: %s: no write-ahead log on this file system (mode %q)", path, mode)
	}
	if !created {
		return nil
	}
	mark := fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		applicationID, formatVersion)
	if _, err := connection.ExecContext(ctx, mark); err != nil {
		return describe(path, err)
	}
	return nil
}

func describe(path string, err error) error {
	if sqliteErr, ok := errors.AsType[*sqlite.Error](err); ok && sqliteErr.Code()&0xff == sqlite3.SQLITE_NOTADB {
		return fmt.Errorf("%w: %s is not a database", ErrForeign, path)
	}
	return fmt.Errorf("embedded: open %s: %w", path, err)
}

// Package blob is the port to the file store, which holds attachments and raw mails. blob/folder
// keeps files in a local folder, blob/s3 in an Amazon S3 bucket. The domains know what a file
// belongs to and who may read it.
package blob

import (
	"context"
	"errors"
	"io"
)

// ErrAbsent means that no file is stored under the key.
var ErrAbsent = errors.New("blob: no such file")

// ErrBadKey means that ValidKey rejects the key, which is a programming mistake.
var ErrBadKey = errors.New("blob: bad key")

// DayFolder is the beginning of the keys of files that the store removes after a day: uploads that were
// not attached yet, and the files that jobs write for people to download.
const DayFolder = "uploads/"

// ArchiveFolder is the beginning of the keys of files that are kept for ArchiveDays: the archive of the
// audit log.
const (
	ArchiveFolder = "archive/"
	ArchiveDays   = 400
)

// Written describes a stored file.
type Written struct {
	Size   int64
	SHA256 string // 64 hexadecimal digits, lower case
}

// Store is the port. Files are written once and never changed.
type Store interface {
	// Put streams a file into the store, durably, and replaces one under the same key. It reads at
	// most limit bytes: for a longer file it stores nothing and returns a fault of code TooLarge.
	// An error of the reader is returned unchanged, and nothing is stored.
	Put(ctx context.Context, key string, content io.Reader, limit int64) (Written, error)
	// Open streams a file; ErrAbsent if there is none. The caller closes it.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes a file; deleting an absent file is not an error.
	Delete(ctx context.Context, key string) error
}

// Reader reads a store and lists what it has.
type Reader interface {
	// Open streams a file; ErrAbsent if there is none. The caller closes it.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Folders calls do with the name of each folder in a folder below ArchiveFolder, or in it, in the
	// order of the names. A folder is written as in "archive/"; none is in one that is absent.
	Folders(ctx context.Context, folder string, do func(name string) error) error
	// Names calls do with the name of each file in such a folder, in the order of the names.
	Names(ctx context.Context, folder string, do func(name string) error) error
}

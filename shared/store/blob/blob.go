// Package blob is the port to the file store: attachments, raw mails. blob/folder
// keeps the files in a folder, blob/s3 in a bucket of Amazon S3. What a file belongs to,
// and who may read it, is known by the domains alone.
package blob

import (
	"context"
	"errors"
	"io"
)

// ErrAbsent says that there is no file under the key.
var ErrAbsent = errors.New("blob: no such file")

// ErrBadKey says that a key has not the form that ValidKey demands: a programming mistake.
var ErrBadKey = errors.New("blob: bad key")

// Written says what was stored.
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
	// Delete removes a file; no error if there is none.
	Delete(ctx context.Context, key string) error
}

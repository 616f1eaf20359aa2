// Package diskspace keeps a reserve of free space on the disk of one machine: below it, no files are
// stored, so that the database can still be written, people can log in, and an operator can clean
// up.
package diskspace

import (
	"context"
	"fmt"
	"io"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// Space is the size of a disk in bytes, and how much of it is free for this program.
type Space struct{ Free, Total uint64 }

// Reserve is the free space to keep: a percentage of the disk, and at least a number of bytes.
type Reserve struct {
	Percent uint64
	Bytes   uint64
	// Measure returns the present space of the disk.
	Measure func() (Space, error)
}

// Check returns a fault of code Full if less than the reserve is free, and one of code Unavailable
// if the disk cannot be measured.
func (r Reserve) Check() error {
	space, err := r.Measure()
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The free space of the disk cannot be determined.")
	}
	if need := max(r.Bytes, space.Total/100*r.Percent); space.Free < need {
		return fault.Wrap(fmt.Errorf("%d bytes are free, the reserve is %d", space.Free, need), fault.Full,
			"The server's disk is nearly full, so it stores no files. Ask the operator to free space, then try again.")
	}
	return nil
}

// Keeping returns a file store that stores nothing while less than the reserve is free. Files can
// still be read and deleted.
func (r Reserve) Keeping(files blob.Store) blob.Store { return keeping{files, r} }

type keeping struct {
	blob.Store
	reserve Reserve
}

// smallFile is the limit of files that are stored in the reserve too: the headers that are kept of a
// mail whose content is dropped, which frees space.
const smallFile = 16 << 10

// Put stores a file if there is room; see the port.
func (k keeping) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	if limit <= smallFile {
		return k.Store.Put(ctx, key, content, limit)
	}
	if err := k.reserve.Check(); err != nil {
		return blob.Written{}, err
	}
	return k.Store.Put(ctx, key, content, limit)
}

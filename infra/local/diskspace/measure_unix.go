//go:build unix

package diskspace

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Of returns the space of the disk that a folder is on.
func Of(folder string) (Space, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return Space{}, fmt.Errorf("measure the disk of %s: %w", folder, err)
	}
	size := uint64(stat.Bsize) // its type differs between systems; it is never negative
	return Space{Free: stat.Bavail * size, Total: stat.Blocks * size}, nil
}

//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner of another one: an administrator who rotates the secret must not
// take it away from the program that reads it.
func keepOwner(of fs.FileInfo, path string) error {
	if owner, ok := of.Sys().(*syscall.Stat_t); ok {
		return os.Chown(path, int(owner.Uid), int(owner.Gid))
	}
	return nil
}

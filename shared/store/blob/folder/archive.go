package folder

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/store/blob"
)

// Archive reads the archive in a store's folder. Other than a Store, it may be used beside the
// program that writes there.
type Archive struct{ store *Store }

// OpenArchive returns the archive in the folder of a store.
func OpenArchive(path string) (Archive, error) {
	if _, err := os.Stat(path); err != nil {
		return Archive{}, err
	}
	return Archive{&Store{archive: filepath.Join(path, "archive")}}, nil
}

// Open streams a file of the archive; see the port.
func (a Archive) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if !strings.HasPrefix(key, blob.ArchiveFolder) {
		return nil, blob.ErrAbsent
	}
	return a.store.Open(ctx, key)
}

// Folders lists the folders in a folder; see the port.
func (a Archive) Folders(ctx context.Context, folder string, do func(name string) error) error {
	return a.each(ctx, folder, fs.DirEntry.IsDir, do)
}

// Names lists the files in a folder; see the port.
func (a Archive) Names(ctx context.Context, folder string, do func(name string) error) error {
	return a.each(ctx, folder, func(entry fs.DirEntry) bool { return !entry.IsDir() }, do)
}

func (a Archive) each(
	ctx context.Context, folder string, is func(fs.DirEntry) bool, do func(name string) error,
) error {
	below := strings.TrimPrefix(folder, blob.ArchiveFolder)
	if below != "" && !blob.ValidKey(strings.TrimSuffix(below, "/")) {
		return blob.ErrBadKey
	}
	entries, err := os.ReadDir(filepath.Join(a.store.archive, filepath.FromSlash(below)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unavailable(err)
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !is(entry) {
			continue
		}
		if err := do(entry.Name()); err != nil {
			return err
		}
	}
	return nil
}

// ExpireArchive removes the folders of the archive that are named by days before one: what is older
// than blob.ArchiveDays.
func (s *Store) ExpireArchive(ctx context.Context, before time.Time) error {
	first := before.UTC().Format(time.DateOnly)
	return Archive{s}.Folders(ctx, blob.ArchiveFolder, func(name string) error {
		if !isDay(name) || name >= first {
			return nil
		}
		if err := os.RemoveAll(filepath.Join(s.archive, name)); err != nil {
			return unavailable(err)
		}
		return nil
	})
}

// isDay reports whether a folder is named by a day.
func isDay(name string) bool {
	_, err := time.Parse(time.DateOnly, name)
	return err == nil
}

// makeFolders creates a folder of the archive and those above it, durably.
func (s *Store) makeFolders(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return unavailable(err)
	}
	for above := filepath.Dir(path); strings.HasPrefix(above, s.archive); above = filepath.Dir(above) {
		if err := fsync(above); err != nil {
			return unavailable(err)
		}
	}
	return nil
}

// Package folder keeps files in a folder of the local disk. A file is durable before Put returns,
// and is never visible half written. The package knows keys and bytes only; the domains know what a
// file is and who may read it.
package folder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// shards is the number of subfolders that files are spread over. A million files are about 4,000 in
// each.
const shards = 256

// Store keeps each file under the SHA-256 of its key, in the subfolder named by the first byte of
// the hash; only files of the archive are under their names, which ValidKey limits. Paths therefore
// have one form and stay in the store, whatever the key. Only one process
// may use a folder at a time; the lock of the embedded database ensures that.
type Store struct {
	temporary string
	// archive is the folder of the archive, whose files have their names, so that they can be listed
	// and copied.
	archive string
	// passing is the folder of temporary uploads, which Expire cleans up.
	passing directory
	shards  [shards]directory
}

// passingPrefix is the key prefix of temporary uploads.
const passingPrefix = "uploads/"

// Open opens the store in the folder at path, creating it if necessary, and removes the files that
// a killed process left half written.
func Open(path string) (*Store, error) {
	store := &Store{temporary: filepath.Join(path, "temporary"), archive: filepath.Join(path, "archive")}
	if err := os.RemoveAll(store.temporary); err != nil {
		return nil, fmt.Errorf("folder: remove half-written files: %w", err)
	}
	if err := os.MkdirAll(store.temporary, 0o700); err != nil {
		return nil, fmt.Errorf("folder: create the store: %w", err)
	}
	if err := os.MkdirAll(store.archive, 0o700); err != nil {
		return nil, fmt.Errorf("folder: create the store: %w", err)
	}
	store.passing.path = filepath.Join(path, "passing")
	if err := os.MkdirAll(store.passing.path, 0o700); err != nil {
		return nil, fmt.Errorf("folder: create the store: %w", err)
	}
	for i := range store.shards {
		name := filepath.Join(path, "files", hex.EncodeToString([]byte{byte(i)}))
		if err := os.MkdirAll(name, 0o700); err != nil {
			return nil, fmt.Errorf("folder: create the store: %w", err)
		}
		store.shards[i].path = name
	}
	for _, name := range []string{filepath.Join(path, "files"), path, filepath.Dir(path)} {
		if err := (&directory{path: name}).sync(); err != nil {
			return nil, fmt.Errorf("folder: create the store: %w", err)
		}
	}
	return store, nil
}

// Put streams a file into the store; see the port.
func (s *Store) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	shard, path, err := s.place(key)
	if err != nil {
		return blob.Written{}, err
	}
	if strings.HasPrefix(key, blob.ArchiveFolder) {
		if err := s.makeFolders(shard.path); err != nil {
			return blob.Written{}, err
		}
	}
	file, err := os.CreateTemp(s.temporary, "") // readable by its owner only
	if err != nil {
		return blob.Written{}, unavailable(err)
	}
	written, err := fill(ctx, file, content, limit)
	if err == nil {
		err = shard.adopt(file.Name(), path)
	}
	if err != nil {
		return blob.Written{}, errors.Join(err, discard(file.Name()))
	}
	return written, nil
}

// fill copies the content and syncs it to disk. It always closes the file.
func fill(ctx context.Context, file *os.File, content io.Reader, limit int64) (blob.Written, error) {
	sum := sha256.New()
	size, err := io.Copy(&sink{file: file, sum: sum}, io.LimitReader(&source{ctx: ctx, content: content}, limit+1))
	switch {
	case err != nil:
	case size > limit:
		err = fault.New(fault.TooLarge, "The file is larger than %d bytes.", limit)
	default:
		if err = file.Sync(); err != nil {
			err = unavailable(err)
		}
	}
	if closeError := file.Close(); err == nil && closeError != nil {
		err = unavailable(closeError)
	}
	if err != nil {
		return blob.Written{}, err
	}
	return blob.Written{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// Open streams a file; see the port.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	_, path, err := s.place(key)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, blob.ErrAbsent
	case err != nil:
		return nil, unavailable(err)
	}
	return file, nil
}

// Delete removes a file durably; see the port.
func (s *Store) Delete(ctx context.Context, key string) error {
	shard, path, err := s.place(key)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = shard.sync()
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s *Store) place(key string) (*directory, string, error) {
	if !blob.ValidKey(key) {
		return nil, "", fmt.Errorf("%w: %q", blob.ErrBadKey, key)
	}
	if name, archived := strings.CutPrefix(key, blob.ArchiveFolder); archived {
		path := filepath.Join(s.archive, filepath.FromSlash(name)) // a valid key cannot lead out of the folder
		return &directory{path: filepath.Dir(path)}, path, nil
	}
	sum := sha256.Sum256([]byte(key))
	shard := &s.shards[sum[0]]
	if strings.HasPrefix(key, passingPrefix) {
		shard = &s.passing
	}
	return shard, filepath.Join(shard.path, hex.EncodeToString(sum[:])), nil
}

// Expire removes files below "uploads/" that were last written before the given time: uploads that
// were never attached to anything.
func (s *Store) Expire(ctx context.Context, before time.Time) error {
	entries, err := os.ReadDir(s.passing.path)
	if err != nil {
		return unavailable(err)
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return unavailable(err)
		}
		if info.ModTime().Before(before) {
			if err := discard(filepath.Join(s.passing.path, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// discard removes a temporary file that was not adopted.
func discard(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unavailable(err)
	}
	return nil
}

func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "The file store does not answer. Try again.")
}

// source is a reader that fails once its context has ended.
type source struct {
	ctx     context.Context
	content io.Reader
}

// Read returns the reader's own errors unchanged.
func (s *source) Read(buffer []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.content.Read(buffer)
}

// sink writes to the file and hashes what it writes; its errors come from the disk.
type sink struct {
	file *os.File
	sum  hash.Hash
}

func (s *sink) Write(part []byte) (int, error) {
	count, err := s.file.Write(part)
	if err != nil {
		return count, unavailable(err)
	}
	return s.sum.Write(part)
}

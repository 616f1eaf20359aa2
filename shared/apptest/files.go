package apptest

import (
	"context"
	"io"
	"path/filepath"

	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
)

// files is a file store that is created on first use: creating its many subfolders takes longer
// than most tests.
type files struct {
	open func() (*folder.Store, error)
}

// Put implements the file store.
func (f files) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	store, err := f.open()
	if err != nil {
		return blob.Written{}, err
	}
	return store.Put(ctx, key, content, limit)
}

// Open implements the file store.
func (f files) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	store, err := f.open()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, key)
}

// Delete implements the file store.
func (f files) Delete(ctx context.Context, key string) error {
	store, err := f.open()
	if err != nil {
		return err
	}
	return store.Delete(ctx, key)
}

// FilesFolder is the folder of the file store.
func (w *App) FilesFolder() string { return filepath.Join(w.folder, "files") }

package folder_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
)

var _ blob.Reader = folder.Archive{}

func TestTheArchiveIsListedUnderItsNamesAndReadBesideTheStore(t *testing.T) {
	path := t.TempDir()
	store := open(t, path)
	for _, key := range []string{"archive/2026-03-02/b", "archive/2026-03-02/a", "archive/2026-03-01/a", "mail/a"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader(key), 100); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := folder.OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	var folders, names []string
	err = errors.Join(
		kept.Folders(t.Context(), "archive/", func(name string) error { folders = append(folders, name); return nil }),
		kept.Names(t.Context(), "archive/2026-03-02/", func(name string) error { names = append(names, name); return nil }),
		kept.Names(t.Context(), "archive/2026-03-09/", func(name string) error { return errors.New(name) }),
	)
	if diff := cmp.Diff([]string{"2026-03-01", "2026-03-02"}, folders); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, names); diff != "" {
		t.Error(diff)
	}
	file, err := kept.Open(t.Context(), "archive/2026-03-02/b")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil || string(content) != "archive/2026-03-02/b" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := kept.Open(t.Context(), "mail/a"); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("what is not in the archive is open: %v", err)
	}
	if err := kept.Names(t.Context(), "archive/../", nil); !errors.Is(err, blob.ErrBadKey) {
		t.Errorf("a folder outside the archive is listed: %v", err)
	}
	if _, err := folder.OpenArchive(filepath.Join(path, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("where no store is: %v", err)
	}
}

func TestDaysOfTheArchiveAreRemovedOnceTheyHaveExpired(t *testing.T) {
	path := t.TempDir()
	store := open(t, path)
	for _, key := range []string{"archive/2025-01-01/a", "archive/2025-01-02/a", "archive/notes/a", "mail/a"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader("x"), 10); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.ExpireArchive(t.Context(), time.Date(2025, 1, 2, 23, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{
		"archive/2025-01-01/a": false, "archive/2025-01-02/a": true, "archive/notes/a": true, "mail/a": true,
	} {
		file, err := store.Open(t.Context(), key)
		if (err == nil) != want {
			t.Errorf("%s: %v", key, err)
		}
		if err == nil {
			_ = file.Close()
		}
	}
}

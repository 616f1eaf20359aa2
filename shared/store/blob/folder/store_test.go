package folder_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
)

var _ blob.Store = (*folder.Store)(nil)

func open(t testing.TB, path string) *folder.Store {
	t.Helper()
	store, err := folder.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func read(t *testing.T, store *folder.Store, key string) string {
	t.Helper()
	file, err := store.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// files lists the regular files under a path.
func files(t *testing.T, path string) (left []string) {
	t.Helper()
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			left = append(left, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestAFileIsReadAsItWasWrittenAndItsSumIsKnown(t *testing.T) {
	path := t.TempDir()
	store := open(t, path)
	large := make([]byte, 3<<20+17)
	if _, err := rand.Read(large); err != nil {
		t.Fatal(err)
	}
	for key, content := range map[string]string{
		"a": "", "org/1/attachments/b_-9": "short",
		strings.Repeat("k", 64) + strings.Repeat("/"+strings.Repeat("k", 64), 7): string(large),
	} {
		written, err := store.Put(t.Context(), key,
			iotest.OneByteReader(strings.NewReader(content[:min(len(content), 100)])), 100)
		if err != nil {
			t.Fatal(err)
		}
		if written.Size != int64(min(len(content), 100)) {
			t.Errorf("size %d", written.Size)
		}
		// The second Put replaces the first.
		written, err = store.Put(t.Context(), key, strings.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(content))
		diff := cmp.Diff(blob.Written{Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}, written)
		if diff != "" {
			t.Error(diff)
		}
		if read(t, open(t, path), key) != content {
			t.Errorf("%s: content differs", key)
		}
	}
}

func TestAFileAboveTheLimitIsNotStoredAndNotReadToItsEnd(t *testing.T) {
	path := t.TempDir()
	store := open(t, path)
	content := strings.NewReader(strings.Repeat("x", 1000))
	_, err := store.Put(t.Context(), "a", content, 99)
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("error %v, want TooLarge", err)
	}
	if content.Len() < 900 {
		t.Errorf("%d bytes were read", 1000-content.Len())
	}
	if left := files(t, path); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestAnErrorOfTheReaderIsReturnedAndTheOldFileStays(t *testing.T) {
	path := t.TempDir()
	store := open(t, path)
	if _, err := store.Put(t.Context(), "a", strings.NewReader("old"), 10); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the line broke")
	_, err := store.Put(t.Context(), "a", io.MultiReader(strings.NewReader("new"), iotest.ErrReader(broken)), 10)
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Put(ctx, "a", strings.NewReader("new"), 10); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := read(t, store, "a"); got != "old" {
		t.Errorf("stored %q", got)
	}
	if left := files(t, path); len(left) != 1 {
		t.Errorf("left behind %v", left)
	}
}

func TestAnAbsentFileIsErrAbsentAndDeletingItIsNoError(t *testing.T) {
	store := open(t, t.TempDir())
	if _, err := store.Put(t.Context(), "a", strings.NewReader("x"), 10); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := store.Delete(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), "a"); !errors.Is(err, blob.ErrAbsent) {
			t.Errorf("error %v", err)
		}
	}
}

func TestABadKeyIsRefusedByEveryMethod(t *testing.T) {
	store := open(t, t.TempDir())
	for _, key := range []string{"", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a.b", "A", "é", "a\x00", "a\n",
		strings.Repeat("k", 65)} {
		_, putError := store.Put(t.Context(), key, strings.NewReader("x"), 10)
		_, openError := store.Open(t.Context(), key)
		for _, err := range []error{putError, openError, store.Delete(t.Context(), key)} {
			if !errors.Is(err, blob.ErrBadKey) {
				t.Errorf("%q: %v", key, err)
			}
		}
	}
}

func TestOnlyTheOwnerMayReadTheStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	store := open(t, path)
	if _, err := store.Put(t.Context(), "a", strings.NewReader("x"), 10); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[entry.IsDir()]; err == nil &&
			info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKilledProcessLeftHalfWrittenIsRemovedAtOpen(t *testing.T) {
	path := t.TempDir()
	open(t, path)
	if err := os.WriteFile(filepath.Join(path, "temporary", "1234"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if left := files(t, path); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestAReaderNeverSeesAHalfReplacedFile(t *testing.T) {
	store := open(t, t.TempDir())
	contents := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
	if _, err := store.Put(t.Context(), "a", strings.NewReader(contents[0]), 1<<20); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 50 {
				if worker > 1 {
					if got := read(t, store, "a"); got != contents[0] && got != contents[1] {
						t.Errorf("a file of %d bytes", len(got))
					}
				} else if _, err := store.Put(t.Context(), "a", strings.NewReader(contents[i%2]), 1<<20); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestManyWritersOfSmallFilesLoseNone(t *testing.T) {
	store := open(t, t.TempDir())
	var all sync.WaitGroup
	for worker := range 32 {
		all.Go(func() {
			for i := range 20 {
				key := fmt.Sprintf("worker%d/file%d", worker, i)
				if _, err := store.Put(t.Context(), key, strings.NewReader(key), 100); err != nil {
					t.Error(err)
				}
				if got := read(t, store, key); got != key {
					t.Errorf("%s holds %q", key, got)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkPutOfSmallFiles(b *testing.B) {
	for _, workers := range []int{1, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			store := open(b, b.TempDir())
			content := bytes.Repeat([]byte("x"), 4096)
			var number atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			start := time.Now()
			for range workers {
				all.Go(func() {
					for i := number.Add(1); i <= int64(b.N); i = number.Add(1) {
						_, err := store.Put(b.Context(), fmt.Sprintf("mail/%d", i), bytes.NewReader(content), 1<<20)
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "files/s")
		})
	}
}

func TestForgottenUploadsAreRemovedAndNothingElse(t *testing.T) {
	store, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"uploads/a/1", "attachments/a/1"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader("x"), 10); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		before time.Time
		left   bool
	}{{time.Now().Add(-time.Hour), true}, {time.Now().Add(time.Hour), false}} {
		if err := store.Expire(t.Context(), test.before); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]bool{"uploads/a/1": test.left, "attachments/a/1": true} {
			file, err := store.Open(t.Context(), key)
			if (err == nil) != want {
				t.Errorf("%s: %v", key, err)
			}
			if err == nil {
				_ = file.Close()
			}
		}
	}
}

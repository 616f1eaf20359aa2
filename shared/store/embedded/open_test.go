package embedded_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/tenantry/tenantry/shared/store/embedded"
)

// childPath is set in the process that the tests below start and kill.
const childPath = "TENANTRY_TEST_EMBEDDED_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes one number after another and prints each that was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	database, err := embedded.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := database.Define(ctx, `CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	for number := 0; ; number++ {
		if err := database.Write(ctx, insert(number)); err != nil {
			return err
		}
		fmt.Println(number)
	}
}

func TestAKilledProcessLosesNothingAcknowledgedAndLeavesNoLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childPath+"="+path)
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := -1
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if acknowledged, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if acknowledged == 200 {
			if _, err := embedded.Open(t.Context(), path); !errors.Is(err, embedded.ErrInUse) {
				t.Errorf("a second process: %v, want ErrInUse", err)
			}
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // Wait returns an error because the process was killed.

	stored := numbers(t, openAt(t, path))
	if len(stored) < acknowledged+1 || acknowledged < 200 {
		t.Errorf("%d stored, %d acknowledged", len(stored), acknowledged+1)
	}
	for i, number := range stored {
		if i != number {
			t.Fatalf("number %d at index %d", number, i)
		}
	}
}

func TestASecondOpeningOfTheSameFileIsRefusedAlsoThroughALink(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "test.db")
	openAt(t, path)
	link := filepath.Join(folder, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link} {
		if _, err := embedded.Open(t.Context(), name); !errors.Is(err, embedded.ErrInUse) {
			t.Errorf("%s: %v, want ErrInUse", name, err)
		}
	}
}

func TestAFileThatIsNotOursIsRefusedAndLeftAsItIs(t *testing.T) {
	cases := map[string]func(path string) error{
		"text": func(path string) error {
			return os.WriteFile(path, []byte("Dear diary, this is no database at all, but longer than its header. "+
				"Dear diary, this is no database at all, but longer than its header."), 0o600)
		},
		"another program's database": func(path string) error { return execute(path, "CREATE TABLE theirs (id)") },
		"a newer version's database": func(path string) error {
			return execute(path, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 1000", 0x544e5259))
		},
	}
	for name, write := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			if err := write(path); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := embedded.Open(t.Context(), path); !errors.Is(err, embedded.ErrForeign) {
				t.Errorf("%v, want ErrForeign", err)
			}
			after, err := os.ReadFile(path)
			if err != nil || string(before) != string(after) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func execute(path, statement string) error {
	database, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = database.Exec(statement)
	return errors.Join(err, database.Close())
}

func TestTheFilesAreReadableByTheirOwnerOnly(t *testing.T) {
	// SQLite's URIs give these characters a meaning; a file name must keep them.
	path := filepath.Join(t.TempDir(), "our 100%25?x=#1.db")
	openAt(t, path)
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".lock"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

func TestAClosedFileNeedsNoLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	database, err := embedded.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := database.Define(t.Context(), `CREATE TABLE numbers (number INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		t.Errorf("the log has %d bytes", log.Size())
	}
}

func TestAFolderThatDoesNotExistIsAnError(t *testing.T) {
	_, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "absent", "test.db"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestAVolatileDatabaseIsDurableOnceItIsClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	database, err := embedded.OpenVolatile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(t.Context(), path); !errors.Is(err, embedded.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := database.Define(t.Context(), `CREATE TABLE numbers (number INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	for number := range 100 {
		if err := database.Write(t.Context(), insert(number)); err != nil {
			t.Fatal(err)
		}
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		t.Errorf("%d bytes are only in the log", log.Size())
	}
	if database, err = embedded.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	var count int
	err = database.Read(t.Context(), func(reader *embedded.Reader) error {
		return reader.Row(`SELECT count(*) FROM numbers`).Scan(&count)
	})
	if err != nil || count != 100 {
		t.Errorf("%d numbers, %v", count, err)
	}
}

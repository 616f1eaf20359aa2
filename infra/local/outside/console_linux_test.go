//go:build !aws

package outside

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTheSetupTokenIsPrintedAtATerminalAlone starts the program with its output on a terminal, and with
// its output in a pipe, as a service has it whose output is collected.
func TestTheSetupTokenIsPrintedAtATerminalAlone(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		t.Run(fmt.Sprintf("terminal %t", terminal), func(t *testing.T) {
			folder := t.TempDir()
			command := exec.Command(binary)
			command.Dir = folder
			command.Env = []string{
				"TENANTRY_ADDR=" + freeAddress(t), "TENANTRY_SMTP_ADDR=" + freeAddress(t), "HOME=" + folder,
			}
			reads, writes := pipe(t)
			if terminal {
				reads, writes = pseudoTerminal(t)
			}
			said := &screen{}
			command.Stdout = writes
			command.Stderr = said
			go func() { _, _ = said.from(reads) }() // ends with the program
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = command.Wait() }()
			defer func() { _ = command.Process.Kill() }()
			eventually(t, "the program says where mail is received", func() bool {
				return strings.Contains(said.text(), "is received at")
			})
			token, err := os.ReadFile(filepath.Join(folder, "data", "setup-token"))
			if err != nil {
				t.Fatal(err)
			}
			text := said.text()
			if strings.Contains(text, "/setup?token="+strings.TrimSpace(string(token))) != terminal {
				t.Errorf("the link has the token: %v\n%s", !terminal, text)
			}
			if strings.Contains(text, strings.TrimSpace(string(token))) != terminal || !strings.Contains(text, "setup-token") {
				t.Errorf("%s", text)
			}
		})
	}
}

// screen collects what a program says.
type screen struct {
	mutex sync.Mutex
	all   bytes.Buffer
}

// Write adds to what was said.
func (s *screen) Write(data []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.all.Write(data)
}

func (s *screen) from(reads *os.File) (int64, error) {
	buffer := make([]byte, 4096)
	for {
		n, err := reads.Read(buffer)
		_, _ = s.Write(buffer[:n])
		if err != nil {
			return 0, err
		}
	}
}

func (s *screen) text() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.all.String()
}

func pipe(t *testing.T) (reads, writes *os.File) {
	t.Helper()
	reads, writes, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = reads.Close(), writes.Close() })
	return reads, writes
}

// pseudoTerminal returns both ends of a terminal.
func pseudoTerminal(t *testing.T) (reads, writes *os.File) {
	t.Helper()
	reads, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(reads.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(reads.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	writes, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = reads.Close(), writes.Close() })
	return reads, writes
}

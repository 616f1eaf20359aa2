//go:build !aws

package outside

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/tenantry/tenantry/infra/local/machine" // so that a cached result is not used for a changed program
)

// binary is the built program, and timedBinary the same with a clock that a test sets; TestMain
// builds them once.
var binary, timedBinary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "tenantry-outside-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(folder) }()
		binary, timedBinary = filepath.Join(folder, "tenantry"), filepath.Join(folder, "attime")
		for target, source := range map[string]string{binary: "infra/local",
			timedBinary: "infra/local/outside/attime"} {
			arguments := []string{"build", "-o", target, "github.com/tenantry/tenantry/" + source}
			if raceDetector {
				arguments = slices.Insert(arguments, 1, "-race")
			}
			build := exec.Command("go", arguments...)
			build.Stdout, build.Stderr = os.Stderr, os.Stderr
			if err := build.Run(); err != nil {
				fmt.Fprintln(os.Stderr, "the program cannot be built:", err)
				return 1
			}
		}
		return m.Run()
	}())
}

// How long to wait for results of queued work, and how often to check.
const (
	patience = 30 * time.Second
	pause    = 20 * time.Millisecond
)

// install starts the program in an empty folder; the mail that it sends goes to a post office.
func install(t testing.TB, post *postOffice) *installation {
	t.Helper()
	return &start(t, post.setting()).installation
}

// alongside lets a test that mostly waits run in parallel with others of its kind.
func alongside(t *testing.T) { t.Parallel() }

// program is a running process.
type program struct {
	installation
	binary      string
	folder      string // its data are in the folder "data" below
	environment []string
	command     *exec.Cmd
	exited      chan error
	log         *tail
}

// tail keeps the last lines that a process wrote, and the race detector's report.
type tail struct {
	mutex sync.Mutex
	lines []string
	races []string
}

func (l *tail) read(from *bufio.Scanner) {
	for from.Scan() {
		l.mutex.Lock()
		l.lines = append(l.lines, from.Text())
		if n := len(l.races); strings.Contains(from.Text(), "WARNING: DATA RACE") || n > 0 && n < 60 {
			l.races = append(l.races, from.Text())
		}
		l.lines = l.lines[max(0, len(l.lines)-200):]
		l.mutex.Unlock()
	}
}

// race returns the beginning of the race detector's report, if there is one.
func (l *tail) race() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Join(l.races, "\n")
}

func (l *tail) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Join(l.lines, "\n")
}

// freeAddress returns an address that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// start starts the program in an empty folder, with further settings, and waits until it responds.
func start(t testing.TB, settings ...string) *program {
	t.Helper()
	return startIn(t, t.TempDir(), binary, settings...)
}

// startAt starts the program in a folder that may contain data, with a clock that begins at the
// given time.
func startAt(t testing.TB, folder string, at time.Time, settings ...string) *program {
	t.Helper()
	return startIn(t, folder, timedBinary, append(settings, "TENANTRY_TEST_TIME="+at.UTC().Format(time.RFC3339))...)
}

func startIn(t testing.TB, folder, binary string, settings ...string) *program {
	t.Helper()
	p := &program{installation: installation{t: t}, folder: folder, binary: binary}
	p.setupToken = p.readSetupToken
	address := freeAddress(t)
	p.url, p.smtp = "http://"+address, freeAddress(t)
	p.environment = append([]string{
		"TENANTRY_ADDR=" + address, "TENANTRY_SMTP_ADDR=" + p.smtp, "TENANTRY_MAIL_DOMAIN=help.example.com",
		"TENANTRY_CALLS_PER_HOUR=10000000", "TENANTRY_NOTICE_SECONDS=1", "TENANTRY_LOG_LEVEL=debug",
		"TENANTRY_SENDER_CHECK=off", "TENANTRY_NEW_ORG_CONSENTS=support_access,user_management,personal_data",
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.folder,
	}, settings...)
	p.launch()
	t.Cleanup(func() {
		p.stop()
		if race := p.log.race(); race != "" {
			t.Errorf("the program has a data race:\n%s", race)
		}
		if t.Failed() {
			t.Logf("the program's last lines:\n%s", p.log)
		}
	})
	return p
}

// launch starts the process; after a kill, it does so again on the same data.
func (p *program) launch() {
	p.t.Helper()
	p.command = exec.Command(p.binary)
	p.command.Dir, p.command.Env = p.folder, p.environment
	output, err := p.command.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if p.log == nil {
		p.log = &tail{}
	}
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	exited, command := make(chan error, 1), p.command
	p.exited = exited
	go func() {
		p.log.read(bufio.NewScanner(output))
		exited <- command.Wait()
	}()
	deadline := time.Now().Add(20 * time.Second)
	for {
		response, err := http.Get(p.url + "/healthz")
		if err == nil {
			_ = response.Body.Close()
			if p.listens() {
				return
			}
		}
		select {
		case err := <-exited:
			p.t.Fatalf("the program ended: %v\n%s", err, p.log)
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the program does not answer\n%s", p.log)
		}
	}
}

func (p *program) listens() bool {
	connection, err := net.DialTimeout("tcp", p.smtp, time.Second)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// stop stops the process as an operator does, and checks that it exits without an error.
func (p *program) stop() {
	p.t.Helper()
	if p.command.ProcessState != nil {
		return
	}
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return // it was killed by the test
	}
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("the program stopped with an error: %v", err)
		}
	case <-time.After(30 * time.Second):
		_ = p.command.Process.Kill()
		p.t.Errorf("the program did not stop\n%s", p.log)
	}
}

// kill ends the process at once, like a power failure.
func (p *program) kill() {
	_ = p.command.Process.Kill()
	<-p.exited
}

// readSetupToken reads the one-time token from the data folder.
func (p *program) readSetupToken(t testing.TB) string {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(p.folder, "data", "setup-token"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

func (o *postOffice) setting() string { return "TENANTRY_SMTP_RELAY=smtp://" + o.address + "?tls=none" }

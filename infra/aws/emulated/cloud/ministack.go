package cloud

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Account is the one account of the emulated AWS. MiniStack's API Gateway serves no other.
const Account = "000000000000"

// firstRegion is the emulator's own region. Each installation has a region to itself.
const firstRegion = "eu-central-1"

// emulator is a running MiniStack.
type emulator struct {
	// url is the address of all services.
	url      string
	command  *exec.Cmd
	exited   chan struct{}
	log      string
	watchdog io.Closer
}

// startEmulator starts MiniStack on a free port of this machine, with all its data in a folder.
func startEmulator(ctx context.Context, program, folder string) (*emulator, error) {
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	e := &emulator{
		url:     "http://127.0.0.1:" + strconv.Itoa(port),
		exited:  make(chan struct{}),
		log:     filepath.Join(folder, "ministack.log"),
		command: exec.Command(program), //nolint:noctx // it is ended by stop
	}
	log, err := os.Create(e.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the process has it
	e.command.Dir, e.command.Stdout, e.command.Stderr = folder, log, log
	e.command.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + folder,
		"TMPDIR=" + folder,
		"S3_DATA_DIR=" + filepath.Join(folder, "s3"),
		"STATE_DIR=" + filepath.Join(folder, "state"),
		"BIND_HOST=127.0.0.1",
		"MINISTACK_HOST=127.0.0.1",
		"GATEWAY_PORT=" + strconv.Itoa(port),
		"AWS_ENDPOINT_URL=" + e.url,
		"MINISTACK_ACCOUNT_ID=" + Account,
		"MINISTACK_REGION=" + firstRegion,
		"LOG_LEVEL=WARNING",
	}
	if err := e.command.Start(); err != nil {
		return nil, fmt.Errorf("start MiniStack: %w", err)
	}
	go func() {
		_ = e.command.Wait() // the log says how it ended
		close(e.exited)
	}()
	if err := e.guard(folder); err != nil {
		e.stop()
		return nil, err
	}
	if err := e.await(ctx); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

// guard starts a shell that stops the emulator and removes its folder when this program ends, even
// if it is killed: the shell then reads the end of its input.
func (e *emulator) guard(folder string) error {
	const script = `trap '' INT TERM; read -r _; kill "$0" && sleep 2; rm -rf "$1"`
	process := strconv.Itoa(e.command.Process.Pid)
	//nolint:gosec,noctx // the script is fixed; it must outlive every context
	shell := exec.Command("sh", "-c", script, process, folder)
	input, err := shell.StdinPipe()
	if err != nil {
		return err
	}
	if err := shell.Start(); err != nil {
		return fmt.Errorf("start a shell: %w", err)
	}
	e.watchdog = input
	go func() { _ = shell.Wait() }() // it ends when its input does
	return nil
}

// await waits until the emulator responds.
func (e *emulator) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/_ministack/health", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-e.exited:
			log, _ := os.ReadFile(e.log) // without the log, the error is all there is
			return fmt.Errorf("MiniStack ended on startup:\n%s", log)
		case <-ctx.Done():
			return fmt.Errorf("MiniStack does not answer: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (e *emulator) stop() {
	_ = e.command.Process.Signal(os.Interrupt)
	select {
	case <-e.exited:
	case <-time.After(5 * time.Second):
		_ = e.command.Process.Kill()
		<-e.exited
	}
	if e.watchdog != nil {
		_ = e.watchdog.Close()
	}
}

func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }() // MiniStack is about to open it
	return listener.Addr().(*net.TCPAddr).Port, nil
}

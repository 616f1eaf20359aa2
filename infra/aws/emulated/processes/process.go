package processes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"time"
)

// startTime is how long AWS Lambda waits for a program to ask for its first event.
const startTime = 10 * time.Second

// process is a running program with its own runtime API.
type process struct {
	command *exec.Cmd
	server  *http.Server
	calls   chan *call
	asked   chan struct{} // it asked for an event at least once
	exited  chan struct{} // closed when the program has ended
	broken  chan error    // why it cannot start, as reported by the program
}

// start starts the program of a function.
func (p *pool) start() (*process, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	one := &process{
		calls:  make(chan *call),
		asked:  make(chan struct{}, 1),
		exited: make(chan struct{}),
		broken: make(chan error, 1),
		//nolint:gosec,noctx // it is the deployed program; stop ends it
		command: exec.Command(filepath.Join(p.function.Folder, "bootstrap")),
	}
	one.server = &http.Server{Handler: one.api(p.function.ARN), ReadHeaderTimeout: time.Minute}
	go func() { _ = one.server.Serve(listener) }() // returns when the listener is closed
	one.command.Dir = p.function.Folder
	one.command.Env = p.environment(listener.Addr().String())
	reader, writer := io.Pipe()
	one.command.Stdout, one.command.Stderr = writer, writer
	go func() {
		lines := bufio.NewScanner(reader)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			p.output(p.function.Name, lines.Text())
		}
		_, _ = io.Copy(io.Discard, reader) // a line too long to scan must not block the program
	}()
	if err := one.command.Start(); err != nil {
		_ = one.server.Close()
		return nil, fmt.Errorf("start %s: %w", p.function.Name, err)
	}
	go func() {
		_ = one.command.Wait() // the log says how it ended
		_ = writer.Close()
		close(one.exited)
		_ = one.server.Close()
	}()
	timer := time.NewTimer(startTime)
	defer timer.Stop()
	select {
	case <-one.asked:
		return one, nil
	case err := <-one.broken:
		one.stop()
		return nil, fmt.Errorf("%s cannot start: %w", p.function.Name, err)
	case <-one.exited:
		return nil, fmt.Errorf("%s ended before it asked for an event", p.function.Name)
	case <-timer.C:
		one.stop()
		return nil, fmt.Errorf("%s asked for no event within %v", p.function.Name, startTime)
	}
}

func (one *process) alive() bool {
	select {
	case <-one.exited:
		return false
	default:
		return true
	}
}

func (one *process) stop() {
	_ = one.command.Process.Kill()
	<-one.exited
}

// handle passes an event to the program and waits for the response; it reports whether the program
// can take another one. A program that takes too long is killed, as AWS Lambda does.
func (one *process) handle(ctx context.Context, c *call, timeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c.deadline, _ = ctx.Deadline()
	select {
	case one.calls <- c:
	case <-one.exited:
		c.fail(errors.New("the program ended while it waited"))
		return false
	case <-ctx.Done():
		c.fail(errors.New("the program did not ask for another event"))
		return false
	}
	select {
	case <-c.done:
		return true
	case <-one.exited:
		select {
		case <-c.done:
		default:
			c.fail(errors.New("the program ended before it answered"))
		}
		return false
	case <-ctx.Done():
		//nolint:staticcheck // AWS Lambda's own words
		c.fail(fmt.Errorf("Task timed out after %.2f seconds", timeout.Seconds()))
		return false
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// bench is a program under measurement and its state.
type bench struct {
	size                            size
	name, folder, binary, url, smtp string
	process                         *exec.Cmd
	client                          *http.Client
	// operator is the operator's session, token the customer's token, orgID the organization, and
	// first the first case.
	operator            []*http.Cookie
	token, orgID, first string
	// people is how many were invited so far.
	people  int
	ids     []string // of some cases
	figures []figure
	// ctx is the context of the current step, and waitsFor what it waits for.
	ctx      context.Context
	waitsFor atomic.Value
}

// build builds the program of this repository.
func build(ctx context.Context, binary string) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary,
		"github.com/tenantry/tenantry/infra/local")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("the program cannot be built: %w", err)
	}
	return nil
}

// newBench creates a folder for a program and picks its addresses.
func newBench(binary, folder string, measured size) (*bench, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	b := &bench{
		size:   measured,
		name:   binary,
		folder: folder,
		binary: binary,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	for _, address := range []*string{&b.url, &b.smtp} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		*address = listener.Addr().String()
		if err := listener.Close(); err != nil {
			return nil, err
		}
	}
	b.url = "http://" + b.url
	return b, nil
}

// start starts the program and waits until it responds.
func (b *bench) start(ctx context.Context) error {
	b.process = exec.Command(b.binary)
	b.process.Dir = b.folder
	b.process.Env = append(
		os.Environ(),
		"TENANTRY_ADDR="+strings.TrimPrefix(b.url, "http://"),
		"TENANTRY_SMTP_ADDR="+b.smtp,
		"TENANTRY_MAIL_DOMAIN=help.example.com",
		"TENANTRY_CALLS_PER_HOUR=1000000000", "TENANTRY_NOTICE_SECONDS=0",
		"TENANTRY_LOG_LEVEL=warn",
		"TENANTRY_DATA="+filepath.Join(b.folder, "data"),
	)
	b.process.Stderr = os.Stderr
	if err := b.process.Start(); err != nil {
		return err
	}
	return b.await(ctx, time.Millisecond, func() (bool, string, error) {
		return b.answers(), "the program's first response", nil
	})
}

// answers reports whether the program responds.
func (b *bench) answers() bool {
	response, err := b.client.Get(b.url + "/healthz")
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close()) == nil
}

func (b *bench) stop() error {
	b.client.CloseIdleConnections()
	if err := b.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := b.process.Wait()
	b.process = nil
	return err
}

// renew starts again with an empty data folder.
func (b *bench) renew(ctx context.Context) error {
	if err := b.stop(); err != nil {
		return err
	}
	b.token = ""
	if err := os.RemoveAll(filepath.Join(b.folder, "data")); err != nil {
		return err
	}
	return b.start(ctx)
}

// kill ends a program that is still running.
func (b *bench) kill() {
	if b.process != nil {
		_ = errors.Join(b.process.Process.Kill(), b.process.Wait()) // it may have ended by itself
	}
}

//go:build browser

package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The people of the demo estate, one of each audience.
const (
	operator      = "olga@platform.example"
	supportAgent  = "soren.akesson@platform.example"
	superUser     = "carla.conti@adria-networks.example"
	helpdesk      = "zeljko.horvat@adria-networks.example"
	observer      = "joerg.mueller-gross@adria-networks.example"
	administrator = "davide.dangelo@rialto-hotels.example"
	networkAdmin  = "noemi.forli@rialto-hotels.example"
)

// portal is the address of the program under test.
var portal string

// chromium is the browser of all tests.
var chromium context.Context

// axe is the source of the accessibility checker, which TENANTRY_AXE names.
var axe string

// TestMain builds the program, makes the demo estate, and starts the program and the browser.
func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	source, err := os.ReadFile(os.Getenv("TENANTRY_AXE"))
	if err != nil {
		return 1, fmt.Errorf("TENANTRY_AXE must name axe.min.js (make test-browser does): %w", err)
	}
	axe = string(source)
	folder, err := os.MkdirTemp("", "tenantry-browser-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	program := filepath.Join(folder, "tenantry")
	if output, err := exec.Command("go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("the program cannot be built: %w\n%s", err, output)
	}
	stop, err := serve(program, folder)
	if err != nil {
		return 1, err
	}
	defer stop()
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), chromedp.NoSandbox, chromedp.Headless)
	defer closeAllocator()
	var closeBrowser context.CancelFunc
	chromium, closeBrowser = chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(chromium); err != nil {
		return 1, fmt.Errorf("chromium cannot be started (Debian's package chromium has it): %w", err)
	}
	return m.Run(), nil
}

// serve starts the program on a demo estate, and returns what stops it.
func serve(program, folder string) (stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	portal = "http://" + address
	var log bytes.Buffer
	command := exec.Command(program, "demo", "-cases", "80", "-orgs", "8", "-data", filepath.Join(folder, "data"))
	command.Env = append(os.Environ(),
		"TENANTRY_ADDR="+address, "TENANTRY_SMTP_ADDR=127.0.0.1:0", "TENANTRY_BASE_URL="+portal)
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait() // how it ends is tested elsewhere
	}
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if response, err := http.Get(portal + "/login"); err == nil {
			_ = response.Body.Close()
			return stop, nil
		}
	}
	stop()
	return nil, fmt.Errorf("the program does not answer:\n%s", log.String())
}

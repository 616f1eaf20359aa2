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

// program is the file of the built program.
var program string

// chromium is the browser of all tests.
var chromium context.Context

// axe is the source of the accessibility checker, which TENANTRY_AXE names.
var axe string

// checker is the file of the checker of HTML, which TENANTRY_VNU names. It needs Java.
var checker string

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
	checker = os.Getenv("TENANTRY_VNU")
	if _, err := os.Stat(checker); err != nil {
		return 1, fmt.Errorf("TENANTRY_VNU must name vnu.jar (make test-browser does): %w", err)
	}
	folder, err := os.MkdirTemp("", "tenantry-browser-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	program = filepath.Join(folder, "tenantry")
	if output, err := exec.Command("go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("the program cannot be built: %w\n%s", err, output)
	}
	served, err := serve(program, "demo", "-cases", "80", "-orgs", "8", "-data", filepath.Join(folder, "data"))
	if err != nil {
		return 1, err
	}
	defer served.stop()
	portal = served.portal
	if _, err := os.Stat("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"); err != nil {
		return 1, fmt.Errorf("the font DejaVu is missing (Debian's package fonts-dejavu-core has it): %w", err)
	}
	fonts, err := filepath.Abs(filepath.Join("testdata", "fonts.conf"))
	if err != nil {
		return 1, err
	}
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), chromedp.NoSandbox, chromedp.Headless,
		chromedp.Env("FONTCONFIG_FILE="+fonts), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true))
	defer closeAllocator()
	var closeBrowser context.CancelFunc
	chromium, closeBrowser = chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(chromium); err != nil {
		return 1, fmt.Errorf("chromium cannot be started (Debian's package chromium has it): %w", err)
	}
	return m.Run(), nil
}

// served is a running program: the address of its pages, and the one that takes mail.
type served struct {
	portal, smtp string
	command      *exec.Cmd
	log          bytes.Buffer
}

// serve starts the program and waits until it answers.
func serve(program string, arguments ...string) (*served, error) {
	var addresses []string
	for range 2 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, listener.Addr().String())
		if err := listener.Close(); err != nil {
			return nil, err
		}
	}
	s := &served{portal: "http://" + addresses[0], smtp: addresses[1], command: exec.Command(program, arguments...)}
	s.command.Env = append(os.Environ(),
		"TENANTRY_ADDR="+addresses[0], "TENANTRY_SMTP_ADDR="+s.smtp, "TENANTRY_BASE_URL="+s.portal)
	s.command.Stdout, s.command.Stderr = &s.log, &s.log
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if response, err := http.Get(s.portal + "/login"); err == nil {
			_ = response.Body.Close()
			return s, nil
		}
	}
	s.stop()
	return nil, fmt.Errorf("the program does not answer:\n%s", s.log.String())
}

func (s *served) stop() {
	_ = s.command.Process.Signal(os.Interrupt)
	_ = s.command.Wait() // how it ends is tested elsewhere
}

//go:build !aws

package outside

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// smallDemo are the arguments for the smallest demo estate.
func smallDemo(more ...string) []string {
	return append([]string{"demo", "-cases", "50", "-orgs", "8", "-now", "2026-11-30T12:00:00Z"}, more...)
}

// demo runs the command to its end and returns what it printed.
func demo(t *testing.T, environment []string, args ...string) (string, error) {
	t.Helper()
	command := exec.Command(binary, args...)
	command.Env = append(os.Environ(), environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}

func TestADemoEstateIsKeptAndServedByTheProgram(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	output, err := demo(t, nil, smallDemo("-data", data, "-build-only")...)
	if err != nil || !strings.Contains(output, demoPassword) || !strings.Contains(output, "olga@platform.example") {
		t.Fatalf("%v\n%s", err, output)
	}
	if output, err = demo(t, nil, smallDemo("-data", data, "-build-only")...); err == nil ||
		!strings.Contains(output, "not empty") {
		t.Errorf("in a folder with data: %v\n%s", err, output)
	}
	p := startAt(t, folder, time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))
	operator := newClient(t, &p.installation)
	operator.post("/login", object{"email": "olga@platform.example", "password": demoPassword})
	if page := operator.get("/msps"); strings.Count(string(page.body), `"tier"`) != 3 {
		t.Errorf("the MSPs: %s", page.body)
	}
	if quarantined := operator.get("/platform/quarantine").results(t); len(quarantined) != 6 {
		t.Errorf("%d quarantined mails", len(quarantined))
	}
}

const demoPassword = "seven quiet lighthouses 42"

func TestADemoIsServedUntilItIsStoppedAndLeavesNothing(t *testing.T) {
	temporary, address := t.TempDir(), freeAddress(t)
	command := exec.Command(binary, smallDemo()...)
	command.Env = append(os.Environ(), "TMPDIR="+temporary, "TENANTRY_ADDR="+address, "TENANTRY_SMTP_ADDR="+freeAddress(t),
		"TENANTRY_SMTP_RELAY=smtp://127.0.0.1:1")
	ended := launchDemo(t, command)
	deadline := time.Now().Add(2 * time.Minute)
	for {
		response, err := http.Get("http://" + address + "/dev/mail")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("the mails are not shown: %d", response.StatusCode)
			}
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("the demo ended: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the demo does not answer")
		}
	}
	stopDemo(t, command, ended, temporary)
}

func TestADemoThatIsStoppedWhileItIsBuiltLeavesNothing(t *testing.T) {
	temporary := t.TempDir()
	command := exec.Command(binary, smallDemo()...)
	command.Env = append(os.Environ(), "TMPDIR="+temporary)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	ended := launchDemo(t, command)
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || !strings.Contains(line, temporary) {
		t.Errorf("%q, %v", line, err)
	}
	stopDemo(t, command, ended, temporary)

	kept := filepath.Join(t.TempDir(), "kept")
	again := exec.Command(binary, smallDemo("-data", kept)...)
	again.Env = append(os.Environ(), "TMPDIR="+temporary)
	if output, err = again.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	ended = launchDemo(t, again)
	if _, err := bufio.NewReader(output).ReadString('\n'); err != nil {
		t.Error(err)
	}
	stopDemo(t, again, ended, temporary)
	if left, err := os.ReadDir(kept); err != nil && !os.IsNotExist(err) || len(left) > 0 {
		t.Errorf("half an estate is left: %v, %v", left, err)
	}
}

// launchDemo starts the command and returns where its end is reported.
func launchDemo(t *testing.T, command *exec.Cmd) <-chan error {
	t.Helper()
	var log bytes.Buffer
	command.Stderr = &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		if t.Failed() {
			t.Logf("the demo's log:\n%s", log.String())
		}
	})
	return ended
}

// stopDemo interrupts the command as Ctrl-C does, and checks that it ends well and leaves no
// folder.
func stopDemo(t *testing.T, command *exec.Cmd, ended <-chan error, temporary string) {
	t.Helper()
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the demo ended with an error: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the demo did not end")
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnInvalidDemoIsRefusedWithASentence(t *testing.T) {
	for want, args := range map[string][]string{
		"needs -data":    {"demo", "-build-only"},
		"give a time":    {"demo", "-now", "yesterday"},
		"at least 50":    {"demo", "-cases", "3"},
		"not an option":  {"demo", "somewhere"},
		"not defined":    {"demo", "-size", "3"},
		"demo and mail-": {"demonstrate"},
	} {
		if output, err := demo(t, nil, args...); err == nil || !strings.Contains(output, want) {
			t.Errorf("%v: %v %s", args, err, output)
		}
	}
}

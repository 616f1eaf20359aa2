//go:build aws

package outside

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/infra/aws/emulated/cloud"
	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
)

// emulated is the emulated AWS, which TestMain starts once. Each installation is a deployment of
// all stacks.
var emulated *cloud.Cloud

func TestMain(m *testing.M) {
	os.Exit(func() int {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt)
		var running atomic.Pointer[cloud.Cloud]
		go func() {
			<-interrupted
			stop()
			if c := running.Load(); c != nil {
				c.Close()
				os.Exit(130)
			}
		}()
		var err error
		emulated, err = cloud.Start(ctx,
			cloud.Settings{Context: stacks(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now})
		if err != nil {
			fmt.Fprintln(os.Stderr, "the emulated AWS cannot be started:", err)
			return 1
		}
		running.Store(emulated)
		defer emulated.Close()
		code := m.Run()
		if log := emulated.EmulatorLog(); code != 0 || hasErrors(log) {
			fmt.Fprintln(os.Stderr, "the emulator's log:\n"+log)
			return 1
		}
		return code
	}())
}

// hasErrors reports whether the emulator logged an error, other than that it was about to read a queue when
// a test removed its installation.
func hasErrors(log string) bool {
	for line := range strings.Lines(log) {
		if strings.Contains(line, " ERROR ") && !strings.Contains(line, "poller error: The specified queue does not exist") {
			return true
		}
	}
	return false
}

// stacks are the settings of the stacks. TENANTRY_OUTSIDE_CONTEXT adds to them, as in
// granularity=domain.
func stacks() map[string]string {
	settings := map[string]string{
		"mailDomain": "help.example.com", "callsPerHour": "10000000", "noticeSeconds": "1",
		"newOrgConsents": "support_access,user_management,personal_data",
	}
	for one := range strings.FieldsSeq(os.Getenv("TENANTRY_OUTSIDE_CONTEXT")) {
		name, value, _ := strings.Cut(one, "=")
		settings[name] = value
	}
	return settings
}

// How long to wait for results of queued work, and how often to check.
const (
	patience = 90 * time.Second
	pause    = 100 * time.Millisecond
)

// install deploys the stacks; what is sent through SES goes to a post office.
func install(t testing.TB, post *postOffice) *installation {
	t.Helper()
	deployed, _ := deploy(t, post, false)
	return deployed
}

// alongside does nothing here: deployments share one emulator, which handles one after the other.
func alongside(*testing.T) {}

// deploy deploys the stacks; a disturbed installation gets messages twice, late, and in another
// order.
func deploy(t testing.TB, post *postOffice, disturbed bool) (*installation, *cloud.Installation) {
	t.Helper()
	var mutex sync.Mutex
	var lines []string
	deployed, err := emulated.Install(t.Context(), cloud.InstallationSettings{
		Address: "127.0.0.1:0", SMTPAddress: "127.0.0.1:0",
		Sent: func(mail mailroom.Outgoing) error { return mail.Deliver(post.address) },
		Output: func(function, line string) {
			if strings.Contains(line, `"status":200`) {
				return // a successful call does not explain why a test failed
			}
			mutex.Lock()
			defer mutex.Unlock()
			lines = append(lines, function+": "+line)
			lines = lines[max(0, len(lines)-300):]
		},
		Denied:    func(text string) { t.Errorf("a role does not allow what its function does: %s", text) },
		Disturbed: disturbed,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := deployed.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			mutex.Lock()
			defer mutex.Unlock()
			t.Logf("the functions' last lines:\n%s", strings.Join(lines, "\n"))
		}
	})
	return &installation{t: t, url: deployed.URL, smtp: deployed.SMTP, setupToken: func(t testing.TB) string {
		token, err := deployed.SetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return token
	}}, deployed
}

// Package outside tests Tenantry as its users meet it: by HTTP and SMTP alone. Without a build tag it is the program
// of one machine, built, and started as a process in an empty folder. With the tag aws it is the stacks of infra/aws, deployed into
// an emulated AWS. The tests of what both must do know nothing of where they run; those of the process itself
// are left out with the tag.
package outside

import (
	"context"
	"net/smtp"
	"strings"
	"testing"
	"time"
)

// installation is a Tenantry without any data, that runs for one test.
type installation struct {
	t testing.TB
	// url is where it is reached, smtp the mail server for its domain.
	url, smtp string
	// setupToken gives the token of the first operator.
	setupToken func(t testing.TB) string
}

// deliver hands a raw mail to the installation, as any mail server does.
func (i *installation) deliver(from, to, raw string) error {
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	var sender string
	if from != "" {
		sender = from
	}
	return smtp.SendMail(i.smtp, nil, sender, []string{to}, []byte(raw))
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	within(t, patience, what, holds)
}

// within waits for a time of its own until something holds.
func within(t testing.TB, patience time.Duration, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("after %v still not so: %s", patience, what)
		case <-time.After(pause):
		}
	}
}

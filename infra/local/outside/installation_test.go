// Package outside tests Tenantry as its users see it: by HTTP and SMTP only. Without a build tag,
// it tests the program of one machine, built and started as a process in an empty folder. With the
// tag aws, it tests the stacks of infra/aws, deployed into an emulated AWS. Tests of what both must
// do are independent of the environment; those of the process itself are left out with the tag.
package outside

import (
	"context"
	"net/smtp"
	"strings"
	"testing"
	"time"
)

// installation is a Tenantry without any data that runs for one test.
type installation struct {
	t testing.TB
	// url is the address of the API, smtp the mail server for its domain.
	url, smtp string
	// setupToken returns the token of the first operator.
	setupToken func(t testing.TB) string
}

// deliver sends a raw mail to the installation, as any mail server does; commas separate recipients.
func (i *installation) deliver(from, to, raw string) error {
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	var sender string
	if from != "" {
		sender = from
	}
	return smtp.SendMail(i.smtp, nil, sender, strings.Split(to, ","), []byte(raw))
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	within(t, patience, what, holds)
}

// within waits for up to the given time until a condition holds.
func within(t testing.TB, patience time.Duration, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("after %v, not reached: %s", patience, what)
		case <-time.After(pause):
		}
	}
}

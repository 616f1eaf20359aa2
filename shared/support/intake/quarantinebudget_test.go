package intake_test

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// flood receives a mail of a stranger with content of some size.
func flood(w *supporttest.World, size int, edit func(*intake.Mail)) intake.Mail {
	w.T.Helper()
	mail := w.Mail(w.Journal.NewID(), "nobody@example.net", "postmaster@"+apptest.MailDomain)
	mail.RawKey, mail.Size = "mail/"+mail.ID, int64(size)
	edit(&mail)
	content := "From: nobody@example.net\r\nSubject: flood\r\n\r\n"
	content += strings.Repeat("x", max(0, size-len(content)))
	_, err := w.Files.Put(w.T.Context(), mail.RawKey, strings.NewReader(content), 1<<20)
	w.Must(err)
	if outcome := w.Receive(mail); outcome.Kind != "quarantine" {
		w.T.Fatalf("%+v", outcome)
	}
	return mail
}

func from(address string) func(*intake.Mail) {
	return func(m *intake.Mail) { m.SourceAddress = address }
}

func content(w *supporttest.World, mail intake.Mail) string {
	w.T.Helper()
	file, err := w.Files.Open(w.T.Context(), mail.RawKey)
	w.Must(err)
	read, err := io.ReadAll(file)
	w.Must(err)
	w.Must(file.Close())
	return string(read)
}

func used(w *supporttest.World) int64 {
	w.T.Helper()
	usage, err := w.Intake.QuarantineUsage(w.T.Context(), w.Operator())
	w.Must(err)
	return usage.Used
}

func TestBeyondTheBudgetOfItsSourceOnlyTheHeadersOfAMailAreKept(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Within(budget.Limits{QuarantineBytes: 1 << 20, QuarantineDailyBytes: 5000})
	first := flood(w, 3000, from("203.0.113.9"))
	second := flood(w, 3000, from("203.0.113.200")) // the same network
	if kept := content(w, first); len(kept) != 3000 {
		t.Errorf("%d bytes are kept of a mail within the budget", len(kept))
	}
	if kept := content(w, second); kept != "From: nobody@example.net\r\nSubject: flood\r\n\r\n" {
		t.Errorf("kept are %d bytes: %.100q", len(kept), kept)
	}
	w.Receive(second) // once more
	entries := w.Quarantine()
	if len(entries) != 2 || !entries[0].HeadersOnly || entries[1].HeadersOnly ||
		!strings.Contains(entries[0].Detail, "203.0.113.0/24 sent more than 4.9 KiB today") {
		t.Errorf("%+v", entries)
	}
	other := flood(w, 3000, from("2001:db8:1:2::3"))
	if same := flood(w, 3000, from("2001:db8:1:ffff::3")); len(content(w, other)) != 3000 || len(content(w, same)) > 100 {
		t.Error("the addresses of one IPv6 customer have more than one budget")
	}
	if got := used(w); got != 6000 {
		t.Errorf("%d bytes are used", got)
	}
	w.Clock.Pass(24 * time.Hour)
	if again := flood(w, 3000, from("203.0.113.9")); len(content(w, again)) != 3000 {
		t.Error("the next day has no budget of its own")
	}
}

func TestTheQuarantineHasABudgetInTotalThatDeletingGivesBack(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Within(budget.Limits{QuarantineBytes: 7000, QuarantineDailyBytes: 5000})
	var mails []intake.Mail
	for i := range 5 {
		mails = append(mails, flood(w, 3000, from(fmt.Sprintf("203.0.%d.9", i))))
	}
	if got := used(w); got != 6000 {
		t.Errorf("%d bytes are used, want those of two mails", got)
	}
	w.Must(w.Intake.DiscardQuarantined(t.Context(), w.Operator(), mails[4].ID)) // one without content
	w.Must(w.Intake.DiscardQuarantined(t.Context(), w.Operator(), mails[0].ID))
	if got := used(w); got != 3000 {
		t.Errorf("%d bytes are used after one was deleted", got)
	}
	w.Must(w.Intake.ReplayQuarantined(t.Context(), w.Operator(), mails[1].ID))
	if got := used(w); got != 0 {
		t.Errorf("%d bytes are used after the other was replayed", got)
	}
	if late := flood(w, 3000, from("203.0.99.9")); len(content(w, late)) != 3000 {
		t.Error("the budget was not given back")
	}
}

func TestAMailWithoutItsContentIsNotReleased(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Within(budget.Limits{QuarantineBytes: 100, QuarantineDailyBytes: 100})
	mail := flood(w, 3000, func(m *intake.Mail) {
		m.Recipients = []string{supporttest.SupportAddress}
		m.Verdicts.Spam = "FAIL"
	})
	w.Wants(fault.Conflict, w.Intake.ReleaseQuarantined(t.Context(), w.Operator(), mail.ID))
	w.Wants(fault.Conflict, w.Intake.ReplayQuarantined(t.Context(), w.Operator(), mail.ID))
	_, err := w.Intake.QuarantineUsage(t.Context(), w.Agent)
	w.Wants(fault.Forbidden, err)
}

func TestMailThroughAServerInFrontCountsByTheDomainOfItsSender(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Within(budget.Limits{
		QuarantineBytes: 1 << 20, QuarantineDailyBytes: 5000,
		Relays: []netip.Prefix{netip.MustParsePrefix("198.51.100.7/32")},
	})
	for i, relay := range []string{"127.0.0.1", "10.1.2.3", "198.51.100.7", "::1"} {
		sender := func(m *intake.Mail) { m.SourceAddress, m.EnvelopeFrom = relay, fmt.Sprintf("a@sender%d.example", i) }
		if first, second := flood(w, 3000, sender), flood(w, 3000, sender); len(content(w, first)) != 3000 ||
			len(content(w, second)) > 100 {
			t.Errorf("through %s", relay)
		}
		w.Must(w.Intake.AdmitSource(t.Context(), relay))
	}
}

func TestASourceOfFarTooMuchQuarantinedMailIsNotAdmittedUntilTomorrow(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Within(budget.Limits{})
	w.Must(w.Intake.AdmitSource(t.Context(), "203.0.113.9"))
	for range 1000 {
		mail := w.Mail(w.Journal.NewID(), "nobody@example.net", supporttest.SupportAddress)
		mail.RawKey = ""
		w.Receive(mail)
	}
	w.Wants(fault.Limited, w.Intake.AdmitSource(t.Context(), "203.0.113.77"))
	w.Must(w.Intake.AdmitSource(t.Context(), "203.0.114.9"))
	w.Clock.Pass(24 * time.Hour)
	w.Must(w.Intake.AdmitSource(t.Context(), "203.0.113.9"))
}

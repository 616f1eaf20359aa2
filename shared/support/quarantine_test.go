package support_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestTheSameMailIsKeptOutOnce(t *testing.T) {
	w := newWorld(t)
	mail := w.mail("m-1", "nobody@example.net", supportAddress)
	w.intake(mail)
	w.intake(mail)
	if kept := w.quarantine(); len(kept) != 1 {
		t.Errorf("kept %+v", kept)
	}
	entries := 0
	for _, entry := range w.AuditLog("PLATFORM#" + w.Clock.Now().UTC().Format("2006-01")) {
		if entry.Target == "mail:m-1" {
			entries++
		}
	}
	if entries != 1 {
		t.Errorf("%d entries in the platform's log", entries)
	}
}

func TestTheQuarantineIsForOperators(t *testing.T) {
	w := newWorld(t)
	w.intake(w.mail("m-1", "nobody@example.net", supportAddress))
	for _, by := range []identity.Principal{w.customer, w.agent, w.SupportAgent(), w.Person(w.MSP.Place(), identity.Admin)} {
		_, listed := w.Desk.QuarantinedMails(t.Context(), by, 10, "")
		_, read := w.Desk.QuarantinedMail(t.Context(), by, "m-1")
		for _, err := range []error{listed, read, w.Desk.ReplayQuarantined(t.Context(), by, "m-1")} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: got %v", by.Email, err)
			}
		}
	}
	_, err := w.Desk.QuarantinedMail(t.Context(), w.Operator(), "m-2")
	w.Wants(fault.NotFound, err)
}

func TestTheQuarantineIsPagedFromTheNewest(t *testing.T) {
	w := newWorld(t)
	var want []string
	for _, id := range []string{"m-1", "m-2", "m-3", "m-4", "m-5"} {
		w.intake(w.mail(id, "nobody@example.net", supportAddress))
		want = append([]string{id}, want...)
	}
	var got []string
	for after, first := "", true; first || after != ""; first = false {
		page, err := w.Desk.QuarantinedMails(t.Context(), w.Operator(), 2, after)
		w.must(err)
		for _, mail := range page.Mails {
			got = append(got, mail.ID)
		}
		after = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEveryReasonIsExplainedOnce(t *testing.T) {
	known := map[support.Reason]bool{}
	for _, reason := range support.QuarantineReasons() {
		if known[reason.Reason] || reason.Meaning == "" || reason.Advice == "" {
			t.Errorf("%+v", reason)
		}
		known[reason.Reason] = true
	}
	if len(known) != 20 {
		t.Errorf("%d reasons", len(known))
	}
}

func TestOnlyWhatASenderIsNotBelievedForIsReleased(t *testing.T) {
	w := newWorld(t)
	w.intake(w.mail("m-1", "nobody@example.net", supportAddress))
	w.Wants(fault.Conflict, w.Desk.ReleaseQuarantined(t.Context(), w.Operator(), "m-1"))
	w.Wants(fault.Forbidden, w.Desk.ReleaseQuarantined(t.Context(), w.agent, "m-1"))
	w.Wants(fault.NotFound, w.Desk.ReleaseQuarantined(t.Context(), w.Operator(), "m-2"))
	if _, err := w.Desk.ExplainQuarantine(w.agent); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestAReplayedMailIsLookedAtAsItIs(t *testing.T) {
	w := newWorld(t)
	mail := w.mail("m-1", w.customer.Email, supportAddress)
	mail.Verdicts = support.Verdicts{Spam: "FAIL"}
	w.intake(mail)
	before := len(w.Outbox())
	w.must(w.Desk.ReplayQuarantined(t.Context(), w.Operator(), "m-1"))
	mail.Received = apptest.Since[support.Received](w.Trial, before)[0]
	if outcome := w.intake(mail); outcome.Reason != support.Spam {
		t.Errorf("%+v", outcome)
	}
}

// raw keeps a mail out that came at a time, with its content.
func (w *world) raw(id string) (support.Mail, func() bool) {
	w.t.Helper()
	mail := w.mail(id, "nobody@example.net", supportAddress)
	mail.RawKey = "mail/" + id
	_, err := w.Files.Put(w.t.Context(), mail.RawKey, strings.NewReader("Subject: hello\r\n\r\nhello\r\n"), 1000)
	w.must(err)
	w.intake(mail)
	return mail, func() bool {
		content, err := w.Files.Open(w.t.Context(), mail.RawKey)
		if err == nil {
			w.must(content.Close())
		}
		return err == nil
	}
}

func TestADeletedMailIsGoneWithItsContent(t *testing.T) {
	w := newWorld(t)
	mail, there := w.raw(w.Journal.NewID())
	w.Wants(fault.Forbidden, w.Desk.DiscardQuarantined(t.Context(), w.agent, mail.ID))
	if !there() {
		t.Fatal("gone too early")
	}
	w.must(w.Desk.DiscardQuarantined(t.Context(), w.Operator(), mail.ID))
	w.Wants(fault.NotFound, w.Desk.DiscardQuarantined(t.Context(), w.Operator(), mail.ID))
	if kept := w.quarantine(); len(kept) != 0 || there() {
		t.Errorf("kept %+v, content %v", kept, there())
	}
}

func TestMailsThatWereKeptOutAreForgottenAfter90Days(t *testing.T) {
	w := newWorld(t)
	_, old := w.raw(w.Journal.NewID())
	w.Clock.Pass(89 * 24 * time.Hour)
	if forgotten, err := w.Desk.ForgetQuarantined(t.Context()); err != nil || forgotten != 0 || !old() {
		t.Errorf("%d, %v", forgotten, err)
	}
	late := uuid.Must(uuid.NewV7())
	milliseconds := w.Clock.Now().UnixMilli()
	for i := range 6 {
		late[i] = byte(milliseconds >> (40 - 8*i))
	}
	_, young := w.raw(late.String())
	w.Clock.Pass(25 * time.Hour)
	if forgotten, err := w.Desk.ForgetQuarantined(t.Context()); err != nil || forgotten != 1 || old() || !young() {
		t.Errorf("%d, %v", forgotten, err)
	}
	if kept := w.quarantine(); len(kept) != 1 || kept[0].ID != late.String() {
		t.Errorf("%+v", kept)
	}
}

func TestAMailThatOneCaseTookKeepsItsContentWhenItIsForgotten(t *testing.T) {
	w := newWorld(t)
	c, other := w.newCase(w.customer, "No Wi-Fi"), w.newCase(w.customer, "No power")
	replies := []string{w.replyTo(w.customer, c, ""), w.replyTo(w.customer, other, "")}
	_, err := w.Desk.DeleteCase(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, other.ID)
	w.must(err)
	mail := w.mail(w.Journal.NewID(), w.customer.Email, replies...)
	mail.RawKey = "mails/" + mail.ID
	_, err = w.Files.Put(t.Context(), mail.RawKey, strings.NewReader("Subject: hello"), 1000)
	w.must(err)
	if outcome := w.intake(mail); outcome.Kind != "quarantine" || len(w.detail(w.agent, c).Comments) != 1 {
		t.Fatalf("became %+v", outcome)
	}
	w.Clock.Pass(91 * 24 * time.Hour)
	if forgotten, err := w.Desk.ForgetQuarantined(t.Context()); err != nil || forgotten != 1 {
		t.Errorf("%d, %v", forgotten, err)
	}
	content, err := w.Files.Open(t.Context(), mail.RawKey)
	w.must(err)
	w.must(content.Close())
}

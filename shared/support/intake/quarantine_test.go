package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestADuplicateMailIsQuarantinedOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Mail("m-1", "nobody@example.net", supporttest.SupportAddress)
	w.Receive(mail)
	w.Receive(mail)
	if mails := w.Quarantine(); len(mails) != 1 {
		t.Errorf("kept %+v", mails)
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
	w := supporttest.NewWorld(t)
	w.Receive(w.Mail("m-1", "nobody@example.net", supporttest.SupportAddress))
	for _, by := range []identity.Principal{w.Customer, w.Agent, w.SupportAgent(), w.Person(w.MSP.Place(), identity.Admin)} {
		_, listed := w.Intake.QuarantinedMails(t.Context(), by, "", 10, "")
		_, read := w.Intake.QuarantinedMail(t.Context(), by, "m-1")
		for _, err := range []error{listed, read, w.Intake.ReplayQuarantined(t.Context(), by, "m-1")} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: got %v", by.Email, err)
			}
		}
	}
	_, err := w.Intake.QuarantinedMail(t.Context(), w.Operator(), "m-2")
	w.Wants(fault.NotFound, err)
}

func TestTheQuarantineIsPagedFromTheNewest(t *testing.T) {
	w := supporttest.NewWorld(t)
	var want []string
	for _, id := range []string{"m-1", "m-2", "m-3", "m-4", "m-5"} {
		w.Receive(w.Mail(id, "nobody@example.net", supporttest.SupportAddress))
		want = append([]string{id}, want...)
	}
	var got []string
	for after, first := "", true; first || after != ""; first = false {
		page, err := w.Intake.QuarantinedMails(t.Context(), w.Operator(), "", 2, after)
		w.Must(err)
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
	known := map[intake.Reason]bool{}
	for _, reason := range intake.QuarantineReasons() {
		if known[reason.Reason] || reason.Meaning == "" || reason.Advice == "" {
			t.Errorf("%+v", reason)
		}
		known[reason.Reason] = true
	}
	if len(known) != 21 {
		t.Errorf("%d reasons", len(known))
	}
}

func TestOnlyReasonsAboutTheSenderCanBeOverruled(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Receive(w.Mail("m-1", "nobody@example.net", supporttest.SupportAddress))
	w.Wants(fault.Conflict, w.Intake.ReleaseQuarantined(t.Context(), w.Operator(), "m-1"))
	w.Wants(fault.Forbidden, w.Intake.ReleaseQuarantined(t.Context(), w.Agent, "m-1"))
	w.Wants(fault.NotFound, w.Intake.ReleaseQuarantined(t.Context(), w.Operator(), "m-2"))
	if _, err := w.Intake.ExplainQuarantine(w.Agent); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestAReplayedMailIsCheckedAgain(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Mail("m-1", w.Customer.Email, supporttest.SupportAddress)
	mail.Verdicts = received.Verdicts{Spam: "FAIL"}
	w.Receive(mail)
	before := len(w.Outbox())
	w.Must(w.Intake.ReplayQuarantined(t.Context(), w.Operator(), "m-1"))
	mail.Mail = apptest.Since[received.Mail](w.App, before)[0]
	if outcome := w.Receive(mail); outcome.Reason != intake.Spam {
		t.Errorf("%+v", outcome)
	}
}

func TestADiscardedMailIsDeletedWithItsContent(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail, there := w.Raw(w.Journal.NewID())
	w.Wants(fault.Forbidden, w.Intake.DiscardQuarantined(t.Context(), w.Agent, mail.ID))
	if !there() {
		t.Fatal("deleted too early")
	}
	w.Must(w.Intake.DiscardQuarantined(t.Context(), w.Operator(), mail.ID))
	w.Wants(fault.NotFound, w.Intake.DiscardQuarantined(t.Context(), w.Operator(), mail.ID))
	if entries := w.Quarantine(); len(entries) != 0 || there() {
		t.Errorf("kept %+v, content %v", entries, there())
	}
}

func TestQuarantinedMailsAreDeletedAfter90Days(t *testing.T) {
	w := supporttest.NewWorld(t)
	_, old := w.Raw(w.Journal.NewID())
	w.Clock.Pass(89 * 24 * time.Hour)
	if forgotten, err := w.Intake.ForgetQuarantined(t.Context()); err != nil || forgotten != 0 || !old() {
		t.Errorf("%d, %v", forgotten, err)
	}
	late := uuid.Must(uuid.NewV7())
	milliseconds := w.Clock.Now().UnixMilli()
	for i := range 6 {
		late[i] = byte(milliseconds >> (40 - 8*i))
	}
	_, young := w.Raw(late.String())
	w.Clock.Pass(25 * time.Hour)
	if forgotten, err := w.Intake.ForgetQuarantined(t.Context()); err != nil || forgotten != 1 || old() || !young() {
		t.Errorf("%d, %v", forgotten, err)
	}
	if entries := w.Quarantine(); len(entries) != 1 || entries[0].ID != late.String() {
		t.Errorf("%+v", entries)
	}
}

func TestAMailThatACaseAcceptedKeepsItsContent(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	replies := []string{w.ReplyTo(w.Customer, c, ""), w.ReplyTo(w.Customer, other, "")}
	_, err := w.Cases.Delete(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, other.ID)
	w.Must(err)
	mail := w.Mail(w.Journal.NewID(), w.Customer.Email, replies...)
	mail.RawKey = "mails/" + mail.ID
	_, err = w.Files.Put(t.Context(), mail.RawKey, strings.NewReader("Subject: hello"), 1000)
	w.Must(err)
	if outcome := w.Receive(mail); outcome.Kind != "quarantine" || len(w.Detail(w.Agent, c).Comments) != 1 {
		t.Fatalf("became %+v", outcome)
	}
	w.Clock.Pass(91 * 24 * time.Hour)
	if forgotten, err := w.Intake.ForgetQuarantined(t.Context()); err != nil || forgotten != 1 {
		t.Errorf("%d, %v", forgotten, err)
	}
	content, err := w.Files.Open(t.Context(), mail.RawKey)
	w.Must(err)
	w.Must(content.Close())
}

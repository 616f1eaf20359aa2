package support_test

import (
	"slices"
	"testing"

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

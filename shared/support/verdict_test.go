package support_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
)

func TestVerdictsThatDoNotCondemnLetAMailIn(t *testing.T) {
	w := newWorld(t)
	address := w.replyTo(w.customer, w.newCase(w.customer, "No Wi-Fi"), "")
	for i, verdicts := range []support.Verdicts{
		{},
		{Virus: "PASS", Spam: "PASS", SPF: "PASS", DKIM: "PASS", DMARC: "PASS"},
		{Virus: "GRAY", Spam: "PROCESSING_FAILED", SPF: "FAIL", DKIM: "GRAY", DMARC: "GRAY", DMARCPolicy: "reject"},
		{SPF: "FAIL", DKIM: "FAIL", DMARC: "PASS"},
		{SPF: "PASS", DKIM: "GRAY", DMARC: "PROCESSING_FAILED"},
	} {
		mail := w.mail(fmt.Sprintf("m-%d", i), w.customer.Email, address)
		mail.Verdicts = verdicts
		if outcome := w.intake(mail); outcome.Kind != "comment" {
			t.Errorf("%+v: %+v", verdicts, outcome)
		}
	}
}

func TestAMailThatNeitherItsWayNorItsSignatureSpeaksForIsForged(t *testing.T) {
	w := newWorld(t)
	mail := w.mail("m-1", w.customer.Email, supportAddress)
	mail.Verdicts = support.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
	if outcome := w.intake(mail); outcome.Reason != support.Forged {
		t.Errorf("became %+v", outcome)
	}
}

func TestReleasingOverrulesWhatKeptAMailOutAndNoOther(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	mail.Verdicts = support.Verdicts{Virus: "FAIL", Spam: "FAIL", DMARC: "FAIL", DMARCPolicy: "reject"}
	for _, want := range []support.Reason{support.Virus, support.Spam, support.Forged} {
		if outcome := w.intake(mail); outcome.Reason != want {
			t.Fatalf("became %+v, want %s", outcome, want)
		}
		before := len(w.Outbox())
		w.must(w.Desk.ReleaseQuarantined(t.Context(), w.Operator(), mail.ID))
		mail.Received = support.Received{}
		w.must(json.Unmarshal(w.Outbox()[before].Body, &mail.Received))
	}
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Errorf("became %+v", outcome)
	}
}

package intake_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestInconclusiveVerdictsDoNotQuarantineAMail(t *testing.T) {
	w := supporttest.NewWorld(t)
	address := w.ReplyTo(w.Customer, w.NewCase(w.Customer, "No Wi-Fi"), "")
	for i, verdicts := range []received.Verdicts{
		{},
		{Virus: "PASS", Spam: "PASS", SPF: "PASS", DKIM: "PASS", DMARC: "PASS"},
		{Virus: "GRAY", Spam: "PROCESSING_FAILED", SPF: "FAIL", DKIM: "GRAY", DMARC: "GRAY", DMARCPolicy: "reject"},
		{SPF: "FAIL", DKIM: "FAIL", DMARC: "PASS"},
		{SPF: "PASS", DKIM: "GRAY", DMARC: "PROCESSING_FAILED"},
	} {
		mail := w.Mail(fmt.Sprintf("m-%d", i), w.Customer.Email, address)
		mail.Verdicts = verdicts
		if outcome := w.Receive(mail); outcome.Kind != "comment" {
			t.Errorf("%+v: %+v", verdicts, outcome)
		}
	}
}

func TestAMailThatFailsBothSPFAndDKIMIsForged(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Mail("m-1", w.Customer.Email, supporttest.SupportAddress)
	mail.Verdicts = received.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
	if outcome := w.Receive(mail); outcome.Reason != intake.Forged {
		t.Errorf("became %+v", outcome)
	}
}

func TestReleasingOverrulesOnlyTheReasonForTheQuarantine(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	mail.Verdicts = received.Verdicts{Virus: "FAIL", Spam: "FAIL", DMARC: "FAIL", DMARCPolicy: "reject"}
	for _, want := range []intake.Reason{intake.Virus, intake.Spam, intake.Forged} {
		if outcome := w.Receive(mail); outcome.Reason != want {
			t.Fatalf("became %+v, want %s", outcome, want)
		}
		before := len(w.Outbox())
		w.Must(w.Intake.ReleaseQuarantined(t.Context(), w.Operator(), mail.ID))
		mail.Mail = received.Mail{}
		w.Must(json.Unmarshal(w.Outbox()[before].Body, &mail.Mail))
	}
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Errorf("became %+v", outcome)
	}
}

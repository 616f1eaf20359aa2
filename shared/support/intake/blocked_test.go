package intake_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestMailFromABlockedSenderIsQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	for i, entry := range []string{"Carlo@Rialto.example.net", "rialto.example.net", "example.net"} {
		block, err := w.Intake.BlockSender(t.Context(), w.Operator(), entry, "writes too much")
		w.Must(err)
		again, err := w.Intake.BlockSender(t.Context(), w.Operator(), entry, "")
		if err != nil || again != block {
			t.Errorf("%+v, %v", again, err)
		}
		mail := w.Mail(fmt.Sprint("m-", i), w.Customer.Email, supporttest.SupportAddress)
		mail.Text = entry
		if outcome := w.Receive(w.Release(mail, intake.Blocked)); outcome.Kind != "case" {
			t.Errorf("released: %+v", outcome)
		}
		if outcome := w.Receive(
			w.Mail("other", "carlo@rialto.example.org", supporttest.SupportAddress),
		); outcome.Reason != intake.UnknownSender {
			t.Errorf("another sender: %+v", outcome)
		}
		w.Must(w.Intake.UnblockSender(t.Context(), w.Operator(), entry))
		w.Wants(fault.NotFound, w.Intake.UnblockSender(t.Context(), w.Operator(), entry))
		mail.ID, mail.Text = mail.ID+"-again", entry+" again"
		if outcome := w.Receive(mail); outcome.Kind != "case" {
			t.Errorf("no longer blocked: %+v", outcome)
		}
	}
}

func TestOnlyOperatorsCanBlockAndNotThemselves(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, entry := range []string{"", "x", "a b@example.com", "@example.com", apptest.MailDomain, supporttest.SupportAddress, "example.com"} {
		_, err := w.Intake.BlockSender(t.Context(), w.Operator(), entry, "")
		w.Wants(fault.Invalid, err)
	}
	_, err := w.Intake.BlockSender(t.Context(), w.Agent, "example.net", "")
	w.Wants(fault.Forbidden, err)
	_, err = w.Intake.Blocks(t.Context(), w.Agent)
	w.Wants(fault.Forbidden, err)
	w.Wants(fault.Forbidden, w.Intake.UnblockSender(t.Context(), w.Agent, "example.net"))
	for _, entry := range []string{"b.example", "a@b.example"} {
		_, err := w.Intake.BlockSender(t.Context(), w.Operator(), entry, "spam")
		w.Must(err)
	}
	blocks, err := w.Intake.Blocks(t.Context(), w.Operator())
	if err != nil || len(blocks) != 2 || blocks[0].Entry != "a@b.example" || blocks[1].Note != "spam" {
		t.Errorf("%+v, %v", blocks, err)
	}
}

func TestABlockThatMatchesNoMailIsRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, entry := range []string{"*.example.net", "a.b.c.d.example.net"} {
		_, err := w.Intake.BlockSender(t.Context(), w.Operator(), entry, "")
		w.Wants(fault.Invalid, err)
	}
	_, err := w.Intake.BlockSender(t.Context(), w.Operator(), "b.c.d.example.net", "")
	w.Must(err)
	if outcome := w.Receive(
		w.Mail("m-1", "x@a.b.c.d.example.net", supporttest.SupportAddress),
	); outcome.Reason != intake.Blocked {
		t.Errorf("became %+v", outcome)
	}
}

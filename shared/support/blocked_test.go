package support_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
)

func TestABlockedSenderIsKeptOut(t *testing.T) {
	w := newWorld(t)
	for i, entry := range []string{"Carlo@Rialto.example.net", "rialto.example.net", "example.net"} {
		made, err := w.Desk.BlockSender(t.Context(), w.Operator(), entry, "writes too much")
		w.must(err)
		again, err := w.Desk.BlockSender(t.Context(), w.Operator(), entry, "")
		if err != nil || again != made {
			t.Errorf("%+v, %v", again, err)
		}
		mail := w.mail(fmt.Sprint("m-", i), w.customer.Email, supportAddress)
		mail.Text = entry
		if outcome := w.intake(w.release(mail, support.Blocked)); outcome.Kind != "case" {
			t.Errorf("released: %+v", outcome)
		}
		if outcome := w.intake(w.mail("other", "carlo@rialto.example.org", supportAddress)); outcome.Reason != support.UnknownSender {
			t.Errorf("another sender: %+v", outcome)
		}
		w.must(w.Desk.UnblockSender(t.Context(), w.Operator(), entry))
		w.Wants(fault.NotFound, w.Desk.UnblockSender(t.Context(), w.Operator(), entry))
		mail.ID, mail.Text = mail.ID+"-again", entry+" again"
		if outcome := w.intake(mail); outcome.Kind != "case" {
			t.Errorf("no longer blocked: %+v", outcome)
		}
	}
}

func TestOnlyOperatorsBlockAndOnlyOthers(t *testing.T) {
	w := newWorld(t)
	for _, entry := range []string{"", "x", "a b@example.com", "@example.com", apptest.MailDomain, supportAddress, "example.com"} {
		_, err := w.Desk.BlockSender(t.Context(), w.Operator(), entry, "")
		w.Wants(fault.Invalid, err)
	}
	_, err := w.Desk.BlockSender(t.Context(), w.agent, "example.net", "")
	w.Wants(fault.Forbidden, err)
	_, err = w.Desk.Blocks(t.Context(), w.agent)
	w.Wants(fault.Forbidden, err)
	w.Wants(fault.Forbidden, w.Desk.UnblockSender(t.Context(), w.agent, "example.net"))
	for _, entry := range []string{"b.example", "a@b.example"} {
		_, err := w.Desk.BlockSender(t.Context(), w.Operator(), entry, "spam")
		w.must(err)
	}
	blocks, err := w.Desk.Blocks(t.Context(), w.Operator())
	if err != nil || len(blocks) != 2 || blocks[0].Entry != "a@b.example" || blocks[1].Note != "spam" {
		t.Errorf("%+v, %v", blocks, err)
	}
}

func TestABlockThatNoMailWouldMeetIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, entry := range []string{"*.example.net", "a.b.c.d.example.net"} {
		_, err := w.Desk.BlockSender(t.Context(), w.Operator(), entry, "")
		w.Wants(fault.Invalid, err)
	}
	_, err := w.Desk.BlockSender(t.Context(), w.Operator(), "b.c.d.example.net", "")
	w.must(err)
	if outcome := w.intake(w.mail("m-1", "x@a.b.c.d.example.net", supportAddress)); outcome.Reason != support.Blocked {
		t.Errorf("became %+v", outcome)
	}
}

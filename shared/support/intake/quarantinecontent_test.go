package intake_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestOperatorsReadWhatAQuarantinedMailSays(t *testing.T) {
	w := supporttest.NewWorld(t)
	keep := func(id, raw string) {
		_, err := w.Files.Put(t.Context(), "mail/"+id, strings.NewReader(raw), 1<<20)
		w.Must(err)
		w.Must(w.Intake.Quarantine(t.Context(), intake.Quarantined{
			ID: id, Reason: intake.Spam, Mail: received.Mail{ID: id, RawKey: "mail/" + id},
		}))
	}
	keep("m-1", "Subject: Hello\r\nX-Odd: a\x1bb\xff\r\n\r\nBuy\x07 now\r\n")
	content, err := w.Intake.QuarantinedContent(t.Context(), w.Operator(), "m-1")
	w.Must(err)
	if content.Headers != "Subject: Hello\nX-Odd: ab�\n\n" || strings.TrimSpace(content.Text) != "Buy now" {
		t.Errorf("got %+v", content)
	}
	keep("m-2", "X-Odd: yes\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+strings.Repeat("--b\r\n\r\n\r\n", 600))
	content, err = w.Intake.QuarantinedContent(t.Context(), w.Operator(), "m-2")
	w.Must(err)
	if !strings.HasPrefix(content.Headers, "X-Odd: yes\n") || content.Text != "" || len(content.Problems) != 1 {
		t.Errorf("got %+v", content)
	}
	_, err = w.Intake.QuarantinedContent(t.Context(), w.SupportAgent(), "m-1")
	w.Wants(fault.Forbidden, err)
	w.Must(w.Files.Delete(t.Context(), "mail/m-1"))
	_, err = w.Intake.QuarantinedContent(t.Context(), w.Operator(), "m-1")
	w.Wants(fault.NotFound, err)
}

func TestTheQuarantineIsFilteredByReason(t *testing.T) {
	w := supporttest.NewWorld(t)
	reasons := []intake.Reason{intake.Virus, intake.Spam, intake.Spam, intake.Spam, intake.Virus, intake.Spam}
	for _, reason := range reasons {
		w.Must(w.Intake.Quarantine(t.Context(), intake.Quarantined{ID: w.Journal.NewID(), Reason: reason}))
	}
	found := 0
	for after, first := "", true; first || after != ""; first = false {
		page, err := w.Intake.QuarantinedMails(t.Context(), w.Operator(), intake.Virus, 1, after)
		w.Must(err)
		for _, mail := range page.Mails {
			if found++; mail.Reason != intake.Virus {
				t.Errorf("found a mail with the reason %s", mail.Reason)
			}
		}
		after = page.Next
	}
	if found != 2 {
		t.Errorf("found %d mails", found)
	}
	_, err := w.Intake.QuarantinedMails(t.Context(), w.Operator(), "luck", 1, "")
	w.Wants(fault.Invalid, err)
}

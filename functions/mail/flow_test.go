package mail_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/mail/flow"
)

func TestASentMailIsCountedOnItsDay(t *testing.T) {
	w := newWorld(t)
	w.newCase("No Wi-Fi")
	w.sendAll()
	w.sendAll()
	page, err := w.Sender.List(200, "")
	w.must(err)
	sent := int64(len(page.Mails))
	days, err := flow.Days(t.Context(), w.Journal.Query, w.Journal.Now(), 2)
	w.must(err)
	if got := days[1].Mails[flow.Sent]; sent == 0 || got != sent {
		t.Errorf("%d mails are counted, %d were sent", got, sent)
	}
	if got := days[0].Mails[flow.Sent]; got != 0 {
		t.Errorf("%d mails are counted for yesterday", got)
	}
}

package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/support"
)

func TestMailToCustomersDoesNotShowTheReturnTime(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	hold, until := support.Hold, w.Clock.Now().Add(time.Hour).UnixMicro()
	_, err := w.Cases.Change(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{Status: &hold, ReturnAt: &until})
	w.must(err)
	w.sendAll()
	got := w.mails(w.customer.Email)
	if len(got) != 2 {
		t.Fatalf("%d mails", len(got))
	}
	if raw := string(got[1].Raw); strings.Contains(raw, "return at") || !strings.Contains(raw, "hold") {
		t.Errorf("the mail says %s", raw)
	}
}

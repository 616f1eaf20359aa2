package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// keptOut returns how many entries of a case's history are about quarantined mails, and how many say that
// there are more.
func keptOut(w *supporttest.World, c support.Case) (mails, more int) {
	for _, entry := range w.Detail(w.Agent, c).History {
		difference, ok := entry.Fields["quarantined_mail"]
		switch {
		case entry.QuarantinedMail != nil:
			mails++
		case ok && entry.Internal && strings.HasPrefix(fmt.Sprint(difference.After), "More mails"):
			more++
		}
	}
	return mails, more
}

func TestACasesHistoryTellsOfAFewQuarantinedMails(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	check := func(when string, wantMails, wantMore int) {
		t.Helper()
		if mails, more := keptOut(w, c); mails != wantMails || more != wantMore {
			t.Errorf("%s: %d entries about mails and %d about more, want %d and %d", when, mails, more, wantMails, wantMore)
		}
	}
	send := func(count int) {
		for range count {
			w.Receive(w.Mail(w.Journal.NewID(), alias, address))
		}
	}
	send(3)
	check("at the limit", 3, 0)
	send(9)
	check("above it", 3, 1)
	if mails := w.Quarantine(); len(mails) != 12 {
		t.Errorf("the quarantine has %d mails", len(mails))
	}
	w.Clock.Pass(11 * time.Minute)
	send(1)
	check("later", 4, 1)
	w.Clock.Pass(25 * time.Hour)
	for range 60 {
		send(1)
		w.Clock.Pass(20 * time.Minute)
	}
	check("a day of them", 4+20, 1+1)
	w.Clock.Pass(25 * time.Hour)
	send(1)
	check("the next day", 4+20+1, 1+1)
}

func TestOnlyWhoHasToDoWithACaseIsSeenInItsHistory(t *testing.T) {
	w := newTwoTenants(t)
	request := supporttest.Request("With a friend")
	request.CC = []string{"friend@rialto.example.net"}
	c, err := w.Cases.Create(t.Context(), w.customer, w.Org.ID, request)
	w.Must(err)
	confirmed(w.World, w.mine, alias)
	w.Clock.Pass(24 * time.Hour)
	reader := w.Person(w.Org.Place(), identity.Read)
	for _, test := range []struct {
		who, from string
		want      bool
	}{
		{"a stranger", "s1@spam.example", false},
		{"nobody", "", false},
		{"a customer of another tenant", w.foreignOne.Email, false},
		{"a customer", w.customer.Email, true},
		{"somebody who only reads", reader.Email, true},
		{"a customer's other address", alias, true},
		{"in copy", "friend@rialto.example.net", true},
		{"an agent", w.Agent.Email, true},
	} {
		w.Clock.Pass(time.Hour)
		before, _ := keptOut(w.World, c)
		mail := w.Unaddressed(identity.Principal{Email: test.from}, func(m *intake.Mail) {
			m.Subject, m.Verdicts = fmt.Sprintf("[Case %d]", c.Number), unproven()
		})
		if outcome := w.Receive(mail); outcome.Kind != "quarantine" {
			t.Errorf("%s: %+v", test.who, outcome)
		}
		if after, _ := keptOut(w.World, c); (after > before) != test.want {
			t.Errorf("%s: %d entries, then %d", test.who, before, after)
		}
		if err := w.release(w.Agent, c, mail); !test.want && err == nil {
			t.Errorf("%s: the desk released the mail", test.who)
		}
	}
}

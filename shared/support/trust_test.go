package support_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// TestWhoIsBelieved has what is found out about a sender, and what becomes of an answer and of a request.
func TestWhoIsBelieved(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	chief := w.Invited(w.MSP.Place(), identity.Admin, "chief@adria.example.net", "Chiara", "Chief")
	const kept = string(support.Unauthenticated)
	for i, test := range []struct {
		name                                 string
		verdicts                             support.Verdicts
		domain                               string // "=" for that of the sender
		authenticated                        bool
		answer, request, agent, agentRequest string
	}{
		{"nobody checks", support.Verdicts{}, "", false, "comment", "case", "comment", "case"},
		{"DMARC passes", support.Verdicts{DMARC: "PASS"}, "=", false, "comment", "case", "comment", "case"},
		{"no DMARC, but proven", support.Verdicts{SPF: "PASS", DMARC: "GRAY"}, "=", true, "comment", "case", "comment", "case"},
		{"proven for another domain", support.Verdicts{DMARC: "PASS"}, "attacker.example", true, "comment", kept, kept, kept},
		{"SPF passes for who knows whom", support.Verdicts{SPF: "PASS", DKIM: "GRAY", DMARC: "GRAY"}, "=", false, "comment", kept, kept, kept},
		{"the check came to no end", support.Verdicts{SPF: "PROCESSING_FAILED", DKIM: "GRAY", DMARC: "PROCESSING_FAILED"}, "=", false, "comment", kept, kept, kept},
		{"DMARC fails, the domain asks for nothing", support.Verdicts{SPF: "PASS", DMARC: "FAIL", DMARCPolicy: "none"}, "=", false, kept, kept, kept, kept},
	} {
		for j, one := range []struct {
			from      identity.Principal
			recipient string
			want      string
		}{
			{w.customer, w.replyTo(w.customer, c, ""), test.answer},
			{w.customer, supportAddress, test.request},
			{chief, w.replyTo(chief, c, ""), test.agent},
			{chief, "support+" + w.Org.ID + "@" + apptest.MailDomain, test.agentRequest},
		} {
			mail := w.mail(fmt.Sprintf("m-%d-%d", i, j), one.from.Email, one.recipient)
			mail.Verdicts, mail.Authenticated, mail.Domain = test.verdicts, test.authenticated, test.domain
			if mail.Domain == "=" {
				mail.Domain = domainOf(one.from.Email)
			}
			mail.Subject = "Something else"
			before := len(w.Outbox())
			outcome := w.intake(mail)
			if got := outcome.Kind + string(outcome.Reason); got != one.want && got != "quarantine"+one.want {
				t.Errorf("%s, from %s to %s: %+v, want %s", test.name, one.from.Email, one.recipient, outcome, one.want)
			}
			if outcome.Kind == "quarantine" && len(w.Outbox()) != before {
				t.Errorf("%s: a mail that is kept out was answered", test.name)
			}
		}
	}
}

func TestAMailInTheNameOfAnAddressOfOursIsKeptOut(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for i, from := range []string{supportAddress, "SUPPORT+x@" + apptest.MailDomain, w.replyTo(w.customer, c, ""), "postmaster@" + apptest.MailDomain} {
		if outcome := w.intake(w.mail(fmt.Sprint("m-", i), from, supportAddress)); outcome.Reason != support.FromOurselves {
			t.Errorf("%s: %+v", from, outcome)
		}
	}
}

func TestAReleasedMailIsBelievedAndMayNoMoreThanItsSender(t *testing.T) {
	w := newWorld(t)
	for id, test := range map[string]struct {
		from identity.Principal
		want string
	}{
		"m-1": {w.customer, "case"},
		"m-2": {w.Person(w.Org.Place(), identity.Installer), "quarantine"},
	} {
		mail := w.mail(id, test.from.Email, "support+"+w.Org.ID+"@"+apptest.MailDomain)
		mail.Verdicts = support.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
		mail = w.release(mail, support.Forged)
		if outcome := w.intake(mail); outcome.Kind != test.want {
			t.Errorf("%+v", outcome)
		}
	}
}

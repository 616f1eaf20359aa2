package intake_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestWhoIsBelieved lists the results of checking a sender, and what becomes of a reply and of a
// new request.
func TestWhoIsBelieved(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	chief := w.Invited(w.MSP.Place(), identity.Admin, "chief@adria.example.net", "Chiara", "Chief")
	const kept = string(intake.Unauthenticated)
	for i, test := range []struct {
		name                                 string
		verdicts                             received.Verdicts
		domain                               string // "=" for the sender's domain
		authenticated                        bool
		answer, request, agent, agentRequest string
	}{
		{"nobody checks", received.Verdicts{}, "", false, "comment", "case", "comment", "case"},
		{"DMARC passes", received.Verdicts{DMARC: "PASS"}, "=", false, "comment", "case", "comment", "case"},
		{"no DMARC, but proven", received.Verdicts{SPF: "PASS", DMARC: "GRAY"}, "=", true, "comment", "case", "comment", "case"},
		{"proven for another domain", received.Verdicts{DMARC: "PASS"}, "attacker.example", true, "comment", kept, kept, kept},
		{"SPF passes for an unknown domain", received.Verdicts{SPF: "PASS", DKIM: "GRAY", DMARC: "GRAY"}, "=", false, "comment", kept, kept, kept},
		{"the check failed to complete", received.Verdicts{SPF: "PROCESSING_FAILED", DKIM: "GRAY", DMARC: "PROCESSING_FAILED"}, "=", false, "comment", kept, kept, kept},
		{"DMARC fails, the domain has policy none", received.Verdicts{SPF: "PASS", DMARC: "FAIL", DMARCPolicy: "none"}, "=", false, kept, kept, kept, kept},
	} {
		for j, one := range []struct {
			from      identity.Principal
			recipient string
			want      string
		}{
			{w.Customer, w.ReplyTo(w.Customer, c, ""), test.answer},
			{w.Customer, supporttest.SupportAddress, test.request},
			{chief, w.ReplyTo(chief, c, ""), test.agent},
			{chief, "support+" + w.Org.ID + "@" + apptest.MailDomain, test.agentRequest},
		} {
			mail := w.Mail(fmt.Sprintf("m-%d-%d", i, j), one.from.Email, one.recipient)
			mail.Verdicts, mail.Authenticated, mail.Domain = test.verdicts, test.authenticated, test.domain
			if mail.Domain == "=" {
				mail.Domain = supporttest.DomainOf(one.from.Email)
			}
			mail.Subject = "Something else"
			before := len(w.Outbox())
			outcome := w.Receive(mail)
			if got := outcome.Kind + string(outcome.Reason); got != one.want && got != "quarantine"+one.want {
				t.Errorf("%s, from %s to %s: %+v, want %s", test.name, one.from.Email, one.recipient, outcome, one.want)
			}
			if outcome.Kind == "quarantine" && len(w.Outbox()) != before {
				t.Errorf("%s: a quarantined mail got a reply", test.name)
			}
		}
	}
}

func TestAMailFromOneOfOurOwnAddressesIsQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for i, from := range []string{supporttest.SupportAddress, "SUPPORT+x@" + apptest.MailDomain, w.ReplyTo(w.Customer, c, ""), "postmaster@" + apptest.MailDomain} {
		if outcome := w.Receive(
			w.Mail(fmt.Sprint("m-", i), from, supporttest.SupportAddress),
		); outcome.Reason != intake.FromOurselves {
			t.Errorf("%s: %+v", from, outcome)
		}
	}
}

func TestAReleasedMailHasOnlyThePermissionsOfItsSender(t *testing.T) {
	w := supporttest.NewWorld(t)
	for id, test := range map[string]struct {
		from identity.Principal
		want string
	}{
		"m-1": {w.Customer, "case"},
		"m-2": {w.Person(w.Org.Place(), identity.Installer), "quarantine"},
	} {
		mail := w.Mail(id, test.from.Email, "support+"+w.Org.ID+"@"+apptest.MailDomain)
		mail.Verdicts = received.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
		mail = w.Release(mail, intake.Forged)
		if outcome := w.Receive(mail); outcome.Kind != test.want {
			t.Errorf("%+v", outcome)
		}
	}
}

package intake_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestTheQuarantineMasksThePeopleOfOrganizationsThatDoNotConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	ids := map[string]string{}
	for _, from := range []string{w.Customer.Email, "stranger@elsewhere.example.com"} {
		mail := w.Mail(w.Journal.NewID(), from, supporttest.SupportAddress)
		w.Must(w.Intake.Quarantine(t.Context(), intake.Quarantined{
			ID: mail.ID, Reason: intake.Spam, From: from, Detail: "The mail of " + from + " is spam.",
			Recipients: mail.Recipients, Mail: mail.Mail,
		}))
		ids[from] = mail.ID
	}
	for _, granted := range []bool{true, false} {
		w.Decide(w.Org, identity.PersonalData, granted)
		for from, id := range ids {
			want := from
			if from == w.Customer.Email && !granted {
				want = "c…@rialto.example.net"
			}
			mail, err := w.Intake.QuarantinedMail(t.Context(), w.Operator(), id)
			if err != nil || mail.From != want || mail.Mail.EnvelopeFrom != want ||
				mail.Detail != "The mail of "+want+" is spam." || mail.Recipients[0] != supporttest.SupportAddress {
				t.Errorf("consent %t, from %s: %+v, %v", granted, from, mail, err)
			}
			_, err = w.Intake.RawQuarantined(t.Context(), w.Operator(), id)
			if fault.Is(err, fault.Forbidden) != (want != from) {
				t.Errorf("consent %t, the raw mail from %s: %v", granted, from, err)
			}
		}
		for _, mail := range w.Quarantine() {
			if whole := mail.From == w.Customer.Email; whole && !granted {
				t.Errorf("the list shows %s", mail.From)
			}
		}
	}
}

func TestTheQuarantineDoesNotMaskTheProvidersOwnPeople(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Decide(w.Org, identity.PersonalData, false)
	member := w.Grant(w.Another(w.MSP.Place(), identity.Helpdesk), w.Org.Place(), identity.Read)
	address := "support+" + w.Org.ID + "@" + apptest.MailDomain
	for from, shown := range map[string]string{
		w.Agent.Email: w.Agent.Email, w.Customer.Email: "c…@rialto.example.net",
		member.Email: identity.MaskEmail(member.Email),
	} {
		mail := w.Mail(w.Journal.NewID(), from, address)
		w.Must(w.Intake.Quarantine(t.Context(), intake.Quarantined{
			ID: mail.ID, Reason: intake.Spam, From: from, Detail: "The address is not that of " + from + ".",
			Recipients: mail.Recipients, Mail: mail.Mail,
		}))
		got, err := w.Intake.QuarantinedMail(t.Context(), w.Operator(), mail.ID)
		if err != nil || got.From != shown || got.Mail.EnvelopeFrom != shown ||
			got.Detail != "The address is not that of "+shown+"." {
			t.Errorf("from %s: %+v, %v", from, got, err)
		}
	}
}

// TestAnAgentConfirmsNoAddressUnseen holds for a mail to a case: its history masks the sender, and to
// confirm or remove an address, one must see it.
func TestAnAgentConfirmsNoAddressUnseen(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail(w.Journal.NewID(), "carlo.private@mail.example.net", w.ReplyTo(w.Customer, c, ""))
	w.Receive(mail)
	waiting := support.ReleasableMails(w.Detail(w.Agent, c).History)
	if len(waiting) != 1 || waiting[0].From != "carlo.private@mail.example.net" {
		t.Fatalf("%+v", waiting)
	}
	w.Decide(w.Org, identity.PersonalData, false)
	for _, entry := range w.Detail(w.Agent, c).History {
		if mail := entry.QuarantinedMail; mail != nil && (mail.From != "c…@mail.example.net" || mail.Confirmable) {
			t.Errorf("%+v", mail)
		}
	}
	err := w.Intake.ReleaseToCase(t.Context(), w.Agent, intake.CaseRelease{
		OrgID: c.OrgID, CaseID: c.ID, MailID: waiting[0].ID, ConfirmSender: true,
	})
	w.Wants(fault.Forbidden, err)
	w.Wants(fault.Forbidden, w.Intake.RemoveAlias(t.Context(), w.Agent, c.OrgID, "carlo.private@mail.example.net"))
}

// TestABounceAndAWarningMaskWhoWasNotReached holds for what agents read of a person whose mail fails: in
// the history, and in the answer to their comment.
func TestABounceAndAWarningMaskWhoWasNotReached(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	report := w.Failed("m-1", w.BounceOf(w.Customer.UserID, c), w.Customer.Email)
	report.Report.Diagnostic = "The user carlo does not exist"
	w.Receive(report)
	w.Decide(w.Org, identity.PersonalData, false)
	_, comment := w.Comment(w.Agent, c, "We look into it.")
	if comment.Warning != "C… C… was not notified: mail does not reach the address." {
		t.Errorf("the agent is warned: %q", comment.Warning)
	}
	lines := w.Noted(w.Agent, c)
	const want = "A mail to c…@rialto.example.net could not be delivered: 5.1.1 The user c… does not exist"
	if len(lines) != 1 || lines[0] != want {
		t.Errorf("%q", lines)
	}
	for _, entry := range w.Detail(w.Agent, c).History {
		if after, ok := entry.Fields["not_notified"]; ok && after.After != comment.Warning {
			t.Errorf("the history warns: %+v", after)
		}
	}
}

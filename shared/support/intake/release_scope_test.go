package intake_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// twoTenants is a case of the world's organization and one of a foreign organization, with its customer
// and an agent of its provider.
type twoTenants struct {
	*supporttest.World
	mine, foreign        support.Case
	customer, foreignOne identity.Principal
	foreignAgent         identity.Principal
}

func newTwoTenants(t *testing.T) twoTenants {
	t.Helper()
	w := supporttest.NewWorld(t)
	foreign := w.NewOrg(w.NewMSP("Another").ID, "Far Away")
	customer := w.Invited(foreign.Place(), identity.Write, "vera@victim.example", "Vera", "Vidal")
	c, err := w.Cases.Create(t.Context(), customer, foreign.ID, supporttest.Request("Theirs"))
	w.Must(err)
	mine := w.NewCase(w.Customer, "Mine")
	w.Must(w.Sent(mine, w.Customer, "mine@ses.example"))
	return twoTenants{
		World: w, mine: mine, foreign: c, customer: w.Customer, foreignOne: customer,
		foreignAgent: w.Another(identity.Place{Scope: identity.MSPScope, MSPID: foreign.MSPID}, identity.Helpdesk),
	}
}

// comments returns how many comments the case of each tenant has.
func (w twoTenants) comments() [2]int {
	return [2]int{len(w.Detail(w.Agent, w.mine).Comments), len(w.Detail(w.foreignAgent, w.foreign).Comments)}
}

// release releases a mail to a case of an agent.
func (w twoTenants) release(by identity.Principal, c support.Case, mail intake.Mail) error {
	return w.Intake.ReleaseToCase(w.T.Context(), by,
		intake.CaseRelease{OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID})
}

// unproven are verdicts by which nothing proves who sent a mail.
func unproven() received.Verdicts { return received.Verdicts{SPF: "GRAY", DKIM: "GRAY", DMARC: "GRAY"} }

func TestADeskReleasesNoMailThatAnotherTenantRefused(t *testing.T) {
	w := newTwoTenants(t)
	toMine, toForeign := w.ReplyTo(w.customer, w.mine, ""), w.ReplyTo(w.foreignOne, w.foreign, "")
	for name, test := range map[string]struct {
		mail      func() intake.Mail
		want      intake.Reason
		byForeign bool
	}{
		"it refers to both, and its sender is the other's customer": {func() intake.Mail {
			return w.Unaddressed(w.foreignOne, func(m *intake.Mail) {
				m.InReplyTo, m.Subject = "mine@ses.example", fmt.Sprintf("Re: [Case %d]", w.foreign.Number)
				m.Verdicts = unproven()
			})
		}, intake.Unauthenticated, true},
		"it would open a case in the other's organization": {func() intake.Mail {
			return w.Unaddressed(w.foreignOne, func(m *intake.Mail) {
				m.Subject, m.Verdicts = fmt.Sprintf("[Case %d]", w.mine.Number), unproven()
			})
		}, intake.Unauthenticated, false},
		"it was sent to both, and the other refused it": {func() intake.Mail {
			return w.Mail(w.Journal.NewID(), w.customer.Email, toMine, toForeign)
		}, intake.OtherSender, true},
		"it was sent to both, and both refused it": {func() intake.Mail {
			return w.Mail(w.Journal.NewID(), alias, toMine, toForeign)
		}, intake.OtherSender, false},
		"it was sent to both, and refused as spam": {func() intake.Mail {
			mail := w.Mail(w.Journal.NewID(), w.customer.Email, toMine, toForeign)
			mail.Verdicts.Spam = "FAIL"
			return mail
		}, intake.Spam, false},
	} {
		mail := test.mail()
		if outcome := w.Receive(mail); outcome.Reason != test.want {
			t.Errorf("%s: %+v", name, outcome)
		}
		if err := w.release(w.Agent, w.mine, mail); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: released: %v", name, err)
		}
		if err := w.release(w.foreignAgent, w.foreign, mail); (err == nil) != test.byForeign {
			t.Errorf("%s: the other desk: %v", name, err)
		}
	}
}

func TestAMailThatADeskReleasedIsForItsCaseAlone(t *testing.T) {
	w := newTwoTenants(t)
	toMine, toForeign := w.ReplyTo(w.customer, w.mine, ""), w.ReplyTo(w.foreignOne, w.foreign, "")
	released := func(mail intake.Mail, c support.Case, reason intake.Reason) intake.Outcome {
		mail.ReleasedTo = &received.Release{OrgID: c.OrgID, CaseID: c.ID}
		mail.Overruled = []string{string(reason)}
		return w.Receive(mail)
	}
	both := w.Mail(w.Journal.NewID(), alias, toMine, toForeign)
	if outcome := released(both, w.mine, intake.OtherSender); outcome.Kind != "comment" || w.comments() != [2]int{1, 0} {
		t.Errorf("to both: %+v, comments %v", outcome, w.comments())
	}
	other := w.Mail(w.Journal.NewID(), alias, toForeign)
	if outcome := released(other, w.mine, intake.OtherSender); outcome.Reason != intake.UnknownCase {
		t.Errorf("to the other: %+v", outcome)
	}
	refers := w.Unaddressed(w.foreignOne, func(m *intake.Mail) {
		m.Recipients = append(m.Recipients, "support+"+w.foreign.OrgID+"@"+apptest.MailDomain)
		m.InReplyTo, m.Subject = "mine@ses.example", fmt.Sprintf("Re: [Case %d]", w.foreign.Number)
		m.Verdicts = unproven()
	})
	if outcome := released(refers, w.mine, intake.Unauthenticated); outcome.Reason != intake.NotPermitted {
		t.Errorf("from the other's customer: %+v", outcome)
	}
	if outcome := released(refers, w.foreign, intake.Unauthenticated); outcome.Kind != "comment" || outcome.CaseID != w.foreign.ID {
		t.Errorf("to its own case: %+v", outcome)
	}
	if w.comments() != [2]int{1, 1} {
		t.Errorf("comments %v", w.comments())
	}
	report := w.Failed(w.Journal.NewID(), w.BounceOf(w.foreignOne.UserID, w.foreign), w.foreignOne.Email)
	if outcome := released(report, w.mine, intake.Spam); outcome.Kind != "quarantine" {
		t.Errorf("a report: %+v", outcome)
	}
	report = w.Failed(w.Journal.NewID(), w.BounceOf(w.customer.UserID, w.mine), w.foreignOne.Email)
	report.Recipients, report.Report.Addresses = []string{supporttest.SupportAddress}, []string{w.BounceOf(w.foreignOne.UserID, w.foreign)}
	if outcome := released(report, w.mine, intake.Spam); outcome.Kind != "quarantine" {
		t.Errorf("a report that names an address: %+v", outcome)
	}
	w.Must(w.MayBeTold(w.foreignOne.UserID, w.foreign))
}

func TestADeskReleasesARequestToItsOrganization(t *testing.T) {
	w := newTwoTenants(t)
	colleague := w.Another(w.Org.Place(), identity.Write)
	mail := w.Unaddressed(colleague, func(m *intake.Mail) {
		m.InReplyTo, m.Verdicts = "mine@ses.example", unproven()
	})
	if outcome := w.Receive(mail); outcome.Reason != intake.Unauthenticated {
		t.Fatalf("%+v", outcome)
	}
	mail = releaseTo(w.World, w.mine, mail, false)
	if mail.ReleasedTo == nil || mail.ReleasedTo.OrgID != w.mine.OrgID || mail.ReleasedTo.CaseID != w.mine.ID {
		t.Errorf("released to %+v", mail.ReleasedTo)
	}
	outcome := w.Receive(mail)
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	if c := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID}); c.Submitter.ID != colleague.UserID {
		t.Errorf("%+v", c.Submitter)
	}
}

func TestAnOperatorReleasesAMailToAllItsCases(t *testing.T) {
	w := newTwoTenants(t)
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.customer, w.mine, ""), w.ReplyTo(w.foreignOne, w.foreign, ""))
	mail = w.Release(mail, intake.OtherSender)
	if outcome := w.Receive(mail); outcome.Kind != "comment" || w.comments() != [2]int{1, 1} {
		t.Errorf("%+v, comments %v", outcome, w.comments())
	}
}

func TestAReleaseFollowsTheCaseIntoWhichItsOwnWasMerged(t *testing.T) {
	w := newTwoTenants(t)
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.customer, w.mine, ""))
	into := w.NewCase(w.customer, "The other")
	_, err := w.Cases.Merge(t.Context(), w.Agent, w.mine.OrgID, w.mine.ID, into.ID)
	w.Must(err)
	if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
		t.Fatalf("%+v", outcome)
	}
	if outcome := w.Receive(releaseTo(w.World, into, mail, false)); outcome.Kind != "comment" || outcome.CaseID != into.ID {
		t.Errorf("%+v", outcome)
	}
}

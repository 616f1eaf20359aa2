package mail_test

import (
	"encoding/json"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// mailing is a support mail to the organization of the world.
type mailing struct {
	*world
	super, admin identity.Principal
	job          job.Job
}

// contactAddress is the address in the settings of the organization.
const contactAddress = "it@rialto.example.net"

func newMailing(t *testing.T, html string) *mailing {
	t.Helper()
	w := newWorld(t)
	m := &mailing{
		world: w, super: w.Invited(w.MSP.Place(), identity.Admin, "sara@adria.example.net", "Sara", "Salvi"),
		admin: w.Invited(w.Org.Place(), identity.Admin, "anna@rialto.example.net", "Anna", "Amato"),
	}
	_, err := w.Tenants.ChangeSetting(t.Context(), w.Operator(), w.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"contact": json.RawMessage(`{"name":"IT desk","email":["` + contactAddress + `","ANNA@rialto.example.net"]}`),
	}})
	w.must(err)
	w.sendAll()
	m.job, err = w.OrgJobs.Create(t.Context(), m.super, w.MSP.ID, bulk.Request{
		Action: supportmail.Action, OrgIDs: []string{w.Org.ID},
		Mail: &bulk.Mail{Subject: "Maintenance on Sunday", Text: "We exchange a router.\n\nIt takes an hour.", HTML: html},
	})
	w.must(err)
	return m
}

// work performs the messages of the job that were not performed before.
func (m *mailing) work() {
	m.t.Helper()
	for _, message := range m.Outbox()[m.handled:] {
		if message.Queue == queue.Transfers {
			m.must(m.Jobs.Run(m.t.Context(), message))
		}
	}
	m.sendAll()
}

// wants checks the state of the job and returns the message of its only target.
func (m *mailing) wants(state job.State) string {
	m.t.Helper()
	got, page, err := m.Jobs.Get(m.t.Context(), m.super, job.Scope{MSPID: m.MSP.ID}, m.job.ID, "", "", 10)
	m.must(err)
	if got.State != state {
		m.t.Errorf("the job is %s: %+v", got.State, page.Items)
	}
	return page.Items[0].Message
}

func TestASupportMailGoesToTheAdministratorsAndTheContact(t *testing.T) {
	m := newMailing(t, `<p>We exchange <b>a router</b>.</p><script>alert(1)</script>`+
		`<img src="https://track.example/1.gif">`)
	m.work()
	if got := m.wants(job.Done); got != "" {
		t.Errorf("the result is %q", got)
	}
	for address, reason := range map[string]string{
		m.admin.Email: "an administrator of " + m.Org.Name, contactAddress: "a contact of " + m.Org.Name,
	} {
		got := m.mails(address)
		if len(got) == 0 {
			t.Fatalf("%s got no mail", address)
		}
		one := got[len(got)-1]
		raw := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(one.Raw))
		for _, want := range []string{"It takes an hour.", "<b>a router</b>", reason, "An answer opens a case."} {
			if !strings.Contains(raw, want) {
				t.Errorf("the mail to %s lacks %q: %s", address, want, raw)
			}
		}
		if strings.Contains(raw, "alert(1)") || strings.Contains(raw, "track.example") {
			t.Errorf("the mail has what is not safe: %s", raw)
		}
		if one.Get("Subject") != "Maintenance on Sunday" || !strings.Contains(one.Get("From"), m.MSP.Name) ||
			!strings.Contains(one.Get("Reply-To"), "<support+"+strings.ReplaceAll(m.Org.ID, "-", "")+"@") ||
			!strings.HasPrefix(one.Envelope.From, "bounce+") {
			t.Errorf("%v from %s", one.Header, one.Envelope.From)
		}
	}
	for _, one := range m.mails(m.customer.Email) { // no administrator
		if one.Get("Subject") == "Maintenance on Sunday" {
			t.Error("somebody got the mail who is neither an administrator nor a contact")
		}
	}
}

func TestASupportMailIsSentOnceThoughItsMessagesComeTwice(t *testing.T) {
	m := newMailing(t, "")
	messages := m.Outbox()[m.handled:]
	m.work()
	sent := m.sentMails()
	for range 2 {
		for _, message := range m.Outbox() {
			if strings.Contains(string(message.Body), supportmail.Kind) {
				m.must(m.send.Handle(t.Context(), message))
			}
		}
		for _, message := range messages {
			if message.Queue == queue.Transfers {
				m.must(m.Jobs.Run(t.Context(), message))
			}
		}
		m.sendAll()
	}
	if got := m.sentMails(); got != sent {
		t.Errorf("%d mails were sent again", got-sent)
	}
	m.wants(job.Done)
}

func TestASupportMailThatComesBackFailsItsTargetAndIsTriedAgain(t *testing.T) {
	m := newMailing(t, "")
	m.work()
	m.wants(job.Done)
	back := m.mails(contactAddress)[0].Envelope.From
	const report = "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; " +
		"report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; " + contactAddress +
		"\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 <" + contactAddress + "> is unknown\n--b--\n"
	for range 2 {
		m.arrive("", back, report)
	}
	got := m.wants(job.Failed)
	if !strings.Contains(got, "Sent to 1 of 2 addresses.") || !strings.Contains(got, "5.1.1") ||
		strings.Contains(got, contactAddress) {
		t.Errorf("the result is %q", got)
	}
	// The administrator, whom the mail reached, does not get it again.
	before := len(m.mails(m.admin.Email))
	_, err := m.Jobs.Retry(t.Context(), m.super, job.Scope{MSPID: m.MSP.ID}, m.job.ID)
	m.must(err)
	m.work()
	m.wants(job.Done)
	if len(m.mails(m.admin.Email)) != before || len(m.mails(contactAddress)) != 2 {
		t.Errorf("%d and %d mails", len(m.mails(m.admin.Email))-before, len(m.mails(contactAddress)))
	}
	// Somebody on holiday is no failure, and no case.
	m.arrive(contactAddress, back, "From: "+contactAddress+"\nSubject: Away\nAuto-Submitted: auto-replied\n"+
		"\nBack on Monday.\n")
	m.wants(job.Done)
	if mails := m.quarantine(); len(mails) != 0 {
		t.Errorf("%+v", mails)
	}
}

func TestAnAnswerToASupportMailOpensACase(t *testing.T) {
	m := newMailing(t, "")
	m.work()
	all := m.mails(m.admin.Email)
	parsed, err := netmail.ParseAddress(all[len(all)-1].Get("Reply-To"))
	m.must(err)
	to := parsed.Address
	m.arrive(m.admin.Email, to, "From: Anna Amato <"+m.admin.Email+">\nTo: "+to+
		"\nSubject: Re: Maintenance on Sunday\nDate: Mon, 30 Nov 2026 10:00:00 +0000\n"+
		"Message-ID: <a@rialto.example.net>\n\nPlease not at noon.\n")
	page, err := m.cases(m.admin, 10)
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Subject != "Re: Maintenance on Sunday" {
		t.Errorf("%+v, %v, %+v", page, err, m.quarantine())
	}
}

func TestAnOrganizationWithNobodyToWriteToIsSkipped(t *testing.T) {
	m := newMailing(t, "")
	empty := m.NewOrg(m.MSP.ID, "Nobody")
	request := bulk.Request{
		Action: supportmail.Action, OrgIDs: []string{empty.ID}, Mail: &bulk.Mail{Subject: "Hello", Text: "Hello"},
	}
	preview, err := m.OrgJobs.Preview(t.Context(), m.super, m.MSP.ID, request)
	if err != nil || preview.Blocked != 1 {
		t.Errorf("%+v, %v", preview, err)
	}
	m.job, err = m.OrgJobs.Create(t.Context(), m.super, m.MSP.ID, request)
	m.must(err)
	m.work()
	if got := m.wants(job.Done); !strings.Contains(got, "neither an administrator") {
		t.Errorf("the result is %q", got)
	}
}

func TestASupportMailThatCannotBeOneIsRefused(t *testing.T) {
	m := newMailing(t, "")
	for name, mail := range map[string]*bulk.Mail{
		"nothing":            nil,
		"no subject":         {Text: "Hello"},
		"a subject of lines": {Subject: "a\r\nBcc: x@example.net", Text: "Hello"},
		"no text":            {Subject: "Hello", HTML: "<p>Hello</p>"},
		"a long text":        {Subject: "Hello", Text: strings.Repeat("x", supportmail.MaxText+1)},
		"long HTML":          {Subject: "Hello", Text: "Hello", HTML: strings.Repeat("x", supportmail.MaxHTML+1)},
		"HTML of marks":      {Subject: "Hello", Text: "Hello", HTML: strings.Repeat("<", supportmail.MaxHTML)},
	} {
		_, err := m.OrgJobs.Create(t.Context(), m.super, m.MSP.ID,
			bulk.Request{Action: supportmail.Action, OrgIDs: []string{m.Org.ID}, Mail: mail})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// asked performs the job, and leaves its mails in the outbox.
func (m *mailing) asked() {
	m.t.Helper()
	for _, message := range m.Outbox()[m.handled:] {
		if message.Queue == queue.Transfers {
			m.must(m.Jobs.Run(m.t.Context(), message))
		}
	}
}

func TestASupportMailIsNotSentForAnMSPThatTheOrganizationLeft(t *testing.T) {
	m := newMailing(t, "")
	m.asked()
	_, err := m.Tenants.TransferOrg(t.Context(), m.Operator(), m.Org.ID, tenant.Transfer{Operator: true})
	m.must(err)
	m.sendAll()
	for _, address := range []string{m.admin.Email, contactAddress} {
		for _, one := range m.mails(address) {
			if one.Get("Subject") == "Maintenance on Sunday" {
				t.Errorf("%s got the mail of the former MSP", address)
			}
		}
	}
	m.wants(job.Failed)
}

func TestASupportMailDoesNotReachWhoIsNoContactAnyMore(t *testing.T) {
	m := newMailing(t, "")
	m.asked()
	m.Revoke(m.admin, m.Org.Place())
	m.sendAll()
	for _, one := range m.mails(m.admin.Email) {
		if one.Get("Subject") == "Maintenance on Sunday" {
			t.Error("a former administrator got the mail")
		}
	}
	if len(m.mails(contactAddress)) != 1 {
		t.Error("the contact did not get the mail")
	}
	m.wants(job.Failed)
}

func TestASupportMailIsNotTriedAgainForWhoDoesNotWantIt(t *testing.T) {
	m := newMailing(t, "")
	m.work()
	all := m.mails(m.admin.Email)
	back := all[len(all)-1].Envelope.From
	m.arrive("", back, "From: fbl@mx.example\nSubject: Complaint\nContent-Type: multipart/report; "+
		"report-type=feedback-report; boundary=b\n\n--b\n\ncomplaint\n--b\nContent-Type: message/feedback-report\n\n"+
		"Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n--b--\n")
	m.wants(job.Failed)
	before := len(m.mails(m.admin.Email))
	_, err := m.Jobs.Retry(t.Context(), m.super, job.Scope{MSPID: m.MSP.ID}, m.job.ID)
	m.must(err)
	m.work()
	if got := len(m.mails(m.admin.Email)) - before; got != 0 {
		t.Errorf("%d mails to somebody who called them unwanted", got)
	}
	m.wants(job.Failed)
}

func TestASupportMailThatAForwardedAddressRefusesDoesNotEndTheMailsOfTheAdministrator(t *testing.T) {
	m := newMailing(t, "")
	m.work()
	all := m.mails(m.admin.Email)
	back := all[len(all)-1].Envelope.From
	for _, test := range []struct {
		refusing string
		gets     bool
	}{{"elsewhere@mx.example", true}, {m.admin.Email, false}} {
		m.arrive("", back, "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; "+
			"report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n"+
			"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; "+test.refusing+"\nAction: failed\n"+
			"Status: 5.1.1\n--b--\n")
		m.wants(job.Failed)
		person, err := m.Accounts.Person(t.Context(), m.admin.UserID)
		m.must(err)
		if person.GetsMail() != test.gets {
			t.Errorf("%s refuses the mail: %+v", test.refusing, person)
		}
		_, err = m.Jobs.Retry(t.Context(), m.super, job.Scope{MSPID: m.MSP.ID}, m.job.ID)
		m.must(err)
		m.work()
	}
}

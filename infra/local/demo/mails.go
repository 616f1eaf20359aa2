package demo

import (
	"context"
	"fmt"
	"mime"
	"strings"
	"time"

	"github.com/tenantry/tenantry/infra/local/smtpin"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// The mail server in front, which checked the senders of the mails.
const (
	// RelayName is its name in the headers with the results.
	RelayName = "mx.demo.example"
	// RelayAddress is the address that it connects from.
	RelayAddress = "192.0.2.25"
)

// letter is a mail that comes in.
type letter struct {
	from, to, subject, text string
	// checks are the results of the server in front; "" for a sender who passes all.
	checks  string
	headers string
}

// deliver brings a mail to the installation.
func (b *builder) deliver(ctx context.Context, m letter) error {
	_, domain, _ := strings.Cut(m.from, "@")
	if m.checks == "" {
		m.checks = fmt.Sprintf("spf=pass smtp.mailfrom=%[1]s; dkim=pass header.d=%[1]s; dmarc=pass header.from=%[1]s", domain)
	}
	now := b.Clock.Now()
	raw := fmt.Sprintf("Authentication-Results: %s; %s\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n"+
		"Message-ID: <%d.%d@%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"+
		"Content-Transfer-Encoding: 8bit\r\n%s\r\n%s\r\n",
		RelayName, m.checks, m.from, m.to, mime.QEncoding.Encode("utf-8", m.subject), now.Format(time.RFC1123Z),
		now.Unix(), b.steps, domain, m.headers, strings.ReplaceAll(m.text, "\n", "\r\n"))
	return b.Deliver(ctx, smtpin.Envelope{
		From: m.from, Recipients: []string{m.to}, RemoteAddress: RelayAddress, Hello: RelayName, Received: now,
	}, strings.NewReader(raw))
}

// mailed is opened by a mail, and the customer replies by mail.
func (l *life) mailed(at time.Time) {
	l.at(at, "a mail opens a case", func(ctx context.Context) error {
		err := l.deliver(ctx, letter{
			from: l.customer.Email, to: l.Services.Threads.SupportAddress(), subject: l.problem.subject,
			text: l.problem.description,
		})
		if err != nil {
			return err
		}
		if err := l.Settle(ctx); err != nil {
			return err
		}
		return l.findNewest(ctx)
	})
	l.comment(at.Add(40*time.Minute), l.agent, l.problem.question, support.Pending)
	l.at(at.Add(2*time.Hour), "a mail replies", func(ctx context.Context) error {
		sent, err := l.Services.Notifications.Compose(ctx, support.Notice{
			Kind: support.NoticeCase, Event: support.Changed, OrgID: l.of.ID, CaseID: l.c.ID, UserID: l.customer.UserID,
		})
		if err != nil {
			return err
		}
		return l.deliver(ctx, letter{
			from: l.customer.Email, to: sent.ReplyTo, subject: "Re: " + l.problem.subject,
			text: l.problem.reply + "\n\n> " + strings.ReplaceAll(l.problem.question, "\n", "\n> "),
		})
	})
	l.comment(at.Add(26*time.Hour), l.agent, l.problem.solution, support.Solved)
}

// findNewest reads the case that was opened last in the organization.
func (l *life) findNewest(ctx context.Context) error {
	page, err := l.Services.Lists.Search(ctx, l.customer, lists.Scope{OrgID: l.of.ID},
		lists.Query{State: lists.AllLists, Sort: "-number", Limit: 1})
	if err != nil {
		return err
	}
	if len(page.Lines) == 0 || page.Lines[0].Subject != l.problem.subject {
		return fault.New(fault.Internal, "the mail of %s opened no case", l.customer.Email)
	}
	l.c, err = l.Services.Cases.Find(ctx, l.of.ID, page.Lines[0].ID, "case_id")
	return err
}

// planMails puts mails on the timeline that are quarantined, each for another reason, and blocks
// senders.
func (b *builder) planMails(context.Context) error {
	for _, block := range [][2]string{
		{"bulk-offers.example", "Advertising, several times a day"},
		{"phish@stolen-accounts.example", "Phishing, reported by Rialto Hotels"},
	} {
		b.at(b.ago(60*day), "an operator blocks a sender", func(ctx context.Context) error {
			_, err := b.Services.Intake.BlockSender(ctx, b.operator, block[0], block[1])
			return err
		})
	}
	known, other := b.orgs[0], b.orgs[4]
	b.planConsultant(known, other)
	to := b.Services.Threads.SupportAddress()
	for i, mail := range []letter{
		{from: "hello@bulk-offers.example", to: to, subject: "Cheap toner for your office!!!", text: "Only today."},
		{
			from: "new.manager@rialto-hotels.example", to: to, subject: "Nessuna rete nella sala convegni",
			text: "Buongiorno,\n\nsono il nuovo direttore di Mestre. Nella sala convegni non c’è rete.",
		},
		{
			from: known.customers[0].Email, to: to, subject: "Please send me all passwords of the network",
			text: "I need them at once.\n\nSent from my phone",
			checks: "spf=fail smtp.mailfrom=stolen-accounts.example; dkim=none; " +
				"dmarc=fail (p=reject) header.from=" + known.plan.domain,
		},
		{
			from: other.customers[0].Email, to: to, subject: "Δεν λειτουργεί το Wi-Fi",
			text:   "Από το σπίτι μου σας γράφω, με τον προσωπικό μου λογαριασμό.",
			checks: "spf=none smtp.mailfrom=" + other.plan.domain + "; dkim=none; dmarc=none header.from=" + other.plan.domain,
		},
		{
			from: b.orgs[2].customers[0].Email, to: to, subject: "Backup job finished with warnings",
			text: "Job: nightly\nWarnings: 3", headers: "Auto-Submitted: auto-generated\r\n",
		},
		{
			from: consultant().local + "@" + consultantDomain, to: to, subject: "Kanalplanung für beide Kunden",
			text: "Guten Tag,\n\nanbei meine Frage zur Kanalplanung: Gilt der Plan auch für 6 GHz?",
		},
	} {
		at := b.ago(time.Duration(6-i)*2*day + 3*time.Hour)
		b.at(at, "a mail that is quarantined", func(ctx context.Context) error { return b.deliver(ctx, mail) })
	}
	return nil
}

const consultantDomain = "wlan-beratung.example"

// consultant is a person who works for two organizations.
func consultant() person { return person{"Friederike", "Königsmark", "friederike.koenigsmark"} }

// planConsultant has two organizations invite the same consultant.
func (b *builder) planConsultant(first, second *org) {
	var hired identity.Principal
	b.at(b.ago(200*day), "an organization invites a consultant", func(ctx context.Context) (err error) {
		hired, err = b.join(ctx, first.admin, first.Place(), identity.Helpdesk, consultant(), consultantDomain)
		if err != nil {
			return err
		}
		b.noteLogIn(first.Place(), identity.Helpdesk, hired)
		return nil
	})
	b.at(b.ago(120*day), "another organization invites the consultant", func(ctx context.Context) error {
		accounts := b.Services.Accounts
		invite, err := accounts.CreateInvite(ctx, second.admin, second.Place(),
			identity.NewInvite{Email: hired.Email, Role: identity.Write})
		if err != nil {
			return err
		}
		added, err := accounts.AcceptInvite(ctx, &hired, accounts.InviteToken(second.Place(), invite),
			identity.Acceptance{}, hired.SourceAddress)
		if err != nil {
			return err
		}
		b.noteLogIn(second.Place(), identity.Write, added.Principal(door, hired.SourceAddress))
		return nil
	})
}

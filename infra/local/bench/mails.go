package main

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/sync/errgroup"
)

const (
	mailClients = 16
	// mailsToACase is how many mails one person writes to one case. Tenantry quarantines more than
	// ten within ten minutes, and more than forty to all cases together, because nobody writes so
	// many.
	mailsToACase = 8
)

// target is a case to which a person replies by mail.
type target struct{ from, caseID, address string }

// mails measures how fast mails are received durably, and how fast they become comments.
func (b *bench) mails(ctx context.Context) error {
	targets, err := b.targets(ctx)
	if err != nil {
		return err
	}
	count := b.size.people * b.size.mailsEach
	b.waitsFor.Store(fmt.Sprintf("%d mails to be accepted by SMTP", count))
	var next atomic.Int64
	began := time.Now()
	group, groupCtx := errgroup.WithContext(ctx)
	for range mailClients {
		group.Go(func() error { return b.sendMails(groupCtx, &next, targets) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	received := time.Since(began)
	err = b.await(ctx, 20*time.Millisecond, func() (bool, string, error) {
		left, err := b.queued("mail-receive")
		return left == 0, fmt.Sprintf("the queue of received mails to be empty; it has %d", left), err
	})
	if err != nil {
		return err
	}
	all := time.Since(began)
	if err := b.checkComments(targets); err != nil {
		return err
	}
	b.note("receive mails by SMTP, durably", float64(count)/received.Seconds(), "/s", "≥ 1000")
	b.note("  all of them are comments, from the first byte on", float64(count)/all.Seconds(), "/s", "≥ 200")
	return nil
}

var replyAddress = regexp.MustCompile(`reply\+[a-z0-9]+@help\.example\.com`)

// targets returns cases of new people, each with the address for its owner's replies.
func (b *bench) targets(ctx context.Context) ([]target, error) {
	people, err := b.invite(ctx, "/orgs/"+b.orgID, "write", b.size.people)
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, one := range people {
		for range (b.size.mailsEach + mailsToACase - 1) / mailsToACase {
			id, err := b.create(one.session)
			if err != nil {
				return nil, err
			}
			targets = append(targets, target{from: one.email, caseID: id})
		}
	}
	at := map[string]*target{}
	for i := range targets {
		at[targets[i].caseID] = &targets[i]
	}
	there := 0
	err = b.awaitMails(ctx, "receipts", len(targets), func(mail *enmime.Envelope) int {
		address := replyAddress.FindString(mail.GetHeader("Reply-To"))
		for _, id := range caseID.FindAllStringSubmatch(mail.Text, -1) {
			t := at[id[1]]
			if t != nil && t.address == "" && address != "" && strings.Contains(mail.GetHeader("To"), "<"+t.from+">") {
				t.address = address
				there++
			}
		}
		return there
	})
	return targets, err
}

var caseID = regexp.MustCompile(`/cases/([0-9a-f-]{36})`)

// sendMails sends mails over one connection, as long as there are some to send.
func (b *bench) sendMails(ctx context.Context, next *atomic.Int64, targets []target) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", b.smtp)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	client := smtp.NewClient(connection)
	defer func() { _ = client.Close() }()
	perPerson := (b.size.mailsEach + mailsToACase - 1) / mailsToACase
	for {
		number := int(next.Add(1)) - 1
		if number >= b.size.people*b.size.mailsEach {
			return client.Quit()
		}
		// One mail of each person in turn, and each person's cases in turn.
		round, who := number/b.size.people, number%b.size.people
		to := targets[who*perPerson+round%perPerson]
		raw := fmt.Sprintf(
			"From: Carlo Conti <%s>\r\nTo: %s\r\nSubject: Re: The lobby\r\nMessage-ID: <%d.%s@mail.example.com>\r\n"+
				"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAnswer number %d.\r\n\r\nOn "+
				"Sun, Nov 22, 2026 at 10:05 AM Adria Networks wrote:\r\n> %s\r\n",
			to.from,
			to.address,
			number,
			to.caseID,
			number,
			strings.Repeat("quoted text ", 40),
		)
		if err := client.SendMail(to.from, []string{to.address}, strings.NewReader(raw)); err != nil {
			return err
		}
	}
}

// queued returns how many messages are on a queue.
func (b *bench) queued(name string) (int, error) {
	read, _, err := b.call("GET", "/platform/queues", nil, b.operator...)
	if err != nil {
		return 0, err
	}
	for _, one := range read["results"].([]any) {
		if queue := one.(object); queue["name"] == name {
			return int(queue["waiting"].(float64) + queue["in_flight"].(float64) + queue["delayed"].(float64)), nil
		}
	}
	return 0, fmt.Errorf("there is no queue %s", name)
}

// checkComments checks that every mail became a comment.
func (b *bench) checkComments(targets []target) error {
	comments := 0
	for _, t := range targets {
		page, _, err := b.call("GET", fmt.Sprintf("/orgs/%s/cases/%s/comments?limit=1000", b.orgID, t.caseID), nil)
		if err != nil {
			return err
		}
		comments += len(page["results"].([]any))
	}
	if want := b.size.people * b.size.mailsEach; comments != want {
		quarantine, _, err := b.call("GET", "/platform/quarantine?limit=1", nil, b.operator...)
		return fmt.Errorf("%d mails became %d comments; the latest quarantined one: %v (%w)",
			want, comments, quarantine["results"], err)
	}
	return nil
}

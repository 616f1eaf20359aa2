package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	mailClients = 16
	mailCount   = 6000
	mailCases   = 64
)

// mails measures how fast mails are received durably, and how fast they become comments.
func (b *bench) mails(ctx context.Context) error {
	addresses, err := b.replyAddresses()
	if err != nil {
		return err
	}
	var next, failed atomic.Int64
	var first error
	var once sync.Once
	var group sync.WaitGroup
	began := time.Now()
	for range mailClients {
		group.Go(func() {
			if err := b.sendMails(&next, addresses); err != nil {
				failed.Add(1)
				once.Do(func() { first = err })
			}
		})
	}
	group.Wait()
	if failed.Load() > 0 {
		return first
	}
	received := time.Since(began)
	for {
		done, err := b.commentsThere(addresses)
		if err != nil {
			return err
		}
		if done >= mailCount {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	all := time.Since(began)
	fmt.Printf(
		"receive mails by SMTP, durably:              %.0f/s (aim ≥ 1000); all of them comments: %.0f/s from the first byte on (aim ≥ 200)\n",
		mailCount/received.Seconds(),
		mailCount/all.Seconds(),
	)
	return nil
}

// target is a case that mails answer.
type target struct{ caseID, address string }

// replyAddresses opens cases and finds the addresses for answers to them.
func (b *bench) replyAddresses() ([]target, error) {
	targets := make([]target, 0, mailCases)
	for range mailCases {
		id, err := b.create()
		if err != nil {
			return nil, err
		}
		targets = append(targets, target{caseID: id})
	}
	for i := range targets {
		address, err := b.addressFor(targets[i].caseID)
		if err != nil {
			return nil, err
		}
		targets[i].address = address
	}
	return targets, nil
}

func (b *bench) sendMails(next *atomic.Int64, targets []target) error {
	connection, err := net.Dial("tcp", b.smtp)
	if err != nil {
		return err
	}
	client := smtp.NewClient(connection)
	defer func() { _ = client.Close() }()
	for {
		number := next.Add(1)
		if number > mailCount {
			return client.Quit()
		}
		to := targets[int(number)%len(targets)].address
		raw := fmt.Sprintf(
			"From: Carlo Conti <%s>\r\nTo: %s\r\nSubject: Re: The lobby\r\nMessage-ID: <%d@mail.example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAnswer number %d.\r\n\r\nOn Sun, Nov 22, 2026 at 10:05 AM Adria Networks wrote:\r\n> %s\r\n",
			customer,
			to,
			number,
			number,
			strings.Repeat("quoted text ", 40),
		)
		if err := client.SendMail(customer, []string{to}, strings.NewReader(raw)); err != nil {
			return err
		}
	}
}

// commentsThere counts the comments of all targets, up to what was sent to each.
func (b *bench) commentsThere(targets []target) (int, error) {
	total := 0
	for i, t := range targets {
		sent := mailCount / len(targets)
		if rest := mailCount % len(targets); i > 0 && i <= rest {
			sent++
		}
		page, _, err := b.call("GET", fmt.Sprintf("/orgs/%s/cases/%s/comments?limit=1000", b.orgID, t.caseID), nil)
		if err != nil {
			return 0, err
		}
		there := len(page["results"].([]any))
		if total += there; there < sent {
			return total, nil
		}
	}
	return total, nil
}

// Package mail has the workers for mail: one sends what people are to be told, the other takes in
// what they write. What a mail says and what becomes of one is decided in shared/support and
// shared/identity.
package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/services"
)

// SendServices are what the sending worker needs.
type SendServices struct {
	Journal  *change.Journal
	Accounts *identity.Accounts
	services.Set
	Sender mail.Sender
	// BaseURL is what links begin with; Domain that of our addresses and message ids.
	BaseURL, Domain string
}

// Send is the worker that sends mails.
func Send(s SendServices) worker.Worker {
	return worker.Worker{
		Name:    "mail.send",
		Queue:   queue.MailSend,
		Handle:  s.send,
		Timeout: time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Get, grant.BatchGet, grant.Query, grant.Put),
			grant.On(grant.Mail, grant.Send),
		),
	}
}

// sentFor is how long it is remembered that a mail was sent: longer than any message is kept on a
// queue.
const sentFor = 15 * 24 * time.Hour

// sentMark is the key of the note that a message's mail was sent.
func sentMark(id string) table.Key { return table.Key{Partition: "SENT#" + id, Sort: "MARK#SENT"} }

func (s SendServices) send(ctx context.Context, message queue.Message) error {
	mark := sentMark(message.ID)
	switch _, err := s.Journal.Get(ctx, mark, &struct{}{}); {
	case err == nil:
		return nil // sent before
	case !errors.Is(err, table.ErrAbsent):
		return err
	}
	written, after, err := s.write(ctx, message)
	if fault.Is(err, fault.NotFound) {
		return nil // who was to be told is gone, or may not be told any more
	}
	if err != nil {
		return err
	}
	raw, err := written.letter.Bytes()
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "The mail cannot be written.")
	}
	out := mail.Outgoing{ID: message.ID, EnvelopeFrom: written.bounce, To: written.letter.ToAddress, Raw: raw}
	wireID, err := s.Sender.Send(ctx, out)
	if err != nil {
		return err
	}
	if after != nil {
		if err := after(cmp.Or(wireID, written.letter.MessageID)); err != nil {
			return err
		}
	}
	return s.Journal.Mark(ctx, mark, struct{}{}, s.Journal.Now().Add(sentFor).Unix())
}

// written is a mail on its way out: the letter, and where reports of failed delivery go.
type written struct {
	letter outgoing.Message
	bounce string
}

// write makes the mail of a message, and what is to be noted once it is sent under a Message-ID. It
// returns a fault of code NotFound where nobody is to be written to.
func (s SendServices) write(ctx context.Context, message queue.Message) (written, func(messageID string) error, error) {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(message.Body, &kind); err != nil {
		return written{}, nil, fault.Wrap(err, fault.Invalid, "The message cannot be read.")
	}
	if kind.Kind == support.NoticeCase {
		return s.caseLetter(ctx, message)
	}
	made, err := s.accountLetter(ctx, message)
	return made, nil, err
}

// base is what all letters have in common.
func (s SendServices) base(message queue.Message, to identity.Person) outgoing.Message {
	return outgoing.Message{
		FromName: "Tenantry", FromAddress: s.Threads.SupportAddress(),
		ToName: to.Principal("", "").Name(), ToAddress: to.Email,
		MessageID: message.ID + "@" + s.Domain, Date: s.Journal.Now(), Instance: s.Domain,
	}
}

// dress puts a body into a letter.
func dress(ctx context.Context, into outgoing.Message, body outgoing.Body) (outgoing.Message, error) {
	html, err := body.HTML(ctx)
	into.Text, into.HTML = body.Text(), html
	return into, err
}

// Package mail has the mail workers: one sends notifications, the other processes incoming mail.
// The rules for both are in shared/support and shared/identity.
package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/notification"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// SendServices are the dependencies of the sending worker.
type SendServices struct {
	Journal  *change.Journal
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Logos  *logo.Service
	Queues queue.Sender
	Sender mail.Sender
	// BaseURL is the prefix of links; Domain is the domain of our addresses and message IDs.
	BaseURL, Domain string
	// Collect is how long changes of a case are collected into one mail for a recipient.
	Collect time.Duration
}

// Send is the worker that sends mail.
func Send(s SendServices) worker.Worker {
	return worker.Worker{
		Name:    "mail.send",
		Queue:   queue.MailSend,
		Handle:  s.send,
		Timeout: time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Count),
			grant.On(grant.Queue(queue.MailSend), grant.Send),
			grant.On(grant.Mail, grant.Send),
			grant.On(grant.Logos, grant.Open),
		),
	}
}

func (s SendServices) send(ctx context.Context, message queue.Message) error {
	var task support.NoticeTask
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(message.Body, &kind); err != nil {
		return unreadable(err)
	}
	if kind.Kind == identity.NoticeSecurity {
		return s.tellOfSecurity(ctx, message)
	}
	if kind.Kind == supportmail.Kind {
		return s.supportMail(ctx, message)
	}
	if kind.Kind != support.NoticeCase {
		return s.once(ctx, message, func() (composed, error) { return s.accountMail(ctx, message) })
	}
	if err := json.Unmarshal(message.Body, &task); err != nil {
		return unreadable(err)
	}
	switch {
	case task.Revision == 0:
		return s.once(ctx, message, func() (composed, error) { return s.singleNotice(ctx, message) })
	case task.UserID == "":
		return s.address(ctx, message, task)
	}
	return s.pending(ctx, message, task)
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
}

// address enqueues a task for each recipient of a change. Task IDs are derived from the message's
// ID, so that a repeated delivery enqueues no second task.
func (s SendServices) address(ctx context.Context, message queue.Message, task support.NoticeTask) error {
	recipients, err := s.Notifications.Address(ctx, task)
	if err != nil || len(recipients) == 0 {
		return err
	}
	return s.sendTasks(ctx, message, task, recipients)
}

// sendTasks sends a task for each recipient.
func (s SendServices) sendTasks(
	ctx context.Context, message queue.Message, task support.NoticeTask, recipients []support.Recipient,
) error {
	messages := make([]queue.Message, len(recipients))
	for i, recipient := range recipients {
		task.UserID = recipient.ID
		var err error
		if messages[i], err = task.Message(); err != nil {
			return err
		}
		messages[i].ID = derivedID(message.ID + " " + recipient.ID)
		messages[i].Delay = s.Collect
	}
	return s.enqueue(ctx, messages)
}

// pending sends a recipient one mail about all changes that they were not notified of yet.
func (s SendServices) pending(ctx context.Context, message queue.Message, task support.NoticeTask) error {
	n, err := s.Notifications.Pending(ctx, task)
	if errors.Is(err, notification.ErrUnreachable) {
		return s.addressAgain(ctx, message, task)
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if n.Guest {
		if waits, err := s.guestWaits(ctx, message, task, n); waits || err != nil {
			return err
		}
	}
	write := func() (composed, error) { return s.caseMail(ctx, message, n) }
	switch {
	case n.Reason == notification.Unattended:
		// Operators get one mail an hour about a case: they cannot act on more.
		hour := s.Journal.Now().Truncate(time.Hour).Unix()
		message.ID = derivedID(fmt.Sprint("unattended ", task.CaseID, task.UserID, hour))
		return s.once(ctx, message, write)
	case task.Alone:
		return s.once(ctx, message, func() (composed, error) {
			out, err := write()
			out.sent = func(messageID string) error { return s.Threads.Sent(ctx, n.Sent(messageID)) }
			return out, err
		})
	}
	out, err := write()
	if err != nil {
		return err
	}
	id, err := s.deliver(ctx, message, out)
	if fault.Is(err, fault.Invalid) {
		return s.sendAlone(ctx, message, task, n, err)
	}
	if err != nil {
		return err
	}
	if err := s.Threads.Sent(ctx, n.Sent(id)); err != nil || !n.More {
		return err
	}
	rest := message
	rest.ID = derivedID(message.ID + " rest")
	return s.enqueue(ctx, []queue.Message{rest})
}

// guestWaits reports whether a mail to somebody without an account must wait, because the organization
// used up its budget of them for this hour. It enqueues the task again for the next hour, unless the
// task of a later change waits for the same recipient and sends everything together.
func (s SendServices) guestWaits(
	ctx context.Context, message queue.Message, task support.NoticeTask, n notification.Notification,
) (bool, error) {
	admitted, wait, err := s.Notifications.AdmitGuest(ctx, n)
	if admitted || err != nil {
		return false, err
	}
	if !task.Alone && n.Sent("").Revision > task.Revision {
		return true, nil
	}
	rest := message
	rest.ID, rest.Delay = derivedID(message.ID+" waits"), min(wait+time.Second, queue.MaxDelay)
	return true, s.Queues.Send(ctx, []queue.Message{rest})
}

// addressAgain sends tasks for those who are to be notified in place of a recipient who cannot be.
func (s SendServices) addressAgain(ctx context.Context, message queue.Message, task support.NoticeTask) error {
	added, err := s.Notifications.AddressAgain(ctx, task)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || len(added) == 0 {
		return err
	}
	return s.sendTasks(ctx, message, task, added)
}

// sendAlone handles a mail that was refused for good. Each of its changes gets a mail of its own, so
// that those which can be sent are, and the others become dead letters one by one.
func (s SendServices) sendAlone(
	ctx context.Context, message queue.Message, task support.NoticeTask, n notification.Notification, refused error,
) error {
	messages := make([]queue.Message, len(n.Revisions))
	for i, revision := range n.Revisions {
		task.Revision, task.Alone = revision, true
		var err error
		if messages[i], err = task.Message(); err != nil {
			return err
		}
		messages[i].ID = derivedID(fmt.Sprint(task.CaseID, " ", task.UserID, " ", revision, " alone"))
	}
	if len(messages) == 0 {
		return refused
	}
	if err := s.enqueue(ctx, messages); err != nil {
		return err
	}
	return s.Threads.Sent(ctx, n.Sent(""))
}

// derivedID returns an ID that is the same for the same text.
func derivedID(text string) string { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String() }

// sentFor is how long it is remembered that a mail was sent: longer than any message is kept on a
// queue.
const sentFor = 15 * 24 * time.Hour

// sentMark is the key of the item that records that a message's mail was sent.
func sentMark(id string) table.Key { return table.Key{Partition: "SENT#" + id, Sort: "MARK#SENT"} }

// once sends the mail of a message unless it was sent before.
func (s SendServices) once(ctx context.Context, message queue.Message, write func() (composed, error)) error {
	mark := sentMark(message.ID)
	switch _, err := s.Journal.Get(ctx, mark, &struct{}{}); {
	case err == nil:
		return nil // sent before
	case !errors.Is(err, table.ErrAbsent):
		return err
	}
	out, err := write()
	if fault.Is(err, fault.NotFound) {
		return nil // the recipient is gone or must no longer be notified
	}
	if err != nil {
		return err
	}
	id, err := s.deliver(ctx, message, out)
	if err != nil {
		return err
	}
	if out.sent != nil {
		if err := out.sent(id); err != nil {
			return err
		}
	}
	return s.Journal.Mark(ctx, mark, struct{}{}, s.Journal.Now().Add(sentFor).Unix())
}

// deliver sends a mail and returns its Message-ID as sent.
func (s SendServices) deliver(ctx context.Context, message queue.Message, out composed) (string, error) {
	raw, err := out.message.Bytes()
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, "The mail cannot be written.")
	}
	wireID, err := s.Sender.Send(
		ctx, mail.Outgoing{ID: message.ID, EnvelopeFrom: out.bounce, To: out.message.ToAddress, Raw: raw},
	)
	if err == nil {
		// Whether it was counted or not, the mail is on its way and must not be sent again.
		_ = s.Journal.Spend(ctx, flow.Count(flow.Sent, s.Journal.Now()))
	}
	return cmp.Or(wireID, out.message.MessageID), err
}

// composed is a mail ready to be sent.
type composed struct {
	message outgoing.Message
	// bounce is the envelope sender, which receives delivery reports.
	bounce string
	// sent records the Message-ID that the mail was sent with; nil if there is nothing to record.
	sent func(messageID string) error
}

// base returns the fields that all mails share.
func (s SendServices) base(message queue.Message, to identity.Person) outgoing.Message {
	return outgoing.Message{
		FromName: portalName, FromAddress: s.Threads.SupportAddress(),
		ToName: to.Principal("", "").Name(), ToAddress: to.Email,
		MessageID: message.ID + "@" + s.Domain, Date: s.Journal.Now(), Instance: s.Domain,
	}
}

// withBody adds a body to a mail.
func withBody(ctx context.Context, into outgoing.Message, body outgoing.Body) (outgoing.Message, error) {
	html, err := body.HTML(ctx)
	into.Text, into.HTML = body.Text(), html
	return into, err
}

// logo returns the logo of an MSP for the mails about it and its organizations; nil if there is none.
// Mails about somebody's own account have none: they are the portal's, whoever looks after the person.
func (s SendServices) logo(ctx context.Context, mspID string) *outgoing.Logo {
	if mspID == "" {
		return nil
	}
	found := s.Logos.ForMail(ctx, mspID)
	if found == nil {
		return nil
	}
	width, height := logo.Shown(found.Width, found.Height)
	return &outgoing.Logo{
		ContentID: "logo." + found.Version() + "@" + s.Domain, Name: found.Name, Width: width, Height: height, PNG: found.PNG,
	}
}

// enqueue puts messages on their queues, as consequences of the present request.
func (s SendServices) enqueue(ctx context.Context, messages []queue.Message) error {
	for i := range messages {
		messages[i].Request = change.RequestID(ctx)
	}
	return s.Queues.Send(ctx, messages)
}

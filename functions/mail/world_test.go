package mail_test

import (
	"bytes"
	"context"
	"encoding/json"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// world is an installation with a customer, an agent, and both mail workers.
type world struct {
	*apptest.Estate
	t               *testing.T
	send, receive   worker.Worker
	customer, agent identity.Principal
	handled         int // number of outbox messages handled
	// order has the IDs of the mails in the order in which they were sent: the folder orders them by the
	// times of their files, which are the same for some milliseconds.
	order []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	e := apptest.NewEstate(t)
	sending, receiving := guarded(e, sendGuard), guarded(e, receiveGuard)
	w := &world{
		Estate: e,
		t:      t,
		send: mail.Send(mail.SendServices{
			Journal:  sending.journal,
			Accounts: sending.accounts,
			Tenants:  tenant.NewTenants(sending.journal),
			Set:      sending.Set,
			Logos:    sending.logos,
			Queues:   sendGuard.Queues(e.Queues),
			Sender:   sendGuard.Mail(e.Sender),
			BaseURL:  apptest.BaseURL,
			Domain:   apptest.MailDomain,
		}),
		receive: mail.Receive(
			mail.ReceiveServices{Set: receiving.Set, Files: receiving.files, Domain: apptest.MailDomain, Log: e.Log},
		),
		customer: e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti"),
		agent:    e.Invited(e.MSP.Place(), identity.Helpdesk, "hanna@adria.example.net", "Hanna", "Horvat"),
	}
	w.handled = len(e.Outbox())
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// sendAll handles the messages committed since the last call, and those that they enqueue. It
// returns the messages that led to mails.
func (w *world) sendAll() []queue.Message {
	w.t.Helper()
	var mailed []queue.Message
	handle := func(message queue.Message) {
		before := w.sentMails()
		w.must(w.send.Handle(w.t.Context(), message))
		if w.sentMails() > before {
			mailed = append(mailed, message)
		}
	}
	messages := w.Outbox()[w.handled:]
	w.handled += len(messages)
	for _, message := range messages {
		if message.Queue == queue.MailSend {
			handle(message)
		}
	}
	for _, message := range w.queued() {
		handle(message)
	}
	return mailed
}

// queued removes the messages of the sending worker from its queue and returns them.
func (w *world) queued() []queue.Message {
	w.t.Helper()
	deliveries, err := w.Queues.Receive(w.t.Context(), queue.MailSend, 1000)
	w.must(err)
	w.must(w.Queues.Delete(w.t.Context(), deliveries...))
	var messages []queue.Message
	for _, delivery := range deliveries {
		messages = append(messages, delivery.Message)
	}
	return messages
}

// sentMails counts the mails sent so far.
func (w *world) sentMails() int {
	w.t.Helper()
	page, err := w.Sender.List(1000, "")
	w.must(err)
	for _, one := range slices.Backward(page.Mails) {
		if !slices.Contains(w.order, one.ID) {
			w.order = append(w.order, one.ID)
		}
	}
	return len(page.Mails)
}

// sent is a sent mail with its headers.
type sent struct {
	mailfolder.Mail
	netmail.Header
}

// mails returns the mails sent to an address, oldest first.
func (w *world) mails(to string) []sent {
	w.t.Helper()
	w.sentMails()
	var mails []sent
	for _, id := range w.order {
		one, err := w.Sender.Get(id)
		w.must(err)
		if one.Envelope.To != to {
			continue
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(one.Raw))
		w.must(err)
		mails = append(mails, sent{one, parsed.Header})
	}
	return mails
}

func (w *world) newCase(subject string) support.Case {
	w.t.Helper()
	c, err := w.Cases.Create(w.t.Context(), w.customer, w.Org.ID,
		support.NewCase{Fields: desk.Fields{Subject: subject}, Description: "It is broken."})
	w.must(err)
	return c
}

func (w *world) comment(by identity.Principal, c support.Case, text string) {
	w.t.Helper()
	_, _, err := w.Cases.AddComment(w.t.Context(), by, c.OrgID, c.ID, support.NewComment{Text: text})
	w.must(err)
}

// arrive delivers a raw mail to the receiving worker and returns its message.
func (w *world) arrive(from, recipient, raw string) queue.Message {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	raw = strings.ReplaceAll(raw, "\n", "\r\n")
	_, err := w.Files.Put(w.t.Context(), "mail/"+id, strings.NewReader(raw), 50<<20)
	w.must(err)
	inbound := received.Mail{
		ID: id, RawKey: "mail/" + id, Size: int64(len(raw)), EnvelopeFrom: from, Recipients: []string{recipient},
		SourceAddress: "203.0.113.9", Time: w.Clock.Now().Unix(),
	}
	message, err := inbound.QueueMessage()
	w.must(err)
	w.must(w.receive.Handle(context.Background(), message))
	return message
}

func (w *world) detail(c support.Case) support.Detail {
	w.t.Helper()
	detail, err := w.Cases.Detail(w.t.Context(), w.agent, c.OrgID, c.ID)
	w.must(err)
	return detail
}

func (w *world) quarantine() []intake.Quarantined {
	w.t.Helper()
	page, err := w.Intake.QuarantinedMails(w.t.Context(), w.Operator(), "", 100, "")
	w.must(err)
	return page.Mails
}

func message(t *testing.T, id string, body any) queue.Message {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return queue.Message{ID: id, Queue: queue.MailSend, Group: "PLATFORM", Body: data}
}

func wantsInvalid(t *testing.T, name string, err error) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("%s: %v", name, err)
	}
}

// cases returns the organization's open cases, latest change first.
func (w *world) cases(by identity.Principal, limit int) (lists.SummaryPage, error) {
	w.t.Helper()
	page, err := w.Lists.Search(w.t.Context(), by, lists.Scope{OrgID: w.Org.ID},
		lists.Query{State: support.OpenList, Limit: limit})
	return page.SummaryPage, err
}

package supportmail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// Kind is the kind of the messages that ask for a mail to one recipient.
const Kind = "support_mail"

// Message asks for the mail to one recipient.
type Message struct {
	Kind   string `json:"kind"`
	OrgID  string `json:"org_id"`
	Serial int64  `json:"serial"`
	// Recipient is the index of the recipient.
	Recipient int `json:"recipient"`
}

// perform writes down who gets the mail in an organization, and asks for a mail to each. When it is tried
// again, only those get one whom the mail did not reach.
func (s *Service) perform(ctx context.Context, by identity.Principal, task bulk.Task) error {
	org, err := s.tenants.LoadOrg(ctx, task.OrgID)
	if err != nil {
		return err
	}
	place := task.Job.Place()
	if place.Scope == identity.MSPScope && org.MSPID != place.MSPID {
		return fault.Missing()
	}
	if err := by.Check(s.Definition().May[place.Scope], place); err != nil {
		return err
	}
	record, err := s.find(ctx, org.ID, task.Job.ID)
	if err != nil {
		return err
	}
	if record.Version == 0 {
		if record.Recipients, err = s.recipients(ctx, org); err != nil {
			return err
		}
		if record.Sender, err = s.sender(ctx, place, by); err != nil {
			return err
		}
	}
	record.Scope, record.MSPID, record.JobID = place.Scope, place.MSPID, task.Job.ID
	record.Part, record.Index = task.Target.Part, task.Target.Index
	messages, err := record.ask()
	switch {
	case err != nil:
		return err
	case len(record.Recipients) == 0:
		return job.Skip(nobody)
	case len(messages) == 0 && record.counts()[Waiting] > 0:
		return job.Sent() // asked for before
	case len(messages) == 0:
		return nil
	}
	return s.commit(ctx, by, org, record, messages, task.Request.Mail.Subject)
}

// ask returns the messages for those who get the mail now: everybody if the record is new, and else those
// whom it did not reach, who wait again.
func (r *Record) ask() ([]queue.Message, error) {
	var messages []queue.Message
	for i, one := range r.Recipients {
		if r.Version > 0 && one.State != Failed {
			continue
		}
		r.Recipients[i].State, r.Recipients[i].Reason = Waiting, ""
		body, err := json.Marshal(Message{Kind: Kind, OrgID: r.OrgID, Serial: r.Serial, Recipient: i})
		if err != nil {
			return nil, err
		}
		messages = append(messages, queue.Message{Queue: queue.MailSend, Group: "ORG#" + r.OrgID, Body: body})
	}
	return messages, nil
}

// commit stores the record with its messages and counts the mails of the day.
func (s *Service) commit(
	ctx context.Context, by identity.Principal, org tenant.Org, record Record, messages []queue.Message, subject string,
) error {
	stored, err := s.write(record)
	if err != nil {
		return err
	}
	now := s.journal.Now().UTC()
	day := table.Key{Partition: record.place().Partition(), Sort: daySort + now.Format(time.DateOnly)}
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action:  "orgs.send_support_mail",
		Message: fmt.Sprintf("Sent the support mail %q to %d addresses", subject, len(messages)),
		OrgID:   org.ID, MSPID: record.MSPID, Target: "org:" + org.ID,
		Writes: []table.Write{
			stored, table.Add(day, int64(len(messages)), MaxMailsADay, now.Add(48*time.Hour).Unix()),
		},
		Messages: messages,
	})
	if table.ConflictAt(err, day) {
		return fault.New(fault.Conflict,
			"More than %d support mails would be sent today. Try the failed ones again tomorrow.", MaxMailsADay)
	}
	if err != nil {
		return err
	}
	return job.Sent()
}

// sender returns in whose name the mail is: the MSP, or for the platform the person.
func (s *Service) sender(ctx context.Context, place identity.Place, by identity.Principal) (string, error) {
	if place.Scope != identity.MSPScope {
		return by.Name(), nil
	}
	msp, err := s.tenants.LoadMSP(ctx, place.MSPID)
	return msp.Name, err
}

// MessageOf returns which mail a bounce address belongs to.
func MessageOf(t mailthread.Token) Message {
	return Message{Kind: Kind, OrgID: t.UserID, Serial: t.Number >> 8, Recipient: int(t.Number & 0xff)}
}

// Mail is a mail to one recipient.
type Mail struct {
	bulk.Mail
	Recipient
	Org tenant.Org
	// Sender is in whose name it is.
	Sender string
	// Person is the recipient, if it is a person.
	Person identity.Person
	// Bounce is the envelope sender, and ReplyTo opens a case for the organization.
	Bounce, ReplyTo string
}

// Mail returns the mail that a message asks for, and whether it waits: it was neither sent nor given up
// yet. If it waits, but its recipient must not get it any more, that is a fault of code NotFound.
func (s *Service) Mail(ctx context.Context, message Message) (mail Mail, waits bool, err error) {
	record, err := s.load(ctx, message.OrgID, message.Serial)
	if fault.Is(err, fault.NotFound) {
		return Mail{}, false, nil // its job has expired
	}
	if err != nil || message.Recipient < 0 || message.Recipient >= len(record.Recipients) ||
		record.Recipients[message.Recipient].State != Waiting {
		return Mail{}, false, err
	}
	mail, err = s.mailOf(ctx, record, message)
	return mail, true, err
}

func (s *Service) mailOf(ctx context.Context, record Record, message Message) (mail Mail, err error) {
	mail = Mail{Recipient: record.Recipients[message.Recipient], Sender: record.Sender}
	if mail.Org, err = s.tenants.LoadOrg(ctx, record.OrgID); err != nil {
		return Mail{}, err
	}
	if mail.UserID != "" {
		if mail.Person, err = s.accounts.Person(ctx, mail.UserID); err != nil {
			return Mail{}, err
		}
		mail.Address, mail.Name = mail.Person.Email, mail.Person.Name()
	}
	if err := s.meant(ctx, record, mail); err != nil {
		return Mail{}, err
	}
	payload, err := s.jobs.Payload(ctx, record.place(), record.JobID)
	if err != nil {
		return Mail{}, err
	}
	var request bulk.Request
	if err := json.Unmarshal(payload, &request); err != nil || request.Mail == nil {
		return Mail{}, fault.Wrap(err, fault.Invalid, "The job cannot be read.")
	}
	mail.Mail = *request.Mail
	mail.ReplyTo = s.threads.OrgAddress(record.OrgID)
	mail.Bounce = s.threads.Address(mailthread.BounceLocal, mailthread.Token{
		Number: record.Serial<<8 | int64(message.Recipient), UserID: record.OrgID, Kind: mailthread.MailingKind,
	})
	return mail, nil
}

// meant returns a fault of code NotFound if a mail must not be sent any more: the organization left the MSP
// that sends it, or the recipient is not among its administrators and contacts any more or gets no mails. A
// mail may wait, and a failed one is tried again days later.
func (s *Service) meant(ctx context.Context, record Record, mail Mail) error {
	if record.Scope == identity.MSPScope && mail.Org.MSPID != record.MSPID {
		return fault.Missing()
	}
	if mail.UserID != "" {
		if !mail.Person.GetsMail() || !mail.Person.Principal("", "").OwnAdministrator(mail.Org.Place()) {
			return fault.Missing()
		}
		return nil
	}
	contact, err := s.tenants.LoadContact(ctx, mail.Org)
	if err != nil {
		return err
	}
	address := identity.NormalEmail(mail.Address)
	if !slices.ContainsFunc(contact.Emails, func(one string) bool { return identity.NormalEmail(one) == address }) {
		return fault.Missing()
	}
	return nil
}

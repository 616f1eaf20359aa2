package support

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table"
)

// Reason says why a mail was not taken in.
type Reason string

// The reasons. They are part of the API.
const (
	Unreadable     Reason = "unreadable"             // the mail could not be read as one
	FromOurselves  Reason = "loop"                   // the mail was sent by this installation
	FailedDelivery Reason = "delivery_failure"       // a report that a mail was not delivered
	AutoWithout    Reason = "automatic"              // an automatic mail that belongs to no case
	ForgedToken    Reason = "invalid_token"          // the answer's address was not made here
	UnknownCase    Reason = "unknown_case"           // the case is gone
	OtherSender    Reason = "other_sender"           // not from the person whom the answer's address was made for
	UnknownSender  Reason = "unknown_sender"         // nobody with an account
	NotPermitted   Reason = "not_permitted"          // the sender may not write to this case or organization
	NoOrg          Reason = "no_organization"        // the sender may open cases nowhere
	ManyOrgs       Reason = "ambiguous_organization" // the sender may open cases in several organizations
	NoDestination  Reason = "no_destination"         // none of the recipients is one of our addresses
	TooMuch        Reason = "too_much"               // too many or too large attachments, or the case is full
	Virus          Reason = "virus"                  // the receiving service found a virus
	Spam           Reason = "spam"                   // the receiving service judged it spam
	Forged         Reason = "forged"                 // not from the domain that it names, which asks to keep such mails out
)

// QuarantineReasons lists why a mail may have been kept out.
func QuarantineReasons() []Reason {
	return []Reason{Unreadable, FromOurselves, FailedDelivery, AutoWithout, ForgedToken, UnknownCase, OtherSender, UnknownSender, NotPermitted, NoOrg, ManyOrgs, NoDestination, TooMuch, Virus, Spam, Forged}
}

// Quarantined is a mail that was not taken in.
type Quarantined struct {
	// ID is that of the received mail; a mail that is refused again keeps it.
	ID         string   `json:"id"`
	Reason     Reason   `json:"reason"`
	Detail     string   `json:"detail"`
	From       string   `json:"from"`
	Recipients []string `json:"recipients"`
	Subject    string   `json:"subject"`
	Size       int64    `json:"size"`
	// Received is in epoch seconds.
	Received int64    `json:"received"`
	Mail     Received `json:"mail"`
}

// Received is the body of the message that a mail came in.
type Received struct {
	ID string `json:"id"`
	// RawKey is where the raw mail lies in the file store; Size is its length in bytes.
	RawKey string `json:"raw_key"`
	Size   int64  `json:"size"`
	// EnvelopeFrom and Recipients are those of the SMTP dialogue.
	EnvelopeFrom  string   `json:"envelope_from"`
	Recipients    []string `json:"recipients"`
	SourceAddress string   `json:"src_ip"`
	// Time is in epoch seconds.
	Time int64 `json:"time"`
	// Verdicts are those of the service that took the mail in, if it gives any.
	Verdicts Verdicts `json:"verdicts,omitzero"`
}

// Message is the queue message for a mail that came in.
func (r Received) Message() (queue.Message, error) {
	body, err := json.Marshal(r)
	return queue.Message{ID: r.ID, Queue: queue.MailReceive, Group: "FROM#" + r.EnvelopeFrom, Body: body}, err
}

func quarantineKey(id string) table.Key {
	return table.Key{Partition: quarantinePartition, Sort: id}
}

// Quarantine keeps a mail out, with its reason. Doing it again changes nothing.
func (d *Desk) Quarantine(ctx context.Context, q Quarantined) error {
	key := quarantineKey(q.ID)
	item, err := change.Encode(key, q)
	if err != nil {
		return err
	}
	by := change.Actor{Kind: change.Stranger, Email: q.From, SourceAddress: q.Mail.SourceAddress, Door: "mail"}
	err = d.journal.Commit(ctx, by, change.Done{
		Action: "mail.receive", Message: "Kept a mail out: " + string(q.Reason), PlatformLog: true,
		Target: "mail:" + q.ID, After: map[string]any{"reason": q.Reason, "detail": q.Detail}, Writes: []table.Write{table.Create(item)},
	})
	if table.ConflictAt(err, key) {
		return nil
	}
	return err
}

// QuarantinePage is a page of the quarantine, the newest first.
type QuarantinePage struct {
	Mails []Quarantined
	// Next continues the list; "" at its end.
	Next string
}

// QuarantinedMails lists the mails that were kept out, for operators.
func (d *Desk) QuarantinedMails(ctx context.Context, by identity.Principal, limit int, after string) (QuarantinePage, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return QuarantinePage{}, err
	}
	page, err := d.journal.Query(ctx, table.Query{Partition: quarantinePartition, Descending: true, Limit: limit, After: after})
	if err != nil {
		return QuarantinePage{}, err
	}
	mails, err := seen(page, true, func(*Quarantined, bool) bool { return true })
	return QuarantinePage{Mails: mails, Next: page.Next}, err
}

// QuarantinedMail reads one mail that was kept out, for operators.
func (d *Desk) QuarantinedMail(ctx context.Context, by identity.Principal, id string) (Quarantined, error) {
	found, _, err := d.quarantined(ctx, by, id)
	return found, err
}

func (d *Desk) quarantined(ctx context.Context, by identity.Principal, id string) (Quarantined, int64, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Quarantined{}, 0, err
	}
	var found Quarantined
	version, err := d.journal.Get(ctx, quarantineKey(id), &found)
	if errors.Is(err, table.ErrAbsent) {
		return Quarantined{}, 0, fault.Missing()
	}
	return found, version, err
}

// ReplayQuarantined lets a mail come in once more, after what kept it out was mended. The verdict
// that kept it out, which nobody can mend, is overruled.
func (d *Desk) ReplayQuarantined(ctx context.Context, by identity.Principal, id string) error {
	found, version, err := d.quarantined(ctx, by, id)
	if err != nil {
		return err
	}
	message, err := overruled(found.Mail, found.Reason).Message()
	if err != nil {
		return err
	}
	message.ID = "" // a new message: the queue knows the old one as done
	err = d.journal.Commit(ctx, by.Actor(), change.Done{
		Action: "platform.replay_mail", Message: "Let a mail come in again", PlatformLog: true, Target: "mail:" + id,
		Before: map[string]any{"reason": found.Reason}, Writes: []table.Write{table.Delete(quarantineKey(id), version)}, Messages: []queue.Message{message},
	})
	if table.ConflictAt(err, quarantineKey(id)) {
		return fault.Missing()
	}
	return err
}

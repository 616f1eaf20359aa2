// Package sesnotification parses the notifications of Amazon SES about received mails: where the
// raw mail is stored, its envelope, and the results of the service's checks. It does not parse the
// mail (mail/incoming does), and decides nothing (shared/support does).
//
// The service stores the mail in a bucket and notifies a topic of Amazon SNS, which puts the
// notification on the queue: as it is, or in an envelope, depending on the subscription. The
// formats are described at docs.aws.amazon.com, "Contents of notifications for Amazon SES email
// receiving" and "Amazon SNS raw message delivery".
package sesnotification

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/authentication"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// folder is the prefix of the keys of raw mails.
const folder = "mail/"

// Notification is the service's notification of a mail.
type Notification struct {
	// MessageID is the service's ID of the mail: the same in every notification of it.
	MessageID string
	// Key is where the raw mail is stored, in the bucket of the installation. Its size is unknown.
	Key string
	// From is the envelope sender, "" for none; Recipients are those of the envelope that match the
	// receipt rule.
	From       string
	Recipients []string
	// SourceAddress is the IP address from which the mail came, "" if it is unknown.
	SourceAddress string
	// Time is when the mail was received.
	Time     time.Time
	Verdicts received.Verdicts
	// Domain is the domain in the From header, "" if it names no sender or several; Authenticated
	// is set if it is proven.
	Domain        string
	Authenticated bool
}

// envelope is a message of Amazon SNS.
type envelope struct {
	Type    string
	Message string
}

// notification is the part of the service's notification that is used.
type notification struct {
	NotificationType string `json:"notificationType"`
	Receipt          struct {
		Recipients  []string `json:"recipients"`
		Spam        verdict  `json:"spamVerdict"`
		Virus       verdict  `json:"virusVerdict"`
		SPF         verdict  `json:"spfVerdict"`
		DKIM        verdict  `json:"dkimVerdict"`
		DMARC       verdict  `json:"dmarcVerdict"`
		DMARCPolicy string   `json:"dmarcPolicy"`
		Action      struct {
			Type      string `json:"type"`
			ObjectKey string `json:"objectKey"`
		} `json:"action"`
	} `json:"receipt"`
	Mail struct {
		Timestamp time.Time `json:"timestamp"`
		Source    string    `json:"source"`
		MessageID string    `json:"messageId"`
		Headers   []header  `json:"headers"`
		Truncated bool      `json:"headersTruncated"`
	} `json:"mail"`
}

type verdict struct {
	Status string `json:"status"`
}

func (v verdict) String() string { return strings.ToUpper(v.Status) }

// Message converts the body of a record to a message for the receiving worker. It returns false for
// anything but a notification of the service, such as a message of our own, and a fault of code
// Invalid for a notification that is not about an acceptable mail. The same notification always
// gives the same message.
func Message(body string) (queue.Message, bool, error) {
	inbound, ours, err := Read(body)
	if err != nil || !ours {
		return queue.Message{}, ours, err
	}
	message, err := inbound.Received().QueueMessage()
	return message, true, err
}

// Read parses the body of a record; its results are those of Message.
func Read(body string) (Notification, bool, error) {
	var outer envelope
	if err := json.Unmarshal([]byte(body), &outer); err != nil {
		return Notification{}, false, nil //nolint:nilerr // what is no JSON is no notification
	}
	if outer.Type == "Notification" {
		body = outer.Message
	}
	var kind struct {
		NotificationType string `json:"notificationType"`
	}
	if err := json.Unmarshal([]byte(body), &kind); err != nil || kind.NotificationType == "" {
		return Notification{}, false, nil //nolint:nilerr // nor is what does not say that it is one
	}
	if kind.NotificationType != "Received" {
		return Notification{}, true, fault.New(fault.Invalid,
			"The notification of type %q is not about a mail that came in.", kind.NotificationType)
	}
	var event notification
	if err := json.Unmarshal([]byte(body), &event); err != nil {
		return Notification{}, true, fault.Wrap(err, fault.Invalid, "The notification of a mail cannot be read.")
	}
	inbound, err := event.receipt()
	return inbound, true, err
}

func (n notification) receipt() (Notification, error) {
	action := n.Receipt.Action
	switch {
	case action.Type != "S3":
		return Notification{}, fault.New(fault.Invalid,
			"The notification is of the action %q: let the receipt rule's S3 action tell the topic.", action.Type)
	case !blob.ValidKey(action.ObjectKey) || !strings.HasPrefix(action.ObjectKey, folder):
		return Notification{}, fault.New(fault.Invalid,
			"The mail was put under the key %q: let the receipt rule's prefix be 'mail/ses/'.", action.ObjectKey)
	case n.Mail.MessageID == "" || n.Mail.Timestamp.Unix() <= 0 || len(n.Receipt.Recipients) == 0:
		return Notification{}, fault.New(fault.Invalid,
			"The notification of a mail lacks the mail's id, time or recipients.")
	}
	inbound := Notification{
		MessageID: n.Mail.MessageID, Key: action.ObjectKey,
		From: strings.Trim(n.Mail.Source, "<> "), Recipients: n.Receipt.Recipients,
		SourceAddress: sourceAddress(n.Mail.Headers), Time: n.Mail.Timestamp,
		Verdicts: received.Verdicts{
			Virus: n.Receipt.Virus.String(), Spam: n.Receipt.Spam.String(),
			SPF: n.Receipt.SPF.String(), DKIM: n.Receipt.DKIM.String(),
			DMARC: n.Receipt.DMARC.String(), DMARCPolicy: strings.ToLower(n.Receipt.DMARCPolicy),
		},
	}
	inbound.Domain = authentication.SenderDomain(values(n.Mail.Headers, "From"))
	inbound.Authenticated = n.authenticated(inbound)
	return inbound, nil
}

// Received returns the mail for the receiving worker.
func (r Notification) Received() received.Mail {
	return received.Mail{
		ID:            r.id().String(),
		RawKey:        r.Key,
		EnvelopeFrom:  r.From,
		Recipients:    r.Recipients,
		SourceAddress: r.SourceAddress,
		Time:          r.Time.Unix(),
		Verdicts:      r.Verdicts,
		Domain:        r.Domain,
		Authenticated: r.Authenticated,
	}
}

// id returns the same ID for the same mail. Like other IDs of mails, it sorts by time: it is a UUID
// of version 7 (RFC 9562, 5.7) whose random part is the hash of the service's ID.
func (r Notification) id() uuid.UUID {
	sum := sha256.Sum256([]byte(r.MessageID))
	id := uuid.UUID(sum[:16])
	milliseconds := r.Time.UnixMilli()
	for i := range 6 {
		id[i] = byte(milliseconds >> (40 - 8*i))
	}
	id[6] = 0x70 | id[6]&0x0f
	id[8] = 0x80 | id[8]&0x3f
	return id
}

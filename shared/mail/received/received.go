// Package received describes a mail that came in, as the message that announces it says: where its
// raw content is stored, the SMTP envelope, and what the checks of its sender found. It does not
// read the mail (mail/incoming does) and decides nothing about it (support/intake does).
package received

import (
	"encoding/json"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// Mail is the body of the queue message that announces a mail.
type Mail struct {
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
	// Domain is the one in the From header as the check of the sender read it, in lower case and as
	// the domain name system writes it; Authenticated is set where it is proven to stand for the
	// mail.
	Domain        string `json:"domain,omitempty"`
	Authenticated bool   `json:"authenticated,omitempty"`
	// Overruled lists the reasons for quarantine that an operator or a desk overruled.
	Overruled []string `json:"overruled,omitempty"`
	// ReleasedTo is set if the desk of a case released the mail from quarantine: nothing else that the
	// mail is sent to, or refers to, counts any more.
	ReleasedTo *Release `json:"released_to,omitempty"`
}

// Release is the case to which its desk released a mail.
type Release struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// SenderID is the person who wrote the mail, as the desk confirmed; "" if it confirmed nobody.
	SenderID string `json:"sender_id,omitempty"`
}

// QueueMessage makes the queue message that announces the mail. Mails of one envelope sender share
// a group.
func (m Mail) QueueMessage() (queue.Message, error) {
	body, err := json.Marshal(m)
	return queue.Message{ID: m.ID, Queue: queue.MailReceive, Group: "FROM#" + m.EnvelopeFrom, Body: body}, err
}

// Verdicts are what a service that takes mail in found out about one, in the words of Amazon SES:
// PASS, FAIL, GRAY (it cannot tell), PROCESSING_FAILED; empty where it did not check.
type Verdicts struct {
	Virus string `json:"virus,omitempty"`
	Spam  string `json:"spam,omitempty"`
	// SPF (RFC 7208) and DKIM (RFC 6376) are about the envelope's sender and the signature, DMARC
	// (RFC 7489) about whether one of them stands for the domain in the From header.
	SPF   string `json:"spf,omitempty"`
	DKIM  string `json:"dkim,omitempty"`
	DMARC string `json:"dmarc,omitempty"`
	// DMARCPolicy is what that domain asks to be done with mails that fail: none, quarantine or
	// reject.
	DMARCPolicy string `json:"dmarc_policy,omitempty"`
}

// Package received describes a received mail as announced on the queue: where its raw content is
// stored, the SMTP envelope, and the results of the sender checks. It does not parse the mail
// (mail/incoming does) or decide what becomes of it (support/intake does).
package received

import (
	"encoding/json"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// Mail is the body of the queue message that announces a mail.
type Mail struct {
	ID string `json:"id"`
	// RawKey is the key of the raw mail in the file store; Size is its length in bytes.
	RawKey string `json:"raw_key"`
	Size   int64  `json:"size"`
	// EnvelopeFrom and Recipients are from the SMTP envelope.
	EnvelopeFrom  string   `json:"envelope_from"`
	Recipients    []string `json:"recipients"`
	SourceAddress string   `json:"src_ip"`
	// Time is in epoch seconds.
	Time int64 `json:"time"`
	// Verdicts are those of the receiving service, if it has any.
	Verdicts Verdicts `json:"verdicts,omitzero"`
	// Domain is the domain of the From header as parsed by the sender check, in lower case and
	// ASCII form; Authenticated is set if the check proved that the mail is from this domain.
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

// QueueMessage returns the queue message that announces the mail. Mails with the same envelope
// sender share a group.
func (m Mail) QueueMessage() (queue.Message, error) {
	body, err := json.Marshal(m)
	return queue.Message{ID: m.ID, Queue: queue.MailReceive, Group: "FROM#" + m.EnvelopeFrom, Body: body}, err
}

// Verdicts are the check results of a receiving service, as Amazon SES names them: PASS, FAIL, GRAY
// (inconclusive) or PROCESSING_FAILED; empty if not checked.
type Verdicts struct {
	Virus string `json:"virus,omitempty"`
	Spam  string `json:"spam,omitempty"`
	// SPF (RFC 7208) checks the envelope sender and DKIM (RFC 6376) the signature; DMARC (RFC 7489)
	// checks whether one of them is aligned with the domain of the From header.
	SPF   string `json:"spf,omitempty"`
	DKIM  string `json:"dkim,omitempty"`
	DMARC string `json:"dmarc,omitempty"`
	// DMARCPolicy is what that domain requests for mails that fail DMARC: none, quarantine or
	// reject.
	DMARCPolicy string `json:"dmarc_policy,omitempty"`
}

// Package mail is the port for outgoing mail: a finished message and its sender. mail/smtp sends
// through an SMTP server, mail/ses through Amazon SES, and mail/mailfolder stores mail as files.
// mail/outgoing builds messages, mail/incoming reads received ones. What mail does to cases is
// decided in shared/support.
package mail

import "context"

// Outgoing is a finished mail for one recipient.
type Outgoing struct {
	// ID identifies the mail across retries: letters, digits, '-'. A sender that can detect
	// duplicates (the mail folder) keeps only one mail per ID.
	ID string
	// EnvelopeFrom is the address for bounces; empty for none.
	EnvelopeFrom string
	// To is the recipient's bare address.
	To string
	// Raw is the whole message with its headers, lines ended by CR LF.
	Raw []byte
}

// Sender is the port.
type Sender interface {
	// Send hands the mail over. If it returns nil, the receiver has durably accepted the mail. A
	// fault of code Unavailable is temporary; a fault of code Invalid is permanent (the recipient
	// or the message is rejected).
	//
	// wireID is the Message-ID, without angle brackets, that the mail goes out with where
	// the carrier replaces that of Raw: answers refer to it. Empty where Raw's stays.
	Send(ctx context.Context, message Outgoing) (wireID string, err error)
}

// Package mail is the port through which mail leaves: a finished message and who
// carries it. mail/relay hands it to an SMTP server, mail/ses to Amazon SES, mail/outbox
// keeps it as a file.
// mail/letter builds the messages, mail/incoming reads those that come in. What a case
// does with a mail is decided in shared/support.
package mail

import "context"

// Outgoing is a finished mail for one recipient.
type Outgoing struct {
	// ID is the same for the same mail however often it is sent: letters, digits, '-'. A
	// sender that can tell (the outbox folder) keeps only one mail for an ID.
	ID string
	// EnvelopeFrom is where bounces go; empty means that nobody wants them.
	EnvelopeFrom string
	// To is the recipient's bare address.
	To string
	// Raw is the whole message with its headers, lines ended by CR LF.
	Raw []byte
}

// Sender is the port.
type Sender interface {
	// Send hands the mail over. When it returns nil the mail is somebody else's
	// responsibility, durably. A fault of code Unavailable may pass (try again later);
	// a fault of code Invalid will not (the recipient or the message is refused for good).
	//
	// wireID is the Message-ID, without angle brackets, that the mail goes out with where
	// the carrier replaces that of Raw: answers refer to it. Empty where Raw's stays.
	Send(ctx context.Context, message Outgoing) (wireID string, err error)
}

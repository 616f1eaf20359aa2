// Package smtp sends finished mails to an SMTP server. It stores nothing and retries nothing: the
// queue before it does. It sends the bytes as they are; mail/outgoing builds them.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

// sendTimeout limits the conversation about one mail. It is shorter than the sum of the timeouts in
// RFC 5321, 4.5.3.2: the queue retries, and the receiving side recognizes the mail by its
// Message-ID.
const sendTimeout = 5 * time.Minute

// Sender sends mail through one SMTP server. It is safe for concurrent use: each mail has its own
// connection.
type Sender struct {
	server server
	// roots are the trusted certificate authorities; nil means the system's.
	roots *x509.CertPool
}

// New parses a setting such as smtp://user:password@host:587, smtps://user:password@host:465 or
// smtp://host:25. With smtp:// and credentials TLS is required, without credentials it is used if
// the server offers it; ?tls=none and ?tls=mandatory change that, and ?hello=NAME sets the name in
// EHLO. The error says how to correct the setting, and does not repeat it.
func New(setting string) (*Sender, error) {
	parsed, err := parse(setting)
	if err != nil {
		return nil, err
	}
	return &Sender{server: parsed}, nil
}

// String returns the server without the credentials.
func (r *Sender) String() string { return net.JoinHostPort(r.server.host, r.server.port) }

// Send sends the mail to the server. It returns a fault of code Invalid if the server permanently
// rejects this sender, recipient or message (5xx), and one of code Unavailable for everything that
// is temporary or that an operator can fix. The mail keeps its Message-ID.
func (r *Sender) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	// When the context ends, the connection is closed, whatever it is waiting for.
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	client, err := r.connect(ctx)
	if err != nil {
		return "", fault.Wrap(r.scrub(err), fault.Unavailable,
			"The mail server %s cannot be reached or does not let us in.", r)
	}
	if err := transfer(client, message); err != nil {
		return "", r.judge(err)
	}
	// The server has the mail; errors of QUIT do not matter.
	_ = client.Quit()
	return "", nil
}

// transfer is the conversation about one mail.
func transfer(client *smtp.Client, message mail.Outgoing) error {
	if strings.ContainsAny(message.To+message.EnvelopeFrom, "\r\n\t <>\x00") || message.To == "" {
		return &smtp.SMTPError{Code: 553, Message: "not a bare mail address"}
	}
	options := &smtp.MailOptions{Size: int64(len(message.Raw))}
	if wide(message.To) || wide(message.EnvelopeFrom) {
		if offered, _ := client.Extension("SMTPUTF8"); !offered {
			return &smtp.SMTPError{Code: 550, Message: "the server takes no addresses beyond ASCII (SMTPUTF8)"}
		}
		options.UTF8 = true
	}
	if err := client.Mail(message.EnvelopeFrom, options); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	if err := client.Rcpt(message.To, nil); err != nil {
		return fmt.Errorf("recipient: %w", err)
	}
	body, err := client.Data()
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if _, err := body.Write(message.Raw); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if err := body.Close(); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}

// judge distinguishes permanent rejections from temporary failures.
func (r *Sender) judge(err error) error {
	answer, ok := errors.AsType[*smtp.SMTPError](err)
	if !ok {
		return fault.Wrap(r.scrub(err), fault.Unavailable, "The connection to the mail server %s broke off.", r)
	}
	// 530, 534, 535 and 538 are about us and our password, not about this mail (RFC 4954, 6).
	if answer.Code < 500 || answer.Code >= 530 && answer.Code < 540 {
		return fault.Wrap(r.scrub(err), fault.Unavailable, "The mail server %s does not take the mail now.", r)
	}
	return fault.Wrap(r.scrub(err), fault.Invalid, "The mail server %s refuses the mail.", r)
}

// scrub removes the password from the errors of servers and libraries.
func (r *Sender) scrub(err error) error {
	if r.server.password == "" || !strings.Contains(err.Error(), r.server.password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), r.server.password, "***"))
}

func wide(address string) bool {
	return strings.ContainsFunc(address, func(r rune) bool { return r > 126 })
}

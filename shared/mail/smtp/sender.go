// Package smtp hands finished mails to an SMTP server. It keeps nothing and retries
// nothing: the queue before it does. It sends the bytes as they are; building mails is
// the work of mail/letter.
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

// sendTimeout bounds the whole conversation about one mail. It is shorter than the sum of
// the timeouts in RFC 5321, 4.5.3.2: the queue delivers the mail again, and the
// receiving side knows it by its Message-ID.
const sendTimeout = 5 * time.Minute

// Sender sends mail through one SMTP server. It is safe for concurrent use: each mail
// has a connection of its own.
type Sender struct {
	server server
	// roots are the authorities that may vouch for the server; nil means the system's.
	roots *x509.CertPool
}

// New reads a setting such as smtp://user:password@host:587, smtps://user:password@host:465
// or smtp://host:25. With smtp:// and credentials encryption is demanded, without
// credentials it is used where the server offers it; ?tls=none and ?tls=mandatory say
// otherwise, and ?hello=NAME sets the name we introduce ourselves with. The error says
// how to mend the setting, and does not repeat it.
func New(setting string) (*Sender, error) {
	parsed, err := parse(setting)
	if err != nil {
		return nil, err
	}
	return &Sender{server: parsed}, nil
}

// String names the server, without the credentials.
func (r *Sender) String() string { return net.JoinHostPort(r.server.host, r.server.port) }

// Send hands the mail to the server. It returns a fault of code Invalid when the server
// refuses this sender, recipient or message for good (5xx), and one of code Unavailable
// for everything that may pass or that an operator can mend. The mail keeps its Message-ID.
func (r *Sender) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	// The end of the context closes the connection, whatever it is waiting for.
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
	// The server has the mail; how it says good-bye no longer matters.
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

// judge tells a refusal for good from what may pass.
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

// scrub makes sure that no error that a server or library words can carry the password.
func (r *Sender) scrub(err error) error {
	if r.server.password == "" || !strings.Contains(err.Error(), r.server.password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), r.server.password, "***"))
}

func wide(address string) bool {
	return strings.ContainsFunc(address, func(r rune) bool { return r > 126 })
}

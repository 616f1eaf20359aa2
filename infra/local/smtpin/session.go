package smtpin

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/emersion/go-smtp"

	"github.com/tenantry/tenantry/shared/fault"
)

// session is the SMTP session of one connection.
type session struct {
	ctx           context.Context
	server        *Server
	connection    *connection
	remote, hello string
	from          string
	recipients    []string
}

// Reset discards the current mail.
func (s *session) Reset() {
	s.from, s.recipients = "", nil
	if s.connection != nil {
		s.connection.draining.Store(false)
	}
}

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail accepts the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.Reset()
	if s.server.Admit != nil {
		if err := s.server.Admit(s.ctx, s.remote); err != nil {
			s.server.Log.Warn("smtp source not admitted", "source", s.remote, "cause", err)
			return answer(err)
		}
	}
	s.from = from
	return nil
}

// Rcpt accepts a recipient if it is ours. Mail for others is not relayed.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.server.Accept(to) {
		s.server.Log.Info("smtp recipient refused", "source", s.remote, "recipient", loggable(to))
		return &smtp.SMTPError{
			Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1},
			Message: "There is no such mailbox here, and mail for others is not relayed",
		}
	}
	if !slices.ContainsFunc(s.recipients, func(known string) bool { return strings.EqualFold(known, to) }) {
		s.recipients = append(s.recipients, to)
	}
	return nil
}

// Data passes the message to Deliver and replies when Deliver has returned.
func (s *session) Data(r io.Reader) error {
	s.busy(true)
	defer s.busy(false)
	message := newContent(r, s.connection, orDefault(s.server.IdleTimeout, idleTimeout))
	if message.connection != nil {
		s.connection.hurry(true)
		defer s.connection.hurry(false)
	}
	envelope := Envelope{
		From:          s.from,
		Recipients:    slices.Clone(s.recipients),
		RemoteAddress: s.remote,
		Hello:         s.hello,
		Received:      s.server.Now(),
	}
	err := s.server.Deliver(s.ctx, envelope, message)
	if message.err != nil {
		if message.connection != nil {
			s.connection.draining.Store(true)
		}
		// Whatever Deliver returned, the message did not arrive completely.
		err = message.err
	} else if !message.ended {
		// A message whose lines end in CR CR LF has no end that the library would find.
		if _, rest := io.Copy(io.Discard, message); err == nil {
			err = rest
		}
	}
	log := s.server.Log.With("source", s.remote, "hello", s.hello, "from", envelope.From, "recipients",
		loggableAll(envelope.Recipients), "bytes", message.read)
	if err != nil {
		log.Warn("smtp mail not accepted", "cause", err)
		return answer(err)
	}
	log.Info("smtp mail accepted")
	return nil
}

func (s *session) busy(busy bool) {
	if s.connection != nil {
		s.connection.guard.setBusy(s.connection, busy)
	}
}

// answer converts an error into the reply for the sender, without revealing its cause.
func answer(err error) error {
	if known, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return known
	}
	problem, ok := errors.AsType[*fault.Error](err)
	switch {
	case errors.Is(err, smtp.ErrTooLongLine):
		return &smtp.SMTPError{
			Code:         554,
			EnhancedCode: smtp.EnhancedCode{5, 6, 0},
			Message:      "A line of the mail is longer than this server accepts",
		}
	case ok && problem.Code == fault.TooLarge:
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: line(problem.Message)}
	case ok && problem.Code == fault.Full:
		return &smtp.SMTPError{
			Code:         452,
			EnhancedCode: smtp.EnhancedCode{4, 3, 1},
			Message:      "The server is short of space, try again later",
		}
	case ok && problem.Code == fault.Limited:
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: line(problem.Message)}
	case ok && problem.Code == fault.Invalid:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: line(problem.Message)}
	default:
		return &smtp.SMTPError{
			Code:         451,
			EnhancedCode: smtp.EnhancedCode{4, 3, 0},
			Message:      "The mail cannot be accepted now, try again later",
		}
	}
}

// line puts a message on one line of a length that every sender accepts.
func line(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	return message[:min(len(message), 400)]
}

// plainConnection returns our connection below the TLS layer.
func plainConnection(c *smtp.Conn) *connection {
	below := c.Conn()
	if encrypted, ok := below.(*tls.Conn); ok {
		below = encrypted.NetConn()
	}
	own, _ := below.(*connection)
	return own
}

// loggable returns an address for the log. The part after a plus may be a secret, so it is removed.
func loggable(address string) string {
	before, after, found := strings.Cut(address, "+")
	if _, domain, ok := strings.Cut(after, "@"); found && ok {
		return before + "+…@" + domain
	}
	return address
}

func loggableAll(addresses []string) []string {
	shown := make([]string, len(addresses))
	for i, address := range addresses {
		shown[i] = loggable(address)
	}
	return shown
}

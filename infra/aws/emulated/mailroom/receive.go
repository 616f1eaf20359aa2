package mailroom

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMail is the maximum size of a mail that SES receives, in bytes ("Service quotas in Amazon
// SES": 40 MB).
const maxMail = 40 << 20

// Receiver is the mail server of SES for one domain.
type Receiver struct {
	// Domain is the domain whose mail is accepted; Prefix is the prefix of a mail's key in the
	// bucket, as in mail/ses/.
	Domain, Prefix string
	// Bucket and Topic are named in the notifications.
	Bucket, Topic string
	// Put puts a raw mail into the bucket. Publish announces it.
	Put     func(ctx context.Context, key string, raw []byte) error
	Publish func(ctx context.Context, notification []byte) error
	Now     func() time.Time
	Log     *slog.Logger

	server *smtp.Server
}

// Start serves SMTP at an address until Close is called, and returns the actual address.
func (r *Receiver) Start(ctx context.Context, address string) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	r.server = smtp.NewServer(
		smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{receiver: r}, nil }))
	r.server.Domain, r.server.MaxMessageBytes = "inbound-smtp.amazonaws.com", maxMail
	r.server.ReadTimeout, r.server.WriteTimeout = time.Minute, time.Minute
	go func() { _ = r.server.Serve(listener) }() // returns when the server is closed
	return listener.Addr().String(), nil
}

// Close stops the server.
func (r *Receiver) Close() { _ = r.server.Close() }

type session struct {
	receiver *Receiver
	from     string
	to       []string
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt accepts what a receipt rule for the whole domain matches.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	_, domain, _ := strings.Cut(to, "@")
	if !strings.EqualFold(domain, s.receiver.Domain) {
		return &smtp.SMTPError{
			Code:         550,
			EnhancedCode: smtp.EnhancedCode{5, 1, 1},
			Message:      "Requested action not taken: mailbox unavailable",
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(from io.Reader) error {
	raw, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.receiver.take(ctx, s.from, s.to, raw); err != nil {
		s.receiver.Log.Error("a mail could not be stored", "error", err)
		return &smtp.SMTPError{
			Code:         451,
			EnhancedCode: smtp.EnhancedCode{4, 3, 0},
			Message:      "Temporary service failure",
		}
	}
	return nil
}

// take does what a receipt rule's S3 action does: it puts the mail, with the headers that SES adds,
// into the bucket and notifies the topic.
func (r *Receiver) take(ctx context.Context, from string, to []string, raw []byte) error {
	id := strings.ToLower(rand.Text() + rand.Text())[:40]
	received := r.Now().UTC()
	var mail bytes.Buffer
	fmt.Fprintf(
		&mail,
		"Return-Path: <%s>\r\nReceived: from mail.example.com (mail.example.com [192.0.2.25])\r\n by "+
			"inbound-smtp.amazonaws.com with SMTP id %s\r\n for %s;\r\n %s\r\n",
		from,
		id,
		strings.Join(to, ", "),
		received.Format(time.RFC1123Z),
	)
	mail.WriteString("X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n")
	mail.Write(raw)
	if err := r.Put(ctx, r.Prefix+id, mail.Bytes()); err != nil {
		return err
	}
	notification, err := json.Marshal(r.notification(id, from, to, received, raw))
	if err != nil {
		return err
	}
	return r.Publish(ctx, notification)
}

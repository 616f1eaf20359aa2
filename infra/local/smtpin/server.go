// Package smtpin is the SMTP server that receives mail where no cloud service does. It implements
// the protocol and its limits, accepts mail for its own addresses only, and acknowledges a mail
// only after Deliver has stored it. Package shared/mail/incoming interprets the mails.
package smtpin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/tenantry/tenantry/infra/local/connections"
)

// Envelope is the envelope of a message.
type Envelope struct {
	// From is where bounces go; empty for mail that must not be answered.
	From string
	// Recipients are the recipients that Accept accepted, each once.
	Recipients []string
	// RemoteAddress is the sending server's IP address, Hello the name that it gave.
	RemoteAddress, Hello string
	Received             time.Time
}

// Server receives mail. Accept, Deliver, Now and Log must be set; a limit of zero means the
// default.
type Server struct {
	// HostName is the server's own name.
	HostName string
	// Accept reports whether mail for the recipient is accepted.
	Accept func(recipient string) bool
	// Admit reports whether mails of a source are accepted now, by its IP address; nil accepts all. A
	// fault of code Limited is answered with its message and 450, any other error with 451.
	Admit func(ctx context.Context, source string) error
	// Deliver takes responsibility for the message: after it returns nil, the server acknowledges
	// the mail. A fault of code TooLarge or Invalid rejects the mail permanently; any other error
	// asks the sender to try again. Deliver must read content to its end or return an error, and
	// must not return nil after an error of content.
	Deliver func(ctx context.Context, envelope Envelope, content io.Reader) error
	Now     func() time.Time
	Log     *slog.Logger
	// Trusted reports addresses that MaxConnectionsPerSource does not apply to: relays in front. It may
	// be nil.
	Trusted func(netip.Addr) bool
	// TLS offers STARTTLS, if set.
	TLS *tls.Config

	MaxBytes                int64         // of a message; 40 MiB
	MaxRecipients           int           // of a message; 100
	MaxLine                 int           // bytes of a line; 8,000
	MaxConnections          int           // at the same time; 200
	MaxConnectionsPerSource int           // at the same time from one IP address, or one /64 network of IPv6; 20
	IdleTimeout             time.Duration // between two pieces of input; 5 minutes (RFC 5321, 4.5.3.2.7)
	ConnectionTimeout       time.Duration // for a whole connection; 15 minutes
	StopTimeout             time.Duration // for mails in progress when Serve ends; 20 seconds
}

// idleTimeout is how long a client may keep silent, unless the server is told otherwise.
const idleTimeout = 5 * time.Minute

func orDefault[T int | int64 | time.Duration](value, standard T) T {
	if value == 0 {
		return standard
	}
	return value
}

// Serve accepts connections until ctx ends. Then it accepts no new ones, lets mails in progress
// finish within StopTimeout, and returns nil. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	// Mails in progress may finish after ctx has ended.
	working, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	server := s.protocol(working)
	guarded := &guard{
		Listener:     connections.Limit(listener, s.shares()),
		idle:         map[*connection]bool{},
		idleTimeout:  orDefault(s.IdleTimeout, idleTimeout),
		wholeTimeout: orDefault(s.ConnectionTimeout, 15*time.Minute),
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(guarded) }()
	s.Log.Info("smtp server listening", "address", listener.Addr().String())
	select {
	case err := <-done:
		return errors.Join(fmt.Errorf("smtpin: serve: %w", err), server.Close())
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(working, orDefault(s.StopTimeout, 20*time.Second))
	defer cancel()
	// The library does not track a listener until it uses it, and does not wait for a connection
	// accepted while it shuts down, so there must be none.
	_ = listener.Close()
	guarded.stop()
	serving := <-done
	if err := server.Shutdown(ending); err != nil && !errors.Is(err, net.ErrClosed) {
		s.Log.Warn("smtp connections were cut off", "cause", err)
		guarded.closeAll()
	}
	if serving != nil && !errors.Is(serving, net.ErrClosed) {
		s.Log.Warn("smtp server ended", "cause", serving)
	}
	s.Log.Info("smtp server stopped")
	return nil
}

// shares returns how the connections are shared. A client waits for nothing when it is refused.
func (s *Server) shares() connections.Limits {
	return connections.Limits{
		Total: orDefault(s.MaxConnections, 200), PerSource: orDefault(s.MaxConnectionsPerSource, 20),
		Trusted: s.Trusted, Now: time.Now,
		Refuse: func(refused net.Conn) {
			s.Log.Warn("smtp connection rejected", "source", refused.RemoteAddr().String())
			go turnAway(refused)
		},
	}
}

func (s *Server) protocol(ctx context.Context) *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		remote, _, _ := net.SplitHostPort(c.Conn().RemoteAddr().String())
		return &session{ctx: ctx, server: s, connection: plainConnection(c), remote: remote, hello: c.Hostname()}, nil
	}))
	server.Domain = s.HostName
	server.TLSConfig = s.TLS
	server.MaxMessageBytes = orDefault(s.MaxBytes, 40<<20)
	server.MaxRecipients = orDefault(s.MaxRecipients, 100)
	server.MaxLineLength = orDefault(s.MaxLine, 8000)
	server.EnableSMTPUTF8 = true
	server.ErrorLog = protocolLog{s.Log}
	// The library's timeouts do not apply while a message is received; guard has its own.
	server.WriteTimeout = orDefault(s.IdleTimeout, idleTimeout)
	return server
}

// protocolLog logs the library's messages.
type protocolLog struct{ log *slog.Logger }

func (l protocolLog) Printf(format string, v ...any) {
	l.log.Warn("smtp protocol", "cause", fmt.Sprintf(format, v...))
}

func (l protocolLog) Println(v ...any) { l.log.Warn("smtp protocol", "cause", fmt.Sprint(v...)) }

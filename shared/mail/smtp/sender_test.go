package smtp

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

// received is what the server in the tests was given.
type received struct {
	From, To string
	Raw      []byte
	TLS      bool
	User     string
}

// inbox is a real SMTP server; what it does with a mail depends on the recipient.
type inbox struct {
	mu    sync.Mutex
	mails []received
	ended chan struct{} // closed when the test ends: until then the slow one does not answer
}

func (b *inbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, encrypted := c.TLSConnectionState()
	return &session{inbox: b, connection: c, mail: received{TLS: encrypted}}, nil
}

func (b *inbox) taken() []received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.mails
}

type session struct {
	inbox      *inbox
	connection *smtp.Conn
	mail       received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "s3cret" {
			return &smtp.SMTPError{Code: 535, Message: "wrong password " + password}
		}
		s.mail.User = user
		return nil
	}), nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = to
	switch name, _, _ := strings.Cut(to, "@"); name {
	case "unknown":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	case "greylisted":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later"}
	case "hangup":
		s.connection.Conn().Close()
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch name, _, _ := strings.Cut(s.mail.To, "@"); name {
	case "spam":
		return &smtp.SMTPError{Code: 554, Message: "we do not want this"}
	case "drop":
		s.connection.Conn().Close()
		return errors.New("gone")
	case "slow":
		<-s.inbox.ended
	}
	s.mail.Raw = raw
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.mails = append(s.inbox.mails, s.mail)
	return nil
}

// certificate borrows the test certificate for 127.0.0.1 of the standard library.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return &tls.Config{Certificates: web.TLS.Certificates}, roots
}

func serve(t *testing.T, encryption *tls.Config, fromTheStart bool) (*inbox, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if fromTheStart {
		listener = tls.NewListener(listener, encryption)
	}
	box := &inbox{ended: make(chan struct{})}
	server := smtp.NewServer(box)
	server.TLSConfig, server.Domain, server.EnableSMTPUTF8 = encryption, "mx.example", true
	server.AllowInsecureAuth = true
	server.ErrorLog = log.New(io.Discard, "", 0)
	go server.Serve(listener)
	t.Cleanup(func() {
		close(box.ended)
		server.Close()
	})
	return box, address
}

func relayTo(t *testing.T, setting string, roots *x509.CertPool) *Sender {
	t.Helper()
	r, err := New(setting)
	if err != nil {
		t.Fatal(err)
	}
	r.roots = roots
	return r
}

var raw = []byte("Subject: x\r\n\r\n.a line with a dot\r\n..\r\n8-bit: \xc4\x8d\r\n")

func outgoing(to string) mail.Outgoing {
	return mail.Outgoing{ID: "m-1", EnvelopeFrom: "bounces@msp.example", To: to, Raw: raw}
}

func TestAMailArrivesUnchangedOverEveryKindOfEncryption(t *testing.T) {
	config, roots := certificate(t)
	for name, c := range map[string]struct {
		config       *tls.Config
		fromTheStart bool
		scheme, end  string
		encrypted    bool
		user         string
	}{
		"in the clear":          {nil, false, "smtp://", "?tls=none", false, ""},
		"nothing offered":       {nil, false, "smtp://", "", false, ""},
		"offered and taken":     {config, false, "smtp://", "", true, ""},
		"demanded":              {config, false, "smtp://", "?tls=mandatory", true, ""},
		"demanded by password":  {config, false, "smtp://ana:s3cret@", "", true, "ana"},
		"from the start":        {config, true, "smtps://ana:s3cret@", "", true, "ana"},
		"password at localhost": {nil, false, "smtp://ana:s3cret@", "?tls=none", false, "ana"},
	} {
		t.Run(name, func(t *testing.T) {
			box, address := serve(t, c.config, c.fromTheStart)
			if _, err := relayTo(
				t,
				c.scheme+address+c.end,
				roots,
			).Send(t.Context(), outgoing("ana@customer.example")); err != nil {
				t.Fatal(err)
			}
			got := box.taken()
			if len(got) != 1 || !bytes.Equal(got[0].Raw, raw) || got[0].TLS != c.encrypted || got[0].User != c.user ||
				got[0].From != "bounces@msp.example" || got[0].To != "ana@customer.example" {
				t.Errorf("arrived: %+v", got)
			}
		})
	}
}

func TestARefusalForGoodIsToldFromWhatMayPass(t *testing.T) {
	box, address := serve(t, nil, false)
	r := relayTo(t, "smtp://"+address, nil)
	for to, want := range map[string]fault.Code{
		"unknown@x.example":    fault.Invalid,
		"spam@x.example":       fault.Invalid,
		"greylisted@x.example": fault.Unavailable,
		"hangup@x.example":     fault.Unavailable,
		"drop@x.example":       fault.Unavailable,
	} {
		if _, err := r.Send(t.Context(), outgoing(to)); fault.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", to, err, want)
		}
	}
	if len(box.taken()) != 0 {
		t.Errorf("arrived: %+v", box.taken())
	}
}

func TestAServerThatIsNotThereMayComeBack(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	if _, err := relayTo(t, "smtp://"+address, nil).Send(t.Context(), outgoing("a@b.example")); !fault.Is(
		err,
		fault.Unavailable,
	) {
		t.Errorf("got %v", err)
	}
}

func TestNoMailGoesOutWithoutTheEncryptionThatIsDemanded(t *testing.T) {
	config, _ := certificate(t)
	strangers := x509.NewCertPool()
	for name, c := range map[string]struct {
		config *tls.Config
		roots  *x509.CertPool
	}{"not offered": {nil, nil}, "offered by a stranger": {config, strangers}} {
		t.Run(name, func(t *testing.T) {
			box, address := serve(t, c.config, false)
			_, err := relayTo(t, "smtp://ana:s3cret@"+address, c.roots).Send(t.Context(), outgoing("a@b.example"))
			if !fault.Is(err, fault.Unavailable) || len(box.taken()) != 0 {
				t.Errorf("got %v, %d mails", err, len(box.taken()))
			}
		})
	}
}

func TestAWrongPasswordIsNotTheMailsFaultAndIsNotRepeated(t *testing.T) {
	config, roots := certificate(t)
	_, address := serve(t, config, false)
	_, err := relayTo(t, "smtp://ana:hunter2@"+address, roots).Send(t.Context(), outgoing("a@b.example"))
	if !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestTheEndOfTheContextEndsTheConversation(t *testing.T) {
	box, address := serve(t, nil, false)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := relayTo(t, "smtp://"+address, nil).Send(ctx, outgoing("slow@b.example"))
	// The other side answers when the test has ended; without the context's end it would be waited for much longer.
	if took := time.Since(begun); !fault.Is(err, fault.Unavailable) || took > 20*time.Second {
		t.Errorf("got %v after %s; %d mails", err, took, len(box.taken()))
	}
}

func TestAddressesBeyondASCIIAreSent(t *testing.T) {
	box, address := serve(t, nil, false)
	if _, err := relayTo(t, "smtp://"+address, nil).Send(t.Context(), outgoing("žiga@primer.example")); err != nil {
		t.Fatal(err)
	}
	if got := box.taken(); len(got) != 1 || got[0].To != "žiga@primer.example" {
		t.Errorf("arrived: %+v", got)
	}
}

func TestALineBreakInAnAddressIsRefused(t *testing.T) {
	box, address := serve(t, nil, false)
	_, err := relayTo(t, "smtp://"+address, nil).Send(t.Context(), outgoing("a@b.example>\r\nRCPT TO:<c@d.example"))
	if !fault.Is(err, fault.Invalid) || len(box.taken()) != 0 {
		t.Errorf("got %v; arrived: %+v", err, box.taken())
	}
}

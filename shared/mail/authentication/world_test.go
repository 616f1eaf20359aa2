package authentication_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/tenantry/tenantry/shared/mail/authentication"
)

// records is a domain name system with fixed answers. Names are absolute.
type records struct {
	text      map[string][]string
	mail      map[string][]*net.MX
	addresses map[string][]net.IPAddr
	names     map[string][]string
	// broken names cannot be asked for now; those that hang give no answer at all.
	broken, hanging map[string]bool
	asked           *atomic.Int64
}

func (r records) answer(ctx context.Context, name string) error {
	r.asked.Add(1)
	switch {
	case r.hanging[name]:
		<-ctx.Done()
		return ctx.Err()
	case r.broken[name]:
		return &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return nil
}

func find[T any](ctx context.Context, r records, in map[string][]T, name string) ([]T, error) {
	if err := r.answer(ctx, name); err != nil {
		return nil, err
	}
	if record, ok := in[strings.ToLower(name)]; ok {
		return record, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (r records) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return find(ctx, r, r.text, name)
}

func (r records) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return find(ctx, r, r.mail, name)
}

func (r records) LookupIPAddr(ctx context.Context, name string) ([]net.IPAddr, error) {
	return find(ctx, r, r.addresses, name)
}

func (r records) LookupAddr(ctx context.Context, address string) ([]string, error) {
	return find(ctx, r, r.names, address)
}

// world is a domain name system and keys to sign with.
type world struct {
	t testing.TB
	records
	key    crypto.Signer
	random float64
	// patience is how long the domain name system may take.
	patience time.Duration
}

func newWorld(t testing.TB) *world {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, key: private, patience: 5 * time.Second, records: records{
		text:      map[string][]string{},
		mail:      map[string][]*net.MX{},
		addresses: map[string][]net.IPAddr{},
		names:     map[string][]string{},
		broken:    map[string]bool{},
		hanging:   map[string]bool{},
		asked:     &atomic.Int64{},
	}}
	for _, domain := range []string{"customer.example", "mail.customer.example", "other.example", "attacker.example", "xn--bcher-kva.example", "co.uk"} {
		w.text["k1._domainkey."+domain+"."] = []string{
			"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public),
		}
	}
	return w
}

// sign signs a mail for a domain.
func (w *world) sign(mail, domain string) string {
	w.t.Helper()
	var signed bytes.Buffer
	err := dkim.Sign(&signed, strings.NewReader(mail), &dkim.SignOptions{
		Domain: domain, Selector: "k1", Signer: w.key, HeaderKeys: []string{"From", "To", "Subject"},
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return signed.String()
}

// check checks a mail that a server of the public network brought.
func (w *world) check(from, mail string) authentication.Result {
	w.t.Helper()
	return w.checkFrom(
		authentication.Envelope{From: from, Hello: "mx.customer.example", Source: netip.MustParseAddr("203.0.113.9")},
		mail)
}

func (w *world) checkFrom(envelope authentication.Envelope, mail string) authentication.Result {
	w.t.Helper()
	checker := authentication.Checker{
		Resolver: w.records,
		Random:   func() float64 { return w.random },
		Patience: w.patience,
	}
	result, err := checker.Authenticate(w.t.Context(), envelope, strings.NewReader(mail))
	if err != nil {
		w.t.Fatal(err)
	}
	return result
}

// wants compares a result, written as "SPF DKIM DMARC policy authenticated".
func (w *world) wants(result authentication.Result, want string) {
	w.t.Helper()
	if got := summary(result); got != want {
		w.t.Errorf("got %s, want %s\n%s", got, want, strings.Join(result.Notes, "\n"))
	}
}

func summary(r authentication.Result) string {
	words := []string{r.Verdicts.SPF, r.Verdicts.DKIM, r.Verdicts.DMARC}
	if r.Verdicts.DMARCPolicy != "" {
		words = append(words, r.Verdicts.DMARCPolicy)
	}
	if r.Authenticated {
		words = append(words, "authenticated")
	}
	return strings.Join(words, " ")
}

// mailFrom is a mail with a From header.
func mailFrom(from string) string {
	return "From: " + from + "\r\nTo: support@help.example.com\r\nSubject: The link is down\r\n\r\nIt is down.\r\n"
}

const ana = "ana@customer.example"

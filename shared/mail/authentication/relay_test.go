package authentication_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/mail/authentication"
)

// ask has a relay check a mail.
func askRelay(t testing.TB, source, mail string) authentication.Result {
	t.Helper()
	relay := authentication.TrustedServer{
		ServerID: "mx.msp.example",
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
	result, err := relay.Authenticate(t.Context(), authentication.Envelope{Source: netip.MustParseAddr(source)},
		strings.NewReader(mail))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestWhatTheServerInFrontFoundIsBelieved(t *testing.T) {
	for _, test := range []struct{ name, header, want string }{
		{"OpenDMARC", "mx.msp.example; dmarc=fail (p=reject dis=none) header.from=customer.example", "GRAY GRAY FAIL reject"},
		{"all of it", "mx.msp.example; spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=ana@customer.example;\r\n\tdkim=pass (2048-bit key) header.d=customer.example header.i=@customer.example header.b=\"a+b/c==\";\r\n dmarc=pass (policy=none) header.from=customer.example", "PASS PASS PASS authenticated"},
		{"a version and comments", "(x) mx.msp.example (y) 1 (z); (before) spf (a) = (b) fail (c (d) e) smtp.mailfrom (f) = (g) ana@other.example", "FAIL GRAY GRAY"},
		{"nothing", "mx.msp.example; none", "GRAY GRAY GRAY"},
		{"letters great and small", "MX.msp.Example; SPF=Pass SMTP.MailFrom=CUSTOMER.example", "PASS GRAY GRAY authenticated"},
		{"no DMARC, an aligned signature", "mx.msp.example; dkim=pass header.d=mail.customer.example", "GRAY PASS GRAY authenticated"},
		{"no DMARC, a foreign signature", "mx.msp.example; dkim=pass header.d=attacker.example", "GRAY PASS GRAY"},
		{"no DMARC, only who signed", "mx.msp.example; dkim=pass header.i=x@customer.example", "GRAY PASS GRAY authenticated"},
		{"no DMARC, SPF for the server's name", "mx.msp.example; spf=pass smtp.mailfrom=<> smtp.helo=mx.customer.example", "PASS GRAY GRAY authenticated"},
		{"a domain without a policy", "mx.msp.example; dkim=pass header.d=customer.example; dmarc=none header.from=customer.example", "GRAY PASS GRAY authenticated"},
		{"DMARC that fails beside an aligned signature", "mx.msp.example; dkim=pass header.d=mail.customer.example; dmarc=fail header.from=customer.example policy.dmarc=quarantine", "GRAY PASS FAIL quarantine"},
		{"DMARC about another domain", "mx.msp.example; dmarc=pass header.from=attacker.example", "GRAY GRAY GRAY"},
		{"trouble", "mx.msp.example; spf=temperror; dkim=temperror header.d=customer.example; dmarc=temperror", "PROCESSING_FAILED PROCESSING_FAILED PROCESSING_FAILED"},
		{"results that bind nobody", "mx.msp.example; spf=softfail smtp.mailfrom=customer.example; dkim=neutral; dmarc=bestguesspass", "GRAY GRAY GRAY"},
		{"several signatures", "mx.msp.example; dkim=fail header.d=customer.example; dkim=pass header.d=customer.example", "GRAY PASS GRAY authenticated"},
		{"a result in quotes is none", `mx.msp.example; spf=fail smtp.mailfrom="x; dmarc=pass header.from=customer.example ;"@attacker.example`, "FAIL GRAY GRAY"},
		{"a result in a comment is none", `mx.msp.example; spf=fail (x; dmarc=pass \) ; dkim=pass header.d=customer.example) smtp.mailfrom=attacker.example`, "FAIL GRAY GRAY"},
		{"ARC is not believed", "mx.msp.example; arc=pass header.oldest-pass=0; auth=pass smtp.auth=ana@customer.example", "GRAY GRAY GRAY"},
		{"another version of the header", "mx.msp.example 2; dmarc=pass", "GRAY GRAY GRAY"},
		{"quotes without end", `mx.msp.example; spf=pass smtp.mailfrom="x`, "GRAY GRAY GRAY"},
		{"a comment without end", "mx.msp.example; dmarc=pass (x", "GRAY GRAY GRAY"},
		{"no name", "; dmarc=pass", "GRAY GRAY GRAY"},
		{"another server", "mx.other.example; dmarc=pass header.from=customer.example", "GRAY GRAY GRAY"},
		{"more than anybody writes", "mx.msp.example; dmarc=pass (" + strings.Repeat("x", 20<<10) + ")", "GRAY GRAY GRAY"},
		{"more results than anybody writes", "mx.msp.example" + strings.Repeat("; dkim=pass", 101), "GRAY GRAY GRAY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &world{t: t}
			w.wants(
				askRelay(t, "127.0.0.1", "Received: x\r\nAuthentication-Results: "+test.header+"\r\n"+mailFrom(ana)),
				test.want)
		})
	}
}

func TestOnlyTheTopmostHeaderOfTheServerInFrontCounts(t *testing.T) {
	const (
		good   = "Authentication-Results: mx.msp.example; dmarc=pass header.from=customer.example\r\n"
		bad    = "Authentication-Results: mx.msp.example; dmarc=fail (p=reject) header.from=customer.example\r\n"
		others = "Authentication-Results: mx.attacker.example; dmarc=pass header.from=customer.example\r\n"
		broken = "Authentication-Results: mx.msp.example; dmarc=fail (p=reject header.from=customer.example\r\n"
	)
	w := &world{t: t}
	w.wants(askRelay(t, "127.0.0.1", bad+good+mailFrom(ana)), "GRAY GRAY FAIL reject")
	w.wants(askRelay(t, "127.0.0.1", others+bad+good+mailFrom(ana)), "GRAY GRAY FAIL reject")
	w.wants(askRelay(t, "127.0.0.1", others+mailFrom(ana)), "GRAY GRAY GRAY")
	w.wants(askRelay(t, "127.0.0.1", broken+good+mailFrom(ana)), "GRAY GRAY GRAY")
	w.wants(askRelay(t, "127.0.0.1", mailFrom(ana)+good), "GRAY GRAY GRAY") // in the body
	w.wants(askRelay(t, "127.0.0.1", "X-Authentication-Results: mx.msp.example; dmarc=pass\r\n"+mailFrom(ana)),
		"GRAY GRAY GRAY")
}

func TestOnlyTheServerInFrontIsBelieved(t *testing.T) {
	mail := "Authentication-Results: mx.msp.example; dmarc=pass header.from=customer.example\r\n" + mailFrom(ana)
	w := &world{t: t}
	w.wants(askRelay(t, "127.0.0.1", mail), "GRAY GRAY PASS authenticated")
	w.wants(askRelay(t, "::ffff:127.0.0.1", mail), "GRAY GRAY PASS authenticated")
	w.wants(askRelay(t, "203.0.113.9", mail), "GRAY GRAY GRAY")
}

func TestOfSeveralSendersTheServerInFrontProvesNone(t *testing.T) {
	w := &world{t: t}
	mail := "Authentication-Results: mx.msp.example; dkim=pass header.d=customer.example; dmarc=pass\r\n" + mailFrom(
		ana+"\r\nFrom: eve@attacker.example",
	)
	w.wants(askRelay(t, "127.0.0.1", mail), "GRAY PASS GRAY")
}

func FuzzTheServersHeader(f *testing.F) {
	for _, seed := range []string{
		"mx.msp.example; none", "mx.msp.example 1; spf=pass smtp.mailfrom=a@customer.example", `mx.msp.example; a=b (c \) d) e.f="g\"h"@i; j`,
		"mx.msp.example;dmarc=pass(p=none)header.from=customer.example;", "(((", `"`, ";;;===", "mx.msp.example; none=none; none",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if strings.ContainsAny(header, "\r\n") {
			return
		}
		result := askRelay(t, "127.0.0.1", "Authentication-Results: "+header+"\r\n"+mailFrom(ana))
		if result.Authenticated && !strings.Contains(strings.ToLower(header), "pass") {
			t.Errorf("%q proves %+v", header, result)
		}
		// Text in quotes or comments does not change a verdict.
		quoted := "mx.msp.example; spf=fail smtp.mailfrom=\"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`).
			Replace(header) +
			"\"@x.example"
		commented := "mx.msp.example; spf=fail (" + strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).
			Replace(header) +
			")"
		for _, wrapped := range []string{quoted, commented} {
			if got := summary(
				askRelay(t, "127.0.0.1", "Authentication-Results: "+wrapped+"\r\n"+mailFrom(ana)),
			); got != "FAIL GRAY GRAY" &&
				len(wrapped) < 10_000 {
				t.Errorf("%q gives %s", wrapped, got)
			}
		}
	})
}

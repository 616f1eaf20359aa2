package authentication_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tenantry/tenantry/shared/mail/authentication"
)

func TestTheConnectingAddressIsCheckedAgainstTheEnvelopesDomain(t *testing.T) {
	for record, want := range map[string]string{
		"v=spf1 ip4:203.0.113.0/24 -all":                 "PASS GRAY GRAY authenticated",
		"v=spf1 a:mx.customer.example -all":              "PASS GRAY GRAY authenticated",
		"v=spf1 mx -all":                                 "PASS GRAY GRAY authenticated",
		"v=spf1 include:spf.other.example -all":          "PASS GRAY GRAY authenticated",
		"v=spf1 ip4:198.51.100.1 -all":                   "FAIL GRAY GRAY",
		"v=spf1 ip4:198.51.100.1 ~all":                   "GRAY GRAY GRAY",
		"v=spf1 ip4:198.51.100.1 ?all":                   "GRAY GRAY GRAY",
		"v=spf1 ip4:not-an-address -all":                 "GRAY GRAY GRAY",
		"v=spf1 include:broken.example -all":             "PROCESSING_FAILED GRAY GRAY",
		"v=spf1 exists:%{l}.users.customer.example -all": "PASS GRAY GRAY authenticated",
		"some other text":                                "GRAY GRAY GRAY",
	} {
		w := newWorld(t)
		w.text["customer.example."] = []string{"verification=x", record}
		w.text["spf.other.example."] = []string{"v=spf1 ip4:203.0.113.9 -all"}
		w.mail["customer.example."] = []*net.MX{{Host: "mx.customer.example."}}
		w.addresses["mx.customer.example."] = []net.IPAddr{{IP: net.ParseIP("203.0.113.9")}}
		w.addresses["ana.users.customer.example."] = []net.IPAddr{{IP: net.ParseIP("127.0.0.2")}}
		w.broken["broken.example."] = true
		t.Run(record, func(t *testing.T) { w.t = t; w.wants(w.check(ana, mailFrom("Ana <"+ana+">")), want) })
	}
}

func TestAMailThatMustNotBeAnsweredIsJudgedByTheServersName(t *testing.T) {
	w := newWorld(t)
	w.text["mx.customer.example."] = []string{"v=spf1 ip4:203.0.113.9 -all"}
	w.wants(w.check("", mailFrom(ana)), "PASS GRAY GRAY authenticated")
	w.wants(
		w.checkFrom(authentication.Envelope{Hello: "[203.0.113.9]", Source: netip.MustParseAddr("203.0.113.9")},
			mailFrom(ana)),
		"GRAY GRAY GRAY",
	)
}

func TestAnIPv6SourceThatStandsForIPv4IsThat(t *testing.T) {
	w := newWorld(t)
	w.text["customer.example."] = []string{"v=spf1 ip4:203.0.113.9 -all"}
	w.wants(
		w.checkFrom(authentication.Envelope{From: ana, Source: netip.MustParseAddr("::ffff:203.0.113.9")},
			mailFrom(ana)),
		"PASS GRAY GRAY authenticated",
	)
}

func TestASignatureProvesItsDomain(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(mailFrom("Ana <"+ana+">"), "customer.example")
	w.wants(w.check("bounce@list.example", signed), "GRAY PASS GRAY authenticated")
	w.wants(w.check(ana, strings.Replace(signed, "It is down", "Pay me", 1)), "GRAY FAIL GRAY")
	w.wants(w.check(ana, strings.Replace(signed, "The link", "All links", 1)), "GRAY FAIL GRAY")
	w.wants(w.check(ana, strings.Replace(signed, "b=", "b=AAAA", 1)), "GRAY FAIL GRAY")
	w.wants(w.check(ana, w.sign(mailFrom(ana), "nokey.example")), "GRAY GRAY GRAY")
	w.wants(w.check(ana, w.sign(mailFrom(ana), "attacker.example")), "GRAY PASS GRAY")
	// A valid one beside a broken one is enough.
	w.wants(w.check(ana, "DKIM-Signature: v=1; a=rsa-sha256; d=other.example; s=k1; h=from; bh=x; b=y\r\n"+signed),
		"GRAY PASS GRAY authenticated")
	w.broken["k1._domainkey.customer.example."] = true
	w.wants(w.check(ana, signed), "GRAY PROCESSING_FAILED GRAY")
}

func TestKeysThatAreTooWeakOrTooLargeProveNothing(t *testing.T) {
	w := newWorld(t)
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	publish := func(public *rsa.PublicKey, after string) {
		w.text["k1._domainkey.customer.example."] = []string{
			"v=DKIM1; p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(public)) + after,
		}
	}
	w.key = key
	signed := w.sign(mailFrom(ana), "customer.example")
	publish(&key.PublicKey, "")
	w.wants(w.check(ana, signed), "GRAY PASS GRAY authenticated")
	publish(&rsa.PublicKey{N: new(big.Int).Rsh(key.N, 512), E: key.E}, "")
	w.wants(w.check(ana, signed), "GRAY GRAY GRAY")
	publish(&key.PublicKey, "; n="+strings.Repeat("x", 5000))
	w.wants(w.check(ana, signed), "GRAY GRAY GRAY")
	publish(&key.PublicKey, "; h=sha1")
	w.wants(w.check(ana, signed), "GRAY GRAY GRAY")
	w.text["k1._domainkey.customer.example."] = []string{"v=DKIM1; p="} // revoked
	w.wants(w.check(ana, signed), "GRAY GRAY GRAY")
}

func TestOnlySomeSignaturesAreChecked(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(mailFrom(ana), "customer.example")
	bogus := "DKIM-Signature: v=1; a=ed25519-sha256; d=other.example; s=k1; h=from; bh=eA==; b=eA==\r\n"
	w.wants(w.check(ana, strings.Repeat(bogus, 4)+signed), "GRAY PASS GRAY authenticated")
	before := w.asked.Load()
	w.wants(w.check(ana, strings.Repeat(bogus, 1000)+signed), "GRAY GRAY GRAY") // more fields than a header may have
	w.wants(w.check(ana, strings.Repeat(bogus, 500)+signed), "GRAY FAIL GRAY")
	if asked := w.asked.Load() - before; asked > 10 {
		t.Errorf("%d questions were asked", asked)
	}
	w.wants(w.check(ana, "DKIM-Signature: v=1; h="+strings.Repeat("from:", 2000)+"\r\n"+signed), "GRAY GRAY GRAY")
}

func TestPartOfABodyIsNotEnough(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(mailFrom(ana), "customer.example")
	w.wants(w.check(ana, strings.Replace(signed, "a=ed25519", "l=5; a=ed25519", 1)), "GRAY FAIL GRAY")
}

func TestDMARCDemandsThatSPFOrDKIMStandForTheSendersDomain(t *testing.T) {
	for _, test := range []struct{ name, policy, envelope, from, signer, want string }{
		{"SPF for the same domain", "v=DMARC1; p=reject", "bounce@customer.example", ana, "", "PASS GRAY PASS authenticated"},
		{"SPF for another domain of the organization", "v=DMARC1; p=reject", "b@mail.customer.example", ana, "", "PASS GRAY PASS authenticated"},
		{"SPF for another domain, strictly", "v=DMARC1; p=reject; aspf=s", "b@mail.customer.example", ana, "", "PASS GRAY FAIL reject"},
		{"SPF for somebody else", "v=DMARC1; p=reject", "eve@attacker.example", ana, "", "PASS GRAY FAIL reject"},
		{"a signature of the same domain", "v=DMARC1; p=reject; adkim=s", "x@nowhere.example", ana, "customer.example", "GRAY PASS PASS authenticated"},
		{"a signature of another domain of the organization", "v=DMARC1; p=reject", "x@nowhere.example", ana, "mail.customer.example", "GRAY PASS PASS authenticated"},
		{"the same, strictly", "v=DMARC1; p=quarantine; adkim=s", "x@nowhere.example", ana, "mail.customer.example", "GRAY PASS FAIL quarantine"},
		{"a signature of somebody else", "v=DMARC1; p=none", "x@nowhere.example", ana, "attacker.example", "GRAY PASS FAIL none"},
		{"a subdomain takes the organization's policy", "v=DMARC1; p=reject", "x@nowhere.example", "ana@deep.mail.customer.example", "", "GRAY GRAY FAIL reject"},
		{"a policy for subdomains", "v=DMARC1; p=reject; sp=none", "x@nowhere.example", "ana@deep.mail.customer.example", "", "GRAY GRAY FAIL none"},
		{"which does not hold for the domain itself", "v=DMARC1; p=reject; sp=none", "x@nowhere.example", ana, "", "GRAY GRAY FAIL reject"},
		{"letters great and small", "v=DMARC1; P=Reject", "x@nowhere.example", "Ana@CUSTOMER.example", "", "GRAY GRAY FAIL reject"},
		{"what is wrong beside the policy", "v=DMARC1; p=reject; fo=x; ri=-1; rf=pdf; pct=many; aspf=q; junk", "x@nowhere.example", ana, "", "GRAY GRAY FAIL reject"},
		{"a wrong policy with reports", "v=DMARC1; p=perhaps; rua=mailto:x@customer.example", "x@nowhere.example", ana, "", "GRAY GRAY FAIL none"},
		{"a wrong policy alone", "v=DMARC1; p=perhaps", "x@nowhere.example", ana, "", "GRAY GRAY GRAY"},
		{"another version", "v=DMARC2; p=reject", "x@nowhere.example", ana, "", "GRAY GRAY GRAY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			for _, domain := range []string{"customer.example.", "mail.customer.example.", "attacker.example."} {
				w.text[domain] = []string{"v=spf1 ip4:203.0.113.9 -all"}
			}
			w.text["_dmarc.customer.example."] = []string{test.policy}
			mail := mailFrom(test.from)
			if test.signer != "" {
				mail = w.sign(mail, test.signer)
			}
			w.wants(w.check(test.envelope, mail), test.want)
		})
	}
}

func TestSeveralPoliciesCountAsNone(t *testing.T) {
	w := newWorld(t)
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject", "v=DMARC1; p=none"}
	w.wants(w.check("x@nowhere.example", mailFrom(ana)), "GRAY GRAY GRAY")
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject", "something else"}
	w.wants(w.check("x@nowhere.example", mailFrom(ana)), "GRAY GRAY FAIL reject")
}

func TestAPolicyMayHoldForAPartOfTheMails(t *testing.T) {
	for _, test := range []struct {
		policy string
		random float64
		want   string
	}{
		{"v=DMARC1; p=reject; pct=30", 0.29, "reject"},
		{"v=DMARC1; p=reject; pct=30", 0.30, "quarantine"},
		{"v=DMARC1; p=quarantine; pct=30", 0.30, "none"},
		{"v=DMARC1; p=reject; pct=0", 0, "quarantine"},
		{"v=DMARC1; p=reject; pct=100", 0.999, "reject"},
	} {
		w := newWorld(t)
		w.random = test.random
		w.text["_dmarc.customer.example."] = []string{test.policy}
		w.wants(w.check("x@nowhere.example", mailFrom(ana)), "GRAY GRAY FAIL "+test.want)
	}
}

func TestAPublicSuffixIsNobodysOrganization(t *testing.T) {
	w := newWorld(t)
	w.wants(w.check("", w.sign(mailFrom("ana@bank.co.uk"), "co.uk")), "GRAY PASS GRAY")
	w.wants(w.check("", w.sign(mailFrom("ana@customer.example.attacker.example"), "customer.example")),
		"GRAY PASS GRAY")
}

func TestTroubleOfTheDomainNameSystemProvesNothingAndAccusesNobody(t *testing.T) {
	w := newWorld(t)
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject"}
	signed := w.sign(mailFrom(ana), "customer.example")
	w.broken["k1._domainkey.customer.example."] = true
	w.wants(w.check("x@nowhere.example", signed), "GRAY PROCESSING_FAILED PROCESSING_FAILED")
	w.broken["customer.example."] = true
	w.wants(w.check(ana, mailFrom(ana)), "PROCESSING_FAILED GRAY PROCESSING_FAILED")
	w.broken["_dmarc.customer.example."] = true
	delete(w.broken, "k1._domainkey.customer.example.")
	w.wants(w.check("x@nowhere.example", signed), "GRAY PASS PROCESSING_FAILED")
}

func TestASendersOwnTroubleDoesNotSaveAForgedMail(t *testing.T) {
	w := newWorld(t)
	w.patience = 300 * time.Millisecond
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject"}
	w.hanging["attacker.example."], w.hanging["k1._domainkey.attacker.example."] = true, true
	begun := time.Now()
	w.wants(w.check("eve@attacker.example", w.sign(mailFrom(ana), "attacker.example")),
		"PROCESSING_FAILED PROCESSING_FAILED FAIL reject")
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
	// A domain with more to look up than is looked up does not either.
	var endless strings.Builder
	for i := range 10 {
		fmt.Fprintf(&endless, " mx:m%d.attacker.example", i)
		for j := range 10 {
			name := fmt.Sprintf("m%d.attacker.example.", i)
			w.mail[name] = append(w.mail[name], &net.MX{Host: fmt.Sprintf("h%d.%s", j, name)})
			w.addresses[fmt.Sprintf("h%d.%s", j, name)] = []net.IPAddr{{IP: net.ParseIP("198.51.100.1")}}
		}
	}
	delete(w.hanging, "attacker.example.")
	w.text["attacker.example."] = []string{"v=spf1" + endless.String() + " -all"}
	before := w.asked.Load()
	w.wants(w.check("eve@attacker.example", mailFrom(ana)), "PROCESSING_FAILED GRAY FAIL reject")
	if asked := w.asked.Load() - before; asked > 65 {
		t.Errorf("%d questions were asked", asked)
	}
}

func TestThroughAServerOfOurOwnOnlySignaturesTell(t *testing.T) {
	w := newWorld(t)
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject"}
	w.text["customer.example."] = []string{"v=spf1 -all"}
	for _, source := range []string{"127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "fd00::1"} {
		envelope := authentication.Envelope{From: ana, Source: netip.MustParseAddr(source)}
		w.wants(w.checkFrom(envelope, mailFrom(ana)), "GRAY GRAY GRAY")
		w.wants(w.checkFrom(envelope, w.sign(mailFrom(ana), "customer.example")), "GRAY PASS PASS authenticated")
	}
	w.wants(w.checkFrom(authentication.Envelope{From: ana}, mailFrom(ana)), "GRAY GRAY GRAY")
}

func TestOfSeveralSendersNoneIsProven(t *testing.T) {
	for _, from := range []string{
		ana + "\r\nFrom: eve@attacker.example", ana + "\r\nfrom : eve@attacker.example", ana + ", eve@attacker.example",
		"Team: " + ana + ", eve@customer.example;", "ana@customer.example eve@attacker.example", "", "nobody", "ana@", `"ana@customer.example"`,
		"ana@exa mple", "ana@customer..example",
	} {
		w := newWorld(t)
		w.text["customer.example."] = []string{"v=spf1 ip4:203.0.113.9 -all"}
		result := w.check(ana, w.sign(mailFrom(from), "customer.example"))
		if result.Authenticated && (result.Domain != "customer.example" || strings.Count(from, "@") != 1) {
			t.Errorf("%q: %+v", from, result)
		}
	}
}

func TestSendersInEveryWritingAreRead(t *testing.T) {
	for from, want := range map[string]string{
		"Ana <ana@customer.example>":                       "customer.example",
		"=?windows-1250?Q?=8Aime?= <ana@customer.example>": "customer.example",
		`"Horvat, Ana" <ana@Customer.Example>`:             "customer.example",
		`"eve@attacker.example" <ana@customer.example>`:    "customer.example",
		"ana@customer.example (eve@attacker.example)":      "customer.example",
		"Ana\r\n <ana@customer.example>":                   "customer.example",
		"ana@bücher.example":                               "xn--bcher-kva.example",
		"ana@xn--bcher-kva.example":                        "xn--bcher-kva.example",
		"Ana, from Customer <ana@customer.example>":        "customer.example",
		"[Helpdesk] Ana: <ana@customer.example>":           "customer.example",
		"ana@a_b.customer.example":                         "a_b.customer.example",
	} {
		if got := newWorld(t).check("", mailFrom(from)).Domain; got != want {
			t.Errorf("%q: got %q, want %q", from, got, want)
		}
	}
}

func TestInternationalDomainsAreComparedAsTheyAreRegistered(t *testing.T) {
	w := newWorld(t)
	w.text["_dmarc.xn--bcher-kva.example."] = []string{"v=DMARC1; p=reject"}
	w.text["xn--bcher-kva.example."] = []string{"v=spf1 ip4:203.0.113.9 -all"}
	w.wants(w.check("x@nowhere.example", w.sign(mailFrom("ana@bücher.example"), "xn--bcher-kva.example")),
		"GRAY PASS PASS authenticated")
	w.wants(w.check("ana@BÜCHER.example", mailFrom("ana@bücher.example")), "PASS GRAY PASS authenticated")
}

func TestChainsOfForwardersAreNotBelieved(t *testing.T) {
	w := newWorld(t)
	w.text["_dmarc.customer.example."] = []string{"v=DMARC1; p=reject"}
	arc := "ARC-Authentication-Results: i=1; mx.attacker.example; dmarc=pass header.from=customer.example\r\nARC-Seal: i=1; cv=none; d=attacker.example; b=x\r\n"
	w.wants(w.check("eve@attacker.example", arc+"Authentication-Results: mx; dmarc=pass\r\n"+mailFrom(ana)),
		"GRAY GRAY FAIL reject")
}

func TestAMailThatCannotBeReadIsAnError(t *testing.T) {
	w := newWorld(t)
	checker := authentication.Checker{Resolver: w.records, Random: func() float64 { return 0 }}
	signed := w.sign(mailFrom(ana), "customer.example")
	signed += strings.Repeat("more\r\n", 20000)
	for _, length := range []int{10, len(signed) - 10} {
		for _, mail := range []string{signed, strings.Repeat("DKIM-Signature: v=1; a=ed25519-sha256; d=other.example; s=k1; h=from; bh=eA==; b=eA==\r\n", 3) + signed} {
			broken := io.MultiReader(strings.NewReader(mail[:length]), iotest.ErrReader(errors.New("the disk is gone")))
			if _, err := checker.Authenticate(t.Context(), authentication.Envelope{}, broken); err == nil ||
				!strings.Contains(err.Error(), "the disk is gone") {
				t.Errorf("got %v", err)
			}
		}
	}
}

func TestStrangeHeadersEndInAVerdict(t *testing.T) {
	for name, mail := range map[string]string{
		"nothing": "", "no header": "\r\nbody", "no end": "From: " + ana, "no colon": "From " + ana + " today\r\nFrom: " + ana + "\r\n\r\n",
		"a line without end": strings.Repeat("x", 2<<20), "a long line": "X: " + strings.Repeat("x", 100<<10) + "\r\nFrom: " + ana + "\r\n\r\n",
		"line feeds alone": "From: " + ana + "\n\nbody", "a space first": " From: " + ana + "\r\n\r\n", "too many fields": strings.Repeat("X: y\r\n", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.wants(w.check(ana, mail), "GRAY GRAY GRAY")
		})
	}
}

// endless is a body of so many bytes that takes no memory.
type endless struct{ left int }

func (e *endless) Read(into []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(into, "a line of a body as mail programs write it, seventy-six characters long\r\n")
	e.left -= n
	return n, nil
}

func BenchmarkALargeMail(b *testing.B) {
	for _, signatures := range []int{1, 10} {
		b.Run(fmt.Sprintf("%d signatures", signatures), func(b *testing.B) {
			w := newWorld(b)
			bogus := "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=other.example; s=k1; h=from; bh=eA==; b=eA==\r\n"
			checker := authentication.Checker{Resolver: w.records, Random: func() float64 { return 0 }}
			b.SetBytes(40 << 20)
			b.ReportAllocs()
			for b.Loop() {
				content := io.MultiReader(strings.NewReader(strings.Repeat(bogus, signatures)+mailFrom(ana)),
					&endless{left: 40 << 20})
				if _, err := checker.Authenticate(b.Context(), authentication.Envelope{}, content); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

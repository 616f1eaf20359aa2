//go:build !aws

package outside

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const mailHost = "help.example.com"

// certify writes a certificate for the mail server, and returns who trusts it.
func certify(t *testing.T, folder string, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fatal(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: mailHost}, DNSNames: []string{mailHost},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	fatal(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	fatal(t, err)
	for name, block := range map[string]*pem.Block{
		"key.pem": {Type: "PRIVATE KEY", Bytes: secret}, "cert.pem": {Type: "CERTIFICATE", Bytes: der},
	} {
		fatal(t, os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600))
	}
	leaf, err := x509.ParseCertificate(der)
	fatal(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return pool
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// encrypted opens a session of SMTP with TLS, and returns the serial number of the server's certificate.
func encrypted(t *testing.T, address string, trusted *x509.CertPool, version uint16) (*smtp.Client, int64, error) {
	t.Helper()
	client, err := smtp.Dial(address)
	fatal(t, err)
	t.Cleanup(func() { _ = client.Close() })
	fatal(t, client.Hello("mx.rialto.example.com"))
	if offered, _ := client.Extension("STARTTLS"); !offered {
		t.Fatal("STARTTLS is not offered")
	}
	err = client.StartTLS(&tls.Config{
		RootCAs: trusted, ServerName: mailHost, MinVersion: version, MaxVersion: version,
	})
	if err != nil {
		return nil, 0, err
	}
	state, _ := client.TLSConnectionState()
	return client, state.PeerCertificates[0].SerialNumber.Int64(), nil
}

// serialOf returns the serial number of the certificate that the server shows.
func serialOf(t *testing.T, address string, trusted *x509.CertPool) (int64, error) {
	t.Helper()
	client, err := smtp.Dial(address)
	fatal(t, err)
	defer func() { _ = client.Close() }()
	if err := client.StartTLS(&tls.Config{RootCAs: trusted, ServerName: mailHost, MinVersion: tls.VersionTLS13}); err != nil {
		return 0, err
	}
	state, _ := client.TLSConnectionState()
	return state.PeerCertificates[0].SerialNumber.Int64(), nil
}

func TestMailComesInOverTLSAndTheCertificateIsRenewedWithoutARestart(t *testing.T) {
	folder := t.TempDir()
	trusted := certify(t, folder, 1)
	post := openPostOffice(t)
	p := start(t, post.setting(), "TENANTRY_SMTP_TLS_CERT="+filepath.Join(folder, "cert.pem"),
		"TENANTRY_SMTP_TLS_KEY="+filepath.Join(folder, "key.pem"))
	w := setUp(t, post, &p.installation)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		client, serial, err := encrypted(t, p.smtp, trusted, version)
		fatal(t, err)
		if serial != 1 {
			t.Errorf("the certificate is number %d", serial)
		}
		subject := fmt.Sprintf("Over TLS %x", version)
		fatal(t, client.Mail(customerEmail))
		fatal(t, client.Rcpt("support@"+mailHost))
		data, err := client.Data()
		fatal(t, err)
		raw := simple(customerEmail, "support@"+mailHost, subject, subject, "Please help.")
		_, err = data.Write([]byte(strings.ReplaceAll(raw, "\n", "\r\n")))
		fatal(t, err)
		fatal(t, data.Close())
		fatal(t, client.Quit())
		eventually(t, "the mail is a case", func() bool {
			list := w.customer.get("/orgs/" + w.orgID + "/cases").results(t)
			return len(list) > 0 && text(list[0], "subject") == subject
		})
	}
	if _, _, err := encrypted(t, p.smtp, trusted, tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 was taken")
	}
	renewed := certify(t, folder, 2)
	eventually(t, "the renewed certificate is in use", func() bool {
		serial, err := serialOf(t, p.smtp, renewed)
		return err == nil && serial == 2
	})
	fatal(t, os.WriteFile(filepath.Join(folder, "cert.pem"), []byte("half a file"), 0o600))
	time.Sleep(11 * time.Second) // longer than the files are not looked at
	if serial, err := serialOf(t, p.smtp, renewed); err != nil || serial != 2 {
		t.Errorf("after a broken file: %d, %v", serial, err)
	}
}

// TestWhatIsSentBeforeTLSIsNotReadAfterIt injects a command behind STARTTLS, as somebody between the
// servers could.
func TestWhatIsSentBeforeTLSIsNotReadAfterIt(t *testing.T) {
	folder := t.TempDir()
	trusted := certify(t, folder, 1)
	p := start(t, "TENANTRY_SMTP_TLS_CERT="+filepath.Join(folder, "cert.pem"),
		"TENANTRY_SMTP_TLS_KEY="+filepath.Join(folder, "key.pem"))
	connection, err := net.Dial("tcp", p.smtp)
	fatal(t, err)
	defer func() { _ = connection.Close() }()
	fatal(t, connection.SetDeadline(time.Now().Add(20*time.Second)))
	lines := bufio.NewReader(connection)
	answer := func(code string) {
		t.Helper()
		for {
			line, err := lines.ReadString('\n')
			fatal(t, err)
			if strings.HasPrefix(line, code+" ") {
				return
			}
			if !strings.HasPrefix(line, code+"-") {
				t.Fatalf("want %s: %s", code, line)
			}
		}
	}
	answer("220")
	_, err = connection.Write([]byte("EHLO mx.example.net\r\n"))
	fatal(t, err)
	answer("250")
	_, err = connection.Write([]byte("STARTTLS\r\nEHLO injected.example.net\r\n"))
	fatal(t, err)
	answer("220")
	secure := tls.Client(connection, &tls.Config{RootCAs: trusted, ServerName: mailHost, MinVersion: tls.VersionTLS12})
	fatal(t, secure.Handshake())
	_, err = secure.Write([]byte("NOOP\r\n"))
	fatal(t, err)
	line, err := bufio.NewReader(secure).ReadString('\n')
	fatal(t, err)
	if strings.Contains(line, "250-") || strings.Contains(strings.ToLower(line), "hello") {
		t.Errorf("the injected command was carried out: %s", line)
	}
}

func TestACertificateThatCannotBeUsedStopsTheStartWithASentence(t *testing.T) {
	p := start(t)
	p.stop()
	folder := t.TempDir()
	certify(t, folder, 1)
	certificate, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for want, settings := range map[string][]string{
		"TENANTRY_SMTP_TLS_KEY":  {"TENANTRY_SMTP_TLS_CERT=" + certificate},
		"TENANTRY_SMTP_TLS_CERT": {"TENANTRY_SMTP_TLS_KEY=" + key},
		"no such file":           {"TENANTRY_SMTP_TLS_CERT=" + folder + "/none", "TENANTRY_SMTP_TLS_KEY=" + key},
		"cannot be used":         {"TENANTRY_SMTP_TLS_CERT=" + key, "TENANTRY_SMTP_TLS_KEY=" + key},
	} {
		if got := p.refused(settings...); !strings.Contains(got, want) {
			t.Errorf("%v: %q", settings, got)
		}
	}
}

//go:build browser

package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// empty is an installation that nobody has set up yet.
type empty struct {
	*served
	t    *testing.T
	data string
}

// install starts the program on an empty folder. It mails at once, and its mails are at /dev/mail.
func install(t *testing.T) empty {
	t.Helper()
	data := t.TempDir()
	for name, value := range map[string]string{
		"TENANTRY_DATA": data, "TENANTRY_DEV_MAIL": "on", "TENANTRY_NOTICE_SECONDS": "0", "TENANTRY_SENDER_CHECK": "off",
	} {
		t.Setenv(name, value)
	}
	running, err := serve(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.stop)
	return empty{served: running, t: t, data: data}
}

// token is the setup token that the program stored.
func (e empty) token() string {
	e.t.Helper()
	token, err := os.ReadFile(filepath.Join(e.data, "setup-token"))
	if err != nil {
		e.t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

// received opens the newest mail to an address whose subject contains words, with a browser of its
// own at /dev/mail, and returns the tab.
func (e empty) received(to, words string) *tab {
	e.t.Helper()
	reader := newTabOf(e.t, e.portal)
	link := fmt.Sprintf(`//tr[td[.=%q]]//a[contains(., %q)]`, to, words)
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if reader.open("/dev/mail"); reader.has(link) {
			reader.leave(words, link)
			return reader
		}
	}
	e.t.Fatalf("%s gets no mail about %q: %s", to, words, reader.text())
	return nil
}

// invited returns a tab in which the person with an address follows the link of their invitation.
func (e empty) invited(email string, script bool) *tab {
	e.t.Helper()
	link := evaluate[string](e.received(email, "invit"), `document.querySelector("pre a[href*=token]").href`)
	return newTabOf(e.t, e.portal).script(script).open(strings.TrimPrefix(link, e.portal))
}

// replyAddress returns the address to which the mail that a tab shows is answered.
func (e empty) replyAddress(shown *tab) string {
	e.t.Helper()
	response, err := http.Get(e.portal + shown.location() + "/raw")
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	message, err := mail.ReadMessage(response.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	address, err := mail.ParseAddress(message.Header.Get("Reply-To"))
	if err != nil {
		e.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, message.Body); err != nil {
		e.t.Fatal(err)
	}
	return address.Address
}

// mail sends a mail to the installation, as another server delivers it.
func (e empty) mail(from, to, subject, text string, headers ...string) {
	e.t.Helper()
	lines := append([]string{
		"From: " + from, "To: " + to, "Subject: " + subject, "Date: " + time.Now().Format(time.RFC1123Z),
		fmt.Sprintf("Message-ID: <%d@client.example.net>", time.Now().UnixNano()),
	}, headers...)
	raw := strings.Join(lines, "\r\n") + "\r\n\r\n" + text + "\r\n"
	if err := smtp.SendMail(e.smtp, nil, from, []string{to}, []byte(raw)); err != nil {
		e.t.Fatal(err)
	}
}

package outgoing

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sample() Message {
	return Message{
		FromName: "Acme Support", FromAddress: "support@msp.example",
		ToName: "Žiga Krajnc", ToAddress: "ziga@customer.example",
		ReplyTo:   "cases+abc123@msp.example",
		Subject:   "[1042] Switch in the cellar does not come up",
		MessageID: "note-7@msp.example", InReplyTo: "question-1@customer.example",
		References: []string{"case-1042@msp.example", "question-1@customer.example"},
		Date:       time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Instance: "prod-1",
		Text: "Hello\nč\n", HTML: "<p>Hello č</p>",
	}
}

func read(t *testing.T, m Message) *mail.Message {
	t.Helper()
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
		t.Errorf("a line ends without CR LF:\n%q", raw)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("line of %d characters", len(line))
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line is not plain ASCII: %q", line)
		}
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func decoded(t *testing.T, value string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAMessageHasThreadHeadersAndSuppressesAutomaticReplies(t *testing.T) {
	message := read(t, sample())
	for name, want := range map[string]string{
		"From": `"Acme Support" <support@msp.example>`, "Reply-To": `"Acme Support" <cases+abc123@msp.example>`,
		"Message-Id": "<note-7@msp.example>", "In-Reply-To": "<question-1@customer.example>",
		"References": "<case-1042@msp.example> <question-1@customer.example>",
		"Precedence": "bulk", "X-Auto-Response-Suppress": "All", "Auto-Submitted": "auto-generated",
		"X-Tenantry-Loop": "prod-1", "Date": "Wed, 04 Mar 2026 05:06:07 +0000", "User-Agent": "", "List-Unsubscribe": "",
		"Subject": "[1042] Switch in the cellar does not come up",
	} {
		if got := message.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	to, err := message.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Žiga Krajnc" {
		t.Errorf("To: %v, %v", to, err)
	}
}

func TestAReceiptIsAutoReplied(t *testing.T) {
	m := sample()
	m.Kind = Receipt
	if got := read(t, m).Header.Get("Auto-Submitted"); got != "auto-replied" {
		t.Errorf("Auto-Submitted: %q", got)
	}
}

func TestTextAndHTMLAreAlternativesInQuotedPrintable(t *testing.T) {
	message := read(t, sample())
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type: %q, %v", kind, err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for _, want := range []struct{ kind, body string }{{"text/plain", "Hello\r\nč\r\n"}, {"text/html", "<p>Hello č</p>"}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); !strings.EqualFold(got, want.kind+"; charset=utf-8") {
			t.Errorf("part of type %q", got)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || string(body) != want.body {
			t.Errorf("got %q, %v; want %q", body, err, want.body)
		}
	}
}

func TestTheSameMessageGivesTheSameBytes(t *testing.T) {
	first, _ := sample().Bytes()
	second, _ := sample().Bytes()
	if diff := cmp.Diff(string(first), string(second)); diff != "" || len(first) == 0 {
		t.Errorf("two encodings differ: %s", diff)
	}
}

func TestALongChainOfReferencesKeepsTheRootAndTheNearest(t *testing.T) {
	m := sample()
	m.References = nil
	for i := range 30 {
		m.References = append(m.References, fmt.Sprintf("id-%02d@x.example", i), "not an id", "evil@x>\r\nBcc: a@b")
	}
	want := "<id-00@x.example> <id-24@x.example> <id-25@x.example> <id-26@x.example> <id-27@x.example> <id-28@x.example> <id-29@x.example>"
	if got := read(t, m).Header.Get("References"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestASubjectIsCutAt200Characters(t *testing.T) {
	m := sample()
	m.Subject = strings.Repeat("šč", 300)
	got := []rune(decoded(t, read(t, m).Header.Get("Subject")))
	if len(got) != 200 || got[199] != '…' {
		t.Errorf("%d characters, the last is %q", len(got), got[len(got)-1])
	}
}

func TestNoTextCanAddAHeader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.StringOf(rapid.SampledFrom([]rune("a\r\n :<>\",;=?\x00\u202eš🙂Bcc")))
		m := sample()
		m.Subject, m.FromName, m.ToName = hostile.Draw(t, "subject"), hostile.Draw(t, "from"), hostile.Draw(t, "to")
		m.InReplyTo, m.References = hostile.Draw(t, "in reply to"), []string{hostile.Draw(t, "reference")}
		raw, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		message, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for name := range message.Header {
			if !strings.Contains(
				" From To Reply-To Subject Message-Id In-Reply-To References Date Mime-Version Content-Type"+
					" Precedence X-Auto-Response-Suppress Auto-Submitted X-Tenantry-Loop ",
				" "+name+" ",
			) {
				t.Fatalf("header %q in\n%s", name, raw)
			}
		}
		if from, err := message.Header.AddressList(
			"From",
		); err != nil || len(from) != 1 ||
			from[0].Address != "support@msp.example" {
			t.Fatalf("From: %v, %v", from, err)
		}
	})
}

func TestInvalidHeaderValuesAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Message){
		"line break in the recipient": func(m *Message) { m.ToAddress = "a@b.example\r\nBcc: c@d.example" },
		"two recipients":              func(m *Message) { m.ToAddress = "a@b.example>, <c@d.example" },
		"no sender":                   func(m *Message) { m.FromAddress = "" },
		"reply address with a name":   func(m *Message) { m.ReplyTo = "X <a@b.example>" },
		"no message id":               func(m *Message) { m.MessageID = "" },
		"message id in brackets":      func(m *Message) { m.MessageID = "<a@b>" },
		"instance with a line break":  func(m *Message) { m.Instance = "a\r\nBcc: b@c" },
		"no instance":                 func(m *Message) { m.Instance = "" },
	} {
		t.Run(name, func(t *testing.T) {
			m := sample()
			spoil(&m)
			if raw, err := m.Bytes(); err == nil {
				t.Errorf("accepted:\n%s", raw)
			}
		})
	}
}

// branded returns a mail with a logo.
func branded() Message {
	m := sample()
	m.Logo = &Logo{ContentID: "logo.1@prod-1", Name: "Adria", Width: 200, Height: 32, PNG: bytes.Repeat([]byte("PNG "), 100)}
	return m
}

func TestALogoComesWithTheMail(t *testing.T) {
	message := read(t, branded())
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/related" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	text, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, inner, err := mime.ParseMediaType(text.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" ||
		strings.HasPrefix(inner["boundary"], parameters["boundary"]) {
		t.Fatalf("%s, %v, %v", kind, inner, err)
	}
	alternatives := multipart.NewReader(text, inner["boundary"])
	for _, want := range []string{"Hello\r\n\u010d\r\n", "<p>Hello \u010d</p>"} {
		part, err := alternatives.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(part); err != nil || strings.TrimSpace(string(got)) != strings.TrimSpace(want) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	picture, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, picture))
	if err != nil || !bytes.Equal(content, branded().Logo.PNG) || picture.Header.Get("Content-Id") != "<logo.1@prod-1>" {
		t.Errorf("%q, %v, %v", content, picture.Header, err)
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Errorf("another part: %v", err)
	}
}

func TestAMailWithALogoIsAlwaysTheSame(t *testing.T) {
	first, err := branded().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	second, err := branded().Bytes()
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v: the mail differs:\n%s\n%s", err, first, second)
	}
	wrong := branded()
	wrong.Logo.ContentID = "x>\r\nBcc: <y"
	if _, err := wrong.Bytes(); err == nil {
		t.Error("a wrong ID passes")
	}
}

package incoming

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/bounce"
	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/specimen"
)

// sound checks what every message that is given out must keep.
func sound(t *testing.T, m *parsed.Message) {
	t.Helper()
	texts := map[string]int{
		m.Subject:      4 * headers.MaxSubject,
		m.Text:         plaintext.MaxText,
		m.Reply:        len(m.Text),
		m.MessageID:    4 * headers.MaxID,
		m.InReplyTo:    4 * headers.MaxID,
		m.From.Name:    800,
		m.From.Address: 4 * headers.MaxAddress,
		m.Evidence:     800,
	}
	for _, a := range m.Attachments {
		texts[a.Name] = 4 * mimepart.MaxName
		texts[a.ContentType] = 800
		texts[a.ContentID] = 800
		if a.Name == "" || strings.ContainsAny(a.Name, "/\\\n") || len([]rune(a.Name)) > mimepart.MaxName {
			t.Errorf("file name %q", a.Name)
		}
	}
	lists := [][]string{m.References, m.Problems, m.DeliveredTo, m.LoopInstances}
	for _, event := range m.Calendar {
		texts[event.Line()] = 4000
	}
	if m.Delivery != nil {
		texts[m.Delivery.Reporter], texts[m.Delivery.Feedback] = 800, 400
		for _, r := range m.Delivery.Recipients {
			texts[r.Final], texts[r.Original], texts[r.Action], texts[r.Status], texts[r.Diagnostic] = 4*headers.MaxAddress, 4*headers.MaxAddress, 400, 20, 4*bounce.MaxDiagnostic
		}
		if len(m.Delivery.Recipients) > bounce.MaxRecipients {
			t.Errorf("%d recipients", len(m.Delivery.Recipients))
		}
	}
	if m.Returned != nil {
		texts[m.Returned.Subject], texts[m.Returned.MessageID] = 4*headers.MaxSubject, 4*headers.MaxID
		lists = append(lists, m.Returned.References, m.Returned.Addresses(), m.Returned.LoopInstances)
	}
	for _, list := range lists {
		for _, text := range list {
			texts[text] = 4 * headers.MaxID
		}
	}
	for text, limit := range texts {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") || len(text) > limit && text != m.Text {
			t.Errorf("%q: valid %t, %d bytes of %d", plaintext.FirstBytes(text, 200), utf8.ValidString(text),
				len(text), limit)
		}
	}
	harmless(t, m.HTML)
	if m.Reply != "" && m.Text == "" ||
		m.NoAnswer != (m.Automatic != parsed.NotAutomatic) && m.Automatic != parsed.NotAutomatic ||
		m.NoContent && strings.TrimSpace(m.Reply) != strings.TrimSpace(m.Text) {
		t.Errorf("reply %q of %q, automatic %s", plaintext.FirstBytes(m.Reply, 100),
			plaintext.FirstBytes(m.Text, 100), m.Automatic)
	}
	if len(m.Text) > plaintext.MaxText || strings.ContainsAny(m.Text, "\r\x1b\u202e") ||
		strings.ContainsAny(m.Subject+m.MessageID+m.From.Name, "\r\n") {
		t.Errorf("text of %d bytes", len(m.Text))
	}
	if len(m.References) > headers.MaxReferences || len(m.Problems) > parsed.MaxProblems || len(m.Attachments) > 100 ||
		m.MessageID == "" {
		t.Errorf("%d references, %d problems, %d attachments, id %q", len(m.References), len(m.Problems),
			len(m.Attachments), m.MessageID)
	}
	if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.Reply) == "" {
		t.Errorf("nothing is left of %q", plaintext.FirstBytes(m.Text, 200))
	}
}

// harmless checks the safe HTML with a parser of its own: what is in it is on the list, and
// every element is closed.
func harmless(t *testing.T, safe string) {
	t.Helper()
	if !utf8.ValidString(safe) || strings.ContainsRune(safe, 0) || len(safe) > 8*markup.MaxSafe {
		t.Errorf("safe HTML of %d bytes, valid %t", len(safe), utf8.ValidString(safe))
	}
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(safe))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		switch kind {
		case html.TextToken:
			continue
		case html.StartTagToken:
			if !markup.KeptElements[token.DataAtom] {
				t.Fatalf("element %q", token.Data)
			}
			if !markup.Void[token.DataAtom] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%q closes %q", token.Data, open)
			}
			open = open[:len(open)-1]
		case html.SelfClosingTagToken:
		default:
			t.Fatalf("%s", token)
		}
		for _, attribute := range token.Attr {
			value := strings.ToLower(attribute.Val)
			switch attribute.Key {
			case "href":
				if !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://") &&
					!strings.HasPrefix(value, "mailto:") &&
					!strings.HasPrefix(value, "tel:") {
					t.Fatalf("link to %q", value)
				}
			case "src":
				if !markup.PictureSource().MatchString(value) {
					t.Fatalf("picture from %q", value)
				}
			case "rel", "target", "alt", "width", "height", "colspan", "rowspan", "align", "color", "start", "dir":
			default:
				t.Fatalf("attribute %q", attribute.Key)
			}
		}
	}
	if len(open) > 0 {
		t.Fatalf("%q stay open", open)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range specimen.All() {
		if len(s.Raw) < 8<<10 {
			f.Add(s.Raw)
		}
	}
	f.Add([]byte("From: a@b\r\nSubject: =?utf-8?q?x?=\r\n\r\nhello\r\n> quote\r\n"))
	f.Add([]byte(nested(4)))
	f.Add([]byte(file("text/csv", `attachment; filename*0*=utf-8''%C4; filename*1="a.csv"`)))
	f.Add([]byte("Content-Type: text/html; charset=iso-2022-jp\n\n<p>\x1b$B$3\x1b(B<blockquote>q"))
	f.Add(
		[]byte(
			"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; format=flowed; delsp=yes\n\na \nb\n--b\n\n--b--",
		),
	)
	f.Add(
		[]byte(
			"Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ny",
		),
	)
	f.Add([]byte("Content-Type: a; 8y97; 0270\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		begun := cputime.Now()
		m, err := Parse(t.Context(), strings.NewReader(string(raw)), Limits{Bytes: 1 << 20})
		if took := cputime.Since(begun); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
		if err != nil {
			if code := fault.CodeOf(err); code != fault.Invalid && code != fault.TooLarge {
				t.Fatal(err)
			}
			if strings.Contains(err.Error(), "panic") {
				t.Fatal(err)
			}
			return
		}
		sound(t, m)
		if again, err := Parse(t.Context(), strings.NewReader(string(raw)), Limits{Bytes: 1 << 20}); err != nil ||
			!reflect.DeepEqual(m, again) {
			t.Errorf("another time it is another mail: %v", err)
		}
	})
}

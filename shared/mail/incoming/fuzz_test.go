package incoming

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

// sound checks what every message that is given out must keep.
func sound(t *testing.T, m *Message) {
	t.Helper()
	texts := map[string]int{m.Subject: 4 * maxSubject, m.Text: maxText, m.Reply: len(m.Text), m.MessageID: 4 * maxID, m.InReplyTo: 4 * maxID, m.From.Name: 800, m.From.Address: 4 * maxAddress, m.Evidence: 800}
	for _, a := range m.Attachments {
		texts[a.Name] = 4 * maxName
		texts[a.ContentType] = 800
		texts[a.ContentID] = 800
		if a.Name == "" || strings.ContainsAny(a.Name, "/\\\n") || len([]rune(a.Name)) > maxName {
			t.Errorf("file name %q", a.Name)
		}
	}
	for _, list := range [][]string{m.References, m.Problems, m.DeliveredTo, m.LoopInstances} {
		for _, text := range list {
			texts[text] = 4 * maxID
		}
	}
	for text, limit := range texts {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") || len(text) > limit && text != m.Text {
			t.Errorf("%q: valid %t, %d bytes of %d", firstBytes(text, 200), utf8.ValidString(text), len(text), limit)
		}
	}
	if len(m.Text) > maxText || strings.ContainsAny(m.Text, "\r\x1b\u202e") || strings.ContainsAny(m.Subject+m.MessageID+m.From.Name, "\r\n") {
		t.Errorf("text of %d bytes", len(m.Text))
	}
	if len(m.References) > maxReferences || len(m.Problems) > maxProblems || len(m.Attachments) > 100 || m.MessageID == "" {
		t.Errorf("%d references, %d problems, %d attachments, id %q", len(m.References), len(m.Problems), len(m.Attachments), m.MessageID)
	}
	if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.Reply) == "" {
		t.Errorf("nothing is left of %q", firstBytes(m.Text, 200))
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("From: a@b\r\nSubject: =?utf-8?q?x?=\r\n\r\nhello\r\n> quote\r\n"))
	f.Add([]byte(nested(4)))
	f.Add([]byte(file("text/csv", `attachment; filename*0*=utf-8''%C4; filename*1="a.csv"`)))
	f.Add([]byte("Content-Type: text/html; charset=iso-2022-jp\n\n<p>\x1b$B$3\x1b(B<blockquote>q"))
	f.Add([]byte("Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; format=flowed; delsp=yes\n\na \nb\n--b\n\n--b--"))
	f.Add([]byte("Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ny"))
	for _, c := range trimCases {
		f.Add([]byte("Subject: Re\n\n" + c))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(t.Context(), strings.NewReader(string(raw)), Limits{Bytes: 1 << 20})
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
	})
}

package incoming

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
)

// readMail parses a mail of testdata.
func readMail(t *testing.T, name string) *parsed.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(t.Context(), bytes.NewReader(raw), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, m)
	return m
}

func TestAnswersInsideOfWhatMarkupCallsAQuoteAreKept(t *testing.T) {
	for _, name := range []string{"inline-alternative.eml", "inline-html.eml"} {
		m := readMail(t, name)
		for _, want := range []string{"Hello Tom", "Which tray is it?", "The upper one.", "Since Monday."} {
			if !strings.Contains(m.Reply, want) {
				t.Errorf("%s: %q is not in %q", name, want, m.Reply)
			}
		}
	}
}

func TestMarkupThatOnlyLooksLikeAQuoteIsKept(t *testing.T) {
	for name, want := range map[string][]string{
		"pasted-html.eml": {"The supplier wrote to me:", "mill@paper.example", "Use A4 paper alone.", "Is that why it stops?"},
		"quoted-html.eml": {"See what Jim says:", "It is the roller.", "Shall I order one?"},
	} {
		m := readMail(t, name)
		for _, line := range want {
			if !strings.Contains(m.Reply, line) {
				t.Errorf("%s: %q is not in %q", name, line, m.Reply)
			}
		}
		if strings.Contains(m.Reply, "Which tray") || strings.Contains(m.Reply, "Help Desk") {
			t.Errorf("%s: our own mail stays: %q", name, m.Reply)
		}
	}
}

func TestRawBytesInHeadersTakeTheCharacterSetOfTheText(t *testing.T) {
	m := readMail(t, "raw-names.eml")
	var names []string
	for _, file := range m.Attachments {
		names = append(names, file.Name)
	}
	if want := []string{"Öfen.pdf", "Backstube nördlich.png"}; !slices.Equal(names, want) || m.Subject != "Bestellung für März" {
		t.Errorf("%q, %q", m.Subject, names)
	}
	m = readMail(t, "raw-russian.eml")
	if m.Subject != "Печь не греет" || m.From.Name != "Майя" || strings.TrimSpace(m.Text) != "С утра холодная." {
		t.Errorf("%q, %q, %q", m.Subject, m.From.Name, m.Text)
	}
}

func TestDoubledReturnsAreOneLineEnd(t *testing.T) {
	m := readMail(t, "doubled-returns.eml")
	if m.Subject != "Night run" || strings.TrimSpace(m.Text) != "The night run stopped.\nOven 2 is cold." {
		t.Errorf("%q, %q", m.Subject, m.Text)
	}
}

func TestTheSameAddressTwiceIsOneSender(t *testing.T) {
	for name, senders := range map[string]int{
		"same-sender-twice.eml": 1, "address-as-name.eml": 1, "two-senders.eml": 2,
	} {
		if m := readMail(t, name); m.AllFrom != senders || m.From.Address != "maja@bakery.example" {
			t.Errorf("%s: %d senders, %q", name, m.AllFrom, m.From.Address)
		}
	}
}

func TestTheSenderOfAForwardedMailIsRead(t *testing.T) {
	for _, name := range []string{"forwarded.eml", "forwarded-attached.eml"} {
		if m := readMail(t, name); m.Forwarded.Address != "maja@bakery.example" || m.From.Address != "tom@msp.example" {
			t.Errorf("%s: %+v", name, m.Forwarded)
		}
	}
	if m := readMail(t, "inline-html.eml"); m.Forwarded.Address != "" {
		t.Errorf("an answer forwards %+v", m.Forwarded)
	}
}

func TestAMailWithoutAnIDIsTheSameWhateverServersWroteAboveIt(t *testing.T) {
	const mail = "From: a@b.example\r\nSubject: x\r\nDate: Tue, 10 Mar 2026 09:00:00 +0100\r\n\r\nHello\r\n"
	first, again := parse(t, mail), parse(t, "Received: from x by y; Tue, 10 Mar 2026 09:05:00 +0100\r\nReturn-Path: <a@b.example>\r\n"+mail)
	if first.MessageID != again.MessageID || first.Undated {
		t.Errorf("%q, %q, undated %t", first.MessageID, again.MessageID, first.Undated)
	}
	for _, other := range []string{
		strings.Replace(mail, "Hello", "Hello you", 1), strings.Replace(mail, "09:00", "09:01", 1),
		strings.Replace(mail, "a@b", "c@b", 1),
	} {
		if parse(t, other).MessageID == first.MessageID {
			t.Errorf("the same id for %q", other)
		}
	}
	if !parse(t, "From: a@b.example\r\n\r\nHello\r\n").Undated {
		t.Error("a mail without id and date is not undated")
	}
}

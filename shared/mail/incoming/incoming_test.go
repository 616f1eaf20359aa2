package incoming

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// parse reads a mail that is written with line feeds.
func parse(t *testing.T, raw string) *parsed.Message {
	t.Helper()
	m, err := Parse(t.Context(), strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMailIsReadWhole(t *testing.T) {
	got := parse(t, `Received: from a by b
From: "Novak, Ana" <Ana@Customer.Example>
To: Support <cases+x1@msp.example>, b@msp.example
Cc: =?utf-8?Q?=C5=BDiga?= <ziga@customer.example>
Delivered-To: cases+x1@msp.example
X-Original-To: support@msp.example
Envelope-To: <e@msp.example>
X-Forwarded-To: f@msp.example
Subject: =?utf-8?B?xIxsYW5law==?= Re:
 switch
Message-ID: <one@customer.example>
In-Reply-To: <note@msp.example>
References: <case-1@msp.example>,<a@x.example> <note@msp.example>
Date: Wed, 4 Mar 2026 10:15:00 +0100
X-Tenantry-Loop: prod-1
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

preamble
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-2
Content-Transfer-Encoding: quoted-printable

Dela, =E8udovito.

On Wed, 4 Mar 2026 at 9:00, Support <s@msp.example> wrote:
> Dela?
--inner
Content-Type: text/html; charset=utf-8

<p>Dela, čudovito.<img src="cid:lamp@x"></p>
--inner--
--outer
Content-Type: image/png; name="lamp.png"
Content-Disposition: inline; filename="lamp.png"
Content-ID: <lamp@x>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*=utf-8''dnevnik%20%C4%8D.log

log
--outer--
`)
	want := &parsed.Message{
		From:    parsed.Address{Name: "Novak, Ana", Address: "ana@customer.example"},
		AllFrom: 1,
		To: []parsed.Address{
			{Name: "Support", Address: "cases+x1@msp.example"},
			{Name: "", Address: "b@msp.example"},
		},
		Cc:          []parsed.Address{{Name: "Žiga", Address: "ziga@customer.example"}},
		DeliveredTo: []string{"cases+x1@msp.example"},
		OriginalTo:  []string{"support@msp.example"},
		EnvelopeTo:  []string{"e@msp.example"},
		ForwardedTo: []string{"f@msp.example"},
		Subject:     "Članek Re: switch",
		MessageID:   "one@customer.example",
		InReplyTo:   "note@msp.example",
		References:  []string{"case-1@msp.example", "a@x.example", "note@msp.example"},
		Date:        time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC),
		Text:        "Dela, čudovito.\n\nOn Wed, 4 Mar 2026 at 9:00, Support <s@msp.example> wrote:\n> Dela?",
		Reply:       "Dela, čudovito.",
		Trimmed:     true,
		HTML:        `<p>Dela, čudovito.<img src="attachment:0" alt=""></p>`,
		Attachments: []parsed.Attachment{
			{
				Name:        "lamp.png",
				ContentType: "image/png",
				SniffedType: "image/png",
				ContentID:   "lamp@x",
				Inline:      true,
				Referenced:  true,
				Content:     []byte("\x89PNG\r\n\x1a\n"),
			},
			{
				Name:        "dnevnik č.log",
				ContentType: "application/octet-stream",
				SniffedType: "text/plain",
				Content:     []byte("log"),
			},
		},
		LoopInstances: []string{"prod-1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASenderThatDoesNotParseIsStillFound(t *testing.T) {
	for from, want := range map[string]parsed.Address{
		`Ana Novak <ana@x.example>`:                {Name: "Ana Novak", Address: "ana@x.example"},
		`Ana (Support) Novak <ANA@x.example>`:      {Name: "Ana Novak", Address: "ana@x.example"},
		`Novak, Ana <ana@x.example>`:               {Name: "Novak, Ana", Address: "ana@x.example"},
		`"Ana <ana@x.example>`:                     {Name: "Ana", Address: "ana@x.example"},
		`ana@x.example`:                            {Name: "", Address: "ana@x.example"},
		`Ana Novak ana@x.example`:                  {Name: "", Address: "ana@x.example"},
		`=?iso-8859-2?Q?=AEiga?= <z@x.example>`:    {Name: "Žiga", Address: "z@x.example"},
		`=?unknown-8?Q?abc?= <z@x.example>`:        {Name: "abc", Address: "z@x.example"},
		"\xaeiga <z@x.example>":                    {Name: "®iga", Address: "z@x.example"},
		"Žiga <z@x.example>":                       {Name: "Žiga", Address: "z@x.example"},
		`Ana <ana@x.example>, Eva <eva@y.example>`: {Name: "Ana", Address: "ana@x.example"},
		"Ana\u202e <ana@x.example>":                {Name: "Ana", Address: "ana@x.example"},
	} {
		got := parse(t, "From: "+from+"\nMessage-ID: <a@b>\n\nx")
		if got.From.Address != want.Address || from[0] != 'N' && got.From.Name != want.Name {
			t.Errorf("%q: %+v", from, got.From)
		}
	}
	if got := parse(t, "From: Ana <a@x.example>, Eva <e@x.example>\n\nx"); got.AllFrom != 2 {
		t.Errorf("%d senders", got.AllFrom)
	}
	if got := parse(t, "From: a@x.example\nFrom: b@x.example\n\nx"); got.AllFrom != 2 {
		t.Errorf("%d senders", got.AllFrom)
	}
	if got := parse(t, "From: nobody\n\nx"); got.AllFrom != 0 || got.From.Address != "" || len(got.Problems) == 0 {
		t.Errorf("%+v", got)
	}
}

func TestAMailWithoutAnIDGetsOneFromItsBytes(t *testing.T) {
	one, again, other := parse(t, "From: a@b\n\nx"), parse(t, "From: a@b\n\nx"), parse(t, "From: a@b\n\ny")
	if one.MessageID != again.MessageID || one.MessageID == other.MessageID || len(one.MessageID) < 64 {
		t.Errorf("%q, %q, %q", one.MessageID, again.MessageID, other.MessageID)
	}
}

func TestReferencesKeepTheRootAndTheNearest(t *testing.T) {
	var chain []string
	for i := range 80 {
		chain = append(chain, fmt.Sprintf("<%d@x>", i))
	}
	got := parse(t, "References: "+strings.Join(chain, "\n ")+"\n\nx").References
	if len(got) != 50 || got[0] != "0@x" || got[1] != "31@x" || got[49] != "79@x" {
		t.Errorf("%q", got)
	}
	if got := parse(t, "References: a@x, b@y\n c@z\n\nx").References; !cmp.Equal(got, []string{"a@x", "b@y", "c@z"}) {
		t.Errorf("%q", got)
	}
}

func TestADateThatCannotBeTrueIsNone(t *testing.T) {
	for _, date := range []string{"", "yesterday", "Thu, 1 Jan 1970 00:00:00 +0000", "Wed, 4 Mar 3026 10:15:00 +0100"} {
		if got := parse(t, "Date: "+date+"\n\nx").Date; !got.IsZero() {
			t.Errorf("%q: %s", date, got)
		}
	}
}

func TestTextIsReadInEveryCharacterSet(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"ISO-2022-JP":                {"text/plain; charset=iso-2022-jp", "\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"},
		"ISO-2022-JP, undeclared":    {"text/plain", "\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"},
		"GB2312":                     {"text/plain; charset=gb2312", "\xc4\xe3\xba\xc3", "你好"},
		"Korean":                     {"text/plain; charset=ks_c_5601-1987", "\xbe\xc8\xb3\xe7", "안녕"},
		"Cyrillic":                   {"text/plain; charset=koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"},
		"windows-1250":               {"text/plain; charset=cp1250", "\x8aiba", "Šiba"},
		"UTF-8, declared as Latin 1": {"text/plain; charset=iso-8859-1", "čaj", "čaj"},
		"Latin 1, declared as UTF-8": {"text/plain; charset=utf-8", "caf\xe9", "café"},
		"undeclared 8-bit":           {"text/plain", "caf\xe9", "café"},
		"an unknown set":             {"text/plain; charset=x-none", "čaj", "čaj"},
		"UTF-7":                      {"text/plain; charset=utf-7", "+AQ0-aj", "čaj"},
		"UTF-16":                     {"text/plain; charset=utf-16", "\xff\xfe\x0d\x01a\x00j\x00", "čaj"},
		"a broken type":              {"text/plain; charset=\"utf-8", "čaj", "čaj"},
		"no slash":                   {"text", "čaj", "čaj"},
		"NUL and control characters": {"text/plain; charset=utf-8", "a\x00b\x1b[31mc\u202ed", "ab[31mcd"},
	} {
		got, err := Parse(
			t.Context(),
			strings.NewReader(
				"From: a@b\r\nContent-Type: "+c.kind+"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"+c.body,
			),
			Limits{},
		)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.TrimSpace(got.Text) != c.want {
			t.Errorf("%s: %q", name, got.Text)
		}
	}
}

func TestHeadersAreReadHoweverTheyAreWritten(t *testing.T) {
	for subject, want := range map[string]string{
		"\x1b$B$3$s\x1b(B":                       "こん",
		"=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=":     "こん",
		"caf\xe9":                                "café",
		"čaj":                                    "čaj",
		"=?utf-8?Q?=C4?= =?utf-8?Q?=8Daj?=":      "čaj",
		"=?utf-8?q?a_b?= =?iso-8859-2?q?=E8?= c": "a bč c",
		"=?utf-8?B?xI1hag?=":                     "čaj",
		"=?bogus":                                "=?bogus",
		"a\tb\u202e\u200ec":                      "a bc",
		"=?utf-8?Q?a=0D=0ABcc:_x@y?=":            "a Bcc: x@y",
		"=?utf-8?Q?" + strings.Repeat("=C4=8D", 400) + "?=": strings.Repeat("č", 300),
		"=?windows-1250?Q?=8Aiba?=":                         "Šiba",
	} {
		if got := parse(t, "Subject: "+subject+"\n\nx").Subject; got != want {
			t.Errorf("%q: %q", subject, got)
		}
	}
}

func TestFlowedTextIsJoined(t *testing.T) {
	got := parse(t,
		"Content-Type: text/plain; format=flowed\n\nOne long \nline.\n> quoted \n> too.\n> \n stuffed\n-- \nAna\n")
	if want := "One long line.\n> quoted too.\n> \nstuffed\n-- \nAna"; got.Text != want {
		t.Errorf("%q", got.Text)
	}
	if got := parse(t, "Content-Type: text/plain; format=flowed; delsp=yes\n\nこん \nにちは\n"); got.Text != "こんにちは" {
		t.Errorf("%q", got.Text)
	}
}

func TestForwardedMailIsKeptWhole(t *testing.T) {
	body := "From our side it is fixed.\n\nFrom: x\nSent: y\nTo: z\nSubject: q\n\nThe vendor's answer."
	for _, subject := range []string{"Fwd: x", "FW: x", "WG: x", "TR: x"} {
		if got := parse(t, "Subject: "+subject+"\n\n"+body); got.Trimmed || got.Reply != body {
			t.Errorf("%s: %q", subject, got.Reply)
		}
	}
	if got := parse(t, "Subject: RE: x\n\n"+body); got.Reply != "From our side it is fixed." {
		t.Errorf("%q", got.Reply)
	}
}

func TestTextAboveTheLimitIsCutBetweenCharacters(t *testing.T) {
	got := parse(t, "Content-Type: text/plain; charset=utf-8\n\na"+strings.Repeat("č", plaintext.MaxText))
	if !got.TextCut || len(got.Text) > plaintext.MaxText || len(got.Text) < plaintext.MaxText-2 ||
		!strings.HasSuffix(got.Text, "č") {
		t.Errorf("cut %t, %d bytes", got.TextCut, len(got.Text))
	}
}

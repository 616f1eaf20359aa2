package incoming

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
)

// hostileTime is what a mail may take that is built to be dear. It is far above what was
// measured, for machines that do other work and look for races, and far below what a
// mistake would take.
const hostileTime = 10 * time.Second

func TestMailsBuiltToTakeTimeAreReadQuickly(t *testing.T) {
	kilo := func(piece string, size int) string { return strings.Repeat(piece, size/len(piece)) }
	for name, c := range map[string]struct{ kind, body string }{
		"quotes":                   {"text/plain", kilo("> a line that was quoted\n", 1<<20)},
		"deep quotes":              {"text/plain", kilo(strings.Repeat(">", 500)+" a\n", 1<<18)},
		"attributions":             {"text/plain", kilo("On 4 March 2026 at 10:15, Ana <a@b.example> wrote:\n", 1<<18)},
		"header blocks":            {"text/plain", kilo("From: a\nTo: b\n", 1<<18)},
		"forwards":                 {"text/plain", kilo("--- Forwarded\n", 1<<18)},
		"one line":                 {"text/plain", kilo("On 1 wrote ", 1<<18)},
		"begins of files":          {"text/plain", kilo("begin 644 a\n", 1<<18)},
		"begins of other files":    {"text/plain", kilo("=ybegin line=128 size=5 name=a\n", 1<<18)},
		"begins with a line":       {"text/plain", kilo("begin 644 a\n#0V%T\n", 1<<18)},
		"commands":                 {"text/enriched", kilo("<param>", 1<<18)},
		"signed marks":             {"text/plain", kilo("-----BEGIN PGP SIGNED MESSAGE-----\n\n", 1<<18)},
		"elements":                 {"text/html", kilo("<div>", 10<<20)},
		"elements of a quote":      {"text/html", kilo("<blockquote type=cite>a", 1<<18)},
		"tables":                   {"text/html", kilo("<table><tr><td>a", 1<<18)},
		"styles":                   {"text/html", kilo(`<p style="border-top-color:a;border-top-style:solid;padding:3.0pt0;border-width:1pt;`+strings.Repeat("a:b;", 450)+`">`, 1<<18)},
		"one attribute":            {"text/html", `<p style="` + kilo("color:red;", 1<<18) + `">a`},
		"attributes":               {"text/html", "<p " + kilo("a=b ", 1<<18) + ">a"},
		"links":                    {"text/html", kilo(`<a href="https://a.example/">a</a>`, 1<<18)},
		"links within links":       {"text/html", kilo(`<a href="https://a.example/">a`, 1<<18)},
		"pictures":                 {"text/html", kilo(`<img src="cid:a">`, 1<<18)},
		"begins of pictures":       {"text/html", kilo("data:image/png;base64,", 1<<18)},
		"a picture without an end": {"text/html", `<img src="data:image/png;base64,` + kilo("AAAA", 1<<18)},
		"entities":                 {"text/html", kilo("&lt;&#x3c;", 1<<18)},
		"ends":                     {"text/html", kilo("</div></td></table>", 1<<18)},
		"comments":                 {"text/html", kilo("<!--", 1<<18)},
		"forwards in markup":       {"text/html", `<div class="gmail_attr">` + kilo("<b>--- a</b>", 1<<18)},
		"a calendar":               {"text/calendar", kilo("BEGIN:VEVENT\nEND:VEVENT\n", 1<<18)},
		"a calendar of parameters": {"text/calendar", "BEGIN:VEVENT\nATTENDEE" + kilo(";A=B", 1<<18) + ":x"},
		"statuses":                 {"message/delivery-status", kilo("Final-Recipient: rfc822; a@b.example\n\n", 1<<18)},
		"a status":                 {"message/delivery-status", "Status: " + kilo("5.", 1<<18)},
		"lengths":                  {"application/pkcs7-mime", kilo("\x30\x80", 1<<18)},
		"a packed mail":            {"application/ms-tnef", "\x78\x9f\x3e\x22\x01\x00" + kilo("\x01\x0c\x80\x02\x00\x00\x00\x00\x00\x00\x00", 1<<18)},
	} {
		raw := "From: mailer-daemon@b.example\r\nSubject: Re: x\r\nContent-Type: " + c.kind + "\r\n\r\n" + c.body
		begun := cputime.Now()
		m, err := Parse(t.Context(), strings.NewReader(raw), Limits{})
		if took := cputime.Since(begun); took > hostileTime {
			t.Errorf("%s: %s", name, took)
		} else if testing.Verbose() {
			t.Logf("%s: %s", name, took)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sound(t, m)
	}
}

func TestAMailIsReadNoFurtherWhenNobodyWaits(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	body := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat(
		"--b\r\nContent-Type: text/html\r\n\r\n"+strings.Repeat("<div>a", 20_000)+"\r\n", 400)
	begun := cputime.Now()
	if _, err := Parse(ctx, strings.NewReader(body), Limits{Bytes: 1 << 30}); !errors.Is(
		err,
		context.DeadlineExceeded,
	) {
		t.Errorf("%v", err)
	}
	if took := cputime.Since(begun); took > hostileTime {
		t.Errorf("took %s", took)
	}
}

func TestPicturesGetTheirAddresses(t *testing.T) {
	safe := `<p>a <img src="attachment:0" alt="x"> <img src="attachment:7"> &lt;img src=&#34;attachment:0&#34;&gt;</p>`
	got := markup.WithPictures(safe, func(number int) string {
		if number == 0 {
			return `/files/1?a="b"&c`
		}
		return ""
	})
	if want := `<p>a <img src="/files/1?a=&#34;b&#34;&amp;c" alt="x">  &lt;img src=&#34;attachment:0&#34;&gt;</p>`; got != want {
		t.Errorf("%s", got)
	}
}

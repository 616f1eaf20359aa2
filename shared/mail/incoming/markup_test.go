package incoming

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

func TestHTMLBecomesReadableText(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"paragraphs":         {"<p>One</p><p>Two\n  words</p>", "One\n\nTwo words"},
		"lines":              {"<div>One</div><div>Two<br>Three</div><div><br></div><div>Four</div>", "One\nTwo\nThree\n\nFour"},
		"entities":           {"a &amp; b &lt;c&gt; &#269;&nbsp;d", "a & b <c> č d"},
		"lists":              {"<ul><li>one</li><li>two</li></ul>end", "- one\n- two\n\nend"},
		"tables":             {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"links":              {`<a href="https://x.example/a">here</a> <a href="https://y.example/">https://y.example</a>`, "here <https://x.example/a> https://y.example"},
		"harmful links":      {`<a href="javascript:alert(1)">here</a>`, "here"},
		"preformatted":       {"<pre>a\n  b</pre>c", "a\n  b\n\nc"},
		"scripts and style":  {"<head><title>t</title></head><style>p{}</style><script>x()</script>text", "text"},
		"hidden":             {`<div style="display: none">preheader</div>text`, "text"},
		"pictures":           {`<img src="cid:a" alt="lamp"><img src="https://x.example/pixel">`, "[lamp]"},
		"quotes":             {"a<blockquote type=cite>b<blockquote type=cite>c</blockquote></blockquote>d", "a\n> b\n>> c\nd"},
		"indented text":      {`<blockquote style="margin:0 0 0 40px;border:none;padding:0px">a</blockquote>`, "a"},
		"not closed":         {"<div><b>text", "text"},
		"control characters": {"a\x00b\u202ec", "abc"},
	} {
		if diff := cmp.Diff(c.want, strings.TrimSpace(markup.Text(c.source, false))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// htmlCases are answers as programs write them in HTML, without a plain form.
var htmlCases = map[string]struct{ source, want string }{
	"Gmail": {
		`<div dir="ltr">It works.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Wed, Mar 4, 2026 at 10:15 AM Support &lt;<a href="mailto:s@msp.example">s@msp.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">Does it?</blockquote></div>`,
		"It works.",
	},
	"Gmail, older": {
		`<div dir="ltr">It works.<div class="gmail_extra"><br><div class="gmail_quote">On 4 March 2026 at 10:15, Support <span dir="ltr">&lt;<a href="mailto:s@msp.example">s@msp.example</a>&gt;</span> wrote:<br><blockquote class="gmail_quote">Does it?</blockquote></div></div></div>`,
		"It works.",
	},
	"Gmail with a signature": {
		`<div dir="ltr">Yes<div><br></div>-- <br><div class="gmail_signature">Ana<br>Krajnc</div></div><div class="gmail_quote"><div class="gmail_attr">On x wrote:</div><blockquote class="gmail_quote">q</blockquote></div>`,
		"Yes",
	},
	"Gmail, answers between": {
		`<div class="gmail_quote"><div class="gmail_attr">On x wrote:</div><blockquote class="gmail_quote">Which model?</blockquote><div>AP-500</div><blockquote class="gmail_quote">Thanks</blockquote></div>`,
		"AP-500",
	},
	"Outlook on the web": {
		`<div>Still down.</div><div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Support<br><b>Sent:</b> Wednesday<br><b>To:</b> Ana<br><b>Subject:</b> x</div><div>Is it up?</div>`,
		"Still down.",
	},
	"Outlook on the web, rewritten": {
		`<div>Still down.</div><div id="x_x_divRplyFwdMsg">From: Support</div>Is it up?`, "Still down.",
	},
	"Outlook on the desktop": {
		`<div class="WordSection1"><p class="MsoNormal">Fixed.<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Support</p></div></div><p>Is it?</p></div>`,
		"Fixed.",
	},
	"Outlook, new": {
		`<div>Fixed.</div><div id="mail-editor-reference-message-container"><div>From: Support</div></div>`,
		"Fixed.",
	},
	"Outlook in inches, headers only": {
		`<div><p>Fixed.</p><p><b>Von:</b> Support<br><b>Gesendet:</b> Mittwoch<br><b>An:</b> Ana<br><b>Betreff:</b> x</p><p>Geht es?</p></div>`,
		"Fixed.",
	},
	"Apple Mail": {
		`<html><body>Green.<div><br><blockquote type="cite"><div>On 4 Mar 2026, at 10:15, Support wrote:</div><br><div>Which colour?</div></blockquote></div></body></html>`,
		"Green.",
	},
	"iPhone": {
		`<div>On my way<br><br><div id="AppleMailSignature">Sent from my iPhone</div><div><br>On 4 Mar 2026, at 10:15, Support &lt;s@msp.example&gt; wrote:<br><br></div><blockquote type="cite">Where?</blockquote></div>`,
		"On my way",
	},
	"Thunderbird": {
		`<p>It is 8.2.</p><div class="moz-cite-prefix">On 3/4/26 10:15, Support wrote:<br></div><blockquote type="cite" cite="mid:x">Which?</blockquote>`,
		"It is 8.2.",
	},
	"Thunderbird, answer below": {
		`<div class="moz-cite-prefix">On 3/4/26 10:15, Support wrote:<br></div><blockquote type="cite" cite="mid:x">Which?</blockquote><p>It is 8.2.</p><div class="moz-signature">-- <br>Ana</div>`,
		"It is 8.2.",
	},
	"Yahoo": {
		`<div>See the log.</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Wednesday, Support wrote:</div><div>Send a log.</div></div>`,
		"See the log.",
	},
	"ProtonMail": {
		`<div>Works.</div><div class="protonmail_signature_block">Sent with Proton</div><div class="protonmail_quote">On Wednesday wrote:<blockquote>q</blockquote></div>`,
		"Works.",
	},
	"Zimbra": {
		`<div>Done.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__QUOTED_TEXT__">quoted</div>`,
		"Done.",
	},
	"our marker": {
		`<div>Thanks</div><div>##- Reply above this line to answer -##</div><table><tr><td>Ana answered</td></tr></table>`,
		"Thanks",
	},
}

func TestAnAnswerInHTMLIsCutByTheMarksOfThePrograms(t *testing.T) {
	for name, c := range htmlCases {
		got := parse(t, "From: a@b.example\nSubject: Re: x\nContent-Type: text/html; charset=utf-8\n\n"+c.source)
		if diff := cmp.Diff(c.want, got.Reply); diff != "" || !got.Trimmed {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestHostileHTMLIsConvertedQuickly(t *testing.T) {
	for name, source := range map[string]string{
		"quotes 100,000 deep":    strings.Repeat("<blockquote type=cite>x", 100_000) + "y",
		"elements 500,000 deep":  strings.Repeat("<div>", 500_000) + "y",
		"links 200,000 deep":     strings.Repeat("<a href='https://x.example'>z", 200_000),
		"ends without a begin":   strings.Repeat("</blockquote></a></p>", 100_000) + "y",
		"one huge attribute":     "<p style='" + strings.Repeat("a ", 1<<20) + "'>y",
		"many attributes":        "<p " + strings.Repeat("a=b ", 500_000) + ">y",
		"comments":               strings.Repeat("<!-- - -->", 200_000) + "y",
		"an open comment":        "<!--" + strings.Repeat("--!", 500_000),
		"entities":               strings.Repeat("&amp;&#x1;", 200_000),
		"skipped without an end": "<div class=yahoo_quoted>" + strings.Repeat("<div>y", 300_000),
		"line breaks":            strings.Repeat("<br>", 800_000) + "y",
	} {
		for _, cut := range []bool{false, true} {
			begun := cputime.Now()
			text := markup.Text(plaintext.FirstBytes(source, maxHTMLPart), cut)
			if took := cputime.Since(begun); took > 3*time.Second {
				t.Errorf("%s: %s", name, took)
			}
			if len(text) > 2*markup.MaxConverted {
				t.Errorf("%s: %d bytes of text", name, len(text))
			}
		}
	}
}

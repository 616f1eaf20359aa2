package specimen

import "strings"

// markup shows the HTML by which programs separate quotes and signatures from replies.
func markup() []Mail {
	var all []Mail
	head := "<p><b>From:</b> Support<br><b>Sent:</b> Wednesday<br><b>To:</b> Ana<br><b>Subject:</b> Case 9</p><p>Is it up?</p>"
	for _, c := range []struct{ name, body, reply string }{
		{"Gmail", `<div dir="ltr">OK 42.</div><br><div class="gmail_quote"><div class="gmail_attr">On Wed, Mar 4, 2026 Support wrote:<br></div><blockquote class="gmail_quote">Is it up?</blockquote></div>`, "OK 42."},
		{"Gmail with a signature", `<div dir="ltr">OK 42.<br>-- <br><div class="gmail_signature">Ana</div></div><div class="gmail_quote"><div class="gmail_attr">On Wed wrote:</div><blockquote class="gmail_quote">q</blockquote></div>`, "OK 42."},
		{"Gmail in a language that is not known", `<div dir="ltr">OK 42.</div><div class="gmail_quote"><div class="gmail_attr">Qvos 4 Xyz 2026 Support &lt;cases@msp.example&gt; blorgh:<br></div><blockquote class="gmail_quote">q</blockquote></div>`, "OK 42."},
		{"Outlook, its id", `<div>OK 42.</div><hr><div id="divRplyFwdMsg">` + head + `</div>`, "OK 42."},
		{"Outlook, where it appends", `<div>OK 42.</div><div id="appendonsend"></div><hr><div>Absender unbekannt</div><div>Is it up?</div>`, "OK 42."},
		{"Outlook, rewritten ids", `<div>OK 42.</div><div id="x_x_divRplyFwdMsg">x</div><div>Is it up?</div>`, "OK 42."},
		{"Outlook, its line in inches", `<p class="MsoNormal">OK 42.</p><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p>x</p></div><p>Is it up?</p>`, "OK 42."},
		{"Outlook, its line in centimetres", `<div class="WordSection1"><p>OK 42.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">x</div><p>Is it up?</p></div>`, "OK 42."},
		{"Outlook on a Mac", `<p>OK 42.</p><div style="border-width: 1pt medium medium; border-style: solid none none; border-color: rgb(181, 196, 223) currentcolor currentcolor; padding: 3pt 0cm 0cm;">x</div><p>Is it up?</p>`, "OK 42."},
		{"Outlook, new", `<div>OK 42.</div><div id="mail-editor-reference-message-container"><div>x</div></div>`, "OK 42."},
		{"Outlook on a telephone", `<div>OK 42.</div><div id="ms-outlook-mobile-signature">Get it</div><div id="mail-editor-reference-message-container">x</div>`, "OK 42."},
		{"Outlook, its signature", `<div>OK 42.</div><div id="Signature"><p>Ana Novak</p></div>`, "OK 42."},
		{"Exchange, its section", `<div>OK 42.</div><div name="messageReplySection">On Wed wrote:<blockquote>q</blockquote></div>`, "OK 42."},
		{"Spark, its signature", `<div name="messageBodySection">OK 42.</div><div name="messageSignatureSection">Ana</div><div name="messageReplySection">q</div>`, "OK 42."},
		{"Apple Mail", `<div>OK 42.<br><blockquote type="cite"><div>On 4 Mar 2026, at 10:15, Support wrote:</div>Is it up?</blockquote></div>`, "OK 42."},
		{"Apple Mail, its signature", `<div>OK 42.</div><div id="AppleMailSignature">Ana</div>`, "OK 42."},
		{"Thunderbird", `<p>OK 42.</p><div class="moz-cite-prefix">Am 4.3.26 schrub Support:</div><blockquote type="cite">Is it up?</blockquote><div class="moz-signature">-- <br>Ana</div>`, "OK 42."},
		{"Thunderbird, answer below", `<div class="moz-cite-prefix">Am 4.3.26 schrub Support:</div><blockquote type="cite">Is it up?</blockquote><p>OK 42.</p>`, "OK 42."},
		{"Yahoo", `<div>OK 42.</div><div id="yahoo_quoted_77" class="yahoo_quoted">x</div>`, "OK 42."},
		{"Yahoo, new", `<div>OK 42.</div><div class="ydp77ayahoo_quoted">x</div>`, "OK 42."},
		{"Proton", `<div>OK 42.</div><div class="protonmail_signature_block">Sent with it</div><div class="protonmail_quote">On Wednesday, Support wrote:<br><blockquote class="protonmail_quote">Is it up?</blockquote></div>`, "OK 42."},
		{"Zimbra", `<div>OK 42.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">x</div><div data-marker="__QUOTED_TEXT__">q</div>`, "OK 42."},
		{"Front", `<div>OK 42.</div><div class="front-signature">Ana</div><blockquote type="cite" class="front-blockquote">q</blockquote>`, "OK 42."},
		{"Newton", `<div>OK 42.</div><div id="cm_signature">Ana</div><div id="cm_replymail_content_wrap">q</div>`, "OK 42."},
		{"QQ", `<div>OK 42.</div><div>------------------ 原始邮件 ------------------</div><div>x</div>`, "OK 42."},
		{"NetEase", `<div>OK 42.</div><div id="isReplyContent">q</div>`, "OK 42."},
		{"Zoho", `<div>OK 42.</div><div class="zmail_extra">x<blockquote>q</blockquote></div>`, "OK 42."},
		{"GMX", `<div>OK 42.</div><div name="quote" style="border-left:2px solid #C3D9E5;">x</div>`, "OK 42."},
		{"Roundcube", `<div>OK 42.</div><p id="reply-intro">4.3.2026 10:15 schrub Support:</p><blockquote type="cite">q</blockquote>`, "OK 42."},
		{"Samsung", `<div>OK 42.</div><div id="composer_signature">Sent</div><div>-------- Original message --------</div><div>q</div>`, "OK 42."},
		{"our marker", `<div>OK 42.</div><div>` + marker + `</div><table><tr><td>Eva answered</td></tr></table>`, "OK 42."},
		{"headers in the text alone", `<p>OK 42.</p>` + head, "OK 42."},
		{"answers between quotes", `<blockquote type="cite">Which model?</blockquote><div>AP-500</div><blockquote type="cite">Which port?</blockquote><div>Seven</div><blockquote type="cite">Thanks</blockquote>`, "> Which model?\nAP-500\n> Which port?\nSeven"},
		{"indented text is no quote", `<p>Steps:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">Push it.</blockquote>`, ""},
		{"Gmail passes on", `<div dir="ltr">OK 42.<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Vendor<br>Subject: Recall</div><p>Port 7 burns.</p></div></div>`, ""},
	} {
		all = append(
			all,
			Mail{
				Name: "markup: " + c.name,
				Rule: "markup separates quotes and signatures from the reply",
				Raw:  page("Subject: Re: Case 9", c.body),
				Want: Want{Reply: c.reply},
			},
		)
	}
	return append(
		all,
		Mail{
			Name: "markup: helps the plain form",
			Rule: "a quote that the plain text does not show is found in the HTML",
			Raw: mixed(
				"Subject: Re: Case 9",
				"multipart/alternative",
				words("OK 42.\n\nBlorgh: Support\nXyz: Wednesday\n\nIs it up?"),
				part(
					"Content-Type: text/html; charset=utf-8",
					`<div>OK 42.</div><div id="divRplyFwdMsg">Blorgh: Support<br>Xyz: Wednesday</div><div>Is it up?</div>`,
				),
			),
			Want: Want{Reply: "OK 42."},
		},
	)
}

// texts shows which parts are text, and how they are read.
func texts() []Mail {
	html := func(body string) string { return part("Content-Type: text/html; charset=utf-8", body) }
	picture := func(headers string) string {
		return part(lines("Content-Type: image/png", "Content-Transfer-Encoding: base64", headers), tinyPNG)
	}
	return []Mail{
		{
			Name: "text: plain form of two",
			Rule: "plain text is preferred to HTML",
			Raw:  mixed("", "multipart/alternative", words("plain"), html("<p>formatted</p>")),
			Want: Want{Text: "plain", HTML: []string{"<p>formatted</p>"}},
		},
		{
			Name: "text: empty plain form",
			Rule: "HTML is read if the plain text is empty",
			Raw:  mixed("", "multipart/alternative", words(" \n"), html("<p>formatted</p>")),
			Want: Want{Text: "formatted"},
		},
		{
			Name: "text: plain form that only apologizes",
			Rule: "HTML is read if the plain text is only a short hint",
			Raw: mixed("", "multipart/alternative", words("Your program cannot show this."),
				html("<p>"+long+"</p>"+filler)),
			Want: Want{Text: long},
		},
		{
			Name: "text: several parts",
			Rule: "several text parts are joined in order",
			Raw:  mixed("", "multipart/mixed", words("first"), html("<p>second</p>"), words("third")),
			Want: Want{Text: "first\n\nsecond\n\nthird", HTML: []string{"first", "second", "third"}},
		},
		{
			Name: "text: picture between texts",
			Rule: "a picture between text parts is shown in the text",
			Raw: mixed("", "multipart/mixed", html("<p>before</p>"),
				picture("Content-Disposition: inline; filename=lamp.png"), html("<p>behind</p>")),
			Want: Want{
				Text:  "before\n\nbehind",
				Files: []string{"lamp.png"},
				HTML:  []string{"before", `<img src="attachment:0"`, "behind"},
			},
		},
		{
			Name: "text: picture by id",
			Rule: "a picture that the HTML refers to is shown",
			Raw: mixed("", "multipart/related", html(`<p>Look: <img src="cid:lamp@customer" alt="lamp"></p>`),
				picture("Content-ID: <lamp@customer>\nContent-Disposition: inline; filename=lamp.png")),
			Want: Want{
				Text:  "Look: [lamp]",
				Files: []string{"lamp.png"},
				Shown: []string{"lamp.png"},
				HTML:  []string{`src="attachment:0"`},
			},
		},
		{
			Name: "text: picture by location",
			Rule: "a picture may be referred to by its location",
			Raw: mixed("", "multipart/related", html(`<p>Look: <img src="lamp.png"></p>`),
				picture("Content-Location: lamp.png")),
			Want: Want{
				Text:  "Look:",
				Files: []string{"lamp.png"},
				Shown: []string{"lamp.png"},
				HTML:  []string{`src="attachment:0"`},
			},
		},
		{
			Name: "text: picture that nothing shows",
			Rule: "an inline picture that nothing shows is an attachment",
			Raw: mixed("", "multipart/related", html(`<p>Hi</p>`),
				picture("Content-ID: <lamp@customer>\nContent-Disposition: inline; filename=lamp.png")),
			Want: Want{Text: "Hi", Files: []string{"lamp.png"}},
		},
		{
			Name: "text: picture in the markup",
			Rule: "a picture embedded in the HTML becomes a file",
			Raw:  page("", `<p>Look: <img src="data:image/png;base64,`+tinyPNG+`"></p>`),
			Want: Want{
				Text:  "Look:",
				Files: []string{"attachment-1.png"},
				Shown: []string{"attachment-1.png"},
				HTML:  []string{`src="attachment:0"`},
				Never: []string{"data:"},
			},
		},
		{
			Name: "text: nothing to be seen",
			Rule: "a mail without visible text is marked as empty",
			Raw: mixed("", "multipart/mixed", words("\u200b\u00a0\n"),
				picture("Content-Disposition: attachment; filename=lamp.png")),
			Want: Want{NoContent: true, Files: []string{"lamp.png"}},
		},
		{Name: "text: no body", Rule: "a mail without a body is accepted", Raw: write("", ""), Want: Want{NoContent: true}},
		{
			Name: "text: flowed",
			Rule: "lines of format=flowed are joined before the quote is cut",
			Raw: write("Subject: Re: Case 9\nContent-Type: text/plain; charset=utf-8; format=flowed",
				"OK \n42.\n\nOn 4 March 2026 at 10:15, Support \n<cases@msp.example> wrote:\n> Is \n> it up?\n"),
			Want: Want{
				Text:  "OK 42.\n\nOn 4 March 2026 at 10:15, Support <cases@msp.example> wrote:\n> Is it up?",
				Reply: "OK 42.",
			},
		},
		{
			Name: "text: flowed without spaces",
			Rule: "with delsp=yes the trailing space is not part of the text",
			Raw:  plain("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", "スイッ \nチ\n"),
			Want: Want{Text: "スイッチ"},
		},
		{
			Name: "text: enriched",
			Rule: "the commands of text/enriched are dropped",
			Raw: write("Content-Type: text/enriched",
				"<bold>OK</bold> <color><param>red</param>42</color>.\n\nBye <<x>\n"),
			Want: Want{Text: "OK 42.\nBye <x>"},
		},
		{
			Name: "text: three forms",
			Rule: "enriched text that repeats the plain text is dropped",
			Raw: mixed("", "multipart/alternative", words("OK 42."),
				part("Content-Type: text/enriched", "<bold>OK 42.</bold>")),
			Want: Want{Text: "OK 42."},
		},
		{
			Name: "text: hidden text",
			Rule: "hidden text is not read",
			Raw:  page("", `<div style="display:none">preview</div><span hidden>more</span><p>OK 42.</p>`),
			Want: Want{Text: "OK 42.", Never: []string{"preview", "more"}},
		},
		{
			Name: "text: links",
			Rule: "the address of a link follows its text",
			Raw:  page("", `<p><a href="https://customer.example/log">log</a></p>`),
			Want: Want{Text: "log <https://customer.example/log>"},
		},
	}
}

const (
	tinyPNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	long    = "The switch in the second rack loses every third packet since the night before yesterday, and the lamp of port seven stays dark although the cable was changed twice. We have restarted it, moved the cable to port eight, and asked the vendor, who says that it must be the power supply. Please send somebody with a new one, since the tills of the whole shop hang on this switch."
)

// filler is markup without text, which programs produce in large amounts.
var filler = strings.Repeat("<p style=\"margin:0\"></p>", 200)

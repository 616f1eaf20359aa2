package incoming

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/mail/wording"
)

func TestAnAnswerToOurOwnMailIsCutAtOurMarker(t *testing.T) {
	notice := outgoing.CaseNotification{
		Headline: "Eva answered case 9",
		Facts:    []outgoing.Fact{{Name: "Case", Value: "9"}, {Name: "Subject", Value: "Switch"}},
		Comments: []outgoing.CaseComment{{Author: "Eva", Text: "Which model?\nAnd which port?"}},
		URL:      "https://help.example/cases/9",
	}
	page, err := notice.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	quotedText := "> " + strings.ReplaceAll(strings.TrimSpace(notice.Text()), "\n", "\n> ")
	for name, c := range map[string]struct{ kind, body string }{
		"text, marked":               {"text/plain", "OK 42.\n\nOn Wed, Mar 4, 2026 at 10:15 AM Support <cases@msp.example> wrote:\n\n" + quotedText},
		"text, not marked":           {"text/plain", "OK 42.\n\n" + notice.Text()},
		"text, in no known language": {"text/plain", "OK 42.\n\nBlorgh: Support <cases@msp.example>\nXyz: 10:15\nQuux: Ana\n\n" + notice.Text()},
		"HTML, marked":               {"text/html", `<div>OK 42.</div><div class="gmail_quote"><div class="gmail_attr">Blorgh Support &lt;cases@msp.example&gt;:</div><blockquote class="gmail_quote">` + page + `</blockquote></div>`},
		"HTML, by Outlook":           {"text/html", `<p>OK 42.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">Blorgh: x</div>` + page},
		"HTML, without any mark":     {"text/html", `<p>OK 42.</p>` + page},
	} {
		got := parse(t, "From: a@b.example\nSubject: Re: Switch\nContent-Type: "+c.kind+"; charset=utf-8\n\n"+c.body)
		if got.Reply != "OK 42." || !strings.Contains(got.Text, "And which port?") {
			t.Errorf("%s: %q of %q", name, got.Reply, got.Text)
		}
	}
	got := parse(
		t,
		"From: a@b.example\nSubject: Re: Switch\n\n> "+outgoing.ReplyMarker+"\n> Which model?\nAP-500\n> And which port?\nSeven\n",
	)
	if !strings.Contains(got.Reply, "AP-500") || !strings.Contains(got.Reply, "Seven") {
		t.Errorf("answers among the quote: %q", got.Reply)
	}
}

func TestAnAnswerToOurGermanMailIsCutAtItsMarker(t *testing.T) {
	notice := outgoing.CaseNotification{
		Language: wording.German, Headline: "Eva hat auf Fall 9 geantwortet", URL: "https://help.example/cases/9",
		Comments: []outgoing.CaseComment{{Author: "Eva", Text: "Welches Modell?"}},
	}
	page, err := notice.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for kind, body := range map[string]string{
		"text/plain": "Das rote.\n\nAm 4.3.2026 um 10:15 schrieb Support <cases@msp.example>:\n\n> " +
			strings.ReplaceAll(strings.TrimSpace(notice.Text()), "\n", "\n> "),
		"text/html": `<p>Das rote.</p><blockquote>` + page + `</blockquote>`,
	} {
		got := parse(t, "From: a@b.example\nSubject: AW: Switch\nContent-Type: "+kind+"; charset=utf-8\n\n"+body)
		if got.Reply != "Das rote." || !strings.Contains(got.Text, "Welches Modell?") {
			t.Errorf("%s: %q of %q", kind, got.Reply, got.Text)
		}
	}
}

func TestTheHiddenPreviewOfOurMailIsCutWithIt(t *testing.T) {
	notice := outgoing.CaseNotification{
		Headline: "Eva answered case 9", Facts: []outgoing.Fact{{Name: "Case", Value: "9"}},
		URL:      "https://help.example/cases/9",
		Comments: []outgoing.CaseComment{{Author: "Eva", Text: "Which model do you have in the lobby, and which port is it?"}},
	}
	page, err := notice.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	preview := outgoing.PreheaderMark + "Which model do you have in the lobby,\nand which port is it?" + outgoing.PreheaderMark
	for name, c := range map[string]struct{ kind, body string }{
		"quoted by a program that shows hidden text": {"text/plain", "OK 42.\n\nOn Wed, Mar 4, 2026 at 10:15 AM Support <cases@msp.example> wrote:\n\n" +
			preview + "\n" + notice.Text()},
		"marked": {"text/plain", "OK 42.\n\nBlorgh Support <cases@msp.example>:\n> " +
			strings.ReplaceAll(preview, "\n", "\n> ") + "\n> " + strings.ReplaceAll(notice.Text(), "\n", "\n> ")},
		"HTML": {"text/html", `<p>OK 42.</p><blockquote>` + page + `</blockquote>`},
	} {
		got := parse(t, "From: a@b.example\nSubject: Re: Switch\nContent-Type: "+c.kind+"; charset=utf-8\n\n"+c.body)
		if got.Reply != "OK 42." {
			t.Errorf("%s: %q", name, got.Reply)
		}
	}
}

package outgoing

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

var update = flag.Bool("update", false, "write the golden files anew")

func notice() CaseNotification {
	return CaseNotification{
		Headline: "Ana Novak answered case 1042",
		Facts: []Fact{
			{"Case", "1042"}, {"Subject", "Switch <core-1> & uplink"}, {"Organization", "Mlekarna Krajnc"},
			{"Status", "pending"}, {"Severity", "2"},
		},
		Comments: []CaseComment{{
			Author: "Ana Novak", Text: "Hello,\r\n\r\n  interface eth0\n<script>alert(1)</script> & \"more\"\n",
		}},
		Changes:     []FieldChange{{"Status", "open", "pending"}},
		Attachments: []string{"log.txt", "a<b>.png"}, URL: "https://portal.example/cases/1042?a=1&b=2",
		Footer: Footer{
			Reason: "You get this mail because you watch the case.",
			Ways: []Way{
				{"Stop watching this case", "https://portal.example/unwatch?token=x"},
				{"Choose which mails you get", "https://portal.example/login?next=%2Faccount%23mails"},
			},
			Sender: PortalSender("", "https://portal.example", "Adria Networks", "Mlekarna Krajnc"),
		},
	}
}

func germanNotice() CaseNotification {
	n := notice()
	n.Language, n.Headline = wording.German, "Ana Novak hat auf Fall 1042 geantwortet"
	n.Comments[0].Note = true
	n.RatingURL = "https://portal.example/satisfaction?token=x"
	n.Footer = Footer{Sender: PortalSender(wording.German, "https://portal.example", "", "")}
	return n
}

// withLogo is a notice with a logo, whose name tries to end the attribute.
func withLogo() CaseNotification {
	n := notice()
	n.Logo = &Logo{ContentID: "logo.1@portal.example", Name: `Adria "Networks" <x>`, Width: 200, Height: 32}
	return n
}

func bodies() map[string]Body {
	at := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	const portal, recover = "https://portal.example", "https://portal.example/recover"
	return map[string]Body{
		"case":        notice(),
		"case_german": germanNotice(),
		"case_logo":   withLogo(),
		"invite": Invite{
			Inviter: "Ana Novak", Place: "Mlekarna Krajnc", Role: "Observer", Provider: "Adria Networks",
			Portal: portal, Link: "https://portal.example/invites/x", Expires: at,
		},
		"recovery": Recovery("", "https://portal.example/recover/x", portal, 15),
		"token":    TokenCreated("", "backup", "192.0.2.7", recover, portal),
		"notice": AccountNotice{
			Headline: "Ana <Novak> is now Observer of Rialto", Paragraphs: []string{"Look & see."},
			Button: "Open the portal", Link: "https://portal.example/",
			Footer: Footer{Reason: "You get this mail because you are Super User of Rialto."},
		},
		"password":        PasswordChanged("", at, recover, portal),
		"password_german": PasswordChanged(wording.German, at, recover, portal),
	}
}

func TestBodiesMatchTheGoldenFiles(t *testing.T) {
	for name, body := range bodies() {
		page, err := body.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for suffix, got := range map[string]string{".txt": body.Text(), ".html": page} {
			path := filepath.Join("testdata", name+suffix)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	}
}

func TestNoMailLoadsOrRunsExternalContent(t *testing.T) {
	for name, body := range bodies() {
		page, err := body.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tokens := html.NewTokenizer(strings.NewReader(page))
		for tokens.Next() != html.ErrorToken {
			token := tokens.Token()
			switch token.Data {
			case "img":
				if !strings.HasPrefix(attributeOf(token, "src"), "cid:logo.") || attributeOf(token, "alt") == "" {
					t.Errorf("%s: a picture that does not come with the mail: %s", name, token)
				}
			case "script", "link", "iframe", "object", "form", "video", "base":
				if token.Type == html.StartTagToken || token.Type == html.SelfClosingTagToken {
					t.Errorf("%s: element %s", name, token)
				}
			}
			for _, attribute := range token.Attr {
				if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "src" && token.Data != "img" ||
					strings.Contains(attribute.Val, "url(") {
					t.Errorf("%s: attribute %v", name, attribute)
				}
			}
		}
		language := `<html lang="en">`
		if strings.HasSuffix(name, "_german") {
			language = `<html lang="de">`
		}
		if !strings.Contains(page, language) || !strings.Contains(page, "max-width:600px") {
			t.Errorf("%s: language or width is missing", name)
		}
	}
}

func attributeOf(token html.Token, name string) string {
	for _, attribute := range token.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

func TestAMailAboutACaseBeginsWithTheMarker(t *testing.T) {
	if !strings.HasPrefix(notice().Text(), ReplyMarker+"\n") ||
		!strings.HasPrefix(germanNotice().Text(), ReplyMarkers()[1]+"\n") {
		t.Errorf("the texts begin with %q and %q", notice().Text()[:60], germanNotice().Text()[:60])
	}
	page, err := notice().HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(page, "<body")
	if marker := strings.Index(body, ReplyMarker); marker < 0 || marker > strings.Index(body, "Ana Novak") {
		t.Errorf("the marker is not first")
	}
}

func TestALongCommentIsCutWithANote(t *testing.T) {
	n := notice()
	n.Comments[0].Text = strings.Repeat("a", 20_001)
	page, err := n.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shortened := strings.Repeat("a", 20_000)
	for form, text := range map[string]string{"text": n.Text(), "HTML": page} {
		if !strings.Contains(text, shortened) || strings.Contains(text, shortened+"a") ||
			!strings.Contains(text, "Open the case to read all of it.") {
			t.Errorf("%s: the comment is not cut at 20,000 characters with a note", form)
		}
	}
}

func TestTheHTMLOfAMailHasAtMost60KB(t *testing.T) {
	for name, filler := range map[string]string{
		"quotes": strings.Repeat(`"`, 30_000), "lines": strings.Repeat("x\n", 30_000),
		"tabs":  strings.Repeat("\tx\n", 30_000),
		"emoji": strings.Repeat("🙂", 30_000), "short": `"`,
	} {
		n := CaseNotification{
			Headline: filler, URL: notice().URL, RatingURL: notice().URL, Footer: notice().Footer,
			Attachments: slices.Repeat([]string{filler}, 50), Remarks: []string{"The time for the solution has passed."},
			Changes:  slices.Repeat([]FieldChange{{"Subject", filler, filler}}, 17),
			Comments: slices.Repeat([]CaseComment{{Author: filler, Text: filler}}, 50),
			Facts:    slices.Repeat([]Fact{{"Organization", filler}}, 2),
		}
		page, err := n.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > 60<<10 {
			t.Errorf("%s: %d bytes", name, len(page))
		}
	}
}

func TestTheTextOfAMailHasAtMost76Columns(t *testing.T) {
	long := notice()
	long.Headline = strings.Repeat("word ", 40)
	long.Comments[0].Text = "    " + strings.Repeat("indented word ", 30) + "\n" + strings.Repeat("ž", 100) + " end"
	long.Facts[1].Value = strings.Repeat("subject ", 20)
	all := bodies()
	all["long"] = long
	for name, body := range all {
		for line := range strings.SplitSeq(body.Text(), "\n") {
			if utf8.RuneCountInString(line) > columns && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%s: a line has %d columns: %s", name, utf8.RuneCountInString(line), line)
			}
		}
	}
	if text := long.Text(); !strings.Contains(text, "\n    indented word") ||
		!strings.Contains(text, "\n"+strings.Repeat("ž", 100)+"\nend") ||
		!strings.Contains(text, "\n"+strings.Repeat(" ", long.margin())+"subject") {
		t.Errorf("indentation is lost, or a long word is broken:\n%s", text)
	}
}

func TestThePreviewSaysWhatTheHeadlineDoesNot(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*CaseNotification)
		want  string
	}{
		"a comment": {func(*CaseNotification) {}, `Hello, interface eth0 <script>alert(1)</script> & "more"`},
		"a long one": {
			func(n *CaseNotification) { n.Comments[0].Text = strings.Repeat("x", 200) }, strings.Repeat("x", 89) + "…",
		},
		"a change": {func(n *CaseNotification) { n.Comments = nil }, "Status: was open → now pending"},
		"a file":   {func(n *CaseNotification) { n.Comments, n.Changes = nil, nil }, "log.txt, a<b>.png"},
		"nothing":  {func(n *CaseNotification) { n.Comments, n.Changes, n.Attachments = nil, nil, nil }, "1042"},
	} {
		n := notice()
		test.spoil(&n)
		if got := strings.Trim(n.preheader(), PreheaderMark); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAFactThatChangedIsNotRepeatedBelow(t *testing.T) {
	if text := notice().Text(); strings.Count(text, "Status") != 1 ||
		!strings.Contains(text, "Status: was open → now pending") {
		t.Errorf("%s", text)
	}
}

func TestAMailHasOneButtonWhoseAddressIsTextToo(t *testing.T) {
	for name, body := range bodies() {
		page, err := body.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(page, `class="button"`); got != 1 {
			t.Errorf("%s has %d buttons", name, got)
		}
		_, after, _ := strings.Cut(page, `class="button"`)
		address, _, _ := strings.Cut(strings.SplitN(after, `href="`, 2)[1], `"`)
		if !strings.Contains(after, ">"+address+"</p>") {
			t.Errorf("%s does not show the address %s", name, address)
		}
	}
}

func TestACommentKeepsLinesAndIndentation(t *testing.T) {
	page, err := notice().HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page, "<br>") && !strings.Contains(page, "<br/>") ||
		!strings.Contains(page, "\u00a0\u00a0interface eth0") {
		t.Errorf("lines or indentation lost:\n%s", page)
	}
}

func TestALinkThatIsNotAPageIsRefused(t *testing.T) {
	for _, link := range []string{"", "javascript:alert(1)", "data:text/html,x", "/cases/1", "https://", "https://a b/"} {
		n := notice()
		n.URL = link
		if page, err := n.HTML(t.Context()); err == nil {
			t.Errorf("%q was accepted:\n%s", link, page)
		}
	}
}

func TestAtMostTwentyAttachmentsAreNamed(t *testing.T) {
	n := notice()
	n.Attachments = make([]string, 25)
	if files := n.files(); len(files) != 21 || files[20] != "and 5 more" {
		t.Errorf("%q", files)
	}
}

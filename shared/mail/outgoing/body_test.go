package outgoing

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func notice() CaseNotification {
	return CaseNotification{
		Headline: "Ana Novak answered case 1042", Number: "1042",
		Subject: "Switch <core-1> & uplink", Organization: "Mlekarna Krajnc", Status: "Open", Severity: "High",
		Comments: []CaseComment{{
			Author: "Ana Novak", Text: "Hello,\r\n\r\n  interface eth0\n<script>alert(1)</script> & \"more\"\n",
		}},
		Changes: []string{"Status: open → pending"}, Reason: "You get this mail because you opened the case.",
		Attachments: []string{"log.txt", "a<b>.png"}, URL: "https://portal.example/cases/1042?a=1&b=2",
	}
}

func bodies() map[string]Body {
	at := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	return map[string]Body{
		"case": notice(),
		"invite": Invite{
			Inviter: "Ana Novak", Place: "Mlekarna Krajnc", Role: "Observer", Provider: "Adria Networks",
			Portal: "https://portal.example", Link: "https://portal.example/invites/x", Expires: at,
		},
		"recovery": Recovery{Link: "https://portal.example/recover/x", Minutes: 15},
		"token":    TokenCreated{Name: "backup", Source: "192.0.2.7", Link: "https://portal.example/recover"},
		"notice": AccountNotice{
			Headline: "A new administrator", Paragraphs: []string{"Ana <Novak> is now Observer.", "Look & see."},
			Button: "Open the portal", Link: "https://portal.example/",
		},
		"password": PasswordChanged{At: at, Link: "https://portal.example/recover"},
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
			case "script", "img", "link", "iframe", "object", "form", "video", "base":
				if token.Type == html.StartTagToken || token.Type == html.SelfClosingTagToken {
					t.Errorf("%s: element %s", name, token)
				}
			}
			for _, attribute := range token.Attr {
				if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "src" ||
					strings.Contains(attribute.Val, "url(") {
					t.Errorf("%s: attribute %v", name, attribute)
				}
			}
		}
		if !strings.Contains(page, `<html lang="en">`) || !strings.Contains(page, "max-width:600px") {
			t.Errorf("%s: language or width is missing", name)
		}
	}
}

func TestAMailAboutACaseBeginsWithTheMarker(t *testing.T) {
	if !strings.HasPrefix(notice().Text(), ReplyMarker+"\n") {
		t.Errorf("text begins with %q", notice().Text()[:60])
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
	n.Comments[0].Text = strings.Repeat("č", 20_001)
	page, err := n.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for form, text := range map[string]string{"text": n.Text(), "HTML": page} {
		want := 20_000
		if form == "HTML" {
			want += maxPreheader - 1 // it ends with an ellipsis
		}
		if strings.Count(text, "č") != want || !strings.Contains(text, cutNote) {
			t.Errorf(
				"%s: %d characters of the comment; note: %t",
				form,
				strings.Count(text, "č"),
				strings.Contains(text, cutNote),
			)
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

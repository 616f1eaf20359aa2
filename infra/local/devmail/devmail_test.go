package devmail

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

func open(t *testing.T) (*mailfolder.Folder, string) {
	t.Helper()
	folder := t.TempDir()
	box, err := mailfolder.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return box, folder
}

func keep(t *testing.T, box *mailfolder.Folder, id, raw string) {
	t.Helper()
	_, err := box.Send(t.Context(), mail.Outgoing{ID: id, EnvelopeFrom: "b@msp.example", To: "<i>" + id + "@x.example",
		Raw: []byte(raw)})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, box *mailfolder.Folder, path string, status int) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	New(box, slog.New(slog.DiscardHandler)).ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
	answer := recorder.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		t.Fatalf("%s: %d, %v\n%s", path, answer.StatusCode, err, body)
	}
	return answer, string(body)
}

// elements lists the start tags of a page.
func elements(page string) []html.Token {
	var tags []html.Token
	tokens := html.NewTokenizer(strings.NewReader(page))
	for tokens.Next() != html.ErrorToken {
		if token := tokens.Token(); token.Type == html.StartTagToken || token.Type == html.SelfClosingTagToken {
			tags = append(tags, token)
		}
	}
	return tags
}

func attribute(token html.Token, name string) (string, bool) {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func TestAnOutgoingMailIsShownWhole(t *testing.T) {
	box, _ := open(t)
	notice := outgoing.CaseNotification{
		Headline: "Ana Novak answered case 1042",
		Facts:    []outgoing.Fact{{Name: "Case", Value: "1042"}, {Name: "Subject", Value: "Stikalo č"}},
		Comments: []outgoing.CaseComment{{Text: "It works"}},
		URL:      "https://portal.example/1042",
	}
	page, err := notice.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := outgoing.Message{
		FromAddress: "s@msp.example",
		ToAddress:   "a@x.example",
		Subject:     "Stikalo č",
		MessageID:   "a@b",
		Date:        time.Unix(0, 0),
		Instance:    "i",
		Text:        notice.Text(),
		HTML:        page,
	}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	keep(t, box, "m-1", string(raw))
	_, body := get(t, box, "/dev/mail/m-1", 200)
	for _, want := range []string{"<h1>Stikalo č</h1>", "Auto-Submitted", "auto-generated", "b@msp.example", "It works",
		"/dev/mail/m-1/raw"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	answer, file := get(t, box, "/dev/mail/m-1/raw", 200)
	if file != string(raw) || answer.Header.Get("Content-Type") != "message/rfc822" ||
		!strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("download: %v", answer.Header)
	}
}

func TestNothingInAMailCanActOnThePage(t *testing.T) {
	box, _ := open(t)
	evil := `<script>alert(1)</script><img src=x onerror=alert(1)></iframe>"'`
	keep(
		t,
		box,
		"m-1",
		"Subject: "+evil+"\r\nX-"+evil+": "+evil+
			"\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n"+evil+
			"\r\n--b\r\nContent-Type: text/html\r\n\r\n"+evil+"\r\n--b--\r\n",
	)
	for _, path := range []string{"/dev/mail", "/dev/mail/m-1"} {
		answer, body := get(t, box, path, 200)
		frames := 0
		for _, token := range elements(body) {
			switch token.Data {
			case "script", "img", "i", "object":
				t.Errorf("%s: element %s", path, token)
			case "iframe":
				frames++
				sandbox, ok := attribute(token, "sandbox")
				source, _ := attribute(token, "srcdoc")
				policy := `<meta http-equiv="Content-Security-Policy" content="default-src 'none'`
				if !ok || strings.Contains(sandbox, "allow-scripts") ||
					strings.Contains(sandbox, "allow-same-origin") ||
					!strings.HasPrefix(source, policy) || !strings.Contains(source, "<script>") {
					t.Errorf("frame %s", token)
				}
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: attribute %v", path, a)
				}
			}
		}
		if want := strings.Count(path, "m-1"); frames != want {
			t.Errorf("%s: %d frames", path, frames)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		styles := "style-src " + styleHash() + ";"
		if frames > 0 {
			styles = "style-src 'unsafe-inline';" // the mail's own, which the frame inherits
		}
		if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, styles) ||
			strings.Contains(policy, "script") ||
			answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, answer.Header)
		}
		if !strings.Contains(body, "<style>"+styleSheet+"</style>") {
			t.Errorf("%s: the style sheet is not the one that the policy allows", path)
		}
	}
}

func TestTheListIsPagedFromTheNewest(t *testing.T) {
	box, folder := open(t)
	if _, body := get(t, box, "/dev/mail", 200); !strings.Contains(body, "There are no mails") {
		t.Errorf("empty list:\n%s", body)
	}
	for i := range pageSize + 10 {
		id := fmt.Sprintf("m-%02d", i)
		keep(t, box, id, "Subject: number "+id+"\r\n\r\nx")
		at := time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(folder, id+".eml"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	_, first := get(t, box, "/dev/mail", 200)
	older := ""
	for _, token := range elements(first) {
		if link, _ := attribute(token, "href"); strings.HasPrefix(link, "/dev/mail?before=") {
			older = link
		}
	}
	if strings.Count(first, "number m-") != pageSize || !strings.Contains(first, "number m-59") ||
		strings.Contains(first, "number m-09") ||
		older == "" {
		t.Fatalf("first page, older at %q:\n%s", older, first)
	}
	_, second := get(t, box, older, 200)
	if strings.Count(second, "number m-") != 10 || !strings.Contains(second, "number m-09") ||
		strings.Contains(second, ">Older<") ||
		!strings.Contains(second, ">Newest<") {
		t.Errorf("second page:\n%s", second)
	}
}

func TestAMailThatIsNotThereIsNotFound(t *testing.T) {
	box, _ := open(t)
	for _, path := range []string{"/dev/mail/nope", "/dev/mail/nope/raw", "/dev/mail/..%2f..%2fetc"} {
		get(t, box, path, http.StatusNotFound)
	}
}

func TestAMailThatCannotBeTakenApartCanStillBeDownloaded(t *testing.T) {
	box, _ := open(t)
	keep(t, box, "m-1", "\xff\x00 no header at all")
	get(t, box, "/dev/mail", 200)
	_, body := get(t, box, "/dev/mail/m-1", 200)
	if !strings.Contains(body, "(no subject)") || !strings.Contains(body, `role="alert"`) {
		t.Errorf("page:\n%s", body)
	}
	get(t, box, "/dev/mail/m-1/raw", 200)
}

func TestLinksOfAMailOpen(t *testing.T) {
	box, _ := open(t)
	keep(t, box, "m-1", "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
		"One line.\r\nOpen the case: https://portal.example/cases/1?a=1&b=2.\r\n")
	keep(t, box, "m-2",
		"Subject: x\r\nContent-Type: text/html\r\n\r\n<p><a href=\"https://portal.example/\">Open</a></p>\r\n")
	_, body := get(t, box, "/dev/mail/m-1", 200)
	want := "One line.\nOpen the case: " +
		`<a href="https://portal.example/cases/1?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">` +
		`https://portal.example/cases/1?a=1&amp;b=2</a>.`
	if !strings.Contains(strings.ReplaceAll(body, "\r\n", "\n"), want) {
		t.Errorf("no %q in\n%s", want, body)
	}
	_, body = get(t, box, "/dev/mail/m-2", 200)
	for _, want := range []string{"allow-popups allow-popups-to-escape-sandbox",
		"&lt;base target=&#34;_blank&#34;&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
}

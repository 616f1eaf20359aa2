package pages_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// everyPage returns each page of the site once, as seen by the people who see most.
func (s *site) everyPage() []*page {
	s.t.Helper()
	_, _, err := s.Cases.AddComment(s.t.Context(), s.agent, s.Org.ID, s.kase.ID,
		support.NewComment{Text: "A note.", Internal: true})
	s.check(err)
	stranger, agent := s.stranger(), s.as(s.agent)
	agent.get(s.casePath()).submit(s.casePath()+"/status", fields{"status": "closed"})
	org := "/orgs/" + s.Org.ID + "/cases"
	form := agent.get(org + "/new")
	return append([]*page{
		stranger.get("/login"),
		stranger.get("/login").submit("/login", fields{"email": "a@example.com", "password": "wrong"}),
		stranger.get("/recover"),
		stranger.get("/recover?sent=1"),
		stranger.get("/verify/recover?token=x"),
		stranger.get("/verify/invite?token=x"),
		stranger.get(s.invite("nina@rialto.example.net")),
		stranger.get("/nothing"),
		stranger.get(s.invite("paola@rialto.example.net")).
			submit("/verify/invite", fields{"first_name": "", "password": "short"}),
		stranger.post("/login", url.Values{"email": {"a@example.com"}}),
		agent.get("/"),
		agent.get(org),
		agent.get(org + "?list=closed"),
		agent.get("/msps/" + s.MSP.ID + "/cases"),
		form,
		form.submit(org+"/new", fields{"subject": ""}),
		agent.get(s.casePath()),
		agent.get(s.casePath() + "/comments"),
		agent.get(s.casePath()).submit(s.casePath(), nil),
		agent.get("/nothing"),
	}, slices.Concat(s.deskPages(), s.quarantinePages(), s.healthPages())...)
}

func TestEveryPageHasATitleALanguageAndLabels(t *testing.T) {
	for _, page := range newSite(t).everyPage() {
		if page.status >= http.StatusInternalServerError {
			t.Errorf("%s: status %d", page.path, page.status)
		}
		ofPicture := func(node *html.Node) bool { return node.Namespace == "svg" }
		if titles := slices.DeleteFunc(all(page.document, "title"), ofPicture); len(titles) != 1 || textOf(titles[0]) == "· Tenantry" {
			t.Errorf("%s: no title", page.path)
		}
		if language := attribute(all(page.document, "html")[0], "lang"); language != "en" {
			t.Errorf("%s: the language is %q", page.path, language)
		}
		if headings := all(page.document, "h1"); len(headings) != 1 {
			t.Errorf("%s: %d main headings", page.path, len(headings))
		}
		ids := map[string]bool{}
		for node := range page.document.Descendants() {
			if id := attribute(node, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: two elements have the id %q", page.path, id)
				}
				ids[id] = true
			}
		}
		for node := range page.document.Descendants() {
			if !slices.Contains([]string{"input", "textarea", "select"}, node.Data) ||
				attribute(node, "type") == "hidden" {
				continue
			}
			labelled := node.Parent.Data == "label"
			for _, label := range all(page.document, "label") {
				labelled = labelled || attribute(node, "aria-label") != "" || attribute(label, "for") != "" && attribute(label, "for") == attribute(node, "id")
			}
			if !labelled {
				t.Errorf("%s: the field %q has no label", page.path, attribute(node, "name"))
			}
			for _, id := range strings.Fields(attribute(node, "aria-describedby")) {
				if !ids[id] {
					t.Errorf("%s: the field %q is described by %q, which is not there",
						page.path, attribute(node, "name"), id)
				}
			}
		}
		if page.status == http.StatusBadRequest && !strings.Contains(page.raw, `role="alert"`) {
			t.Errorf("%s: a refused form has no alert", page.path)
		}
	}
}

func TestNoPageLoadsOrRunsExternalContent(t *testing.T) {
	s := newSite(t)
	loads := map[string][]string{
		"link":   {"href"},
		"script": {"src"},
		"img":    {"src"},
		"form":   {"action"},
		"a":      {"href"},
		"iframe": {"src"},
	}
	for _, page := range s.everyPage() {
		want := map[string]string{
			"Referrer-Policy":        "no-referrer",
			"Cache-Control":          "no-store",
			"X-Content-Type-Options": "nosniff",
		}
		for name, value := range want {
			if got := page.header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", page.path, name, got, value)
			}
		}
		for _, part := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'",
			"base-uri 'none'"} {
			if got := page.header.Get("Content-Security-Policy"); !strings.Contains(got, part) ||
				strings.Contains(got, "unsafe") {
				t.Errorf("%s: the policy is %q", page.path, got)
			}
		}
		for node := range page.document.Descendants() {
			if node.Type == html.ElementNode && (node.Data == "style" || node.Data == "script" && node.FirstChild != nil) {
				t.Errorf("%s: there is an element %s with content", page.path, node.Data)
			}
			for _, a := range node.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: an element has %s", page.path, a.Key)
				}
			}
			for _, name := range loads[node.Data] {
				target := attribute(node, name)
				if !strings.HasPrefix(target, "#") &&
					(!strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//")) {
					t.Errorf("%s: %s leads to %q", page.path, node.Data, target)
				}
			}
		}
	}
}

func TestTheStyleSheetIsCacheable(t *testing.T) {
	s := newSite(t)
	b := s.stranger()
	for _, link := range all(b.get("/login").document, "link") {
		got := b.get(attribute(link, "href"))
		if got.status != http.StatusOK || !strings.Contains(got.header.Get("Cache-Control"), "immutable") ||
			got.raw == "" {
			t.Errorf("%s: status %d, %q", got.path, got.status, got.header.Get("Cache-Control"))
		}
	}
}

func TestNoFormIsAcceptedWithoutItsToken(t *testing.T) {
	s := newSite(t)
	invite := strings.TrimPrefix(s.invite("nina@rialto.example.net"), "/verify/invite?token=")
	other := s.as(s.agent).get("/").csrf("/logout")
	anonymous := s.stranger().get("/login").csrf("/login")
	open := map[string]url.Values{
		"/login": {
			"email":    {s.customer.Email},
			"password": {apptest.Password},
		},
		"/recover":        {"email": {s.customer.Email}},
		"/satisfaction":   {"token": {"x"}, "score": {"5"}},
		"/verify/recover": {"token": {"x"}, "password": {"nine patient glaciers 17"}},
		"/verify/invite": {
			"token":      {invite},
			"first_name": {"Nina"},
			"last_name":  {"Neri"},
			"password":   {"nine patient glaciers 17"},
		},
	}
	closed := map[string]url.Values{
		"/logout":                {},
		s.casePath() + "/status": {"status": {"closed"}}, "/verify/invite": {"token": {invite}},
	}
	known, stranger := s.as(s.customer), s.stranger()
	stranger.get("/login") // sets the cookie
	before := len(s.Outbox())
	for _, token := range []string{"", "x", other, anonymous} {
		for path, values := range open {
			values.Set("csrf", token)
			stranger.post(path, values).wants(http.StatusForbidden, "This form is no longer valid")
			s.stranger().post(path, values).wants(http.StatusForbidden)
		}
		for path, values := range closed {
			values.Set("csrf", token)
			known.post(path, values).wants(http.StatusForbidden, "This form is no longer valid")
		}
		contentType, body := multipartForm(t, [][2]string{
			{"csrf", token}, {"subject", "x"}, {"description", "x"}, {"severity", "3"},
		}, []file{{"a.txt", "text"}})
		known.do(http.MethodPost, "/orgs/"+s.Org.ID+"/cases/new", contentType, body).
			wants(http.StatusForbidden, "This form is no longer valid")
		texts := [][2]string{{"csrf", token}, {"comment", "Kept words."}}
		contentType, body = multipartForm(t, texts, []file{{"a.txt", "text"}})
		got := known.do(http.MethodPost, s.casePath(), contentType, body).
			wants(http.StatusForbidden, "This form is no longer valid")
		if typed := got.value("comment"); strings.TrimSpace(typed) != "Kept words." {
			t.Errorf("the comment is %q", typed)
		}
	}
	// A CSRF token after the files is too late: no file may be stored before the token is checked.
	late := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + known.get("/").csrf("/logout") +
		"\r\n--b--\r\n"
	known.do(http.MethodPost, s.casePath(), "multipart/form-data; boundary=b", strings.NewReader(late)).
		wants(http.StatusForbidden)
	if s.count() != 0 || s.stored() != 0 || len(s.Outbox()) != before {
		t.Error("a forged form had an effect")
	}
	known.get("/").wants(http.StatusOK, "Carlo Conti")
}

func TestAFormOfAnEndedSessionIsRefused(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	form := b.get(s.casePath())
	s.Clock.Pass(identity.SessionLife + 1)
	form.submit(s.casePath(), fields{"comment": "Too late."}).
		wants(http.StatusUnauthorized, "Log in to go on", "Log in")
	if s.count() != 0 {
		t.Error("the comment was accepted")
	}
}

func TestATooLargeFormIsRefused(t *testing.T) {
	s := newSite(t)
	path := "/orgs/" + s.Org.ID + "/cases/new"
	s.as(s.customer).
		get(path).
		submit(path, fields{"description": strings.Repeat("x", 2<<20)}).
		wants(http.StatusRequestEntityTooLarge, "is larger than")
}

func TestAnErrorPageHasTheRequestID(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	s.check(s.Database.Close())
	got := b.get(s.casePath()).
		wants(http.StatusServiceUnavailable, "Something went wrong", "The database does not answer")
	if !strings.Contains(got.text(), got.header.Get("X-Request-Id")) {
		t.Errorf("the page says %s", got.text())
	}
}

func TestTheErrorPageOfAPanicRevealsNothing(t *testing.T) {
	s := newSite(t)
	without := s.services
	without.Tenants = nil // provokes a panic
	s.server.Config.Handler = catalog.Pages(s.settings, without, "")
	got := s.as(s.customer).get("/").wants(http.StatusInternalServerError, "Something went wrong on our side")
	if !strings.Contains(got.text(), got.header.Get("X-Request-Id")) || strings.Contains(got.raw, "nil pointer") {
		t.Errorf("the page says %s", got.text())
	}
}

package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

const beginning = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

// attached attaches a file to the case, and returns its path.
func (s *site) attached(name, contentType, content string) string {
	s.t.Helper()
	file, err := s.Cases.StoreFile(s.t.Context(), s.customer, s.Org.ID, s.kase.ID, name, contentType,
		strings.NewReader(content))
	s.check(err)
	_, err = s.Cases.AttachFile(s.t.Context(), s.customer, s.Org.ID, s.kase.ID, file)
	s.check(err)
	return s.casePath() + "/attachments/" + file.ID
}

func TestThePageOfACaseShowsItsPictures(t *testing.T) {
	s := newSite(t)
	photo, text := s.attached("photo.png", "image/png", beginning), s.attached("log.txt", "text/plain", "line")
	lie, drawing := s.attached("lie.png", "image/png", "just a text"), s.attached("plan.svg", "image/svg+xml", "<svg/>")
	huge := s.attached("huge.png", "image/png", beginning+strings.Repeat("x", 4<<20))
	customer := s.as(s.customer)
	page := customer.get(s.casePath()).wants(http.StatusOK, "photo.png", "log.txt")
	var shown []string
	for _, picture := range all(page.document, "img") {
		shown = append(shown, attribute(picture, "src"))
	}
	if len(shown) != 2 || shown[0] != photo+"/picture" || shown[1] != lie+"/picture" {
		t.Errorf("the page shows %q", shown)
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self';") {
		t.Errorf("the page's policy is %q", policy)
	}
	answer := customer.get(photo + "/picture")
	if answer.status != http.StatusOK || answer.raw != beginning {
		t.Errorf("the picture is %d %q", answer.status, answer.raw)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := answer.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if policy := answer.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("the picture's policy is %q", policy)
	}
	for _, other := range []string{text, lie, drawing, huge} {
		customer.get(other + "/picture").wants(http.StatusNotFound)
	}
	s.as(s.Person(s.Foreign.Place(), identity.Admin)).get(photo + "/picture").wants(http.StatusNotFound)
}

func TestAPictureOfAnInternalNoteIsForAgents(t *testing.T) {
	s := newSite(t)
	file, err := s.Cases.StoreFile(t.Context(), s.agent, s.Org.ID, s.kase.ID, "photo.png", "image/png",
		strings.NewReader(beginning))
	s.check(err)
	_, _, err = s.Cases.AddComment(t.Context(), s.agent, s.Org.ID, s.kase.ID,
		support.NewComment{Text: "Look", Internal: true, Files: []attachment.File{file}})
	s.check(err)
	path := s.casePath() + "/attachments/" + file.ID + "/picture"
	s.as(s.customer).get(path).wants(http.StatusNotFound)
	if got := s.as(s.agent).get(path); got.status != http.StatusOK || got.raw != beginning {
		t.Errorf("an agent gets %d", got.status)
	}
}

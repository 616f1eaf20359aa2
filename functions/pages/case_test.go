package pages_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// hostile is a text that would run a script on a page that does not escape it.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'</textarea>`

// withoutOnce returns a page without the one-time values of its forms.
func withoutOnce(page string) string { return changing.ReplaceAllString(page, "") }

// changing matches what differs between two answers with the same page.
var changing = regexp.MustCompile(
	`name="(once|csrf)" value="[^"]*"|<code>[A-Za-z0-9_-]{16}</code>|/help\?page=[^"]*`)

func TestAForeignCaseLooksLikeOneThatDoesNotExist(t *testing.T) {
	s := newSite(t)
	stranger := s.as(s.Person(s.Foreign.Place(), identity.Admin))
	absent := "/orgs/" + uuid.NewString() + "/cases/" + uuid.NewString()
	ends := []string{"", "/comments", "/attachments/" + uuid.NewString()}
	for _, end := range ends {
		foreign, missing := stranger.get(s.casePath()+end).
			wants(http.StatusNotFound),
			stranger.get(absent+end).
				wants(http.StatusNotFound)
		if withoutOnce(foreign.raw) != withoutOnce(missing.raw) {
			t.Errorf("%q: the pages differ:\n%s\n%s", end, foreign.text(), missing.text())
		}
	}
	lists := []string{
		"/orgs/" + s.Org.ID + "/cases",
		"/orgs/" + s.Org.ID + "/cases/new",
		"/msps/" + s.MSP.ID + "/cases",
		"/orgs/no-id/cases",
		"/nothing/here",
	}
	want := withoutOnce(stranger.get(absent).raw)
	for _, path := range lists {
		if got := stranger.get(path).wants(http.StatusNotFound); withoutOnce(got.raw) != want {
			t.Errorf("%s: the page differs: %s", path, got.text())
		}
	}
	// Submissions are refused in the same way, and nothing is stored.
	csrf := stranger.get("/").csrf("/logout")
	for _, path := range []string{s.casePath(), absent} {
		contentType, body := multipartForm(t, [][2]string{{"csrf", csrf}, {"comment", "hello"}},
			[]file{{"a.txt", "text"}})
		stranger.do(http.MethodPost, path, contentType, body).wants(http.StatusNotFound)
		stranger.post(path+"/status", url.Values{"csrf": {csrf}, "status": {"closed"}}).wants(http.StatusNotFound)
	}
}

func TestAnAgentReleasesAQuarantinedMail(t *testing.T) {
	s := newSite(t)
	const from = "carlo.private@elsewhere.example.net"
	id := s.Journal.NewID()
	reply := s.Threads.Address(mailthread.ReplyLocal, mailthread.Token{
		Number: s.kase.Number, UserID: s.customer.UserID, Kind: mailthread.ReplyKind,
	})
	s.check(s.Intake.Quarantine(t.Context(), intake.Quarantined{
		ID: id, Reason: intake.OtherSender, From: from, Subject: "From home", Recipients: []string{reply},
		Mail: received.Mail{ID: id, RawKey: "mail/" + id},
	}))
	if shown := s.as(s.customer).get(s.casePath()).wants(http.StatusOK); strings.Contains(shown.raw, from) {
		t.Error("the customer sees the mail")
	}
	b, path := s.as(s.agent), s.casePath()+"/mails/"+id+"/release"
	csrf := b.get(s.casePath()).wants(http.StatusOK, "Quarantined mails", from, "From home", "as that of Carlo Conti").csrf(path)
	b.post(path, url.Values{"csrf": {csrf}, "sender": {s.customer.UserID}}).follow().
		wants(http.StatusOK, "Further addresses", from, "Confirmed by")
	b.post(path, url.Values{"csrf": {csrf}}).wants(http.StatusNotFound)
	remove := "/orgs/" + s.Org.ID + "/mail_addresses/remove"
	shown := b.post(remove, url.Values{"csrf": {csrf}, "address": {from}, "case_id": {s.kase.ID}}).follow()
	if shown.wants(http.StatusOK); strings.Contains(shown.text(), "Further addresses") {
		t.Errorf("the address is still there: %s", shown.text())
	}
}

func TestACommentWithFilesAppears(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	sent := b.get(s.casePath()).
		submit(s.casePath(), fields{"comment": "It is\r\nback."}, file{"log.txt", "lines of a log"},
			file{"map.png", "a picture"})
	shown := sent.follow().wants(http.StatusOK, "It is back.", "log.txt", "map.png")
	detail, err := s.Cases.Detail(t.Context(), s.customer, s.Org.ID, s.kase.ID)
	s.check(err)
	if len(detail.Comments) != 1 || detail.Comments[0].Text != "It is\nback." || len(detail.Files) != 2 {
		t.Fatalf("the case has %+v", detail.Comments)
	}
	link := ""
	for _, node := range all(shown.document, "a") {
		if textOf(node) == "log.txt" {
			link = attribute(node, "href")
		}
	}
	content := b.get(link).follow().wants(http.StatusOK, "lines of a log")
	if got := content.header.Get("Content-Disposition"); got != "attachment; filename=log.txt" {
		t.Errorf("the file is served as %q", got)
	}
}

func TestACommentWithoutFilesIsAcceptedAsBrowsersSendIt(t *testing.T) {
	s := newSite(t)
	s.as(s.customer).
		get(s.casePath()).
		submit(s.casePath(), fields{"comment": `"quoted"`}).
		follow().
		wants(http.StatusOK, `"quoted"`, "Carlo Conti")
	detail, err := s.Cases.Detail(t.Context(), s.customer, s.Org.ID, s.kase.ID)
	s.check(err)
	if len(detail.Files) != 0 {
		t.Errorf("the case has the files %v", detail.Files)
	}
}

func TestFilesAloneAreACommentThatNamesThem(t *testing.T) {
	s := newSite(t)
	s.as(s.customer).get(s.casePath()).submit(s.casePath(), nil, file{"log.txt", "lines"}).
		follow().wants(http.StatusOK, "Attached log.txt")
	s.as(s.customer).get(s.casePath()).submit(s.casePath(), nil).wants(http.StatusBadRequest, "Comment must not be empty")
}

func TestARefusedCommentLeavesNoFiles(t *testing.T) {
	s := newSite(t)
	got := s.as(s.customer).get(s.casePath()).submit(s.casePath(), fields{"comment": "\a"}, file{"log.txt", "lines"})
	got.wants(http.StatusBadRequest, "Comment must not have control characters")
	if files := s.stored(); files != 0 {
		t.Errorf("%d files are stored", files)
	}
}

func TestATooLargeFileIsRefusedAndTheFormKeepsTheText(t *testing.T) {
	s := newSite(t)
	big := file{"big.bin", strings.Repeat("x", attachment.MaxFileBytes+1)}
	got := s.as(s.customer).get(s.casePath()).submit(s.casePath(), fields{"comment": "See the file."}, big)
	got.wants(http.StatusRequestEntityTooLarge)
	if typed := got.value("comment"); strings.TrimSpace(typed) != "See the file." {
		t.Errorf("the comment is %q", typed)
	}
}

func TestInternalNotesAreForAgents(t *testing.T) {
	s := newSite(t)
	agent, customer := s.as(s.agent), s.as(s.customer)
	agent.get(s.casePath()).submit(s.casePath(), fields{"comment": "Their invoice is open.", "internal": "true"}).
		follow().wants(http.StatusOK, "Their invoice is open.", "Internal note")
	shown := customer.get(s.casePath()).wants(http.StatusOK, "No comments yet.")
	if strings.Contains(shown.raw, "invoice") || strings.Contains(strings.ToLower(shown.raw), "internal") {
		t.Error("the customer's page mentions internal notes")
	}
	forged := shown.submit(s.casePath(), fields{"comment": "I am an agent.", "internal": "true"})
	forged.wants(http.StatusForbidden, "Internal notes are for those who work on the case")
	if s.count() != 1 {
		t.Errorf("the case has %d comments, want 1", s.count())
	}
}

// count returns the number of the case's comments; stored the number of files in the store.
func (s *site) count() int {
	s.t.Helper()
	detail, err := s.Cases.Detail(s.t.Context(), s.agent, s.Org.ID, s.kase.ID)
	s.check(err)
	return detail.Case.Comments
}

func (s *site) stored() int {
	s.t.Helper()
	files := 0
	s.check(filepath.WalkDir(s.folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files++
		}
		return err
	}))
	return files
}

func TestACaseIsClosedAndReopened(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	closed := b.get(s.casePath()).
		submit(s.casePath()+"/status", fields{"status": "closed"}).
		follow().
		wants(http.StatusOK, "Closed", "Status: Open → Closed")
	b.get("/orgs/"+s.Org.ID+"/cases").wants(http.StatusOK, "There are no open cases")
	b.get("/orgs/"+s.Org.ID+"/cases?list=closed").wants(http.StatusOK, "No Wi-Fi in the lobby")
	closed.submit(s.casePath()+"/status", fields{"status": "open"}).follow().wants(http.StatusOK, "Close the case")
	b.get(s.casePath()).
		submit(s.casePath()+"/status", fields{"status": "hold"}).
		wants(http.StatusForbidden, "Only those who work on the case")
}

func TestTheFormOpensACase(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	path := "/orgs/" + s.Org.ID + "/cases/new"
	wrong := b.get(path).
		submit(path, fields{"subject": strings.Repeat("x", desk.MaxSubject+1), "description": "Two\r\nlines",
			"severity": "2", "component": "Radio"})
	wrong.wants(http.StatusBadRequest, "Subject must have at most 300 characters")
	if wrong.value("component") != "Radio" || !strings.Contains(wrong.value("description"), "Two\nlines") {
		t.Error("the form lost what was typed")
	}
	created := wrong.submit(path, fields{"subject": "Slow link"}).follow().wants(http.StatusOK, "Slow link", "Radio")
	if !strings.Contains(created.raw, "Two\nlines") || !strings.Contains(created.text(), "Severity 2") {
		t.Errorf("the case is not what was typed: %s", created.text())
	}
	b.get(path).
		submit(path, fields{"subject": "Odd", "description": "x", "severity": "7"}).
		wants(http.StatusBadRequest, "Severity must be 1")
}

func TestReadersSeeNoForms(t *testing.T) {
	s := newSite(t)
	reader := s.as(s.Person(s.Org.Place(), identity.Read))
	shown := reader.get(s.casePath()).wants(http.StatusOK, "No Wi-Fi in the lobby")
	shown.hasNoForms()
	contentType, body := multipartForm(t, [][2]string{{"csrf", shown.csrf("/logout")}, {"comment", "hello"}}, nil)
	reader.do(http.MethodPost, s.casePath(), contentType, body).
		wants(http.StatusForbidden, "You do not have permission")
	reader.get("/orgs/"+s.Org.ID+"/cases/new").wants(http.StatusForbidden, "You do not have permission")
}

func TestTextsOfPeopleAreEscaped(t *testing.T) {
	s := newSite(t)
	s.kase = s.open(s.customer, hostile, hostile)
	b := s.as(s.customer)
	shown := b.get(s.casePath()).
		submit(s.casePath(), fields{"comment": hostile}, file{hostile, "text"}).
		follow().
		wants(http.StatusOK, hostile)
	again := shown.submit(s.casePath(), fields{"comment": hostile, "internal": "true"}).wants(http.StatusForbidden)
	form := "/orgs/" + s.Org.ID + "/cases/new"
	retyped := b.get(form).
		submit(form, fields{"subject": hostile, "component": hostile, "description": hostile, "severity": "0x"})
	list := b.get("/orgs/"+s.Org.ID+"/cases").wants(http.StatusOK, hostile)
	login := s.stranger().
		get("/login").
		submit("/login", fields{"email": hostile, "password": hostile, "next": "/" + hostile})
	for _, page := range []*page{shown, again, retyped, list, login} {
		if len(all(page.document, "script")) != 2 || len(all(page.document, "img")) > 0 {
			t.Errorf("%s: a person's text became an element: %s", page.path, page.raw)
		}
	}
	if got := again.value("comment"); !strings.HasSuffix(got, hostile) {
		t.Errorf("the comment is %q", got)
	}
}

func TestAListContinuesAtItsCursor(t *testing.T) {
	s := newSite(t)
	for number := range 24 {
		s.open(s.customer, fmt.Sprintf("Case of number %d", number), "x")
	}
	b, agent := s.as(s.customer), s.as(s.agent)
	b.get("/orgs/"+s.Org.ID+"/cases").wants(http.StatusOK, "Case of number 23", "Case of number 19", "Next")
	b.get("/account").submit("/account/preferences", fields{"page_size": "20"}).follow().wants(http.StatusOK)
	for _, list := range []struct {
		path string
		by   *browser
	}{{"/orgs/" + s.Org.ID + "/cases", b}, {"/msps/" + s.MSP.ID + "/cases", agent}} {
		first := list.by.get(list.path).wants(http.StatusOK, "Page 1", "Next", "Case of number 23")
		next := first.next()
		second := list.by.get(next).wants(http.StatusOK, "Page 2", "Previous", "No Wi-Fi in the lobby", "Case of number 0")
		if strings.Contains(second.text(), "Next") || strings.Contains(first.text(), "No Wi-Fi") {
			t.Errorf("%s: the pages do not have 20 entries", list.path)
		}
		list.by.get(next+"x").wants(http.StatusOK, "This is its first page", "Case of number 23")
		other := b
		if list.by == b {
			other = agent
		}
		if got := other.get(next); strings.Contains(got.text(), "Page 2") {
			t.Errorf("%s: another person's cursor is accepted", list.path)
		}
	}
}

func TestTheHomePageLinksToTheReadersCases(t *testing.T) {
	s := newSite(t)
	s.as(s.customer).get("/").wants(http.StatusOK, "Carlo Conti", "Rialto Hotels", "Network Admin")
	agent := s.as(s.agent).get("/").wants(http.StatusOK, "Adria Networks", "Helpdesk")
	if !strings.Contains(agent.raw, `href="/msps/`+s.MSP.ID+`/cases?assignee=me"`) {
		t.Error("there is no link to the MSP's cases")
	}
	operator := s.as(s.Operator()).
		get("/").
		wants(http.StatusOK, "Run the platform", "Adria Networks", "Delta Mills")
	if strings.Contains(operator.raw, "/cases") {
		t.Error("operators do not see cases, but there is a link to some")
	}
	s.stranger().get("/").leadsTo("/login")
}

func TestAllCommentsOfALongCaseCanBeRead(t *testing.T) {
	s := newSite(t)
	for number := range support.DetailPage + 5 {
		_, _, err := s.Cases.AddComment(t.Context(), s.customer, s.Org.ID, s.kase.ID,
			support.NewComment{Text: fmt.Sprintf("comment number %d.", number)})
		s.check(err)
	}
	b := s.as(s.customer)
	shown := b.get(s.casePath()).wants(http.StatusOK, "All comments", "comment number 104.")
	if strings.Contains(shown.text(), "comment number 4.") {
		t.Error("the page shows more than the latest")
	}
	seen, path := "", s.casePath()+"/comments"
	for path != "" {
		page := b.get(path).wants(http.StatusOK)
		seen, path = seen+page.text(), page.next()
	}
	for number := range support.DetailPage + 5 {
		if !strings.Contains(seen, fmt.Sprintf("comment number %d.", number)) {
			t.Fatalf("comment %d is on no page", number)
		}
	}
}

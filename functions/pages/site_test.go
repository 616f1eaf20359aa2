package pages_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit"
	"github.com/tenantry/tenantry/shared/outward/outwardtest"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// site is the portal and the API of one test installation, with a customer, an agent of the MSP,
// and a case.
type site struct {
	*apptest.Estate
	t               *testing.T
	url             string
	customer, agent identity.Principal
	kase            support.Case
	log             *bytes.Buffer
	// folder is where the files of cases are stored.
	folder   string
	server   *httptest.Server
	settings endpoint.Settings
	services catalog.Services
	// over is what the requests of pages to the store go through, if it is not nil.
	over func(table.Store) table.Store
	// pictures is the address of a picture that can be a logo, on a server of the test.
	pictures string
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOver(t, nil)
}

// newSiteOver returns a site whose pages read and write through what over returns.
func newSiteOver(t *testing.T, over func(table.Store) table.Store) *site {
	t.Helper()
	s := &site{Estate: apptest.NewEstate(t), t: t, log: &bytes.Buffer{}, folder: t.TempDir(), over: over}
	var err error
	s.Files, err = folder.Open(s.folder)
	s.check(err)
	s.Set = services.New(services.Below{
		Journal: s.Journal, Accounts: s.Accounts, Tenants: s.Tenants, Files: s.Files,
		Index: s.Index, Keyring: s.Keyring, MailDomain: apptest.MailDomain,
	})
	s.customer = s.Invited(s.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti")
	s.agent = s.Invited(s.MSP.Place(), identity.Helpdesk, "hanna@adria.example.net", "Hanna", "Holm")
	s.kase = s.open(s.customer, "No Wi-Fi in the lobby", "Since this morning.")
	return s.serve()
}

// newUnusedSite returns an installation without an operator, and its setup token.
func newUnusedSite(t *testing.T) (*site, string) {
	t.Helper()
	s := &site{Estate: &apptest.Estate{App: apptest.New(t)}, t: t, log: &bytes.Buffer{}}
	token, err := s.Accounts.PrepareSetup(t.Context(), "")
	s.check(err)
	return s.serve(), token
}

// serve starts the server.
func (s *site) serve() *site {
	s.t.Helper()
	s.server = httptest.NewUnstartedServer(nil)
	s.url = "http://" + s.server.Listener.Addr().String()
	client, pictures := outwardtest.Serve(s.t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, picture(48, 48))
	}))
	s.pictures = pictures
	s.Logos = logo.New(s.Journal, s.Tenants, s.Files, client, s.Log)
	s.services = catalog.Services{
		Adapters: catalog.Adapters{
			Store:      s.Store,
			Queues:     s.Queues,
			Depths:     s.Queues,
			Files:      s.Files,
			Sender:     s.Sender,
			Keyring:    s.Keyring,
			Log:        s.Log,
			Now:        s.Clock.Now,
			BaseURL:    s.url,
			MailDomain: apptest.MailDomain,
			Outward:    client,
		},
		Journal:     s.Journal,
		Accounts:    s.Accounts,
		Tenants:     s.Tenants,
		Set:         s.Set,
		Audit:       s.Audit,
		OrgJobs:     s.OrgJobs,
		Profiles:    s.Profiles,
		Bastion:     s.Bastion,
		Exports:     s.Exports,
		Logos:       s.Logos,
		Jobs:        s.Jobs,
		Feedback:    feedback.New(s.Journal),
		DeadLetters: s.DeadLetters,
	}
	if s.over != nil {
		s.services.Store = s.over(s.Store)
	}
	s.settings = endpoint.Settings{
		Accounts: s.Accounts, Journal: s.Journal, Keyring: s.Keyring, Limits: limit.NewWindow(s.Clock.Now),
		Log: slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: s.Clock.Now,
		CallsPerHour: 1 << 20, Version: catalog.Version,
	}
	s.handle()
	s.server.Start()
	s.t.Cleanup(s.server.Close)
	return s
}

// handle makes the server serve the site's services.
func (s *site) handle() {
	mux := http.NewServeMux()
	mux.Handle("/", areas(s.settings, s.services))
	mux.Handle(endpoint.Prefix+"/", endpoint.Handler(s.settings, catalog.Endpoints(s.services)))
	s.server.Config.Handler = mux
}

func (s *site) open(by identity.Principal, subject, description string) support.Case {
	s.t.Helper()
	created, err := s.Cases.Create(s.t.Context(), by, s.Org.ID,
		support.NewCase{Fields: desk.Fields{Subject: subject}, Description: description})
	s.check(err)
	return created
}

// index makes cases known to the search, as the worker does.
func (s *site) index(cases ...support.Case) {
	s.t.Helper()
	for _, c := range cases {
		s.check(s.Lists.IndexCase(s.t.Context(),
			lists.IndexTask{Reference: support.Reference{OrgID: c.OrgID, CaseID: c.ID}}))
	}
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) casePath() string { return "/orgs/" + s.Org.ID + "/cases/" + s.kase.ID }

// browser is the web browser of a person.
type browser struct {
	*site
	client *http.Client
}

// stranger is a browser without cookies. It does not follow redirects by itself.
func (s *site) stranger() *browser {
	jar, err := cookiejar.New(nil)
	s.check(err)
	return &browser{
		site: s,
		client: &http.Client{
			Jar:           jar,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// as returns a browser in which a person has logged in with the form.
func (s *site) as(who identity.Principal) *browser {
	s.t.Helper()
	b := s.stranger()
	got := b.get("/login").submit("/login", fields{"email": who.Email, "password": apptest.Password})
	if got.status != http.StatusSeeOther {
		s.t.Fatalf("%s could not log in: %d %s", who.Email, got.status, got.text())
	}
	return b
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

// post sends a form that is not on a page.
func (b *browser) post(path string, values url.Values) *page {
	b.t.Helper()
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

func (b *browser) do(method, path, contentType string, body io.Reader) *page {
	b.t.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = b.url + path
	}
	request, err := http.NewRequest(method, target, body)
	b.check(err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := b.client.Do(request)
	b.check(err)
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	b.check(err)
	return newPage(b, path, response, content)
}

// file is a file chosen in a form.
type file struct{ name, content string }

// multipartForm encodes a form: text fields, in order, and then files.
func multipartForm(t *testing.T, texts [][2]string, files []file) (string, io.Reader) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, text := range texts {
		if err := form.WriteField(text[0], text[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition("file", f.name))
		header.Set("Content-Type", "application/octet-stream")
		part, err := form.CreatePart(header)
		if err == nil {
			_, err = io.WriteString(part, f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), &body
}

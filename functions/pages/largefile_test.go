package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/identity"
)

// direct makes the site one whose large files go from the browser to the store, as on AWS.
func (s *site) direct() *site {
	s.t.Helper()
	s.services.Direct = true
	s.handle()
	return s
}

func TestALargeFileGoesFromThePageToTheStore(t *testing.T) {
	s := newSite(t).direct()
	customer := s.as(s.customer)
	path := s.casePath() + "/upload"
	limited := customer.get(s.casePath()).wants(http.StatusOK, "Attach a large file", "together up to 4 MiB")
	if !strings.Contains(limited.raw, `data-most="4194304"`) {
		t.Error("the script does not know the limit of the form")
	}
	form := customer.get(path).wants(http.StatusOK, "Name of the file")
	form.submit(path, nil).wants(http.StatusBadRequest, "Name must not be blank")
	ready := form.submit(path, fields{"name": "trace.pcap"}).wants(http.StatusOK, "1. Send the file", "2. Attach it")
	early := ready.submit(path+"/finish", nil).wants(http.StatusBadRequest, "has not arrived yet")
	if early.value("name") != "trace.pcap" {
		t.Error("the name is lost")
	}
	to := ""
	for _, one := range all(ready.document, "form") {
		if has(one, "data-again") {
			to = attribute(one, "action")
		}
	}
	content := strings.Repeat("packet ", 800_000)
	kind, body := multipartForm(t, nil, []file{{"other.bin", content}})
	if sent := customer.do(http.MethodPost, to, kind, body); sent.status != http.StatusOK {
		t.Fatalf("the store answers %d %s", sent.status, sent.raw)
	}
	token := ready.form(path + "/finish")
	attached := contents(token)
	attached.Del("once")
	customer.post(path+"/finish", attached).follow().wants(http.StatusOK, "The file trace.pcap was attached.", "5.3 MiB")
	s.as(s.Person(s.Org.Place(), identity.Read)).get(path).wants(http.StatusForbidden)
	s.as(s.Person(s.Foreign.Place(), identity.Admin)).get(path).wants(http.StatusNotFound)
}

func TestOnlyThePageThatSendsAFileToTheStoreMaySendFormsThere(t *testing.T) {
	s := newSite(t)
	store := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(store.Close)
	elsewhere := catalog.Adapters{Keyring: s.Keyring, BaseURL: store.URL, Now: s.Clock.Now}
	s.services.Links = catalog.Services{Adapters: elsewhere}.FileLinks()
	s.direct()
	customer := s.as(s.customer)
	path := s.casePath() + "/upload"
	form := customer.get(path)
	origin, err := url.Parse(store.URL)
	s.check(err)
	allowed := "form-action 'self' http://" + origin.Host + ";"
	if policy := form.header.Get("Content-Security-Policy"); strings.Contains(policy, origin.Host) {
		t.Errorf("the form for the name has the policy %q", policy)
	}
	ready := form.submit(path, fields{"name": "trace.pcap"}).wants(http.StatusOK, "1. Send the file")
	if policy := ready.header.Get("Content-Security-Policy"); !strings.Contains(policy, allowed) {
		t.Errorf("the page has the policy %q", policy)
	}
}

func TestWhereFormsTakeLargeFilesThereIsNoPageForThem(t *testing.T) {
	s := newSite(t)
	customer := s.as(s.customer)
	page := customer.get(s.casePath()).wants(http.StatusOK, "of up to 25 MiB each")
	if strings.Contains(page.text(), "Attach a large file") || strings.Contains(page.raw, "data-most") {
		t.Error("the page of the case leads to it")
	}
	customer.get(s.casePath() + "/upload").wants(http.StatusNotFound)
}

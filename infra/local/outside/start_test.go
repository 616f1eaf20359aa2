//go:build !aws

package outside

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// refused starts another process and returns its output when it exits by itself.
func (p *program) refused(settings ...string) string {
	p.t.Helper()
	command := exec.Command(p.binary)
	command.Dir, command.Env = p.folder, append(append([]string{}, p.environment...), settings...)
	timer := time.AfterFunc(20*time.Second, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	output, err := command.CombinedOutput()
	if err == nil {
		p.t.Errorf("it did not refuse to start: %s", output)
	}
	return string(output)
}

func TestAStartThatCannotWorkIsRefusedWithASentence(t *testing.T) {
	p := start(t)
	if got := p.refused("TENANTRY_ADDR=" + freeAddress(t)); !strings.Contains(got, "in use") {
		t.Errorf("a second process on the same data: %q", got)
	}
	other := "TENANTRY_DATA=" + t.TempDir()
	if got := p.refused(other); !strings.Contains(got, "TENANTRY_ADDR") {
		t.Errorf("an address in use: %q", got)
	}
	if got := p.refused(other, "TENANTRY_ADDR="+freeAddress(t)); !strings.Contains(got, "TENANTRY_SMTP_ADDR") ||
		strings.Contains(got, "setup-token") {
		t.Errorf("an address for mail in use: %q", got)
	}
	if got := p.refused(other, "TENANTRY_SMTP_RELAY=mail.example.com"); !strings.Contains(got, "TENANTRY_SMTP_RELAY") {
		t.Errorf("a relay that is no URL: %q", got)
	}
	p.stop()
	if err := os.Remove(filepath.Join(p.folder, "data", "secret.key")); err != nil {
		t.Fatal(err)
	}
	if got := p.refused(); !strings.Contains(got, "backup") {
		t.Errorf("without the secret: %q", got)
	}
}

func TestSecretsInTheDataFolderAreForTheirOwnerOnly(t *testing.T) {
	p := start(t)
	for _, name := range []string{"secret.key", "setup-token"} {
		info, err := os.Stat(filepath.Join(p.folder, "data", name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestTheOutboxIsShownWhereItWasAskedForAndToThisMachineAlone(t *testing.T) {
	closed := start(t)
	response, err := http.Get(closed.url + "/dev/mail")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != 404 {
		t.Errorf("without the setting: %d", response.StatusCode)
	}
	p := start(t, "TENANTRY_DEV_MAIL=on")
	get := func(edit func(*http.Request)) int {
		request, err := http.NewRequest("GET", p.url+"/dev/mail", nil)
		if err != nil {
			t.Fatal(err)
		}
		edit(request)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	if got := get(func(*http.Request) {}); got != 200 {
		t.Errorf("from here: %d", got)
	}
	if got := get(func(r *http.Request) { r.Host = "evil.example.com" }); got != 404 {
		t.Errorf("under a stranger's name: %d", got)
	}
	if got := get(func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }); got != 404 {
		t.Errorf("through a proxy: %d", got)
	}
}

func TestWithARelayNoMailIsShown(t *testing.T) {
	p := start(t, openPostOffice(t).setting())
	response, err := http.Get(p.url + "/dev/mail")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != 404 {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestCallsAboveTheLimitAreToldWhenToComeBack(t *testing.T) {
	post := openPostOffice(t)
	p := start(t, post.setting(), "TENANTRY_CALLS_PER_HOUR=5")
	c := newClient(t, &p.installation)
	c.post(
		"/setup",
		object{
			"token":      p.setupToken(t),
			"email":      operatorEmail,
			"password":   password,
			"first_name": "Olga",
			"last_name":  "Orsini",
		},
	)
	c.post("/login", object{"email": operatorEmail, "password": password})
	for range 5 {
		c.get("/self")
	}
	if got := c.call(429, "GET", "/self", nil); got.header.Get("Retry-After") == "" ||
		text(got.object(t), "detail") == "" {
		t.Errorf("%v %s", got.header, got.body)
	}
}

// The emulated API Gateway replaces what is not Unicode, so this can only be tested here.
func TestWhatIsNoUnicodeIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, phrase := range []string{"ab%FF", "%ED%A0%80x", "ab%ED%B0%80", "%C3%28x"} {
		w.customer.call(400, "GET", "/orgs/"+w.orgID+"/cases?search="+phrase, nil)
		w.helpdesk.call(400, "GET", "/msps/"+w.mspID+"/cases?search="+phrase, nil)
	}
	for _, subject := range []string{"\xed\xa0\x80", "ab\xff"} {
		got := w.customer.send("POST", "/api/v1/orgs/"+w.orgID+"/cases", "application/json",
			strings.NewReader(`{"subject":"`+subject+`","description":"x"}`))
		if got.status != 400 {
			t.Errorf("%q: %d %s", subject, got.status, got.body)
		}
	}
}

// On AWS, the mail server is that of SES, which accepts mail for the whole domain.
func TestMailForOthersIsNotTaken(t *testing.T) {
	w := newWorld(t)
	for _, to := range []string{"someone@example.org", "nobody@help.example.com",
		"support@help.example.com.evil.example"} {
		if err := w.deliver(customerEmail, to, simple(customerEmail, to, "r", "relay?", "please")); err == nil ||
			!strings.HasPrefix(err.Error(), "550") {
			t.Errorf("mail to %s: %v, want 550", to, err)
		}
	}
}

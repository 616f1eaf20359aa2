package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestALogInReturnsToTheRequestedPage(t *testing.T) {
	s := newSite(t)
	b := s.stranger()
	redirect := b.get(s.casePath())
	redirect.leadsTo("/login?next=" + url.QueryEscape(s.casePath()))
	redirect.follow().
		submit("/login", fields{"email": s.customer.Email, "password": apptest.Password}).
		leadsTo(s.casePath())
	b.get(s.casePath()).wants(http.StatusOK, "No Wi-Fi in the lobby")
	b.get("/login?next=" + url.QueryEscape(s.casePath())).leadsTo(s.casePath())
}

func TestALogInNeverLeadsToAnotherSite(t *testing.T) {
	s := newSite(t)
	for _, next := range []string{
		"https://evil.example.com/", "//evil.example.com", "///evil.example.com", `/\evil.example.com`,
		`\\evil.example.com`, "/\t/evil.example.com",
		"/\n/evil.example.com", "javascript:alert(1)", "evil.example.com", "https:evil.example.com",
		" //evil.example.com", "/ok\r\nSet-Cookie: a=b",
	} {
		b := s.stranger()
		typed := fields{"email": s.customer.Email, "password": apptest.Password, "next": next}
		b.get("/login?next="+url.QueryEscape(next)).submit("/login", typed).leadsTo("/")
		b.get("/login?next=" + url.QueryEscape(next)).leadsTo("/")
		b.get("/").submit("/logout", fields{"next": next}).leadsTo("/login")
	}
}

func TestAFailedLogInKeepsTheAddressButNotThePassword(t *testing.T) {
	s := newSite(t)
	got := s.stranger().
		get("/login?next=/docs").
		submit("/login", fields{"email": s.customer.Email, "password": "not the password"})
	got.wants(http.StatusBadRequest, "The e-mail address or the password is wrong")
	if typed := got.value("email"); typed != s.customer.Email {
		t.Errorf("the address is %q, want what was typed", typed)
	}
	if strings.Contains(got.raw, "not the password") {
		t.Error("the page contains the password")
	}
	got.submit("/login", fields{"password": apptest.Password}).leadsTo("/docs")
}

func TestLogOutEndsTheSession(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	b.get("/").submit("/logout", nil).leadsTo("/login")
	b.get("/").leadsTo("/login")
}

func TestARecoveredPasswordLogsIn(t *testing.T) {
	s := newSite(t)
	b := s.stranger()
	before := len(s.Outbox())
	b.get("/recover").
		submit("/recover", fields{"email": s.customer.Email}).
		follow().
		wants(http.StatusOK, "If the address has an account")
	sent := s.Outbox()[before:]
	if len(sent) != 1 {
		t.Fatalf("%d messages, want 1", len(sent))
	}
	_, token, err := s.Accounts.StartRecovery(t.Context(), sent[0].ID, s.customer.Email)
	s.check(err)
	form := b.get("/verify/recover?token=" + token)
	easy := form.submit("/verify/recover", fields{"password": "password1234"})
	easy.wants(http.StatusBadRequest, "Password is too common or too easy to guess")
	const fresh = "nine patient glaciers 17"
	easy.submit("/verify/recover", fields{"password": fresh}).leadsTo("/")
	b.get("/").wants(http.StatusOK, "Carlo Conti")
	form.submit("/verify/recover", fields{"password": fresh}).wants(http.StatusBadRequest, "This link is not valid")
	if strings.Contains(s.log.String(), token) {
		t.Error("the log contains the link's token")
	}
}

func TestARecoveryDoesNotRevealWhetherAnAccountExists(t *testing.T) {
	s := newSite(t)
	known := s.stranger().get("/recover").submit("/recover", fields{"email": s.customer.Email})
	unknown := s.stranger().get("/recover").submit("/recover", fields{"email": "nobody@rialto.example.net"})
	unknown.leadsTo(known.header.Get("Location"))
	s.stranger().
		get("/recover").
		submit("/recover", fields{"email": "no address"}).
		wants(http.StatusBadRequest, "Email must be one plain e-mail address")
}

// invite creates an invitation and returns the path of its link.
func (s *site) invite(address string) string {
	s.t.Helper()
	place := s.Org.Place()
	return "/verify/invite?token=" + s.Accounts.InviteToken(place, s.Invite(place, identity.Admin, address))
}

func TestAcceptingAnInvitationCreatesAnAccountAndLogsIn(t *testing.T) {
	s := newSite(t)
	link := s.invite("nina@rialto.example.net")
	b := s.stranger()
	form := b.get(link).wants(http.StatusOK, "invites you to Rialto Hotels as Tenant Administrator")
	again := form.submit("/verify/invite",
		fields{"first_name": "Nina", "last_name": "", "password": "nine patient glaciers 17"})
	again.wants(http.StatusBadRequest, "Last name must")
	if again.value("first_name") != "Nina" || strings.Contains(again.raw, "glaciers") {
		t.Error("the form lost the name, or kept the password")
	}
	again.submit("/verify/invite", fields{"last_name": "Neri", "password": "nine patient glaciers 17"}).
		leadsTo("/orgs/" + s.Org.ID)
	b.get("/").wants(http.StatusOK, "Nina Neri", "Rialto Hotels", "Tenant Administrator")
	s.stranger().get(link).wants(http.StatusNotFound, "This invitation was already accepted")
	if _, token, _ := strings.Cut(link, "token="); strings.Contains(s.log.String(), token) {
		t.Error("the log contains the link's token")
	}
}

func TestAnInvitedPersonWithAnAccountLogsInAndConfirms(t *testing.T) {
	s := newSite(t)
	link := s.invite(s.agent.Email)
	b := s.stranger()
	shown := b.get(link).wants(http.StatusOK, "already has an account")
	if strings.Contains(shown.raw, `type="password"`) {
		t.Error("the page asks for a password")
	}
	login := b.get("/login?next=" + url.QueryEscape(link))
	login.submit("/login", fields{"email": s.agent.Email, "password": apptest.Password}).leadsTo(link)
	b.get(link).submit("/verify/invite", nil).leadsTo("/orgs/" + s.Org.ID)
	b.get("/").wants(http.StatusOK, "Rialto Hotels", "Tenant Administrator")
}

func TestSomebodyElseCannotAcceptAnInvitation(t *testing.T) {
	s := newSite(t)
	link := s.invite("nina@rialto.example.net")
	b := s.as(s.customer)
	shown := b.get(link).wants(http.StatusOK, "and you are logged in as carlo@rialto.example.net")
	_, token, _ := strings.Cut(link, "token=")
	forged := url.Values{"csrf": {shown.csrf("/logout")}, "token": {token}}
	b.post("/verify/invite", forged).wants(http.StatusNotFound)
	for _, node := range all(shown.document, "form") {
		if attribute(node, "action") == "/verify/invite" {
			t.Error("the page has a form for accepting")
		}
	}
	invites, _, err := s.Accounts.Administrators(t.Context(), s.Operator(), s.Org.Place())
	s.check(err)
	for _, administrator := range invites {
		if administrator.Email == s.customer.Email && administrator.Privileges[0].Role == identity.Admin {
			t.Error("the customer has the role")
		}
	}
	b.get(link).submit("/logout", nil).leadsTo(link)
	code := fault.CodeOf(func() error { _, err := s.Accounts.ReadInvitation(t.Context(), token); return err }())
	if code != "" {
		t.Errorf("the invitation is gone: %s", code)
	}
}

// csrf returns the token of a form.
func (p *page) csrf(action string) string {
	p.b.t.Helper()
	for _, pair := range values(p.form(action)) {
		if pair[0] == "csrf" {
			return pair[1]
		}
	}
	p.b.t.Fatalf("%s: the form for %s has no token", p.path, action)
	return ""
}

func TestPagesShareTheLimitsOfTheirEndpoints(t *testing.T) {
	s := newSite(t)
	b := s.stranger()
	form := b.get("/recover")
	body := `{"email":"nobody@rialto.example.net"}`
	for range 15 {
		b.do(http.MethodPost, "/api/v1/recover", "application/json", strings.NewReader(body)).wants(http.StatusOK)
		form.submit("/recover", fields{"email": "nobody@rialto.example.net"}).wants(http.StatusSeeOther)
	}
	limited := form.submit("/recover", fields{"email": "nobody@rialto.example.net"}).
		wants(http.StatusTooManyRequests, "More than 30 calls in this hour")
	if limited.header.Get("Retry-After") == "" {
		t.Error("the response does not say when to try again")
	}
}

package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestATokenWhoseFormIsSentTwiceIsCreatedOnceAndItsSecretIsKeptNowhere(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	form := b.get("/account/tokens")
	typed := fields{"name": "Backup script"}
	first := form.submit("/account/tokens", typed).wants(http.StatusOK, "Store your token now")
	secret := textOf(all(first.document, "pre")[0])
	second := form.submit("/account/tokens", typed).follow().
		wants(http.StatusOK, "The form was sent twice", "The token Backup script was created once.")
	if len(secret) < 40 || strings.Contains(second.raw, secret) {
		t.Error("the second answer has the secret")
	}
	tokens, err := s.Accounts.Tokens(t.Context(), s.customer)
	s.check(err)
	if len(tokens) != 1 {
		t.Fatalf("%d tokens", len(tokens))
	}
	second.submit("/account/tokens/"+tokens[0].ID+"/delete", nil).follow().wants(http.StatusOK, "The token was deleted.")
	form.submit("/account/tokens", fields{"name": "Another"}).wants(http.StatusConflict, "with other contents")
	for _, id := range []string{"x", tokens[0].ID} {
		if page := b.get("/account/tokens?created=" + id); strings.Contains(page.text(), "sent twice") {
			t.Errorf("a token that does not exist was created twice: %s", id)
		}
	}
}

func TestTheFirstOperatorIsLoggedInByTheSecondOfTwoClicks(t *testing.T) {
	s, token := newUnusedSite(t)
	form := s.stranger().get("/setup?token=" + token)
	typed := fields{
		"email": "olga@platform.example.net", "first_name": "Olga", "last_name": "Orsini", "password": apptest.Password,
	}
	form.submit("/setup", typed).leadsTo("/")
	second := form.submit("/setup", typed)
	second.leadsTo("/")
	second.follow().wants(http.StatusOK, "Olga Orsini")
	typed["password"] = "another good password 7"
	form.submit("/setup", typed).wants(http.StatusNotFound, "already set up")
	page, err := s.Accounts.PeopleAt(t.Context(), identity.ThePlatform(), 10, func(identity.Person) bool { return true })
	s.check(err)
	if len(page) != 1 {
		t.Errorf("%d operators", len(page))
	}
}

func TestAnInvitedPersonIsLoggedInByTheSecondOfTwoClicks(t *testing.T) {
	s := newSite(t)
	invite := s.Invite(s.Org.Place(), identity.Read, "nora@rialto.example.net")
	link := "/verify/invite?token=" + url.QueryEscape(s.Accounts.InviteToken(s.Org.Place(), invite))
	form := s.stranger().get(link).wants(http.StatusOK, "Create account")
	typed := fields{"first_name": "Nora", "last_name": "Neri", "password": apptest.Password}
	form.submit("/verify/invite", typed).leadsTo("/orgs/" + s.Org.ID)
	second := form.submit("/verify/invite", typed) // with the cookies of the first answer
	second.leadsTo("/")                            // the invitation is gone
	second.follow().wants(http.StatusOK, "Nora Neri")
	for password, status := range map[string]int{
		apptest.Password: http.StatusSeeOther, "another password 7": http.StatusNotFound,
	} {
		b := s.stranger() // without the cookies of the first answer, which the browser did not wait for
		sent := contents(form.form("/verify/invite"))
		sent.Set("csrf", b.get("/login").csrf("/login"))
		sent.Set("password", password)
		b.post("/verify/invite", sent).wants(status)
		if status == http.StatusSeeOther {
			b.get("/").wants(http.StatusOK, "Nora Neri")
		}
	}
}

func TestEveryActionOnACaseSaysWhatWasDoneAlsoIfItsFormIsSentTwice(t *testing.T) {
	s := newSite(t)
	b := s.as(s.agent)
	path := s.casePath()
	for _, action := range []struct {
		form, button string
		typed        fields
		says         string
	}{
		{path + "/status", path + "/take", nil, "is yours."},
		{path, "", fields{"comment": "We look into it."}, "Your comment was sent."},
		{path, "", fields{"comment": "A note.", "internal": "true"}, "Your internal note was added."},
		{path + "/status", "", fields{"status": "closed"}, "the status is Closed now."},
	} {
		shown := b.get(path)
		for range 2 {
			send := func() *page { return shown.submit(action.form, action.typed) }
			if action.button != "" { // it sends the form to an address of its own
				send = func() *page { return b.post(action.button, contents(shown.form(action.form))) }
			}
			send().follow().wants(http.StatusOK, action.says)
		}
		if strings.Contains(b.get(path).text(), action.says) {
			t.Errorf("%q is said on every page", action.says)
		}
	}
}

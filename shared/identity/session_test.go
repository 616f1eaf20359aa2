package identity_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestASessionEndsAfterADay(t *testing.T) {
	w := newWorld(t)
	session, _ := w.LogIn(w.Person(w.Org.Place(), identity.Read))
	w.Clock.Pass(identity.SessionLife - time.Second)
	_, err := w.known(session.Cookie)
	w.must(err)
	w.Clock.Pass(time.Second)
	_, err = w.known(session.Cookie)
	w.Wants(fault.Unauthenticated, err)
}

func TestLoggingOutEndsOneSession(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	one, by := w.LogIn(carlo)
	other, _ := w.LogIn(carlo)
	w.must(w.Accounts.Logout(t.Context(), by))
	w.must(w.Accounts.Logout(t.Context(), by))
	_, err := w.known(one.Cookie)
	w.Wants(fault.Unauthenticated, err)
	_, err = w.known(other.Cookie)
	w.must(err)
	w.Wants(fault.Invalid, w.Accounts.Logout(t.Context(), carlo))
}

func TestANewPasswordEndsAllOtherSessions(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	before, _ := w.LogIn(carlo)
	present, by := w.LogIn(carlo)
	messages := len(w.Outbox())
	_, session, err := w.Accounts.ChangeSelf(
		t.Context(),
		by,
		identity.SelfChange{Password: pointer("x7$kQ9!mZ2pW"), CurrentPassword: pointer(apptest.Password)},
	)
	w.must(err)
	for _, old := range []string{before.Cookie, present.Cookie} {
		_, err := w.known(old)
		w.Wants(fault.Unauthenticated, err)
	}
	known, err := w.known(session.Cookie)
	if err != nil || known.UserID != carlo.UserID {
		t.Errorf("%+v, %v", known, err)
	}
	w.Wants(fault.Invalid, w.login(carlo, apptest.Password))
	w.must(w.login(carlo, "x7$kQ9!mZ2pW"))
	if notices := apptest.Since[identity.Notice](
		w.App,
		messages,
	); len(notices) != 1 || notices[0].Kind != identity.NoticePassword ||
		notices[0].UserID != carlo.UserID {
		t.Errorf("notified %+v", notices)
	}
}

func TestANewPasswordNeedsThePresentOne(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	change := identity.SelfChange{Password: pointer("x7$kQ9!mZ2pW")}
	_, _, err := w.Accounts.ChangeSelf(t.Context(), carlo, change)
	w.Wants(fault.Invalid, err)
	change.CurrentPassword = pointer("wrong")
	for range 5 {
		_, _, err = w.Accounts.ChangeSelf(t.Context(), carlo, change)
		w.Wants(fault.Invalid, err)
	}
	change.CurrentPassword = pointer(apptest.Password) // the account is locked now
	_, _, err = w.Accounts.ChangeSelf(t.Context(), carlo, change)
	w.Wants(fault.Invalid, err)
	w.Clock.Pass(15 * time.Minute)
	w.must(w.login(carlo, apptest.Password))
}

func TestPeopleChangeTheirOwnNames(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	for _, name := range []string{"", "  ", "a\nb", "\x00", "\u202ekate", "a\u2028b", string(make([]byte, 65))} {
		_, _, err := w.Accounts.ChangeSelf(t.Context(), carlo, identity.SelfChange{FirstName: &name})
		w.Wants(fault.Invalid, err)
	}
	person, session, err := w.Accounts.ChangeSelf(t.Context(), carlo, identity.SelfChange{LastName: pointer("Božić")})
	if err != nil || session != nil || person.LastName != "Božić" || person.FirstName != carlo.FirstName {
		t.Errorf("%+v, %v, %v", person, session, err)
	}
}

func TestTheCSRFValueBelongsToItsSession(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	one, by := w.LogIn(carlo)
	other, otherBy := w.LogIn(carlo)
	if !w.Accounts.CSRFValid(by, one.CSRF) || w.Accounts.CSRF(by) != one.CSRF ||
		!w.Accounts.CSRFValid(otherBy, other.CSRF) {
		t.Error("the session's own value is refused")
	}
	for _, value := range []string{other.CSRF, "", one.CSRF[:20], one.CSRF + "A", "§", one.Cookie} {
		if w.Accounts.CSRFValid(by, value) {
			t.Errorf("%q is accepted", value)
		}
	}
}

func TestAnInvalidCookieIsRefused(t *testing.T) {
	w := newWorld(t)
	one, _ := w.LogIn(w.Person(w.Org.Place(), identity.Read))
	other, _ := w.LogIn(w.Operator())
	for name, cookie := range map[string]string{
		"empty": "", "cut": one.Cookie[:74], "long": one.Cookie + "AA", "another secret": one.Cookie[:43] + other.Cookie[43:],
		"another person": other.Cookie[:21] + one.Cookie[21:], "no base64": "§" + one.Cookie[2:], "a token": "tenantry_" + one.Cookie,
	} {
		if _, err := w.known(cookie); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.OnDisk(one.Cookie) || w.OnDisk(one.Cookie[44:]) {
		t.Error("the cookie is stored in the clear")
	}
}

func FuzzCredentials(f *testing.F) {
	w := apptest.New(f)
	session, by := w.LogIn(w.Operator())
	_, token, err := w.Accounts.CreateToken(f.Context(), by, identity.NewToken{Password: apptest.Password, Name: "ci"})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{session.Cookie[:40], "", "tenantry_", token + "x", "tenantry_" + session.Cookie, "AAAA\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := w.Accounts.BySession(t.Context(), text, apptest.Source); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("session %q: %v", text, err)
		}
		if _, err := w.Accounts.ByToken(t.Context(), text, apptest.Source); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("token %q: %v", text, err)
		}
		if _, err := w.Accounts.FinishRecovery(
			t.Context(),
			text,
			"x7$kQ9!mZ2pW",
			apptest.Source,
		); !fault.Is(
			err,
			fault.Invalid,
		) {
			t.Errorf("recovery %q: %v", text, err)
		}
		if _, err := w.Accounts.AcceptInvite(
			t.Context(),
			nil,
			text,
			identity.Acceptance{},
			apptest.Source,
		); !fault.Is(
			err,
			fault.NotFound,
		) {
			t.Errorf("invitation %q: %v", text, err)
		}
	})
}

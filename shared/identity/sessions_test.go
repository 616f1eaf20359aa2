package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// from logs a person in from an address, with a client's description of itself.
func (w *world) from(of identity.Principal, source, userAgent, password string) (identity.Session, error) {
	ctx := identity.WithClient(w.t.Context(), identity.Client{UserAgent: userAgent})
	session, _, err := w.Accounts.Login(ctx, of.Email, password, source)
	return session, err
}

func TestAPersonSeesTheirSessionsAndEndsThem(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Admin)
	old, err := w.from(carlo, "192.0.2.1", "Old\x00 Browser/1"+strings.Repeat("x", 300), apptest.Password)
	w.must(err)
	w.Clock.Pass(time.Minute)
	cookie, err := w.from(carlo, "2001:db8::1", "New Browser/2", apptest.Password)
	w.must(err)
	w.Clock.Pass(10 * time.Minute)
	by, err := w.known(cookie.Cookie)
	w.must(err)
	_, err = w.known(old.Cookie)
	w.must(err)
	list, err := w.Accounts.Sessions(t.Context(), by)
	w.must(err)
	now := w.Clock.Now().Unix()
	if len(list) != 2 || !list[0].Current || list[1].Current || list[0].Source != "2001:db8::1" ||
		list[0].UserAgent != "New Browser/2" || len(list[1].UserAgent) != 200 || list[1].LastUsed != now ||
		list[1].Via != "password" {
		t.Fatalf("%+v", list)
	}
	w.Wants(fault.NotFound, w.Accounts.EndSession(t.Context(), by, w.Journal.NewID()))
	stranger := w.Person(w.Neighbour.Place(), identity.Admin)
	w.Wants(fault.NotFound, w.Accounts.EndSession(t.Context(), stranger, list[1].ID))
	w.must(w.Accounts.EndSession(t.Context(), by, list[1].ID))
	_, err = w.known(old.Cookie)
	w.Wants(fault.Unauthenticated, err)
	third, err := w.from(carlo, "192.0.2.1", "", apptest.Password)
	w.must(err)
	w.must(w.Accounts.EndOthers(t.Context(), by))
	_, err = w.known(third.Cookie)
	w.Wants(fault.Unauthenticated, err)
	if by, err = w.known(cookie.Cookie); err != nil {
		t.Fatalf("the present session ended: %v", err)
	}
	if list, err = w.Accounts.Sessions(t.Context(), by); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTheLastUseOfASessionIsWrittenOnceInFiveMinutesAndNotToTheCoreTable(t *testing.T) {
	w := newWorld(t)
	session, by := w.LogIn(w.Person(w.Org.Place(), identity.Read))
	used := func() int64 {
		list, err := w.Accounts.Sessions(t.Context(), by)
		w.must(err)
		return list[0].LastUsed
	}
	first := used()
	for _, step := range []struct {
		pass time.Duration
		want time.Duration
	}{{4 * time.Minute, 0}, {time.Minute, 5 * time.Minute}, {4 * time.Minute, 5 * time.Minute}, {time.Minute, 10 * time.Minute}} {
		w.Clock.Pass(step.pass)
		_, err := w.known(session.Cookie)
		w.must(err)
		if got := used() - first; got != int64(step.want/time.Second) {
			t.Errorf("last used %d seconds after the start, want %s", got, step.want)
		}
	}
}

func TestEverythingEndsTogether(t *testing.T) {
	admin := func(w *world) identity.Principal { return w.Person(w.Org.Place(), identity.Admin) }
	for name, end := range map[string]func(w *world, person, session identity.Principal) error{
		"by the person": func(w *world, _, session identity.Principal) error {
			return w.Accounts.EndEverything(w.t.Context(), session)
		},
		"by the operator": func(w *world, person, _ identity.Principal) error {
			return w.Accounts.EndAccess(w.t.Context(), w.Operator(), identity.ThePlatform(), person.UserID)
		},
		"by an administrator": func(w *world, person, _ identity.Principal) error {
			return w.Accounts.EndAccess(w.t.Context(), admin(w), w.Org.Place(), person.UserID)
		},
		"by removal": func(w *world, person, _ identity.Principal) error {
			return w.Accounts.RemoveAdministrator(w.t.Context(), admin(w), w.Org.Place(), person.UserID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			admin(w)
			person := w.Person(w.Org.Place(), identity.Write)
			cookie, session := w.LogIn(person)
			_, token, err := w.Accounts.CreateToken(t.Context(), session, identity.NewToken{Name: "t"})
			w.must(err)
			_, recovery, err := w.Accounts.StartRecovery(t.Context(), w.Journal.NewID(), person.Email)
			w.must(err)
			w.must(end(w, person, session))
			_, err = w.known(cookie.Cookie)
			w.Wants(fault.Unauthenticated, err)
			_, err = w.Accounts.ByToken(t.Context(), token, apptest.Source)
			w.Wants(fault.Unauthenticated, err)
			_, err = w.Accounts.FinishRecovery(t.Context(), recovery, apptest.Password+"x", apptest.Source)
			w.Wants(fault.Invalid, err)
		})
	}
}

func TestOnlyWhoAdministersAllPlacesOfAPersonEndsTheirAccess(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	admin, super := w.Person(w.Org.Place(), identity.Admin), w.Person(w.MSP.Place(), identity.Admin)
	both := w.Grant(w.Another(w.Org.Place(), identity.Read), w.Neighbour.Place(), identity.Read)
	w.Wants(fault.Forbidden, w.Accounts.EndAccess(ctx, admin, w.Org.Place(), both.UserID))
	w.Wants(fault.NotFound, w.Accounts.EndAccess(ctx, admin, w.Org.Place(), super.UserID))
	w.Wants(fault.Forbidden, w.Accounts.EndAccess(ctx, both, w.Org.Place(), admin.UserID))
	before := len(w.Outbox())
	w.must(w.Accounts.EndAccess(ctx, super, w.MSP.Place(), both.UserID))
	notices := apptest.Since[identity.Notice](w.App, before)
	if len(notices) != 1 || notices[0].Kind != identity.NoticeEnded || notices[0].UserID != both.UserID {
		t.Errorf("%+v", notices)
	}
	_, _, err := w.Accounts.CreateToken(ctx, admin, identity.NewToken{Name: "t", Password: apptest.Password})
	w.must(err)
}

func TestALogInOverASessionEndsThatOne(t *testing.T) {
	w := newWorld(t)
	carlo, nora := w.Person(w.Org.Place(), identity.Read), w.Person(w.Org.Place(), identity.Write)
	for _, next := range []identity.Principal{carlo, nora} {
		old, _ := w.LogIn(carlo)
		ctx := identity.WithClient(t.Context(), identity.Client{Session: old.Cookie})
		_, _, err := w.Accounts.Login(ctx, next.Email, "wrong", apptest.Source)
		w.Wants(fault.Invalid, err)
		if _, err := w.known(old.Cookie); err != nil {
			t.Error("a failed log-in ended a session")
		}
		_, _, err = w.Accounts.Login(ctx, next.Email, apptest.Password, apptest.Source)
		w.must(err)
		_, err = w.known(old.Cookie)
		w.Wants(fault.Unauthenticated, err)
	}
	kept, _ := w.LogIn(nora)
	forged := kept.Cookie[:len(kept.Cookie)-4] + "AAAA"
	ctx := identity.WithClient(t.Context(), identity.Client{Session: forged})
	_, _, err := w.Accounts.Login(ctx, carlo.Email, apptest.Password, apptest.Source)
	w.must(err)
	if _, err := w.known(kept.Cookie); err != nil {
		t.Error("whoever knows the id of a session ended it")
	}
}

func TestAStepUpMakesASessionFreshAgain(t *testing.T) {
	w := newWorld(t)
	session, by := w.LogIn(w.Person(w.Org.Place(), identity.Read))
	w.Clock.Pass(15 * time.Minute)
	w.must(by.CheckFresh(w.Clock.Now()))
	w.Clock.Pass(time.Second)
	w.Wants(fault.StepUp, by.CheckFresh(w.Clock.Now()))
	w.Wants(fault.Invalid, w.Accounts.StepUp(t.Context(), by, "wrong"))
	w.must(w.Accounts.StepUp(t.Context(), by, apptest.Password))
	by, err := w.known(session.Cookie)
	w.must(err)
	w.must(by.CheckFresh(w.Clock.Now()))
	w.must(w.Accounts.Logout(t.Context(), by))
	_, err = w.known(session.Cookie)
	w.Wants(fault.Unauthenticated, err)
}

func TestAStrangerDoesNotLockAPersonOutOfTheirNetwork(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	const home, office, stranger = "192.0.2.7", "2001:db8:1:2::7", "198.51.100.1"
	for _, source := range []string{home, office} {
		_, err := w.from(carlo, source, "", apptest.Password)
		w.must(err)
	}
	before := len(w.Outbox())
	for _, source := range []string{stranger, "203.0.113.1", "203.0.113.200", stranger, "198.51.100.9", stranger} {
		_, err := w.from(carlo, source, "", "wrong")
		w.Wants(fault.Invalid, err)
	}
	for source, want := range map[string]fault.Code{
		stranger: fault.Invalid, "203.0.113.99": fault.Invalid, "192.0.2.99": "", "2001:db8:1:ff::1": "",
	} {
		_, err := w.from(carlo, source, "", apptest.Password)
		if fault.CodeOf(err) != want {
			t.Errorf("%s: %v", source, err)
		}
	}
	notices := apptest.Since[identity.Notice](w.App, before)
	if len(notices) != 2 || notices[0].Kind != identity.NoticeLocked || notices[0].UserID != carlo.UserID ||
		notices[1].Kind != identity.NoticeSecurity {
		t.Errorf("%+v", notices)
	}
	// Guesses from the person's own network lock that one alone.
	for range 5 {
		_, err := w.from(carlo, "192.0.2.200", "", "wrong")
		w.Wants(fault.Invalid, err)
	}
	_, err := w.from(carlo, home, "", apptest.Password)
	w.Wants(fault.Invalid, err)
	_, err = w.from(carlo, office, "", apptest.Password)
	w.must(err)
	w.Clock.Pass(15*time.Minute + time.Second)
	_, err = w.from(carlo, home, "", apptest.Password)
	w.must(err)
}

func TestAStrangerCannotFillTheLogsAndTheMailboxesOfAPersonsPlaces(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	logged, mails := len(w.AuditLog("ORG#"+w.Org.ID)), len(w.Outbox())
	for range 40 { // ten hours of guesses
		for range 6 {
			w.Wants(fault.Invalid, w.login(carlo, "wrong"))
		}
		w.Clock.Pass(15*time.Minute + time.Second)
	}
	if got := len(w.AuditLog("ORG#"+w.Org.ID)) - logged; got < 2 || got > 12 {
		t.Errorf("the organization's log has %d entries of 240 guesses in ten hours", got)
	}
	if got := len(apptest.Since[identity.Notice](w.App, mails)); got != 2 { // to the person and to those responsible
		t.Errorf("%d messages in ten hours", got)
	}
}

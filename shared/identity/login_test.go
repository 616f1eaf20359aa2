package identity_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestEveryFailedLogInGetsTheSameError(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	locked := w.Another(w.Org.Place(), identity.Write)
	for range 5 {
		w.Wants(fault.Invalid, w.login(locked, "wrong"))
	}
	_, _, unknown := w.Accounts.Login(t.Context(), "nobody@rialto.example.net", apptest.Password, apptest.Source)
	_, _, empty := w.Accounts.Login(t.Context(), " ", apptest.Password, apptest.Source)
	for name, err := range map[string]error{
		"wrong password": w.login(carlo, "wrong"), "no password": w.login(carlo, ""), "unknown": unknown, "no address": empty,
		"locked, right password": w.login(locked, apptest.Password), "locked, wrong password": w.login(locked, "wrong"),
	} {
		if !fault.Is(err, fault.Invalid) || err.Error() != unknown.Error() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnUnknownAddressTakesAsLongAsAKnownOne(t *testing.T) {
	w := apptest.NewEstate(t) // not parallel, because it measures time
	shortest := func(address string) time.Duration {
		best := time.Hour
		for range 3 {
			began := time.Now()
			_, _, err := w.Accounts.Login(t.Context(), address, "wrong", apptest.Source)
			w.Wants(fault.Invalid, err)
			best = min(best, time.Since(began))
		}
		return best
	}
	// A busy machine may slow down either side; a real difference in time would show in every
	// round.
	var known, unknown time.Duration
	for range 5 {
		person := w.Another(w.Org.Place(), identity.Write)
		known, unknown = shortest(person.Email), shortest("nobody@rialto.example.net")
		if unknown >= known/3 {
			return
		}
	}
	t.Errorf("a known address takes %s, an unknown one %s", known, unknown)
}

func TestFiveFailuresLockAnAccountForFifteenMinutes(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 5 {
		w.Wants(fault.Invalid, w.login(carlo, "wrong"))
	}
	w.Wants(fault.Invalid, w.login(carlo, apptest.Password))
	w.Clock.Pass(15*time.Minute - time.Second)
	w.Wants(fault.Invalid, w.login(carlo, apptest.Password))
	w.Clock.Pass(time.Second)
	w.must(w.login(carlo, apptest.Password))
}

func TestALogInResetsTheCountOfFailures(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 3 {
		for range 4 {
			w.Wants(fault.Invalid, w.login(carlo, "wrong"))
		}
		w.must(w.login(carlo, apptest.Password))
	}
}

func TestConcurrentGuessesDoNotEvadeTheLock(t *testing.T) {
	w := apptest.NewEstate(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	login := func(password string) error {
		_, _, err := w.Accounts.Login(t.Context(), carlo.Email, password, apptest.Source)
		return err
	}
	var guesses, begun sync.WaitGroup
	begun.Add(32)
	for range 32 {
		guesses.Go(func() {
			begun.Done()
			if err := login("wrong"); err == nil {
				t.Error("a wrong password was accepted")
			}
		})
	}
	begun.Wait()
	right := login(apptest.Password) // among the guesses, before or after the lock
	guesses.Wait()
	locks := 0
	for _, entry := range w.AuditLog("USER#" + carlo.UserID) {
		if strings.Contains(entry.Message, "locked after") {
			locks++
		}
	}
	// A log-in ends a lock, and later guesses lock the account again.
	if locks == 0 || right == nil && locks > 1 {
		t.Errorf("the account was locked %d times; the right password among the guesses: %v", locks, right)
	}
	w.Wants(fault.Invalid, login(apptest.Password))
}

func TestALogInIsLoggedAtThePersonsPlaces(t *testing.T) {
	w := newWorld(t)
	both := w.Grant(w.Person(w.Org.Place(), identity.Read), w.MSP.Place(), identity.Helpdesk)
	w.must(w.login(both, apptest.Password))
	for _, log := range []string{"USER#" + both.UserID, "ORG#" + w.Org.ID, "MSP#" + w.MSP.ID} {
		entries := w.AuditLog(log)
		if last := entries[len(entries)-1]; last.Action != "accounts.login" || last.Actor.ID != both.UserID ||
			last.Actor.SourceAddress != apptest.Source {
			t.Errorf("%s ends with %+v", log, last)
		}
	}
	w.Wants(fault.Invalid, w.login(both, "wrong"))
	entries := w.AuditLog("USER#" + both.UserID)
	if last := entries[len(entries)-1]; last.Message != "Log-in failed: wrong password" ||
		last.Actor.Kind != "stranger" {
		t.Errorf("the failure was logged as %+v", last)
	}
}

func TestALogInWithAnUnknownAddressIsLoggedWithoutTheAddress(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.Accounts.Login(t.Context(), "my-password-by-mistake", apptest.Password, apptest.Source)
	w.Wants(fault.Invalid, err)
	entries := w.AuditLog("PLATFORM#" + w.Clock.Now().UTC().Format("2006-01"))
	if last := entries[len(entries)-1]; last.Action != "accounts.login" || !last.Refused ||
		last.Actor.SourceAddress != apptest.Source {
		t.Errorf("the log ends with %+v", last)
	}
	if w.OnDisk("my-password-by-mistake") {
		t.Error("the address was stored")
	}
}

func TestAddressesAreCaseInsensitive(t *testing.T) {
	w := newWorld(t)
	carlo := w.Invited(w.Org.Place(), identity.Read, "carlo@rialto.example.net", "Carlo", "Conti")
	carlo.Email = "  Carlo@RIALTO.example.net "
	w.must(w.login(carlo, apptest.Password))
}

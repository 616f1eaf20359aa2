package identity_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/trial"
)

func TestEveryFailedLogInIsAnsweredAlike(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	locked := w.Another(w.Org.Place(), identity.Write)
	for range 5 {
		w.Wants(fault.Invalid, w.login(locked, "wrong"))
	}
	_, _, unknown := w.Accounts.Login(t.Context(), "nobody@rialto.example.net", trial.Password, trial.Source)
	_, _, empty := w.Accounts.Login(t.Context(), " ", trial.Password, trial.Source)
	for name, err := range map[string]error{
		"wrong password": w.login(carlo, "wrong"), "no password": w.login(carlo, ""), "unknown": unknown, "no address": empty,
		"locked, right password": w.login(locked, trial.Password), "locked, wrong password": w.login(locked, "wrong"),
	} {
		if !fault.Is(err, fault.Invalid) || err.Error() != unknown.Error() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnUnknownAddressTakesAsLongAsAKnownOne(t *testing.T) {
	w := trial.NewEstate(t) // alone, as it measures
	carlo := w.Person(w.Org.Place(), identity.Write)
	shortest := func(address string) time.Duration {
		best := time.Hour
		for range 3 {
			began := time.Now()
			_, _, err := w.Accounts.Login(t.Context(), address, "wrong", trial.Source)
			w.Wants(fault.Invalid, err)
			best = min(best, time.Since(began))
		}
		return best
	}
	known, unknown := shortest(carlo.Email), shortest("nobody@rialto.example.net")
	if unknown < known/3 {
		t.Errorf("a known address takes %s, an unknown one %s", known, unknown)
	}
}

func TestFiveFailuresLockAnAccountForFifteenMinutes(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 5 {
		w.Wants(fault.Invalid, w.login(carlo, "wrong"))
	}
	w.Wants(fault.Invalid, w.login(carlo, trial.Password))
	w.Clock.Pass(15*time.Minute - time.Second)
	w.Wants(fault.Invalid, w.login(carlo, trial.Password))
	w.Clock.Pass(time.Second)
	w.must(w.login(carlo, trial.Password))
}

func TestALogInBeginsTheCountOfFailuresAnew(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 3 {
		for range 4 {
			w.Wants(fault.Invalid, w.login(carlo, "wrong"))
		}
		w.must(w.login(carlo, trial.Password))
	}
}

func TestGuessesAtTheSameMomentDoNotGetAroundTheLock(t *testing.T) {
	w := trial.NewEstate(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	login := func(password string) error {
		_, _, err := w.Accounts.Login(t.Context(), carlo.Email, password, trial.Source)
		return err
	}
	var guesses, begun sync.WaitGroup
	begun.Add(32)
	for range 32 {
		guesses.Go(func() {
			begun.Done()
			if err := login("wrong"); err == nil {
				t.Error("a wrong password is taken")
			}
		})
	}
	begun.Wait()
	right := login(trial.Password) // among the guesses: nobody knows whether before the lock or behind it
	guesses.Wait()
	locks := 0
	for _, entry := range w.AuditLog("USER#" + carlo.UserID) {
		if strings.Contains(entry.Message, "locked after") {
			locks++
		}
	}
	// A log-in ends a lock, and the guesses behind it make another.
	if locks == 0 || right == nil && locks > 1 {
		t.Errorf("the account was locked %d times; the right password among the guesses: %v", locks, right)
	}
	w.Wants(fault.Invalid, login(trial.Password))
}

func TestALogInStandsInTheLogsOfThePlacesOfThePerson(t *testing.T) {
	w := newWorld(t)
	both := w.Grant(w.Person(w.Org.Place(), identity.Read), w.MSP.Place(), identity.Helpdesk)
	w.must(w.login(both, trial.Password))
	for _, log := range []string{"USER#" + both.UserID, "ORG#" + w.Org.ID, "MSP#" + w.MSP.ID} {
		entries := w.AuditLog(log)
		if last := entries[len(entries)-1]; last.Action != "accounts.login" || last.Actor.ID != both.UserID || last.Actor.SourceAddress != trial.Source {
			t.Errorf("%s ends with %+v", log, last)
		}
	}
	w.Wants(fault.Invalid, w.login(both, "wrong"))
	entries := w.AuditLog("USER#" + both.UserID)
	if last := entries[len(entries)-1]; last.Message != "Log-in failed: wrong password" || last.Actor.Kind != "stranger" {
		t.Errorf("the failure is noted as %+v", last)
	}
}

func TestALogInOfNobodyIsNotedWithoutWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.Accounts.Login(t.Context(), "my-password-by-mistake", trial.Password, trial.Source)
	w.Wants(fault.Invalid, err)
	entries := w.AuditLog("PLATFORM#" + w.Clock.Now().UTC().Format("2006-01"))
	if last := entries[len(entries)-1]; last.Action != "accounts.login" || !last.Refused || last.Actor.SourceAddress != trial.Source {
		t.Errorf("the log ends with %+v", last)
	}
	if w.OnDisk("my-password-by-mistake") {
		t.Error("what was typed stands on the disk")
	}
}

func TestAnAddressIsFoundWhateverItsLetters(t *testing.T) {
	w := newWorld(t)
	carlo := w.Invited(w.Org.Place(), identity.Read, "carlo@rialto.example.net", "Carlo", "Conti")
	carlo.Email = "  Carlo@RIALTO.example.net "
	w.must(w.login(carlo, trial.Password))
}

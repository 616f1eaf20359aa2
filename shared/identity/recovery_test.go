package identity_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const newPassword = "x7$kQ9!mZ2pW"

// recovery requests a recovery and returns the message's ID and the link's token.
func (w *world) recovery(of identity.Principal) (messageID, token string) {
	w.t.Helper()
	before := len(w.Outbox())
	w.must(w.Accounts.Recover(w.t.Context(), of.Email, apptest.Source))
	message := w.Outbox()[before]
	var notice identity.Notice
	w.must(json.Unmarshal(message.Body, &notice))
	person, token, err := w.Accounts.StartRecovery(w.t.Context(), message.ID, notice.Email)
	w.must(err)
	if person.ID != of.UserID {
		w.t.Errorf("it goes to %s", person.Email)
	}
	return message.ID, token
}

func (w *world) finish(token string) error {
	_, err := w.Accounts.FinishRecovery(w.t.Context(), token, newPassword, apptest.Source)
	return err
}

func TestARecoveryWorksOnceAndEndsTheSessions(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	old, _ := w.LogIn(carlo)
	for range 5 {
		w.Wants(fault.Invalid, w.login(carlo, "wrong")) // a recovery unlocks
	}
	messageID, token := w.recovery(carlo)
	_, err := w.Accounts.FinishRecovery(t.Context(), token, "short", apptest.Source)
	w.Wants(fault.Invalid, err)
	session, err := w.Accounts.FinishRecovery(t.Context(), token, newPassword, apptest.Source)
	w.must(err)
	if known, err := w.known(session.Cookie); err != nil || known.UserID != carlo.UserID {
		t.Errorf("%+v, %v", known, err)
	}
	_, err = w.known(old.Cookie)
	w.Wants(fault.Unauthenticated, err)
	w.must(w.login(carlo, newPassword))
	w.Wants(fault.Invalid, w.finish(token))

	_, again, err := w.Accounts.StartRecovery(t.Context(), messageID, carlo.Email) // the message is delivered again
	if err != nil || again != token {
		t.Errorf("%q, %v", again, err)
	}
	w.Wants(fault.Invalid, w.finish(token))
	if w.OnDisk(token) {
		t.Error("the token is stored in the clear")
	}
}

func TestARecoveryLastsFifteenMinutes(t *testing.T) {
	w := newWorld(t)
	_, token := w.recovery(w.Person(w.Org.Place(), identity.Write))
	w.Clock.Pass(identity.RecoveryLife - time.Second)
	_, err := w.Accounts.FinishRecovery(t.Context(), token, "short", apptest.Source)
	if err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("before the end: %v", err)
	}
	w.Clock.Pass(time.Second)
	w.Wants(fault.Invalid, w.finish(token))
}

func TestForgedCutAndForeignRecoveriesAreRefused(t *testing.T) {
	w := newWorld(t)
	carlo, other := w.Person(w.Org.Place(), identity.Write), w.Another(w.Org.Place(), identity.Write)
	_, token := w.recovery(carlo)
	_, foreign := w.recovery(other)
	invite := w.Invite(w.Org.Place(), identity.Read, "nora@rialto.example.net")
	session, _ := w.LogIn(carlo)
	for name, forged := range map[string]string{
		"empty": "", "cut": token[:len(token)-2], "long": token + "AAAA", "carlo's with the other's signature": token[:44] + foreign[44:],
		"the other's person with carlo's": foreign[:21] + token[21:], "an invitation's": w.Accounts.InviteToken(w.Org.Place(), invite),
		"a cookie": session.Cookie, "one letter": token[:50] + swapped(token[50]) + token[51:],
	} {
		if err := w.finish(forged); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(w.login(carlo, apptest.Password))
}

func swapped(letter byte) string {
	if letter == 'A' {
		return "B"
	}
	return "A"
}

func TestARecoveryDoesNotRevealWhetherAnAccountExists(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for _, address := range []string{carlo.Email, "nobody@rialto.example.net"} {
		before := len(w.Outbox())
		w.must(w.Accounts.Recover(t.Context(), address, apptest.Source))
		if messages := w.Outbox()[before:]; len(messages) != 1 || messages[0].Queue != "mail-send" {
			t.Errorf("%s: %+v", address, messages)
		}
	}
	_, _, err := w.Accounts.StartRecovery(t.Context(), uuid.NewString(), "nobody@rialto.example.net")
	w.Wants(fault.NotFound, err)
	for _, address := range []string{"", "x", "a@b", "a b@example.net", "a@example.net, b@example.net", strings.Repeat("a", 65) + "@example.net"} {
		w.Wants(fault.Invalid, w.Accounts.Recover(t.Context(), address, apptest.Source))
	}
}

func TestALinkUsedConcurrentlyWorksOnce(t *testing.T) {
	w := newWorld(t)
	_, token := w.recovery(w.Person(w.Org.Place(), identity.Write))
	errs := make([]error, 3)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { errs[i] = w.finish(token) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won: %v", won, errs)
	}
}

func TestARecoveryIsVoidOnceThePasswordChanges(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, first := w.recovery(carlo)
	_, second := w.recovery(carlo)
	w.must(w.finish(first))
	w.Wants(fault.Invalid, w.finish(second))
	_, third := w.recovery(carlo)
	_, _, err := w.Accounts.ChangeSelf(
		t.Context(),
		carlo,
		identity.SelfChange{Password: pointer(apptest.Password), CurrentPassword: pointer(newPassword)},
	)
	w.must(err)
	w.Wants(fault.Invalid, w.finish(third))
	w.must(w.login(carlo, apptest.Password))
}

func TestARecoveryAndANewPasswordEndAllCredentials(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, text := w.token(carlo, identity.NewToken{})
	_, pending := w.recovery(carlo)
	_, _, err := w.Accounts.ChangeSelf(
		t.Context(),
		carlo,
		identity.SelfChange{Password: pointer("another quiet lighthouse 43"), CurrentPassword: pointer(apptest.Password)},
	)
	w.must(err)
	_, err = w.byToken(text, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
	w.Wants(fault.Invalid, w.finish(pending))
	_, text = w.token(carlo, identity.NewToken{Password: "another quiet lighthouse 43"})
	_, link := w.recovery(carlo)
	w.must(w.finish(link))
	_, err = w.byToken(text, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
	if tokens, err := w.Accounts.Tokens(t.Context(), carlo); err != nil || len(tokens) != 0 {
		t.Errorf("still listed: %+v, %v", tokens, err)
	}
	_, text = w.token(carlo, identity.NewToken{Password: newPassword})
	_, err = w.byToken(text, apptest.Source)
	w.must(err)
}

func TestAtMostFourRecoveriesAreOpen(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 5 { // used ones do not count
		_, token := w.recovery(carlo)
		w.must(w.finish(token))
	}
	var first string
	for i := range 4 {
		if id, _ := w.recovery(carlo); i == 0 {
			first = id
		}
	}
	_, _, err := w.Accounts.StartRecovery(t.Context(), uuid.NewString(), carlo.Email)
	w.Wants(fault.NotFound, err)
	_, _, err = w.Accounts.StartRecovery(t.Context(), first, carlo.Email) // delivered again
	w.must(err)
	w.Clock.Pass(identity.RecoveryLife)
	_, token := w.recovery(carlo)
	w.must(w.finish(token))
}

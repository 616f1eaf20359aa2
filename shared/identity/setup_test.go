package identity_test

import (
	"sync"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func setup(w *apptest.App, t *testing.T, token, email string) error {
	_, err := w.Accounts.Setup(t.Context(), token, email, apptest.Password, "Olga", "Orsini", apptest.Source)
	return err
}

func TestSetupWorksOnceWithTheToken(t *testing.T) {
	w := apptest.New(t)
	w.Wants(fault.Invalid, setup(w, t, "", "olga@example.net")) // before PrepareSetup
	token, err := w.Accounts.PrepareSetup(t.Context(), "")
	if err != nil || token == "" || w.OnDisk(token) {
		t.Fatalf("%q, %v", token, err)
	}
	if again, err := w.Accounts.PrepareSetup(t.Context(), token); err != nil || again != token {
		t.Errorf("the stored token became %q, %v", again, err)
	}
	newer, err := w.Accounts.PrepareSetup(t.Context(), "lost")
	if err != nil || newer == token {
		t.Errorf("%q, %v", newer, err)
	}
	w.Wants(fault.Invalid, setup(w, t, token, "olga@example.net"))
	if _, err := w.Accounts.Setup(
		t.Context(),
		newer,
		"olga@example.net",
		"short",
		"Olga",
		"Orsini",
		apptest.Source,
	); !fault.Is(
		err,
		fault.Invalid,
	) {
		t.Errorf("a short password: %v", err)
	}
	if err := setup(w, t, newer, "olga@example.net"); err != nil {
		t.Fatal(err)
	}
	w.Wants(fault.Forbidden, setup(w, t, newer, "eva@example.net"))
	if after, err := w.Accounts.PrepareSetup(t.Context(), ""); err != nil || after != "" {
		t.Errorf("after it is done: %q, %v", after, err)
	}
	olga, err := w.Accounts.PersonByEmail(t.Context(), "olga@example.net")
	if err != nil || !olga.Principal("", "").May(identity.RunPlatform, identity.ThePlatform()) {
		t.Errorf("%+v, %v", olga, err)
	}
}

func TestConcurrentSetupsCreateOneOperator(t *testing.T) {
	for name, addresses := range map[string][]string{
		"two people": {"olga@example.net", "eva@example.net"}, "one person twice": {"olga@example.net", "olga@example.net"},
	} {
		w := apptest.New(t)
		token, err := w.Accounts.PrepareSetup(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		codes := make([]fault.Code, len(addresses))
		var wait sync.WaitGroup
		for i, address := range addresses {
			wait.Go(func() { codes[i] = fault.CodeOf(setup(w, t, token, address)) })
		}
		wait.Wait()
		if codes[0] == codes[1] || codes[0]+codes[1] != fault.Forbidden {
			t.Errorf("%s: %q", name, codes)
		}
	}
}

func TestThatThereIsAnOperatorIsReadUntilItIsSoAndNotAfterwards(t *testing.T) {
	w := apptest.New(t)
	token, err := w.Accounts.PrepareSetup(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if done, err := w.Accounts.IsSetUp(t.Context()); err != nil || done {
		t.Errorf("before: %v, %v", done, err)
	}
	// Another process creates the operator.
	other := identity.NewAccounts(w.Journal, w.Keyring, w.Log)
	if _, err := other.Setup(t.Context(), token, "olga@example.net", apptest.Password, "Olga", "Orsini", apptest.Source); err != nil {
		t.Fatal(err)
	}
	if done, err := w.Accounts.IsSetUp(t.Context()); err != nil || !done {
		t.Errorf("afterwards: %v, %v", done, err)
	}
	if err := w.Database.Close(); err != nil {
		t.Fatal(err)
	}
	if done, err := w.Accounts.IsSetUp(t.Context()); err != nil || !done {
		t.Errorf("without a database: %v, %v", done, err)
	}
	if _, err := identity.NewAccounts(w.Journal, w.Keyring, w.Log).IsSetUp(t.Context()); err == nil {
		t.Error("who does not know it yet did not read it")
	}
}

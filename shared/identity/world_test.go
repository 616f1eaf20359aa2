package identity_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

// world is an installation with tenants, for one test.
type world struct {
	*apptest.Estate
	t *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel() // tests mostly wait for the disk and for hashes
	return &world{Estate: apptest.NewEstate(t), t: t}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// known returns the principal of a cookie.
func (w *world) known(cookie string) (identity.Principal, error) {
	return w.Accounts.BySession(w.t.Context(), cookie, apptest.Source)
}

// login tries to log a person in with a password.
func (w *world) login(of identity.Principal, password string) error {
	_, _, err := w.Accounts.Login(w.t.Context(), of.Email, password, apptest.Source)
	return err
}

func pointer[T any](value T) *T { return &value }

package identity_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestLogInsBeyondTheQueueAreToldToComeBackAtOnce(t *testing.T) {
	w := newWorld(t)
	limits := budget.Usual()
	limits.PasswordQueue = 3
	accounts := identity.NewAccountsWithin(limits, w.Journal, w.Keyring, w.Log)
	var all sync.WaitGroup
	var busy, tried atomic.Int64
	start := make(chan struct{})
	for range 100 {
		all.Go(func() {
			<-start
			_, _, err := accounts.Login(t.Context(), "nobody@example.net", apptest.Password, apptest.Source)
			refused, ok := err.(*fault.Error)
			switch {
			case ok && refused.Code == fault.Unavailable && refused.RetryAfter >= time.Second:
				busy.Add(1)
			case ok && refused.Code == fault.Invalid:
				tried.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	close(start)
	all.Wait()
	if busy.Load() < 50 || tried.Load() < 7 {
		t.Errorf("%d were told to come back, %d were tried", busy.Load(), tried.Load())
	}
	// Afterwards, everything is free again.
	_, _, err := accounts.Login(t.Context(), "nobody@example.net", apptest.Password, apptest.Source)
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}

package paced_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/paced"
)

// counter is a carrier that counts mails.
type counter struct{ sent atomic.Int64 }

// Send counts the mail.
func (c *counter) Send(context.Context, mail.Outgoing) (string, error) {
	c.sent.Add(1)
	return "", nil
}

func TestNoMoreMailsThanAllowedAreSentASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carrier := &counter{}
		sender, began := paced.New(carrier, 2), time.Now()
		for range 4 {
			go func() {
				for range 3 {
					if _, err := sender.Send(t.Context(), mail.Outgoing{}); err != nil {
						t.Error(err)
					}
				}
			}()
		}
		for carrier.sent.Load() < 12 {
			time.Sleep(100 * time.Millisecond)
			// Two at once, and two for each second.
			if most := 2 + 2*time.Since(began).Seconds(); float64(carrier.sent.Load()) > most {
				t.Fatalf("%d mails after %v", carrier.sent.Load(), time.Since(began))
			}
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("12 mails took %v", took)
		}
	})
}

func TestAMailThatCannotWaitIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carrier := &counter{}
		sender := paced.New(carrier, 0.1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 2 {
			if _, err := sender.Send(ctx, mail.Outgoing{}); err != nil && !fault.Is(err, fault.Unavailable) {
				t.Error(err)
			}
		}
		if got := carrier.sent.Load(); got != 1 {
			t.Errorf("sent %d", got)
		}
	})
}

package mailcheck

import (
	"context"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/specimen"
)

// FuzzTheWayIn treats any input as a mail: it has one of three outcomes within a short time, and
// its texts can be shown.
func FuzzTheWayIn(f *testing.F) {
	for i, mail := range specimen.All() {
		if i%10 == 0 {
			f.Add(mail.Raw)
		}
	}
	p, err := newPlace(f.Context(), Options{Domain: "msp.example", Known: map[string]bool{specimen.Sender: true}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := p.close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		result, err := p.take(ctx, raw, Result{})
		if err == nil {
			err = result.check()
		}
		if err != nil {
			t.Fatal(err)
		}
		if result.Became != "update" && result.Became != "new case" && result.Became != "quarantine" {
			t.Errorf("it became %q", result.Became)
		}
	})
}

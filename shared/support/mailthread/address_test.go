package mailthread_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestOurAddressesFitALocalPart(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	letter, err := w.Notifications.Compose(t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID})
	w.Must(err)
	for prefix, address := range map[string]string{"reply+": letter.ReplyTo, "bounce+": letter.Bounce} {
		local, domain, _ := strings.Cut(address, "@")
		if !strings.HasPrefix(local, prefix) || len(local) > 64 || domain != apptest.MailDomain ||
			local != strings.ToLower(local) {
			t.Errorf("%s has a local part of %d octets", address, len(local))
		}
		if !w.Threads.Accepts(address) || !w.Threads.Accepts(strings.ToUpper(address)) {
			t.Errorf("%s is not accepted", address)
		}
	}
}

func TestOnlyOurOwnAddressesAreAccepted(t *testing.T) {
	w := supporttest.NewWorld(t)
	for address, want := range map[string]bool{
		"support@portal.example.com": true, "Support@Portal.Example.COM": true, "support+anything@portal.example.com": true,
		"reply+x@portal.example.com": false, "bounce+x@portal.example.com": false, "reply@portal.example.com": false,
		"postmaster@portal.example.com": true, "abuse@portal.example.com": true,
		"support@example.com": false, "support@portal.example.com.evil.test": false, "info@portal.example.com": false,
		"supporter@portal.example.com": false, "support": false, "": false, "@portal.example.com": false,
		"support@x@portal.example.com": false, "+support@portal.example.com": false,
	} {
		if got := w.Threads.Accepts(address); got != want {
			t.Errorf("%q: %t, want %t", address, got, want)
		}
	}
}

func TestATokenInOtherLettersIsTheSameToken(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	outcome, err := w.Intake.Take(t.Context(),
		w.Mail("m-1", w.Customer.Email, strings.ToUpper(w.ReplyTo(w.Customer, c, ""))))
	if err != nil || outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func TestTokensThatWereNotMadeHereAreRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	note := w.Note(c, "psst")
	letter, err := w.Notifications.Compose(t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID})
	w.Must(err)
	token := address[len("reply+"):strings.IndexByte(address, '@')]
	at := "@" + apptest.MailDomain
	bounce := letter.Bounce[len("bounce+"):strings.IndexByte(letter.Bounce, '@')]
	forged := map[string]string{
		"cut":        "reply+" + token[:55] + at,
		"long":       "reply+" + token + "a" + at,
		"empty":      "reply+" + at,
		"none":       "reply" + at,
		"a bounce's": "reply+" + bounce + at,
		"padded":     "reply+" + token + "=" + at,
		"an id":      "reply+" + uuid.NewString() + at,
	}
	for i := range token {
		other := byte('a')
		if token[i] == 'a' {
			other = 'b'
		}
		forged["letter "+string(rune('A'+i))] = "reply+" + token[:i] + string(other) + token[i+1:] + at
	}
	for name, recipient := range forged {
		outcome, err := w.Intake.Take(t.Context(), w.Mail("m-"+uuid.NewString(), w.Customer.Email, recipient))
		if err != nil || outcome.Reason != intake.ForgedToken {
			t.Errorf("%s: %+v, %v", name, outcome, err)
		}
		if w.Threads.Accepts(recipient) {
			t.Errorf("%s: %s is accepted", name, recipient)
		}
	}
	if detail := w.Detail(w.Agent, c); len(detail.Comments) != 1 || detail.Comments[0].ID != note.ID {
		t.Errorf("comments %+v", detail.Comments)
	}
}

func TestAMaskedAddressTellsNoToken(t *testing.T) {
	for address, want := range map[string]string{
		"reply+abc@portal.example.com": "reply+…@portal.example.com", "bounce+abc@portal.example.com": "bounce+…@portal.example.com",
		"support+0198@portal.example.com": "support+0198@portal.example.com", "anna@example.net": "anna@example.net", "x": "x", "": "",
	} {
		if got := mailthread.MaskAddress(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func FuzzAddressesAreReadWithoutHarm(f *testing.F) {
	for _, address := range []string{
		"", "@", "support@" + apptest.MailDomain, "reply+aaaa@" + apptest.MailDomain, "support+00000000000000000000000000000000@" + apptest.MailDomain,
		"reply+" + strings.Repeat("a", 56) + "@" + apptest.MailDomain, "bounce+@" + apptest.MailDomain, "support+urn:uuid:@" + apptest.MailDomain,
	} {
		f.Add(address)
	}
	desks := services.New(services.Below{
		Keyring: apptest.New(f).Keyring, MailDomain: apptest.MailDomain,
	})
	f.Fuzz(func(t *testing.T, address string) {
		if desks.Threads.Accepts(address) && !strings.HasSuffix(strings.ToLower(address), "@"+apptest.MailDomain) {
			t.Errorf("%q is accepted", address)
		}
	})
}

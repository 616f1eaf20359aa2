package mail_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestThoseResponsibleWhoWantItAreToldOfSecurityEvents(t *testing.T) {
	w := newWorld(t)
	ctx, on := t.Context(), true
	wants := func(person identity.Principal) identity.Principal {
		_, _, err := w.Accounts.ChangeSelf(ctx, person, identity.SelfChange{SecurityNotices: &on})
		w.must(err)
		return person
	}
	admin := wants(w.Person(w.Org.Place(), identity.Admin))
	super := wants(w.Person(w.MSP.Place(), identity.Admin))
	quiet := w.Another(w.Org.Place(), identity.Admin)
	reader := wants(w.Person(w.Org.Place(), identity.Read))
	foreign := wants(w.Person(w.Neighbour.Place(), identity.Admin))
	w.LogIn(w.customer)
	w.sendAll()
	told := func(person identity.Principal, text string) int {
		count := 0
		for _, mail := range w.mails(person.Email) {
			raw := strings.NewReplacer("=\r\n", "", "=22", `"`, "&#34;", `"`).Replace(string(mail.Raw))
			if mail.Get("Subject") == "A security event" && strings.Contains(raw, text) {
				count++
			}
		}
		return count
	}
	check := func(text string, want map[string]int) {
		t.Helper()
		for range 2 { // delivered again
			w.sendAll()
			w.handled -= 2
		}
		w.handled = len(w.Outbox())
		for _, person := range []identity.Principal{admin, super, quiet, reader, foreign, w.customer} {
			if got := told(person, text); got != want[person.Email] {
				t.Errorf("%s: %s was told %d times, want %d", text, person.Email, got, want[person.Email])
			}
		}
	}
	for range 5 {
		_, _, err := w.Accounts.Login(ctx, w.customer.Email, "wrong", "198.51.100.7")
		w.Wants(fault.Invalid, err)
	}
	check("locked the account of Carlo Conti ("+w.customer.Email+")", map[string]int{admin.Email: 1})
	_, _, err := w.Accounts.CreateToken(ctx, w.customer, identity.NewToken{Name: "backup", Password: apptest.Password})
	w.must(err)
	check(`created the API token "backup" from the address`, map[string]int{admin.Email: 1})
	_, err = w.Tenants.ChangeConsent(ctx, admin, w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP,
	})
	w.must(err)
	check("withdrew the consent of Rialto Hotels to support access for the MSP.",
		map[string]int{admin.Email: 1, super.Email: 1})
	off := false
	_, _, err = w.Accounts.ChangeSelf(ctx, admin, identity.SelfChange{SecurityNotices: &off})
	w.must(err)
	_, err = w.Tenants.ChangeConsent(ctx, admin, w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP, Granted: true,
	})
	w.must(err)
	check("gave the consent of Rialto Hotels to support access for the MSP.", map[string]int{super.Email: 1})
	// Without the consent to personal data, the MSP does not read who of the organization decided.
	named := told(super, admin.Name())
	_, err = w.Tenants.ChangeConsent(ctx, admin, w.Org.ID, tenant.Decision{
		Kind: identity.PersonalData, Grantee: identity.ToMSP,
	})
	w.must(err)
	check("the consent of Rialto Hotels to personal data for the MSP.", map[string]int{super.Email: 1})
	if got := told(super, admin.Name()); named != 2 || got != named {
		t.Errorf("the MSP is told of %s %d times, and %d without the consent", admin.Name(), named, got)
	}
}

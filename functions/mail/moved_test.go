package mail_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAChangeOfProviderIsToldOnAllThreeSides(t *testing.T) {
	w := newWorld(t)
	admin, reader := w.Person(w.Org.Place(), identity.Admin), w.Person(w.Org.Place(), identity.Read)
	before, after := w.Person(w.MSP.Place(), identity.Admin), w.Person(w.ForeignMSP.Place(), identity.Admin)
	_, err := w.Tenants.TransferOrg(t.Context(), w.Operator(), w.Org.ID,
		tenant.Transfer{MSPID: w.ForeignMSP.ID, Operator: true, Partner: true})
	w.must(err)
	w.sendAll()
	for _, test := range []struct {
		person           identity.Principal
		subject, without string
	}{
		{admin, "Rialto Hotels is looked after by Boreal Managed", w.MSP.Name},
		{before, "Rialto Hotels left Adria Networks", w.ForeignMSP.Name},
		{after, "Rialto Hotels came to Boreal Managed", w.MSP.Name},
		{reader, "", ""},
	} {
		told := 0
		for _, mail := range w.mails(test.person.Email) {
			if !strings.HasPrefix(mail.Get("Subject"), "Rialto Hotels") {
				continue
			}
			told++
			if got := mail.Get("Subject"); got != test.subject || strings.Contains(string(mail.Raw), test.without) {
				t.Errorf("%s was told %q: %s", test.person.Email, got, mail.Raw)
			}
		}
		if want := min(len(test.subject), 1); told != want {
			t.Errorf("%s got %d mails", test.person.Email, told)
		}
	}
}

package mail_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// sendGuard and receiveGuard limit the workers in all tests of this package to their declared
// grants.
var (
	sendGuard    = grant.NewGuard(mail.Send(mail.SendServices{}).Grants())
	receiveGuard = grant.NewGuard(mail.Receive(mail.ReceiveServices{}).Grants())
)

// TestMain also finds grants that are declared but not needed.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		code := m.Run()
		if chosen := flag.Lookup("test.run"); code != 0 || chosen.Value.String() != "" {
			return code // a selection of tests may need fewer grants
		}
		for name, guard := range map[string]*grant.Guard{"mail.send": sendGuard, "mail.receive": receiveGuard} {
			if unused := guard.Unused(); len(unused) > 0 {
				fmt.Println(name, "does not use the grants:", unused)
				code = 1
			}
		}
		return code
	}())
}

// The budgets of these tests: how much quarantined mail is kept of one source in a day, and how many
// mails go to people without an account in an hour.
const (
	quarantineDaily = 1 << 20
	guestMails      = 5
)

// services are the dependencies of a worker, limited by its guard.
type guardedServices struct {
	journal  *change.Journal
	accounts *identity.Accounts
	files    blob.Store
	logos    *logo.Service
	services.Set
}

func guarded(e *apptest.Estate, guard *grant.Guard) guardedServices {
	budgets := budget.Usual()
	budgets.QuarantineDailyBytes, budgets.GuestMails = quarantineDaily, guestMails
	journal := change.NewJournal(guard.Tables(e.Store), e.Clock.Now)
	tenants := tenant.NewTenants(journal)
	accounts, files := identity.NewAccounts(journal, e.Keyring, e.Log), guard.Blobs(e.Files)
	logos := logo.New(journal, tenants, files, outward.New(outward.Options{}), e.Log)
	return guardedServices{journal, accounts, files, logos, services.New(services.Below{
		Journal: journal, Accounts: accounts, Tenants: tenants, Files: files,
		Index: e.Index, Keyring: e.Keyring, MailDomain: apptest.MailDomain, Budgets: &budgets,
	})}
}

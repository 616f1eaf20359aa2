package handover_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// paused calls a function before the first transaction, or before the first query of a list of
// cases.
type paused struct {
	table.Store
	transact, query func()
	list            string
}

func (p *paused) Transact(ctx context.Context, writes []table.Write) error {
	if p.transact != nil {
		p.transact()
	}
	return p.Store.Transact(ctx, writes)
}

func (p *paused) Query(ctx context.Context, query table.Query) (table.Page, error) {
	if p.query != nil && strings.HasSuffix(query.Partition, p.list) {
		p.query()
	}
	return p.Store.Query(ctx, query)
}

// on returns the services on a store.
func on(w *supporttest.World, store table.Store) services.Set {
	journal := change.NewJournal(store, w.Clock.Now)
	accounts := identity.NewAccounts(journal, w.Keyring, w.Log)
	return services.New(services.Below{
		Journal: journal, Accounts: accounts, Tenants: tenant.NewTenants(journal).Inviting(accounts), Files: w.Files,
		Index: w.Index, Keyring: w.Keyring, MailDomain: apptest.MailDomain,
	})
}

func TestAChangeThatBeganBeforeTheMoveDoesNotPutACaseBehindThePass(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.SetStatus(w.Customer, c, support.Solved)
	read, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	slow := on(w, &paused{Store: w.Store, transact: sync.OnceFunc(func() { close(read); <-goOn })})
	go func() {
		status := support.Open
		_, err := slow.Cases.Change(context.Background(), w.Customer, c.OrgID, c.ID, support.CaseChange{Status: &status})
		done <- err
	}()
	<-read // it has read the organization, and is about to put the case into the list of open ones
	begin(w)
	passing := on(w, &paused{Store: w.Store, list: "#CASES#" + support.ClosedName, query: sync.OnceFunc(func() {
		close(goOn)
		w.Must(<-done)
	})})
	w.Must(passing.Handover.Finish(t.Context(), w.Org.ID))
	detail := w.Detail(w.Person(w.ForeignMSP.Place(), identity.Helpdesk), c)
	if detail.MSPID != w.ForeignMSP.ID || detail.Status != support.Open {
		t.Errorf("the case is %s, and with %q", detail.Status, detail.MSPID)
	}
}

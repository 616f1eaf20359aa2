package lists_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnAgentsQueuesAreCounted(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 8*60)
	mine, solved := w.NewCase(w.Customer, "Mine"), w.NewCase(w.Customer, "Solved")
	w.NewCase(w.Customer, "Nobody's")
	for _, c := range []support.Case{mine, solved} {
		_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
		w.Must(err)
	}
	w.SetStatus(w.Agent, solved, support.Solved)
	w.Clock.Pass(61 * time.Minute)
	w.WakeAll()
	w.IndexAll()
	for _, scope := range []lists.Scope{{MSPID: w.MSP.ID}, {OrgID: w.Org.ID}} {
		queues, err := w.Lists.Queues(t.Context(), w.Agent, scope)
		w.Must(err)
		if want := (lists.Queues{Mine: 1, Unassigned: 1, All: 2, Breaching: 2}); queues != want {
			t.Errorf("over %+v: %+v, want %+v", scope, queues, want)
		}
	}
	_, err := w.Lists.Queues(t.Context(), w.Customer, lists.Scope{OrgID: w.Org.ID})
	w.Wants(fault.Invalid, err)
	_, err = w.Lists.Queues(t.Context(), w.Customer, lists.Scope{MSPID: w.MSP.ID})
	w.Wants(fault.NotFound, err)
	_, err = w.Tenants.ChangeConsent(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP,
	})
	w.Must(err)
	queues, err := w.Lists.Queues(t.Context(), w.Agent, lists.Scope{MSPID: w.MSP.ID})
	if err != nil || queues != (lists.Queues{}) {
		t.Errorf("after the consent ended: %+v, %v", queues, err)
	}
}

func TestASupportAgentsQueuesAreThoseOfDirectCustomersThatAllowIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent := w.SupportAgent()
	for name, access := range map[string]bool{"Acorn": true, "Birch": false} {
		org := w.NewOrg("", name)
		owner := w.Person(org.Place(), identity.Admin)
		_, err := w.Cases.Create(t.Context(), owner, org.ID, supporttest.Request(name+" has no Wi-Fi"))
		w.Must(err)
		_, err = w.Tenants.ChangeOrg(t.Context(), owner, org.ID, tenant.OrgChange{SupportAccess: &access})
		w.Must(err)
	}
	w.IndexAll()
	queues, err := w.Lists.Queues(t.Context(), agent, lists.Scope{})
	if err != nil || queues != (lists.Queues{Unassigned: 1, All: 1}) {
		t.Errorf("%+v, %v", queues, err)
	}
}

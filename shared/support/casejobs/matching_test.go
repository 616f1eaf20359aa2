package casejobs_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// closing is a request to close the open cases with a phrase.
func closing(phrase string) casejobs.Bulk {
	return casejobs.Bulk{
		Action: casejobs.BulkClose,
		Filter: &lists.Query{State: support.OpenList, Phrase: phrase, Filters: map[string][]string{}},
	}
}

func TestAFilterSelectsTheCasesOfAnAction(t *testing.T) {
	w := supporttest.NewWorld(t)
	first, second := w.NewCase(w.Customer, "No Wi-Fi here"), w.NewCase(w.Customer, "No Wi-Fi there")
	other := w.NewCase(w.Customer, "No power")
	w.IndexAll()
	scope, request := lists.Scope{OrgID: w.Org.ID}, closing("Wi-Fi")
	count, err := w.CaseJobs.CountMatching(t.Context(), w.Customer, scope, request.Action, *request.Filter)
	if err != nil || count != 2 {
		t.Fatalf("%d cases match, %v", count, err)
	}
	request.Expected = &count
	created, err := w.CaseJobs.Bulk(t.Context(), w.Customer, scope, request)
	w.Must(err)
	work(w)
	done, results, err := w.Jobs.Get(t.Context(), w.Customer, job.Scope(scope), created.ID, "", "", 10)
	w.Must(err)
	if done.State != job.Done || done.Done != 2 || len(results.Items) != 2 {
		t.Errorf("%+v, %d results", done, len(results.Items))
	}
	for _, c := range []support.Case{first, second, other} {
		if closed := w.Detail(w.Customer, c).Status == support.Closed; closed == (c.ID == other.ID) {
			t.Errorf("case %q is closed: %t", c.Subject, closed)
		}
	}
}

func TestAFilterThatMatchesOtherCasesThanExpectedChangesNothing(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	scope, expected := lists.Scope{OrgID: w.Org.ID}, 2
	late := closing("Wi-Fi")
	late.Expected = &expected
	both, alone := closing("Wi-Fi"), casejobs.Bulk{Action: casejobs.BulkClose, Expected: &expected}
	both.Cases = []support.Reference{{CaseID: c.ID}}
	alone.Cases = both.Cases
	for name, test := range map[string]struct {
		by      identity.Principal
		request casejobs.Bulk
		want    fault.Code
	}{
		"another number":              {w.Customer, late, fault.Conflict},
		"nothing matches":             {w.Customer, closing("printer"), fault.Invalid},
		"the number of a case":        {w.Customer, closing("381"), fault.Invalid},
		"cases and a filter":          {w.Customer, both, fault.Invalid},
		"a number without a filter":   {w.Customer, alone, fault.Invalid},
		"somebody who only sees":      {w.Person(w.Org.Place(), identity.Read), closing("Wi-Fi"), fault.Forbidden},
		"somebody from elsewhere":     {w.Person(w.Foreign.Place(), identity.Admin), closing("Wi-Fi"), fault.NotFound},
		"a phrase that is no phrase":  {w.Customer, closing("-"), fault.Invalid},
		"a filter for agents of ours": {w.Customer, dueSoon(), fault.Invalid},
	} {
		if _, err := w.CaseJobs.Bulk(t.Context(), test.by, scope, test.request); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.CaseJobs.CountMatching(t.Context(), w.Person(w.Org.Place(), identity.Read), scope,
		casejobs.BulkClose, *closing("Wi-Fi").Filter)
	w.Wants(fault.Forbidden, err)
	_, err = w.CaseJobs.CountMatching(t.Context(), w.Customer, scope, "burn", *closing("Wi-Fi").Filter)
	w.Wants(fault.Invalid, err)
	none, err := w.CaseJobs.CountMatching(t.Context(), w.Customer, scope, casejobs.BulkClose, *closing("printer").Filter)
	if none != 0 || err != nil {
		t.Errorf("%d cases match nothing, %v", none, err)
	}
	if got := w.Detail(w.Customer, c).Status; got != support.Open {
		t.Errorf("the case is %s", got)
	}
}

// dueSoon is a request by the promises of the provider, which customers do not know.
func dueSoon() casejobs.Bulk {
	request := closing("")
	request.Filter.Due = lists.Breached
	return request
}

func TestAFilterOverAnMSPLeavesOutWhatAnOrganizationWithholds(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi here")
	neighbour := w.Person(w.Neighbour.Place(), identity.Write)
	_, err := w.Cases.Create(t.Context(), neighbour, w.Neighbour.ID, supporttest.Request("No Wi-Fi there"))
	w.Must(err)
	w.IndexAll()
	scope, filter := lists.Scope{MSPID: w.MSP.ID}, *closing("Wi-Fi").Filter
	count := func() int {
		t.Helper()
		count, err := w.CaseJobs.CountMatching(t.Context(), w.Agent, scope, casejobs.BulkClose, filter)
		w.Must(err)
		return count
	}
	if got := count(); got != 2 {
		t.Errorf("%d cases match", got)
	}
	_, err = w.Tenants.ChangeConsent(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP,
	})
	w.Must(err)
	if got := count(); got != 1 {
		t.Errorf("%d cases match after one organization withdrew its consent", got)
	}
}

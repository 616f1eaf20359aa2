package handover_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// move gives the organization to the other MSP, and finishes that.
func move(w *supporttest.World) {
	w.T.Helper()
	begin(w)
	w.Must(w.Handover.Finish(w.T.Context(), w.Org.ID))
}

func begin(w *supporttest.World) {
	w.T.Helper()
	_, err := w.Tenants.TransferOrg(w.T.Context(), w.Operator(), w.Org.ID,
		tenant.Transfer{MSPID: w.ForeignMSP.ID, Operator: true, Partner: true})
	w.Must(err)
}

// promises sets the service level of the other MSP: a solution within some hours.
func promises(w *supporttest.World, hours int) {
	w.T.Helper()
	policy := &servicelevel.Policy{Name: "Bronze", Calendar: servicelevel.Calendar{TimeZone: "UTC", Always: true}}
	for i := range policy.Targets {
		policy.Targets[i].Solution = servicelevel.Target{Minutes: 60 * hours}
	}
	_, err := w.Desk.ChangeSetting(w.T.Context(), w.Person(w.ForeignMSP.Place(), identity.Admin), w.ForeignMSP.ID, 0,
		func(s *desk.Setting) { s.ServiceLevel = policy })
	w.Must(err)
}

func TestPromisedTimesGoOnByTheNewDesksTargets(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(0, 120)
	promises(w, 5)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Clock.Pass(time.Hour)
	move(w)
	agent := w.Person(w.ForeignMSP.Place(), identity.Helpdesk)
	clock := w.Detail(agent, c).Clock
	if clock == nil || clock.PolicyID != desk.Partition(w.ForeignMSP.ID) ||
		time.Duration(clock.Solution.Target)*time.Microsecond != 5*time.Hour {
		t.Fatalf("the clock is %+v", clock)
	}
	w.Clock.Pass(3*time.Hour + 59*time.Minute)
	w.WakeAll()
	if clock := w.Detail(agent, c).Clock; clock.Solution.Breached != 0 {
		t.Errorf("the time before the move counts twice: %+v", clock)
	}
	w.Clock.Pass(2 * time.Minute)
	w.WakeAll()
	if clock := w.Detail(agent, c).Clock; clock.Solution.Breached == 0 {
		t.Errorf("it does not go on: %+v", clock)
	}
}

func TestADeskThatPromisesNothingEndsThePromiseButASolvedCaseKeepsItsResult(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(0, 120)
	open, solved := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No LAN")
	w.SetStatus(w.Agent, solved, support.Solved)
	move(w)
	agent := w.Person(w.ForeignMSP.Place(), identity.Helpdesk)
	if clock := w.Detail(agent, open).Clock; clock != nil {
		t.Errorf("the open case has the promise %+v", clock)
	}
	if clock := w.Detail(agent, solved).Clock; clock == nil || clock.Solution.Met == 0 {
		t.Errorf("the solved case has the result %+v", clock)
	}
	w.SetStatus(agent, solved, support.Open)
	if clock := w.Detail(agent, solved).Clock; clock != nil {
		t.Errorf("reopened, it has the promise %+v", clock)
	}
}

func TestACaseArrivesWithItsNextChangeToo(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	id := w.Agent.UserID
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID,
		support.CaseChange{AssigneeID: &id, WatcherIDs: &[]string{id, w.Customer.UserID}})
	w.Must(err)
	begin(w)
	agent := w.Person(w.ForeignMSP.Place(), identity.Helpdesk)
	w.Comment(w.Customer, c, "Any news?")
	detail := w.Detail(agent, c)
	if detail.MSPID != w.ForeignMSP.ID || detail.Assignee != nil || len(detail.Watchers) != 1 {
		t.Errorf("the case is %+v", detail.Case)
	}
	w.NewCase(w.Customer, "No LAN")
	page, err := w.List(agent, lists.Scope{MSPID: w.ForeignMSP.ID}, lists.Query{Limit: 10})
	if err != nil || len(page.Lines) != 2 {
		t.Errorf("the new MSP lists %+v, %v", page.Lines, err)
	}
	w.Must(w.Handover.Finish(t.Context(), w.Org.ID))
	if mismatches := w.Verify(false).Mismatches; len(mismatches) > 0 {
		t.Errorf("%+v", mismatches)
	}
}

func TestACaseThatOnlyMovesStaysWhereItIsInTheCustomersList(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Clock.Pass(time.Hour)
	move(w)
	if got := w.Detail(w.Customer, c); got.Updated != c.Updated || got.Revision != c.Revision || len(got.History) != 0 {
		t.Errorf("for the customer it changed: %+v %+v", got.Case, got.History)
	}
}

func TestFilesAndTheLogOfTheFormerMSPDoNotShowTheOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Printer on fire")
	super := w.Person(w.MSP.Place(), identity.Admin)
	export, err := w.Exports.Create(t.Context(), super, w.MSP.ID, spreadsheet.Format{})
	w.Must(err)
	scope := lists.Scope{MSPID: w.MSP.ID}
	report, err := w.CaseJobs.ExportCases(t.Context(), super,
		casejobs.Export{Scope: scope, Wanted: lists.Query{State: support.OpenList}})
	w.Must(err)
	for _, message := range w.Outbox() {
		if err := w.Jobs.Run(t.Context(), message); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	}
	_, _, err = w.Exports.Get(t.Context(), super, w.MSP.ID, export.ID)
	w.Wants("", err)
	_, _, err = w.CaseJobs.Exported(t.Context(), super, scope, report.ID)
	w.Wants("", err)
	w.Clock.Pass(time.Minute)
	begin(w)
	w.Comment(w.Customer, c, "It is out.") // before the case arrived by itself
	for _, finished := range []bool{false, true} {
		if finished {
			w.Must(w.Handover.Finish(t.Context(), w.Org.ID))
		}
		_, _, err = w.Exports.Get(t.Context(), super, w.MSP.ID, export.ID)
		w.Wants(fault.Conflict, err)
		_, _, err = w.CaseJobs.Exported(t.Context(), super, scope, report.ID)
		w.Wants(fault.Conflict, err)
		page, err := w.Audit.At(t.Context(), super, w.MSP.Place(), w.LastDay())
		w.Must(err)
		for _, entry := range page.Entries {
			text := entry.Message + string(entry.Before) + string(entry.After) + entry.Actor.Email
			for _, secret := range []string{"Printer", w.Customer.Email, "It is out"} {
				if strings.Contains(text, secret) {
					t.Errorf("the log says %s", text)
				}
			}
			if entry.OrgID == w.Org.ID && entry.Action == "cases.comment" {
				t.Errorf("the log has what came later: %+v", entry)
			}
		}
		counts, err := w.Lists.Count(t.Context(), super, scope, lists.CountQuery{By: "org"})
		w.Must(err)
		if len(counts.Counts) > 0 {
			t.Errorf("the cases by organization are %+v", counts.Counts)
		}
	}
}

func TestAnInvitationOfTheFormerMSPIsVoid(t *testing.T) {
	w := supporttest.NewWorld(t)
	super := w.Person(w.MSP.Place(), identity.Admin)
	invite, err := w.Accounts.CreateInvite(t.Context(), super, w.Org.Place(),
		identity.NewInvite{Email: "new@rialto.example.net", Role: identity.Write})
	w.Must(err)
	token := w.Accounts.InviteToken(w.Org.Place(), invite)
	move(w)
	_, err = w.Accounts.AcceptInvite(t.Context(), nil, token, identity.Acceptance{
		FirstName: "Nora", LastName: "Neri", Password: "seven quiet lighthouses 43",
	}, "192.0.2.1")
	w.Wants(fault.NotFound, err)
}

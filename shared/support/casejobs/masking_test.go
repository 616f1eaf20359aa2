package casejobs_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// reported writes a report as a person, and returns how to read it.
func reported(
	w *supporttest.World, by identity.Principal, scope lists.Scope,
) func(identity.Principal) (string, error) {
	w.T.Helper()
	created, err := w.CaseJobs.ExportCases(w.T.Context(), by, casejobs.Export{Scope: scope})
	w.Must(err)
	work(w)
	return func(reader identity.Principal) (string, error) {
		_, key, err := w.CaseJobs.Exported(w.T.Context(), reader, scope, created.ID)
		if err != nil {
			return "", err
		}
		file, err := w.Files.Open(w.T.Context(), key)
		w.Must(err)
		content, err := io.ReadAll(file)
		w.Must(err)
		w.Must(file.Close())
		return string(content), nil
	}
}

func TestAReportMasksThePeopleOfOrganizationsThatDoNotConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	neighbour := w.Invited(w.Neighbour.Place(), identity.Write, "nora@corso.example.net", "Nora", "Neri")
	_, err := w.Cases.Create(t.Context(), neighbour, w.Neighbour.ID, supporttest.Request("No power"))
	w.Must(err)
	w.IndexAll()
	w.Decide(w.Org, identity.PersonalData, false)
	w.Clock.Pass(time.Minute)
	for _, scope := range []lists.Scope{{OrgID: w.Org.ID}, {MSPID: w.MSP.ID}} {
		read := reported(w, w.Agent, scope)
		text, err := read(w.Agent)
		w.Must(err)
		if strings.Contains(text, "Carlo") || strings.Contains(text, "carlo@") ||
			!strings.Contains(text, "C… C…,c…@rialto.example.net") {
			t.Errorf("%+v: %s", scope, text)
		}
		if scope.OrgID == "" && !strings.Contains(text, "Nora Neri,nora@corso.example.net") {
			t.Errorf("the neighbour consents: %s", text)
		}
	}
}

// TestAReportIsNotReadByWhoSeesLessThanItsWriter holds for a report that a customer wrote, and for one
// that an agent wrote while there was a consent.
func TestAReportIsNotReadByWhoSeesLessThanItsWriter(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	customers := reported(w, w.Customer, scope)
	agents := reported(w, w.Agent, scope)
	msps := reported(w, w.Agent, lists.Scope{MSPID: w.MSP.ID})
	for _, read := range []func(identity.Principal) (string, error){customers, agents, msps} {
		text, err := read(w.Agent)
		if err != nil || !strings.Contains(text, "Carlo Conti") {
			t.Errorf("with the consent: %q, %v", text, err)
		}
	}
	w.Clock.Pass(time.Minute)
	w.Decide(w.Org, identity.PersonalData, false)
	for _, read := range []func(identity.Principal) (string, error){customers, agents, msps} {
		_, err := read(w.Agent)
		w.Wants(fault.Conflict, err)
	}
	if text, err := customers(w.Customer); err != nil || !strings.Contains(text, "Carlo Conti") {
		t.Errorf("the customer reads %q, %v", text, err)
	}
}

func TestAJobMasksWhoOfTheOrganizationCreatedAndCancelledIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	scope := lists.Scope{OrgID: w.Org.ID}
	created, err := w.CaseJobs.Bulk(t.Context(), w.Customer, scope,
		casejobs.Bulk{Action: casejobs.BulkClose, Cases: []support.Reference{{CaseID: c.ID}}})
	w.Must(err)
	_, err = w.Jobs.Cancel(t.Context(), w.Customer, job.Scope(scope), created.ID)
	w.Must(err)
	for _, granted := range []bool{true, false} {
		w.Decide(w.Org, identity.PersonalData, granted)
		for _, by := range []identity.Principal{w.Agent, w.Customer} {
			want := "Carlo Conti"
			if by.UserID == w.Agent.UserID && !granted {
				want = "C… C…"
			}
			one, _, err := w.Jobs.Get(t.Context(), by, job.Scope(scope), created.ID, "", "", 10)
			w.Must(err)
			page, err := w.Jobs.List(t.Context(), by, job.Scope(scope), job.Filter{}, "", 10)
			w.Must(err)
			for _, j := range append(page.Items, one) {
				if j.Creator.Name != want || j.Stop.By.Name != want {
					t.Errorf("consent %t: %s sees %+v and %+v", granted, by.Email, j.Creator, j.Stop)
				}
			}
		}
	}
}

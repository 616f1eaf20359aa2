package casejobs_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/support/upload"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnActionOnManyCasesHasAResultForEach(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.Org.Place(), identity.Admin)
	open, closed := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	w.SetStatus(w.Customer, closed, support.Closed)
	scope := lists.Scope{OrgID: w.Org.ID}
	request := casejobs.Bulk{
		Action: casejobs.BulkArchive,
		Cases:  []support.Reference{{CaseID: open.ID}, {CaseID: closed.ID}, {CaseID: w.ForeignCase().ID}},
	}
	created, err := w.CaseJobs.Bulk(t.Context(), owner, scope, request)
	w.Must(err)
	work(w)
	work(w) // the messages are delivered twice
	done, results, err := w.Jobs.Get(t.Context(), w.Customer, job.Scope(scope), created.ID, "", "", 10)
	w.Must(err)
	var outcomes []string
	for _, result := range results.Items {
		outcomes = append(outcomes, string(result.Outcome)+" "+result.Message)
	}
	if done.State != job.Failed || done.Done != 1 || done.Failed != 2 || len(outcomes) != 3 ||
		!strings.Contains(outcomes[0], "is open") ||
		outcomes[1] != "done " ||
		outcomes[2] != "failed Not found." {
		t.Errorf("%+v %q", done, outcomes)
	}
	w.SetStatus(w.Customer, open, support.Closed)
	_, err = w.Jobs.Retry(t.Context(), owner, job.Scope(scope), created.ID)
	w.Must(err)
	work(w)
	if done, _, err = w.Jobs.Get(
		t.Context(),
		w.Customer,
		job.Scope(scope),
		created.ID,
		"",
		"",
		10,
	); err != nil || done.Done != 2 ||
		done.Failed != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	for name, test := range map[string]struct {
		by    identity.Principal
		asked casejobs.Bulk
		want  fault.Code
	}{
		"deleting by who may not":  {w.Customer, casejobs.Bulk{Action: casejobs.BulkDelete, Cases: request.Cases}, fault.Forbidden},
		"assigning by a customer":  {w.Customer, casejobs.Bulk{Action: casejobs.BulkAssign, Cases: request.Cases}, fault.Forbidden},
		"an unknown action":        {owner, casejobs.Bulk{Action: "burn", Cases: request.Cases}, fault.Invalid},
		"no cases":                 {owner, casejobs.Bulk{Action: casejobs.BulkClose}, fault.Invalid},
		"no ids":                   {owner, casejobs.Bulk{Action: casejobs.BulkClose, Cases: []support.Reference{{CaseID: "x"}}}, fault.Invalid},
		"another organization's":   {owner, casejobs.Bulk{Action: casejobs.BulkClose, Cases: []support.Reference{{OrgID: w.Foreign.ID, CaseID: open.ID}}}, fault.Invalid},
		"somebody who only sees":   {w.Person(w.Org.Place(), identity.Read), casejobs.Bulk{Action: casejobs.BulkClose, Cases: request.Cases}, fault.Forbidden},
		"somebody from elsewhere":  {w.Person(w.Foreign.Place(), identity.Admin), casejobs.Bulk{Action: casejobs.BulkClose, Cases: request.Cases}, fault.NotFound},
		"more than a job can have": {owner, casejobs.Bulk{Action: casejobs.BulkClose, Cases: supporttest.Many(20_001)}, fault.Invalid},
	} {
		if _, err := w.CaseJobs.Bulk(t.Context(), test.by, scope, test.asked); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAReportHasEveryCaseAndNoFormulas(t *testing.T) {
	w := supporttest.NewWorld(t)
	for i := range 5 {
		w.NewCase(
			w.Customer,
			[]string{`=HYPERLINK("http://evil.example")`, "+1", "a;b", "two \"quotes\"", "ネット\tワーク"[:9]}[i],
		)
	}
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	created, err := w.CaseJobs.ExportCases(t.Context(), w.Customer, casejobs.Export{Scope: scope, Separator: ";"})
	w.Must(err)
	if _, key, err := w.CaseJobs.Exported(t.Context(), w.Customer, scope, created.ID); err != nil || key != "" {
		t.Errorf("before it is done: %q, %v", key, err)
	}
	work(w)
	_, key, err := w.CaseJobs.Exported(t.Context(), w.Customer, scope, created.ID)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(err)
	w.Must(content.Close())
	reader := csv.NewReader(strings.NewReader(string(raw)))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	w.Must(err)
	if len(rows) != 6 || !strings.HasSuffix(string(raw), "\r\n") ||
		rows[1][1] != `'=HYPERLINK("http://evil.example")` ||
		rows[2][1] != "'+1" ||
		rows[3][1] != "a;b" ||
		rows[1][13] != w.Org.Name ||
		rows[1][11] != w.Customer.Email {
		t.Errorf("%q", rows)
	}
	inner, err := w.CaseJobs.ExportCases(t.Context(), w.Agent, casejobs.Export{Scope: scope})
	w.Must(err)
	_, _, err = w.CaseJobs.Exported(t.Context(), w.Customer, scope, inner.ID)
	w.Wants(fault.NotFound, err)
	for _, separator := range []string{"\"", "\n", ",,", "\xff"} {
		_, err := w.CaseJobs.ExportCases(t.Context(), w.Customer, casejobs.Export{Scope: scope, Separator: separator})
		w.Wants(fault.Invalid, err)
	}
}

func TestWhoMayNotAskForAnActionDoesNotHaveItTriedAgain(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner, scope := w.Person(w.Org.Place(), identity.Admin), lists.Scope{OrgID: w.Org.ID}
	gone := w.NewCase(w.Customer, "No Wi-Fi").ID
	gone = gone[:len(gone)-4] + "0000"
	deletion, err := w.CaseJobs.Bulk(
		t.Context(),
		owner,
		scope,
		casejobs.Bulk{Action: casejobs.BulkDelete, Confirmation: support.DeleteWord, Cases: []support.Reference{{CaseID: gone}}},
	)
	w.Must(err)
	assignment, err := w.CaseJobs.Bulk(
		t.Context(),
		w.Agent,
		scope,
		casejobs.Bulk{Action: casejobs.BulkAssign, Cases: []support.Reference{{CaseID: gone}}},
	)
	w.Must(err)
	work(w)
	for _, id := range []string{deletion.ID, assignment.ID} {
		_, err = w.Jobs.Retry(t.Context(), w.Customer, job.Scope(scope), id)
		w.Wants(fault.Forbidden, err)
	}
	_, err = w.Jobs.Retry(t.Context(), owner, job.Scope(scope), deletion.ID)
	w.Must(err)
}

func TestACellIsNoFormulaWhateverSeparatesCells(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "x;=1+1,@SUM(A1)|+2 and 3; -4")
	w.NewCase(w.Customer, "\u2060\u200b=2+2,\u2060=3")
	w.NewCase(w.Customer, "\u3164@SUM(A2)")
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	created, err := w.CaseJobs.ExportCases(t.Context(), w.Customer, casejobs.Export{Scope: scope, ByteOrderMark: true})
	w.Must(err)
	work(w)
	_, key, err := w.CaseJobs.Exported(t.Context(), w.Customer, scope, created.ID)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(err)
	w.Must(content.Close())
	for _, want := range []string{
		"x;'=1+1,'@SUM(A1)|'+2 and 3; -4", "'\u2060\u200b=2+2,\u2060'=3", ",'\u3164@SUM(A2),",
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%q is not in %q", want, raw)
		}
	}
	if !strings.HasPrefix(string(raw), "\ufeffnumber,") {
		t.Errorf("there is no byte order mark in %q", raw)
	}
}

func TestAReportAskedForAsACustomerIsWrittenAsOne(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Agent, "No Wi-Fi") // opened for the customer: its submitter is the agent
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	created, err := w.CaseJobs.ExportCases(t.Context(), w.Customer, casejobs.Export{Scope: scope})
	w.Must(err)
	w.Grant(w.Customer, w.MSP.Place(), identity.Helpdesk)
	work(w)
	_, key, err := w.CaseJobs.Exported(t.Context(), w.Person(w.Org.Place(), identity.Read), scope, created.ID)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(err)
	w.Must(content.Close())
	if !strings.Contains(string(raw), c.Subject) || strings.Contains(string(raw), w.Agent.Email) {
		t.Errorf("customers read %q", raw)
	}
}

// work handles the queue of jobs.
func work(w *supporttest.World) {
	w.T.Helper()
	for _, item := range w.Outbox() {
		if strings.Contains(string(item.Body), `"kind":"case`) {
			continue
		}
		if err := w.Jobs.Run(w.T.Context(), item); err != nil && !fault.Is(err, fault.Invalid) {
			w.T.Fatal(err)
		}
	}
}

func TestAReportCountsForItsDayOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	export := func() string {
		created, err := w.CaseJobs.ExportCases(t.Context(), w.Customer, casejobs.Export{Scope: lists.Scope{OrgID: w.Org.ID}})
		w.Must(err)
		work(w)
		return created.ID
	}
	export()
	usage, err := w.Storage.Usage(t.Context(), w.Customer, w.Org.ID)
	w.Must(err)
	if usage.Today < 100 || usage.Used != 0 {
		t.Errorf("%+v", usage)
	}
	daily := usage.Today
	_, err = w.Storage.ChangeLimits(t.Context(), w.Operator(), w.Org.ID, tenant.StorageChange{DailyBytes: &daily})
	w.Must(err)
	id := export()
	_, key, err := w.CaseJobs.Exported(t.Context(), w.Customer, lists.Scope{OrgID: w.Org.ID}, id)
	if err != nil || key != "" {
		t.Errorf("a report beyond the budget is done: %q, %v", key, err)
	}
	if after, err := w.Storage.Usage(t.Context(), w.Customer, w.Org.ID); err != nil || after.Today != usage.Today {
		t.Errorf("%+v, %v", after, err)
	}
}

func TestAReportOverAnMSPHasNothingThatAnOrganizationWithholds(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "Hidden")
	neighbour := w.Person(w.Neighbour.Place(), identity.Write)
	_, err := w.Cases.Create(t.Context(), neighbour, w.Neighbour.ID, supporttest.Request("Shown"))
	w.Must(err)
	w.IndexAll()
	scope, super := lists.Scope{MSPID: w.MSP.ID}, w.Person(w.MSP.Place(), identity.Admin)
	report := func() (string, error) {
		created, err := w.CaseJobs.ExportCases(t.Context(), super, casejobs.Export{Scope: scope})
		w.Must(err)
		work(w)
		_, _, err = w.CaseJobs.Exported(t.Context(), super, scope, created.ID)
		return created.ID, err
	}
	before, err := report()
	w.Must(err)
	w.Clock.Pass(time.Second)
	_, err = w.Tenants.ChangeConsent(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP,
	})
	w.Must(err)
	_, _, err = w.CaseJobs.Exported(t.Context(), super, scope, before)
	w.Wants(fault.Conflict, err)
	w.Clock.Pass(time.Second)
	after, err := report()
	w.Must(err)
	_, key, err := w.CaseJobs.Exported(t.Context(), super, scope, after)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(err)
	w.Must(content.Close())
	if text := string(raw); strings.Contains(text, "Hidden") || !strings.Contains(text, "Shown") {
		t.Errorf("%q", text)
	}
}

// TestTheReportOfATokenHasWhatTheTokenSees holds for an organization that takes tokens only from its own
// networks: a report over its MSP by a token from elsewhere lacks its cases, and an action fails there.
func TestTheReportOfATokenHasWhatTheTokenSees(t *testing.T) {
	w := supporttest.NewWorld(t)
	kase := w.NewCase(w.Customer, "Hidden")
	w.SetStatus(w.Customer, kase, support.Closed)
	w.IndexAll()
	scope, token := lists.Scope{MSPID: w.MSP.ID}, w.Person(w.MSP.Place(), identity.Admin)
	token.Kind, token.TokenID, token.SourceAddress = change.Token, w.Journal.NewID(), "192.0.2.1"
	report, err := w.CaseJobs.ExportCases(t.Context(), token, casejobs.Export{Scope: scope})
	w.Must(err)
	action, err := w.CaseJobs.Bulk(t.Context(), token, scope, casejobs.Bulk{
		Action: casejobs.BulkArchive, Cases: []support.Reference{{OrgID: w.Org.ID, CaseID: kase.ID}},
	})
	w.Must(err)
	_, err = w.Tenants.ChangeSetting(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, tenant.SettingChange{
		Fields: extension.Fields{"api_policy": json.RawMessage(`{"src_ips":["198.51.100.0/24"]}`)},
	})
	w.Must(err)
	work(w)
	done, _, err := w.Jobs.Get(t.Context(), token, job.Scope(scope), action.ID, "", "", 10)
	if err != nil || done.Failed != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	w.Clock.Pass(time.Second)
	content, err := w.Files.Open(t.Context(), upload.UploadFolder+"report-"+report.ID)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(errors.Join(err, content.Close()))
	if strings.Contains(string(raw), "Hidden") {
		t.Errorf("%q", raw)
	}
}

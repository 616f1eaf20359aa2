package catalog_test

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

// jobLines returns the lines of the endpoints whose names begin with "jobs.".
func jobLines() map[string]line {
	return map[string]line{
		"jobs.list_org":   {path: ofOrg("/jobs"), allowed: caseSeers, hidden: foreigners},
		"jobs.get_org":    {path: bulkJob("org", ""), allowed: caseSeers, hidden: foreigners},
		"jobs.cancel_org": {path: newJob("org", "/cancel"), allowed: caseWriters, hidden: foreigners},
		"jobs.retry_org":  {path: bulkJob("org", "/retry"), allowed: caseWriters, hidden: foreigners},
		"jobs.list_msp": {
			path:    ofMSP("/jobs"),
			allowed: mspSeers,
			hidden:  mspOutsiders,
		},
		"jobs.get_msp": {
			path:    bulkJob("msp", ""),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders + ",operator,msp installer", // who see other jobs of the MSP
		},
		"jobs.cancel_msp": {
			path:    newJob("msp", "/cancel"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders + ",operator,msp installer", // who see other jobs of the MSP
		},
		"jobs.retry_msp": {
			path:    bulkJob("msp", "/retry"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders + ",operator,msp installer", // who see other jobs of the MSP
		},
		"jobs.list_platform":   {path: fixed("/platform/jobs"), allowed: "operator,support"},
		"jobs.get_platform":    {path: platformJob(""), allowed: "operator,support"},
		"jobs.cancel_platform": {path: platformJob("/cancel"), allowed: "operator,support"},
		"jobs.retry_platform":  {path: platformJob("/retry"), allowed: "operator,support"},
	}
}

// newJob creates a job of the organization or the MSP, for its one case, that waits for its worker.
func newJob(scope, suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx, of, path := context.Background(), lists.Scope{OrgID: i.org.ID}, "/orgs/"+i.org.ID
		if scope == "msp" {
			of, path = lists.Scope{MSPID: i.msp.ID}, "/msps/"+i.msp.ID
		}
		created, err := i.CaseJobs.Bulk(
			ctx,
			i.people["msp admin"],
			of,
			casejobs.Bulk{
				Action: casejobs.BulkArchive,
				Cases:  []support.Reference{{OrgID: i.org.ID, CaseID: i.kase.ID}},
			},
		)
		check(i.t, err)
		return path + "/jobs/" + created.ID + suffix
	}
}

// bulkJob creates a job that has failed with its one case, because the case is open.
func bulkJob(scope, suffix string) func(*installation) string {
	return func(i *installation) string {
		path := newJob(scope, "")(i)
		i.runJob(path[strings.LastIndex(path, "/")+1:])
		return path + suffix
	}
}

// platformJob creates a job of the platform; it has failed if it is to be retried.
func platformJob(suffix string) func(*installation) string {
	return func(i *installation) string {
		created, err := job.NewLedger(i.Journal).
			Create(context.Background(), i.people["msp admin"].Actor(), identity.ThePlatform(), job.New{
				Kind:    "cases.archive",
				Title:   "Archive cases",
				Payload: []byte(`{"action":"archive"}`),
				Targets: []string{i.org.ID + "/" + i.kase.ID},
				Queue:   queue.CasesJobs,
			})
		check(i.t, err)
		if suffix == "/retry" {
			i.runJob(created.ID)
		}
		return "/platform/jobs/" + created.ID + suffix
	}
}

// runJob processes the parts of a job.
func (i *installation) runJob(id string) {
	for _, item := range i.outbox() {
		message, err := change.OutboxMessage(item)
		check(i.t, err)
		if strings.Contains(string(message.Body), id) {
			check(i.t, i.Jobs.Run(context.Background(), message))
		}
	}
}

// reportLines returns the lines of the endpoints whose names begin with "reports.".
func reportLines() map[string]line {
	return map[string]line{
		"reports.create_org": {path: ofOrg("/reports"), allowed: caseSeers, hidden: foreigners},
		"reports.get_org":    {path: reportJob, allowed: caseSeers, hidden: foreigners},
		"reports.create_msp": {
			path:    ofMSP("/reports"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"reports.get_msp": {
			path:    mspReportJob,
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"reports.create_platform": {path: fixed("/platform/reports"), allowed: "support"},
		"reports.get_platform":    {path: platformReportJob, allowed: "support"},
	}
}

func platformReportJob(i *installation) string {
	created, err := i.CaseJobs.ExportCases(context.Background(), i.people["support"], casejobs.Export{})
	check(i.t, err)
	i.runJob(created.ID)
	return "/platform/reports/" + created.ID
}

func reportJob(i *installation) string {
	created, err := i.CaseJobs.ExportCases(context.Background(), i.people["org read"],
		casejobs.Export{Scope: lists.Scope{OrgID: i.org.ID}})
	check(i.t, err)
	i.runJob(created.ID)
	return "/orgs/" + i.org.ID + "/reports/" + created.ID
}

func mspReportJob(i *installation) string {
	i.finishDeletions()
	// By the one who reads it in the sample event: others do not get a report with masked people.
	created, err := i.CaseJobs.ExportCases(context.Background(), i.people["msp admin"],
		casejobs.Export{Scope: lists.Scope{MSPID: i.msp.ID}})
	check(i.t, err)
	i.runJob(created.ID)
	return "/msps/" + i.msp.ID + "/reports/" + created.ID
}

// finishDeletions does what follows from the deletions of organizations so far, as it is done in some
// hours: until then their MSP gets no reports of others.
func (i *installation) finishDeletions() {
	later := i.Adapters
	later.Now = func() time.Time { return time.Now().Add(3 * time.Hour) }
	services := catalog.NewServices(later)
	for _, item := range i.outbox() {
		message, err := change.OutboxMessage(item)
		check(i.t, err)
		var task life.Task
		if message.Queue == queue.Transfers && json.Unmarshal(message.Body, &task) == nil && task.Kind == life.TaskKind {
			check(i.t, services.Life.Tend(context.Background(), task, time.Minute))
		}
	}
}

// Package platform contains the endpoints with which operators run the platform: the audit log, queues
// and dead letters, quarantined mails and blocked senders, the search index, the tiers
// of MSPs, and actions on many organizations.
package platform

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/logs"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// Services are the dependencies of the endpoints.
type Services struct {
	services.Set
	Tenants *tenant.Tenants
	// Directory lists organizations, and OrgJobs runs actions on many of them.
	Directory   *directory.Service
	OrgJobs     *bulk.Service
	DeadLetters *deadletter.Store
	Log         *audit.Log
	Archive     *archive.Archive
	Feedback    *feedback.Service
	Links       uploads.Links
	// CaseHandlers serves the endpoints of cases.
	CaseHandlers cases.Services
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		listLogs(s), countLogs(s), getArchive(s), listQueues(s), verify(s), verifyOrgs(s), searchOrgs(s),
		listDeadLetters(s), getMessage(s), replayMessage(s), deleteMessage(s),
		listQuarantine(s), listQuarantineReasons(s), getMail(s), getMailText(s), getRawMail(s), replayMail(s), releaseMail(s), deleteMail(s),
		listBlocked(s), block(s), unblock(s),
		listFeedback(s), listFeedbackEntries(s), getTiers(s), changeTiers(s),
		listCases(s), countCases(s), changeCases(s), countMatchingCases(s), countMails(s),
		changeOrgs(s), previewOrgs(s), listDeletedOrgs(s),
		rebuildIndex(s).Fails(http.StatusNotFound), getIndex(s).Fails(http.StatusNotFound),
	}
}

type countLogsInput struct {
	Distinct string `query:"distinct" enum:"admin_id,admin_name,message,org_id" default:"admin_name" doc:"The field to group by."`
	logs.CountInput
}

// countLogs counts the entries of the platform's audit log.
func countLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.count_logs", "/platform/logs/count",
		"Count the entries of the audit log of the platform by a field (operators)",
		func(ctx context.Context, in *countLogsInput) (*logs.CountOutput, error) {
			return logs.AnswerCount(ctx, in.CountInput, in.Distinct,
				func(search logs.Search, value func(logs.Entry) string) (logs.Counts, error) {
					return s.Log.CountPlatform(ctx, endpoint.Principal(ctx), search, value)
				})
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query, grant.Put))
}

// listLogs searches the platform's audit log.
func listLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_logs", "/platform/logs", "Search the audit log of the platform (operators)",
		func(ctx context.Context, in *logs.Input) (*logs.Output, error) {
			return logs.Answer(ctx, in, logs.PortalInput{}, func(search logs.Search) (logs.Page, error) {
				return s.Log.Platform(ctx, endpoint.Principal(ctx), search)
			})
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query, grant.Put))
}

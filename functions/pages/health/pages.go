// Package health contains the pages by which operators see whether the platform works: the queues, the
// messages that no worker could process, the search index, the archive of the audit log, and the
// comparison of lists with their cases. The rules are in shared/deadletter, shared/support/lists and
// shared/audit/archive.
package health

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// Pages are the dependencies of the pages.
type Pages struct {
	DeadLetters *deadletter.Store
	Archive     *archive.Archive
	Lists       *lists.Service
	Intake      *intake.Service
	Tenants     *tenant.Tenants
	Directory   *directory.Service
}

// The paths of the pages.
const (
	healthPath       = "/platform/health"
	lettersPath      = "/platform/dead_letters"
	indexPath        = "/platform/index"
	verificationPath = "/platform/verification"
)

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const letter = lettersPath + "/{message_id}"
	places := []string{"msps.list", "orgs.list", "msps.list_orgs"}
	numbers := []string{
		"platform.list_dead_letters", "platform.get_index", "platform.list_quarantine", "platform.count_mails",
		"platform.get_archive",
	}
	routes := []kit.Route{
		{Pattern: "GET " + healthPath, Like: "platform.list_queues", Also: numbers, Handle: p.overview},
		{
			Pattern: "GET " + healthPath + "/queues", Like: "platform.list_queues", Also: numbers[:1], Poll: true,
			Handle: p.queues,
		},
		{Pattern: "GET " + lettersPath, Like: "platform.list_dead_letters", Handle: p.letters},
		{Pattern: "GET " + letter, Like: "platform.get_message", Handle: p.letter},
		{Pattern: "POST " + letter + "/replay", Like: "platform.replay_message", Handle: p.replay},
		{Pattern: "GET " + letter + "/delete", Like: "platform.get_message", Handle: p.askDiscard},
		{Pattern: "POST " + letter + "/delete", Like: "platform.delete_message", Handle: p.discard},
		{Pattern: "GET " + indexPath, Like: "platform.get_index", Also: places, Handle: p.index},
		{Pattern: "GET " + indexPath + "/state", Like: "platform.get_index", Poll: true, Handle: p.indexState},
		{Pattern: "GET " + indexPath + "/rebuild", Like: "platform.get_index", Handle: p.askRebuild},
		{Pattern: "POST " + indexPath + "/rebuild", Like: "platform.rebuild_index", Handle: p.rebuild},
		{Pattern: "GET " + verificationPath, Like: "platform.verify", Handle: p.verification},
		{Pattern: "POST " + verificationPath, Like: "platform.verify", Handle: p.mend},
	}
	for i := range routes {
		routes[i].Area = "health"
	}
	return routes
}

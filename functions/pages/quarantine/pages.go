// Package quarantine contains the pages of the mails that were kept out: the list, a mail with its
// text, and the senders that are blocked. They are for operators. The rules are in
// shared/support/intake.
package quarantine

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Intake *intake.Service
	Links  uploads.Links
}

// The paths of the two lists.
const (
	listPath    = "/platform/quarantine"
	blockedPath = "/platform/blocked"
)

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const one = listPath + "/{mail_id}"
	explained := []string{"platform.list_quarantine_reasons"}
	text := []string{"platform.get_mail_text", "platform.list_quarantine_reasons"}
	routes := []kit.Route{
		{Pattern: "GET " + listPath, Like: "platform.list_quarantine", Also: explained, Handle: p.list},
		{Pattern: "GET " + one, Like: "platform.get_mail", Also: text, Handle: p.mail},
		{Pattern: "GET " + one + "/mail", Like: "platform.get_raw_mail", Handle: p.raw},
		{Pattern: "POST " + one + "/release", Like: "platform.release_mail", Also: text, Handle: p.release},
		{Pattern: "POST " + one + "/replay", Like: "platform.replay_mail", Also: text, Handle: p.replay},
		{Pattern: "GET " + one + "/delete", Like: "platform.get_mail", Also: explained, Handle: p.askDelete},
		{Pattern: "POST " + one + "/delete", Like: "platform.delete_mail", Handle: p.delete},
		{Pattern: "GET " + blockedPath, Like: "platform.list_blocked", Handle: p.blocked},
		{Pattern: "POST " + blockedPath, Like: "platform.block", Handle: p.block},
		{Pattern: "POST " + blockedPath + "/{entry}/unblock", Like: "platform.unblock", Handle: p.unblock},
	}
	for i := range routes {
		routes[i].Area = "quarantine"
	}
	return routes
}

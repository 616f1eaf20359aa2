package catalog_test

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// platformLines returns the lines of the endpoints whose names begin with "platform.".
func platformLines() map[string]line {
	return map[string]line{
		"administrators.list_platform": {path: fixed("/platform/admins"), allowed: operators},
		"administrators.change_platform": {
			path:    stranger(platform, "/platform"),
			body:    role("operator"),
			allowed: operators,
		},
		"platform.get_tiers": {path: fixed("/platform/tiers"), allowed: "operator,support,msp admin,msp write,msp helpdesk,msp read,msp installer,foreign msp"},
		"platform.change_tiers": {path: fixed("/platform/tiers"), body: func(i *installation) object {
			tiers, err := i.Tenants.Tiers(context.Background(), i.people["operator"])
			check(i.t, err)
			other := map[tenant.Tier]tenant.Tier{tenant.PartnerTier: tenant.BaseTier, tenant.BaseTier: tenant.PartnerTier}
			return object{"features": []object{{"feature": "labels", "from": other[tiers.From[tenant.Labels]]}}}
		}, allowed: operators},
		"administrators.delete_platform":          {path: stranger(platform, "/platform"), allowed: operators},
		"administrators.delete_sessions_platform": {path: sessionsOf(stranger(platform, "/platform")), allowed: operators},
		"administrators.create_invite_platform": {
			path:    fixed("/platform/invites"),
			body:    inviteBody("support"),
			allowed: operators,
		},
		"administrators.change_invite_platform": {
			path:    invitation(platform, "/platform"),
			body:    with(object{"hours": 48}),
			allowed: operators,
		},
		"administrators.delete_invite_platform": {path: invitation(platform, "/platform"), allowed: operators},
		"platform.list_logs":                    {path: thisMonth("/platform/logs?"), allowed: operators},
		"platform.count_mails":                  {path: fixed("/platform/mails/count"), allowed: operators},
		"platform.count_logs":                   {path: thisMonth("/platform/logs/count?distinct=message&"), allowed: operators},
		"platform.get_archive":                  {path: fixed("/platform/archive"), allowed: operators},
		"platform.list_queues":                  {path: fixed("/platform/queues"), allowed: operators},
		"platform.list_cases":                   {path: fixed("/platform/cases"), allowed: "support"},
		"platform.list_feedback":                {path: fixed("/platform/feedback"), allowed: operators},
		"platform.list_feedback_entries":        {path: fixed("/platform/feedback/entries?page=cases"), allowed: operators},
		"platform.count_cases":                  {path: fixed("/platform/cases/count"), allowed: "support"},
		"platform.count_matching_cases":         {path: fixed("/platform/cases/bulk?action=close"), allowed: "support"},
		"platform.change_cases": {
			path: fixed("/platform/cases/bulk"), body: bulkOf("archive"), allowed: "support",
		},
		"platform.rebuild_index":     {path: fixed("/platform/index"), body: with(object{}), allowed: operators},
		"platform.get_index":         {path: fixed("/platform/index"), allowed: operators},
		"platform.change_orgs":       {path: fixed("/platform/orgs/bulk"), body: switchOrgs, allowed: operators},
		"platform.preview_orgs":      {path: fixed("/platform/orgs/bulk/preview"), body: switchOrgs, allowed: operators},
		"profiles.list":              {path: fixed("/platform/profiles"), allowed: operators},
		"profiles.create":            {path: fixed("/platform/profiles"), body: newProfileBody, allowed: operators},
		"profiles.get":               {path: newProfile(""), allowed: operators},
		"profiles.change":            {path: newProfile(""), body: newProfileBody, allowed: operators},
		"profiles.delete":            {path: newProfile(""), allowed: operators},
		"profiles.clone":             {path: newProfile("/duplicate"), body: newProfileBody, allowed: operators},
		"profiles.list_orgs":         {path: newProfile("/orgs"), allowed: operators},
		"profiles.remove":            {path: heldProfile("/remove"), body: with(object{"num_orgs": 1}), allowed: operators},
		"profiles.list_org":          {path: profiledOrg, allowed: orgSeers, hidden: foreigners},
		"platform.list_deleted_orgs": {path: fixed("/platform/orgs/deleted"), allowed: operators},
		"platform.verify": {
			path:    fixed("/platform/verification"),
			body:    with(object{"from": 1, "mend": true}),
			allowed: operators,
		},
		"platform.verify_orgs": {
			path: fixed("/platform/verification/orgs"), body: with(object{"from": 1, "mend": true}), allowed: operators,
		},
		"platform.search_orgs":             {path: fixed("/platform/orgs/search"), allowed: operators},
		"platform.list_dead_letters":       {path: fixed("/platform/dead_letters"), allowed: operators},
		"platform.get_message":             {path: deadLetter(""), allowed: operators},
		"platform.replay_message":          {path: deadLetter("/replay"), allowed: operators},
		"platform.delete_message":          {path: deadLetter(""), allowed: operators},
		"platform.list_quarantine":         {path: fixed("/platform/quarantine"), allowed: operators},
		"platform.get_mail":                {path: quarantined(""), allowed: operators},
		"platform.get_mail_text":           {path: quarantined("/text"), allowed: operators},
		"platform.get_raw_mail":            {path: quarantined("/mail"), allowed: operators},
		"platform.replay_mail":             {path: quarantined("/replay"), allowed: operators},
		"platform.release_mail":            {path: releasable("/release"), allowed: operators},
		"platform.delete_mail":             {path: quarantined(""), allowed: operators},
		"platform.list_quarantine_reasons": {path: fixed("/platform/quarantine/reasons"), allowed: operators},
		"platform.list_blocked":            {path: fixed("/platform/blocked"), allowed: operators},
		"platform.block":                   {path: fixed("/platform/blocked"), body: newBlock, allowed: operators},
		"platform.unblock":                 {path: blockedSender, allowed: operators},
	}
}

func deadLetter(suffix string) func(*installation) string {
	return func(i *installation) string {
		message := queue.Message{
			ID:    i.Journal.NewID(),
			Queue: queue.MailSend,
			Group: "ORG#" + i.org.ID,
			Body:  []byte(`{"kind":"case"}`),
		}
		check(i.t, i.DeadLetters.Park(context.Background(), message, "the server said no", 6))
		return "/platform/dead_letters/" + message.ID + suffix
	}
}

func newBlock(i *installation) object { return object{"entry": unique(i) + ".example.net"} }

func blockedSender(i *installation) string {
	created, err := i.Intake.BlockSender(context.Background(), i.people["operator"], unique(i)+"@example.net", "")
	check(i.t, err)
	return "/platform/blocked/" + created.Entry
}

func quarantined(suffix string) func(*installation) string {
	return keptOut(intake.UnknownSender, suffix)
}

func releasable(suffix string) func(*installation) string { return keptOut(intake.Spam, suffix) }

func keptOut(reason intake.Reason, suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		id := i.Journal.NewID()
		_, err := i.Files.Put(ctx, "mail/"+id, strings.NewReader("Subject: hello\r\n\r\nhello\r\n"), 1000)
		check(i.t, err)
		check(i.t, i.Intake.Quarantine(ctx, intake.Quarantined{
			ID: id, Size: 26, Reason: reason, From: "who@example.net", Mail: received.Mail{ID: id, RawKey: "mail/" + id},
		}))
		return "/platform/quarantine/" + id + suffix
	}
}

func newProfileBody(i *installation) object { return object{"name": "Profile " + unique(i)} }

// newProfile returns the path of a new operator profile, with an end.
func newProfile(end string) func(*installation) string {
	return func(i *installation) string {
		created, err := i.Profiles.Create(context.Background(), i.people["operator"],
			profile.Fields{Name: "Profile " + unique(i)})
		check(i.t, err)
		return "/platform/profiles/" + created.ID + end
	}
}

// heldProfile is like newProfile, with a profile that an organization has.
func heldProfile(end string) func(*installation) string {
	return func(i *installation) string {
		path := newProfile("")(i)
		org, err := i.Tenants.NewOrg(context.Background(), i.people["operator"], "", tenant.OrgChange{
			Name: new("Org " + unique(i)), Switches: map[tenant.Switch]bool{tenant.ImageManagement: true},
		})
		check(i.t, err)
		_, err = i.Profiles.Assign(context.Background(), i.people["operator"], org.ID, path[len("/platform/profiles/"):],
			true)
		check(i.t, err)
		return path + end
	}
}

// profiledOrg returns the path of the profiles of the organization, which has one.
func profiledOrg(i *installation) string {
	path := newProfile("")(i)
	_, err := i.Tenants.Turn(context.Background(), i.people["operator"], i.org.ID, tenant.ImageManagement, true)
	check(i.t, err)
	_, err = i.Profiles.Assign(context.Background(), i.people["operator"], i.org.ID, path[len("/platform/profiles/"):],
		true)
	check(i.t, err)
	return "/orgs/" + i.org.ID + "/profiles"
}

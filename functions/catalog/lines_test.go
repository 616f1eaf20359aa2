package catalog_test

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// object is a JSON object.
type object = map[string]any

// line is what the walk knows of one endpoint: a valid call, and who may make it.
type line struct {
	// path returns a path that works once, creating whatever it needs; body returns a body for it,
	// nil for none.
	path func(i *installation) string
	body func(i *installation) object
	// allowed lists the people who may call it; "everybody" stands for all with an account. Of the
	// others, those who can see the scope get 403, and those in hidden 404.
	allowed, hidden string
}

// The people, by what they may do at the organization or MSP of the walk.
const (
	everybody  = "everybody"
	operators  = "operator"
	foreigners = "foreign msp,foreign org"
	// mspOutsiders cannot see the MSP.
	mspOutsiders = foreigners + ",support,org admin,org write,org helpdesk,org read,org installer"
	mspSeers     = "operator,msp admin,msp write,msp helpdesk,msp read,msp installer"
	orgSeers     = mspSeers + ",support,org admin,org write,org helpdesk,org read,org installer"
	caseSeers    = "support,msp admin,msp write,msp helpdesk,msp read,org admin,org write,org helpdesk,org read"
	caseWriters  = "support,msp admin,msp write,msp helpdesk,org admin,org write,org helpdesk"
	caseAgents   = "support,msp admin,msp write,msp helpdesk"
)

func fixed(path string) func(*installation) string { return func(*installation) string { return path } }
func ofMSP(path string) func(*installation) string {
	return func(i *installation) string { return "/msps/" + i.msp.ID + path }
}
func ofOrg(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + path }
}
func ofCase(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + "/cases/" + i.kase.ID + path }
}
func ofTicket(path string) func(*installation) string {
	return func(i *installation) string { return "/orgs/" + i.org.ID + "/tickets/" + i.kase.ID + path }
}
func with(body object) func(*installation) object { return func(*installation) object { return body } }

// unique returns a word that was not returned before.
func unique(i *installation) string { return strings.ReplaceAll(i.Journal.NewID(), "-", "") }

// stranger creates a person for one call, with a privilege at a place.
func stranger(place func(*installation) identity.Place, scope string) func(*installation) string {
	return func(i *installation) string {
		role := identity.Read
		if place(i).Scope == identity.PlatformScope {
			role = identity.Support
		}
		person := i.invite("stranger "+unique(i), place(i), role)
		return strings.ReplaceAll(scope, "{}", place(i).ID()) + "/admins/" + person.ID
	}
}

// invitation creates an invitation for one call.
func invitation(place func(*installation) identity.Place, scope string) func(*installation) string {
	return func(i *installation) string {
		role := identity.RolesAt(place(i).Scope)[1]
		invite, err := i.Accounts.CreateInvite(context.Background(), i.people["operator"], place(i),
			identity.NewInvite{Email: unique(i) + "@example.com", Role: role})
		check(i.t, err)
		return strings.ReplaceAll(scope, "{}", place(i).ID()) + "/invites/" + invite.ID
	}
}

func platform(*installation) identity.Place { return identity.ThePlatform() }
func msp(i *installation) identity.Place    { return i.msp.Place() }
func org(i *installation) identity.Place    { return i.org.Place() }

func inviteBody(role string) func(*installation) object {
	return func(i *installation) object {
		return object{"email": unique(i) + "@example.com", "privileges": []object{{"role": role}}}
	}
}

func role(name string) func(*installation) object {
	return with(object{"privileges": []object{{"role": name}}})
}

// comment creates a comment on the case; by mail, if raw is set.
func comment(suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		_, made, err := i.Cases.AddComment(ctx, i.people["org write"], i.org.ID, i.kase.ID,
			support.NewComment{Text: "Any news?"})
		check(i.t, err)
		return ofCase("/comments/" + made.ID + suffix)(i)
	}
}

// mailComment creates a comment by mail.
func mailComment(suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		customer := i.people["org write"]
		notice := support.Notice{
			Kind:   support.NoticeCase,
			Event:  support.Created,
			OrgID:  i.org.ID,
			CaseID: i.kase.ID,
			UserID: customer.UserID,
		}
		letter, err := i.Notifications.Compose(ctx, notice)
		check(i.t, err)
		key := "mail/" + unique(i)
		_, err = i.Files.Put(ctx, key, bytes.NewReader([]byte("Subject: hello\r\n\r\nhello\r\n")), 1000)
		check(i.t, err)
		outcome, err := i.Intake.Take(ctx, intake.Mail{
			Mail: received.Mail{
				ID:         i.Journal.NewID(),
				RawKey:     key,
				Recipients: []string{letter.ReplyTo},
				Time:       time.Now().Unix(),
				Overruled:  []string{string(intake.Rate)},
			},
			From:      customer.Email,
			FromCount: 1,
			MessageID: unique(i) + "@example.com",
			Text:      "hello",
			Reply:     "hello",
		})
		check(i.t, err)
		if outcome.Kind != "comment" {
			i.t.Fatalf("the mail became %+v", outcome)
		}
		page, err := i.Cases.Comments(ctx, customer, i.org.ID, i.kase.ID, 1, "")
		check(i.t, err)
		return ofCase("/comments/" + page.Comments[0].ID + suffix)(i)
	}
}

// request creates a case by mail.
func request(i *installation) string {
	ctx := context.Background()
	outcome, err := i.Intake.Take(ctx, intake.Mail{
		Mail: received.Mail{
			ID:         i.Journal.NewID(),
			RawKey:     "mail/" + unique(i),
			Recipients: []string{i.Threads.SupportAddress()},
			Time:       time.Now().Unix(),
			Overruled:  []string{string(intake.Rate)},
		},
		From:      i.people["org write"].Email,
		FromCount: 1,
		MessageID: unique(i) + "@example.com",
		Subject:   "Help",
		Text:      "hello",
		Reply:     "hello",
	})
	check(i.t, err)
	if outcome.Kind != "case" {
		i.t.Fatalf("the mail became %+v", outcome)
	}
	return "/orgs/" + i.org.ID + "/cases/" + outcome.CaseID + "/mail"
}

func attachment(i *installation) string {
	ctx := context.Background()
	by := i.people["org write"]
	file, err := i.Cases.StoreFile(ctx, by, i.org.ID, i.kase.ID, "log.txt", "text/plain", strings.NewReader("line"))
	check(i.t, err)
	_, err = i.Cases.AttachFile(ctx, by, i.org.ID, i.kase.ID, file)
	check(i.t, err)
	return ofCase("/attachments/" + file.ID)(i)
}

func ticketAttachment(i *installation) string {
	return strings.Replace(attachment(i), "/cases/", "/tickets/", 1)
}

func uploadLink(i *installation) string {
	url, _, err := i.FileLinks().
		UploadForm(context.Background(), "uploads/"+unique(i), "text/plain", 1<<20, time.Minute)
	check(i.t, err)
	return url[strings.Index(url, "/uploads/"):]
}

func download(i *installation) string {
	got := i.call("org write", "GET", attachment(i), "", nil)
	link := decode(i.t, got)["content_url"].(string)
	return link[strings.Index(link, "/downloads/"):]
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
	made, err := i.Intake.BlockSender(context.Background(), i.people["operator"], unique(i)+"@example.net", "")
	check(i.t, err)
	return "/platform/blocked/" + made.Entry
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
			ID: id, Reason: reason, From: "who@example.net", Mail: received.Mail{ID: id, RawKey: "mail/" + id},
		}))
		return "/platform/quarantine/" + id + suffix
	}
}

// quarantinedForCase quarantines a mail to the case for one call; another address sent it.
func quarantinedForCase(i *installation) (id, from string) {
	ctx := context.Background()
	id, from = i.Journal.NewID(), unique(i)+"@example.net"
	reply := i.Threads.Address(mailthread.ReplyLocal, mailthread.Token{
		Number: i.kase.Number, UserID: i.kase.Submitter.ID, Kind: mailthread.ReplyKind,
	})
	check(i.t, i.Intake.Quarantine(ctx, intake.Quarantined{
		ID: id, Reason: intake.OtherSender, From: from, Recipients: []string{reply},
		Mail: received.Mail{ID: id, RawKey: "mail/" + id, Recipients: []string{reply}},
	}))
	return id, from
}

func releasableToCase(i *installation) string {
	id, _ := quarantinedForCase(i)
	return "/orgs/" + i.org.ID + "/cases/" + i.kase.ID + "/mails/" + id + "/release"
}

// mailAddress confirms an address of the case's submitter for one call.
func mailAddress(i *installation) string {
	id, from := quarantinedForCase(i)
	check(i.t, i.Intake.ReleaseToCase(context.Background(), i.people["msp admin"], intake.CaseRelease{
		OrgID: i.org.ID, CaseID: i.kase.ID, MailID: id, ConfirmSender: true,
	}))
	return "/orgs/" + i.org.ID + "/mail_addresses/" + from
}

// aCase creates a case for one call, in a state.
func aCase(status support.Status, suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		by := i.people["org write"]
		made, err := i.Cases.Create(ctx, by, i.org.ID,
			support.NewCase{Fields: desk.Fields{Subject: "Another"}, Description: "Like the first."})
		check(i.t, err)
		if status != support.Open {
			_, err = i.Cases.Change(ctx, by, i.org.ID, made.ID, support.CaseChange{Status: &status})
			check(i.t, err)
		}
		return "/orgs/" + i.org.ID + "/cases/" + made.ID + suffix
	}
}

// archived creates an archived case for one call.
func archived(suffix string) func(*installation) string {
	return func(i *installation) string {
		path := aCase(support.Closed, "")(i)
		_, err := i.Cases.Archive(context.Background(), i.people["org write"], i.org.ID,
			path[strings.LastIndex(path, "/")+1:])
		check(i.t, err)
		return path + suffix
	}
}

// linked creates a link for one call.
func linked(i *installation) string {
	path := aCase(support.Open, "")(i)
	_, err := i.Cases.Link(context.Background(), i.people["org write"], i.org.ID, path[strings.LastIndex(path, "/")+1:],
		i.kase.ID, support.Related)
	check(i.t, err)
	return path + "/links/" + i.kase.ID
}

// deleted creates a deleted case for one call.
func deleted(suffix string) func(*installation) string {
	return func(i *installation) string {
		path := aCase(support.Open, "")(i)
		_, err := i.Cases.Delete(context.Background(), i.people["org admin"], i.org.ID,
			path[strings.LastIndex(path, "/")+1:])
		check(i.t, err)
		return path + suffix
	}
}

// answer creates a prepared answer for one call, of the MSP or of the platform.
func answer(mspID func(*installation) string, scope string) func(*installation) string {
	return func(i *installation) string {
		made, err := i.Desk.AddAnswer(context.Background(), i.people["operator"], mspID(i),
			desk.Answer{Name: unique(i), Text: "Hello"})
		check(i.t, err)
		return strings.ReplaceAll(scope, "{}", mspID(i)) + "/answers/" + made.ID
	}
}

func theMSP(i *installation) string { return i.msp.ID }
func noMSP(*installation) string    { return "" }

// theCase names the case of the walk in a body.
func theCase(i *installation) object { return object{"case_id": i.kase.ID, "kind": "related"} }

// theComment creates comments on the case of the walk, to be split off.
func theComment(i *installation) object {
	path := comment("")(i)
	return object{"comment_id": path[strings.LastIndex(path, "/")+1:], "subject": "Another"}
}

// bulkOf returns a body that requests an action on the case of the walk.
func bulkOf(action string) func(*installation) object {
	return func(i *installation) object {
		return object{"action": action, "cases": []object{{"id": i.kase.ID, "org_id": i.org.ID}}}
	}
}

// newJob creates a job of the organization or the MSP, for its one case, that waits for its worker.
func newJob(scope, suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx, of, path := context.Background(), lists.Scope{OrgID: i.org.ID}, "/orgs/"+i.org.ID
		if scope == "msp" {
			of, path = lists.Scope{MSPID: i.msp.ID}, "/msps/"+i.msp.ID
		}
		made, err := i.CaseJobs.Bulk(
			ctx,
			i.people["msp admin"],
			of,
			casejobs.Bulk{
				Action: casejobs.BulkArchive,
				Cases:  []support.Reference{{OrgID: i.org.ID, CaseID: i.kase.ID}},
			},
		)
		check(i.t, err)
		return path + "/jobs/" + made.ID + suffix
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
		made, err := job.NewLedger(i.Journal).
			Create(context.Background(), i.people["msp admin"].Actor(), identity.ThePlatform(), job.New{
				Kind:    "cases.archive",
				Title:   "Archive cases",
				Payload: []byte(`{"action":"archive"}`),
				Targets: []string{i.org.ID + "/" + i.kase.ID},
				Queue:   queue.CasesJobs,
			})
		check(i.t, err)
		if suffix == "/retry" {
			i.runJob(made.ID)
		}
		return "/platform/jobs/" + made.ID + suffix
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

func reportJob(i *installation) string {
	made, err := i.CaseJobs.ExportCases(context.Background(), i.people["org read"],
		casejobs.Export{Scope: lists.Scope{OrgID: i.org.ID}})
	check(i.t, err)
	i.runJob(made.ID)
	return "/orgs/" + i.org.ID + "/reports/" + made.ID
}

func mspReportJob(i *installation) string {
	made, err := i.CaseJobs.ExportCases(context.Background(), i.people["msp read"],
		casejobs.Export{Scope: lists.Scope{MSPID: i.msp.ID}})
	check(i.t, err)
	i.runJob(made.ID)
	return "/msps/" + i.msp.ID + "/reports/" + made.ID
}

// lines returns a line for every endpoint of the catalog: how it is called and by whom. An endpoint
// without a line fails the walk.
func lines() map[string]line {
	newName := func(i *installation) object { return object{"name": "Name " + unique(i)} }
	newCase := with(object{"subject": "A", "description": "B"})
	return map[string]line{
		"accounts.setup": {
			path: fixed("/setup"),
			body: with(
				object{
					"token":      "t",
					"email":      "a@example.com",
					"password":   password,
					"first_name": "A",
					"last_name":  "B",
				},
			),
		},
		"accounts.login": {
			path: fixed("/login"),
			body: with(object{"email": "operator@example.com", "password": password}),
		},
		"accounts.logout": {path: fixed("/logout")},
		"accounts.self":   {path: fixed("/self"), allowed: everybody},
		"accounts.change_self": {
			path:    fixed("/self"),
			body:    with(object{"first_name": "Nina"}),
			allowed: everybody,
		},
		"accounts.self_logs":       {path: fixed("/self/logs"), allowed: everybody},
		"accounts.recover":         {path: fixed("/recover"), body: with(object{"email": "nobody@example.com"})},
		"accounts.finish_recovery": {path: fixed("/recover/verify/none"), body: with(object{"password": password})},
		"accounts.tokens":          {path: fixed("/self/apitokens"), allowed: everybody},
		"accounts.create_token":    {path: fixed("/self/apitokens"), body: with(object{"name": "mine"})},
		"accounts.delete_token":    {path: fixed("/self/apitokens/" + unknownID)},
		"accounts.accept_invite": {
			path: fixed("/invite/verify/none"),
			body: with(object{"password": password, "first_name": "A", "last_name": "B"}),
		},

		"platform.administrators": {path: fixed("/platform/admins"), allowed: operators},
		"platform.change_administrator": {
			path:    stranger(platform, "/platform"),
			body:    role("support"),
			allowed: operators,
		},
		"platform.remove_administrator": {path: stranger(platform, "/platform"), allowed: operators},
		"platform.create_invite": {
			path:    fixed("/platform/invites"),
			body:    inviteBody("support"),
			allowed: operators,
		},
		"platform.change_invite": {
			path:    invitation(platform, "/platform"),
			body:    with(object{"hours": 48}),
			allowed: operators,
		},
		"platform.revoke_invite": {path: invitation(platform, "/platform"), allowed: operators},
		"platform.logs":          {path: fixed("/platform/logs"), allowed: operators},
		"platform.queues":        {path: fixed("/platform/queues"), allowed: operators},
		"platform.cases":         {path: fixed("/platform/cases"), allowed: "support"},
		"platform.rebuild_index": {path: fixed("/platform/index"), body: with(object{}), allowed: operators},
		"platform.index":         {path: fixed("/platform/index"), allowed: operators},
		"platform.verify": {
			path:    fixed("/platform/verification"),
			body:    with(object{"from": 1, "mend": true}),
			allowed: operators,
		},
		"platform.dead_letters":       {path: fixed("/platform/dead_letters"), allowed: operators},
		"platform.replay_message":     {path: deadLetter("/replay"), allowed: operators},
		"platform.discard_message":    {path: deadLetter(""), allowed: operators},
		"platform.quarantine":         {path: fixed("/platform/quarantine"), allowed: operators},
		"platform.quarantined_mail":   {path: quarantined(""), allowed: operators},
		"platform.raw_mail":           {path: quarantined("/mail"), allowed: operators},
		"platform.replay_mail":        {path: quarantined("/replay"), allowed: operators},
		"platform.release_mail":       {path: releasable("/release"), allowed: operators},
		"platform.discard_mail":       {path: quarantined(""), allowed: operators},
		"platform.quarantine_reasons": {path: fixed("/platform/quarantine/reasons"), allowed: operators},
		"platform.blocked":            {path: fixed("/platform/blocked"), allowed: operators},
		"platform.block":              {path: fixed("/platform/blocked"), body: newBlock, allowed: operators},
		"platform.unblock":            {path: blockedSender, allowed: operators},

		"msps.create": {path: fixed("/msps"), body: newName, allowed: operators},
		"msps.list":   {path: fixed("/msps"), allowed: everybody},
		"msps.get":    {path: ofMSP(""), allowed: mspSeers, hidden: mspOutsiders},
		"msps.change": {
			path:    ofMSP(""),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.create_org": {
			path:    ofMSP("/orgs"),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.orgs": {path: ofMSP("/orgs"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.cases": {
			path:    ofMSP("/cases"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.count_cases": {
			path:    ofMSP("/cases/count"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.open_cases": {
			path:    ofMSP("/cases/open"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.bulk_cases": {
			path:    ofMSP("/cases/bulk"),
			body:    bulkOf("archive"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders,
		},
		"msps.logs": {
			path:    ofMSP("/logs"),
			allowed: "operator,msp admin,msp write,msp read",
			hidden:  mspOutsiders,
		},
		"msps.administrators": {
			path:    ofMSP("/admins"),
			allowed: "operator,msp admin,msp read",
			hidden:  mspOutsiders,
		},
		"msps.administrator": {
			path:    stranger(msp, "/msps/{}"),
			allowed: "operator,msp admin,msp read",
			hidden:  mspOutsiders,
		},
		"msps.change_administrator": {
			path:    stranger(msp, "/msps/{}"),
			body:    role("helpdesk"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.remove_administrator": {
			path:    stranger(msp, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.create_invite": {
			path:    ofMSP("/invites"),
			body:    inviteBody("read"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.change_invite": {
			path:    invitation(msp, "/msps/{}"),
			body:    with(object{"hours": 48}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.revoke_invite": {
			path:    invitation(msp, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},

		"orgs.create": {path: fixed("/orgs"), body: newName, allowed: operators},
		"orgs.list":   {path: fixed("/orgs"), allowed: everybody},
		"orgs.get":    {path: ofOrg(""), allowed: orgSeers, hidden: foreigners},
		"orgs.change": {
			path:    ofOrg(""),
			body:    newName,
			allowed: "operator,msp admin,msp write,org admin",
			hidden:  foreigners,
		},
		"orgs.logs": {
			path:    ofOrg("/logs"),
			allowed: "operator,msp admin,msp write,msp read,org admin,org write,org read",
			hidden:  foreigners,
		},
		"orgs.search_logs": {
			path:    ofOrg("/logs/search"),
			allowed: "operator,msp admin,msp write,msp read,org admin,org write,org read",
			hidden:  foreigners,
		},
		"orgs.administrators": {
			path:    ofOrg("/admins"),
			allowed: "operator,msp admin,msp read,org admin,org read",
			hidden:  foreigners,
		},
		"orgs.administrator": {
			path:    stranger(org, "/orgs/{}"),
			allowed: "operator,msp admin,msp read,org admin,org read",
			hidden:  foreigners,
		},
		"orgs.change_administrator": {
			path:    stranger(org, "/orgs/{}"),
			body:    role("helpdesk"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"orgs.remove_administrator": {
			path:    stranger(org, "/orgs/{}"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"orgs.create_invite": {
			path:    ofOrg("/invites"),
			body:    inviteBody("read"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"orgs.change_invite": {
			path:    invitation(org, "/orgs/{}"),
			body:    with(object{"hours": 48}),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"orgs.revoke_invite": {
			path:    invitation(org, "/orgs/{}"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},

		"cases.create": {path: ofOrg("/cases"), body: newCase, allowed: caseWriters, hidden: foreigners},
		"cases.list":   {path: ofOrg("/cases"), allowed: caseSeers, hidden: foreigners},
		"cases.get":    {path: ofCase(""), allowed: caseSeers, hidden: foreigners},
		"cases.change": {
			path:    ofCase(""),
			body:    func(i *installation) object { return object{"subject": unique(i)} },
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.comment": {
			path:    ofCase("/comments"),
			body:    with(object{"comment": "Hello."}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.comments":    {path: ofCase("/comments"), allowed: caseSeers, hidden: foreigners},
		"cases.get_comment": {path: comment(""), allowed: caseSeers, hidden: foreigners},
		"cases.get_mail":    {path: mailComment("/mail"), allowed: caseAgents, hidden: foreigners},
		"cases.get_html":    {path: mailComment("/html"), allowed: caseAgents, hidden: foreigners},
		"cases.get_request": {path: request, allowed: caseAgents, hidden: foreigners},
		"cases.attach": {
			path:    ofCase("/attachments"),
			body:    with(object{multipartFile: "a.txt"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.get_attachment": {path: attachment, allowed: caseSeers, hidden: foreigners},
		"cases.announce_upload": {
			path:    ofCase("/uploads"),
			body:    with(object{"name": "a.txt", "size_in_bytes": 7}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.finish_upload": {path: ofCase("/uploads/finish"), body: with(object{"upload_token": "none"})},
		"cases.archive":       {path: aCase(support.Closed, "/archive"), allowed: caseWriters, hidden: foreigners},
		"cases.unarchive":     {path: archived("/unarchive"), allowed: caseWriters, hidden: foreigners},
		"cases.delete": {
			path:    aCase(support.Open, "?confirmation=DELETE"),
			allowed: "msp admin,org admin",
			hidden:  foreigners,
		},
		"cases.restore": {path: deleted("/restore"), allowed: "msp admin,org admin", hidden: foreigners},
		"cases.link": {
			path:    aCase(support.Open, "/links"),
			body:    theCase,
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.unlink": {path: linked, allowed: caseWriters, hidden: foreigners},
		"cases.merge": {
			path:    aCase(support.Open, "/merge"),
			body:    func(i *installation) object { return object{"case_id": i.kase.ID} },
			allowed: caseAgents,
			hidden:  foreigners,
		},
		"cases.split": {path: ofCase("/split"), body: theComment, allowed: caseAgents, hidden: foreigners},

		"cases.release_mail": {
			path: releasableToCase, body: with(object{"confirm_sender": true}), allowed: caseAgents, hidden: foreigners,
		},
		"cases.mail_addresses":      {path: ofOrg("/mail_addresses"), allowed: caseAgents, hidden: foreigners},
		"cases.remove_mail_address": {path: mailAddress, allowed: caseAgents, hidden: foreigners},

		"cases.own": {path: fixed("/self/cases"), allowed: everybody},

		"cases.count": {path: ofOrg("/cases/count"), allowed: caseSeers, hidden: foreigners},
		"cases.bulk":  {path: ofOrg("/cases/bulk"), body: bulkOf("archive"), allowed: caseWriters, hidden: foreigners},
		"cases.rate":  {path: fixed("/satisfaction"), body: with(object{"token": "none", "score": 5})},

		"tickets.list": {path: ofOrg("/tickets"), allowed: caseSeers, hidden: foreigners},
		"tickets.create": {
			path:    ofOrg("/tickets"),
			body:    with(object{"subject": "A", "comment": "B", "type": "critical"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.get": {path: ofTicket(""), allowed: caseSeers, hidden: foreigners},
		"tickets.change": {
			path:    ofTicket(""),
			body:    func(i *installation) object { return object{"subject": unique(i)} },
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.comment": {
			path:    ofTicket("/comments"),
			body:    with(object{"comment": "Hello."}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.attach": {
			path:    ofTicket("/attachments"),
			body:    with(object{multipartFile: "a.txt"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"tickets.get_attachment": {path: ticketAttachment, allowed: caseSeers, hidden: foreigners},
		"tickets.count":          {path: ofOrg("/tickets/count"), allowed: caseSeers, hidden: foreigners},
		"tickets.list_msp": {
			path:    ofMSP("/tickets"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"tickets.count_msp": {
			path:    ofMSP("/tickets/count"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},

		"desk.get_msp": {
			path:    ofMSP("/desk"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"desk.change_msp": {
			path:    ofMSP("/desk"),
			body:    with(object{"solved_days": 7}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.get_platform": {path: fixed("/platform/desk"), allowed: operators},
		"desk.change_platform": {
			path:    fixed("/platform/desk"),
			body:    with(object{"solved_days": 7}),
			allowed: operators,
		},
		"desk.get":     {path: ofOrg("/desk"), allowed: caseSeers, hidden: foreigners},
		"desk.answers": {path: ofOrg("/answers"), allowed: caseAgents, hidden: foreigners},
		"desk.msp_answers": {
			path:    ofMSP("/answers"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"desk.add_msp_answer": {
			path:    ofMSP("/answers"),
			body:    with(object{"name": "Greeting", "text": "Hello"}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.change_msp_answer": {
			path:    answer(theMSP, "/msps/{}"),
			body:    with(object{"text": "Bye"}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.remove_msp_answer": {
			path:    answer(theMSP, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.platform_answers": {path: fixed("/platform/answers"), allowed: operators},
		"desk.add_platform_answer": {
			path:    fixed("/platform/answers"),
			body:    with(object{"name": "Greeting", "text": "Hello"}),
			allowed: operators,
		},
		"desk.change_platform_answer": {
			path:    answer(noMSP, "/platform"),
			body:    with(object{"text": "Bye"}),
			allowed: operators,
		},
		"desk.remove_platform_answer": {path: answer(noMSP, "/platform"), allowed: operators},

		"jobs.list_org":   {path: ofOrg("/jobs"), allowed: caseSeers, hidden: foreigners},
		"jobs.get_org":    {path: bulkJob("org", ""), allowed: caseSeers, hidden: foreigners},
		"jobs.cancel_org": {path: newJob("org", "/cancel"), allowed: caseWriters, hidden: foreigners},
		"jobs.retry_org":  {path: bulkJob("org", "/retry"), allowed: caseWriters, hidden: foreigners},
		"jobs.list_msp": {
			path:    ofMSP("/jobs"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"jobs.get_msp": {
			path:    bulkJob("msp", ""),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"jobs.cancel_msp": {
			path:    newJob("msp", "/cancel"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders,
		},
		"jobs.retry_msp": {
			path:    bulkJob("msp", "/retry"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders,
		},
		"jobs.list_platform":   {path: fixed("/platform/jobs"), allowed: operators},
		"jobs.get_platform":    {path: platformJob(""), allowed: operators},
		"jobs.cancel_platform": {path: platformJob("/cancel"), allowed: operators},
		"jobs.retry_platform":  {path: platformJob("/retry"), allowed: operators},

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

		"downloads.get":     {path: download},
		"downloads.receive": {path: uploadLink, body: with(object{multipartFile: "a.txt"})},
	}
}

// multipartFile marks a body that is sent as form data with one file of this name.
const multipartFile = "\x00file"

// unknownID is an id that no object has.
const unknownID = "99999999-9999-4999-8999-999999999999"

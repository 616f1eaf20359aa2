package catalog_test

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// caseLines returns the lines of the endpoints whose names begin with "cases.".
func caseLines() map[string]line {
	newCase := with(object{"subject": "A", "description": "B"})
	return map[string]line{
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
		"cases.list_comments": {path: ofCase("/comments"), allowed: caseSeers, hidden: foreigners},
		"cases.get_comment":   {path: comment(""), allowed: caseSeers, hidden: foreigners},
		"cases.get_mail":      {path: mailComment("/mail"), allowed: caseAgents, hidden: foreigners},
		"cases.get_html":      {path: mailComment("/html"), allowed: caseAgents, hidden: foreigners},
		"cases.get_request":   {path: request, allowed: caseAgents, hidden: foreigners},
		"cases.attach": {
			path:    ofCase("/attachments"),
			body:    with(object{multipartFile: "a.txt"}),
			allowed: caseWriters,
			hidden:  foreigners,
		},
		"cases.get_attachment": {path: attachment, allowed: caseSeers, hidden: foreigners},
		"cases.get_picture":    {path: pictureAttachment, allowed: caseSeers, hidden: foreigners},
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
		"cases.list_mail_addresses": {path: ofOrg("/mail_addresses"), allowed: caseAgents, hidden: foreigners},
		"cases.delete_mail_address": {path: mailAddress, allowed: caseAgents, hidden: foreigners},
		"cases.list_viewers":        {path: viewedCase, allowed: caseAgents, hidden: foreigners},
		"cases.announce_viewer":     {path: ofCase("/viewers"), allowed: caseAgents, hidden: foreigners},
		"cases.list_own":            {path: fixed("/self/cases"), allowed: everybody},
		"cases.count":               {path: ofOrg("/cases/count"), allowed: caseSeers, hidden: foreigners},
		"cases.count_matching":      {path: ofOrg("/cases/bulk?action=close"), allowed: caseWriters, hidden: foreigners},
		"cases.change_many":         {path: ofOrg("/cases/bulk"), body: bulkOf("archive"), allowed: caseWriters, hidden: foreigners},
		"cases.rate":                {path: fixed("/satisfaction"), body: with(object{"token": "none", "score": 5})},
		"cases.unwatch":             {path: fixed("/unwatch"), body: with(object{"token": "none"})},
	}
}

// comment creates a comment on the case; by mail, if raw is set.
func comment(suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		_, created, err := i.Cases.AddComment(ctx, i.people["org write"], i.org.ID, i.kase.ID,
			support.NewComment{Text: "Any news?"})
		check(i.t, err)
		return ofCase("/comments/" + created.ID + suffix)(i)
	}
}

// viewedCase returns the path of the viewers of the case, after an agent looked at it.
func viewedCase(i *installation) string {
	_, err := i.Cases.View(context.Background(), i.people["msp helpdesk"], i.org.ID, i.kase.ID)
	check(i.t, err)
	return "/orgs/" + i.org.ID + "/cases/" + i.kase.ID + "/viewers"
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

func attachment(i *installation) string { return attached(i, "log.txt", "text/plain", "line") }

// pictureAttachment is an attachment that can be shown as a picture.
func pictureAttachment(i *installation) string {
	return attached(i, "photo.png", "image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") + "/picture"
}

func attached(i *installation, name, contentType, content string) string {
	ctx := context.Background()
	by := i.people["org write"]
	file, err := i.Cases.StoreFile(ctx, by, i.org.ID, i.kase.ID, name, contentType, strings.NewReader(content))
	check(i.t, err)
	_, err = i.Cases.AttachFile(ctx, by, i.org.ID, i.kase.ID, file)
	check(i.t, err)
	return ofCase("/attachments/" + file.ID)(i)
}

// aCase creates a case for one call, in a state.
func aCase(status support.Status, suffix string) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		by := i.people["org write"]
		created, err := i.Cases.Create(ctx, by, i.org.ID,
			support.NewCase{Fields: desk.Fields{Subject: "Another"}, Description: "Like the first."})
		check(i.t, err)
		if status != support.Open {
			_, err = i.Cases.Change(ctx, by, i.org.ID, created.ID, support.CaseChange{Status: &status})
			check(i.t, err)
		}
		return "/orgs/" + i.org.ID + "/cases/" + created.ID + suffix
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

// quarantinedForCase quarantines a mail to the case for one call; another address sent it.
func quarantinedForCase(i *installation) (id, from string) {
	ctx := context.Background()
	id, from = i.Journal.NewID(), unique(i)+"@example.net"
	reply := i.Threads.Address(mailthread.ReplyLocal, mailthread.Token{
		Number: i.kase.Number, UserID: i.kase.Submitter.ID, Kind: mailthread.ReplyKind,
	})
	check(i.t, i.Intake.Quarantine(ctx, intake.Quarantined{
		ID: id, Size: 700, Reason: intake.OtherSender, From: from, Recipients: []string{reply},
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

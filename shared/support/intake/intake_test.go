package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestEveryReasonToQuarantineAMail(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	answer := w.ReplyTo(w.Customer, c, "")
	content, err := w.Notifications.Compose(t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID})
	w.Must(err)
	installer := w.Person(w.Org.Place(), identity.Installer)
	two := w.Grant(w.Another(w.Org.Place(), identity.Write), w.Neighbour.Place(), identity.Helpdesk)
	gone := w.Another(w.Org.Place(), identity.Write)
	answerOfGone := w.ReplyTo(gone, c, "")
	w.Revoke(gone, w.Org.Place())

	for i, test := range []struct {
		name string
		want intake.Reason
		mail intake.Mail
		edit func(*intake.Mail)
	}{
		{"our own mark", intake.FromOurselves, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.Loop = true }},
		{"a delivery report with a valid token", intake.FailedDelivery, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.Bounce = true }},
		{"to the envelope sender of a notice", intake.FailedDelivery, w.Mail("", "mailer-daemon@example.net", content.Bounce), nil},
		{"two senders", intake.OtherSender, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.FromCount = 2 }},
		{"no sender", intake.OtherSender, w.Mail("", "", answer), func(m *intake.Mail) { m.FromCount = 0 }},
		{"another person with access", intake.OtherSender, w.Mail("", w.Agent.Email, answer), nil},
		{"no sender to the support address", intake.UnknownSender, w.Mail("", "", supporttest.SupportAddress), func(m *intake.Mail) { m.FromCount = 0 }},
		{"a forged token", intake.ForgedToken, w.Mail("", w.Customer.Email, "reply+aaaa@"+apptest.MailDomain), nil},
		{"automatic, no case", intake.AutoWithout, w.Mail("", w.Customer.Email, supporttest.SupportAddress), func(m *intake.Mail) { m.Automatic = true }},
		{"nobody known", intake.UnknownSender, w.Mail("", "nobody@example.net", supporttest.SupportAddress), nil},
		{"may not open cases", intake.NoOrg, w.Mail("", installer.Email, supporttest.SupportAddress), nil},
		{"agents open cases nowhere", intake.NoOrg, w.Mail("", w.Agent.Email, supporttest.SupportAddress), nil},
		{"two organizations", intake.ManyOrgs, w.Mail("", two.Email, supporttest.SupportAddress), nil},
		{"a foreign organization", intake.NotPermitted, w.Mail("", w.Customer.Email, "support+"+w.Foreign.ID+"@"+apptest.MailDomain), nil},
		{"an organization that does not exist", intake.NotPermitted, w.Mail("", w.Customer.Email, "support+"+uuid.NewString()+"@"+apptest.MailDomain), nil},
		{"revoked access", intake.NotPermitted, w.Mail("", gone.Email, answerOfGone), nil},
		{"no address of ours", intake.NoDestination, w.Mail("", w.Customer.Email, "info@example.com"), nil},
		{"to postmaster", intake.NoDestination, w.Mail("", w.Customer.Email, "postmaster@"+apptest.MailDomain), nil},
		{"100 attachments", intake.TooMuch, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.Attachments = make([]intake.MailAttachment, 100) }},
		{"a virus, before other reasons", intake.Virus, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) {
			m.Verdicts = received.Verdicts{Virus: "FAIL", Spam: "FAIL", DMARC: "FAIL", DMARCPolicy: "reject"}
			m.Loop = true
		}},
		{"spam", intake.Spam, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.Verdicts = received.Verdicts{Virus: "PASS", Spam: "FAIL"} }},
		{"forged, to be rejected", intake.Forged, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) {
			m.Verdicts = received.Verdicts{SPF: "PASS", DKIM: "GRAY", DMARC: "FAIL", DMARCPolicy: "reject"}
		}},
		{"forged, to be quarantined", intake.Forged, w.Mail("", w.Customer.Email, supporttest.SupportAddress), func(m *intake.Mail) {
			m.Verdicts = received.Verdicts{DMARC: "FAIL", DMARCPolicy: "quarantine"}
		}},
		{"text that is invalid in a comment", intake.Unreadable, w.Mail("", w.Customer.Email, answer), func(m *intake.Mail) { m.Reply = "a\x00b" }},
	} {
		test.mail.ID = uuid.Must(uuid.NewV7()).String()
		test.mail.MessageID = test.mail.ID + "@mail.example.net"
		if test.edit != nil {
			test.edit(&test.mail)
		}
		if outcome := w.Receive(test.mail); outcome.Kind != "quarantine" || outcome.Reason != test.want {
			t.Errorf("%s: got %+v, want %s", test.name, outcome, test.want)
		}
		entries := w.Quarantine()
		if len(entries) != i+1 || entries[0].ID != test.mail.ID || entries[0].Reason != test.want || entries[0].Detail == "" {
			t.Errorf("%s: the quarantine has %d mails, the latest is %+v", test.name, len(entries), entries[0])
		}
	}
	if detail := w.Detail(w.Customer, c); len(detail.Comments) != 0 {
		t.Errorf("comments %+v", detail.Comments)
	}
}

func TestAReplyToAMissingCaseIsQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	address := w.ReplyTo(w.Customer, w.NewCase(w.Customer, "No Wi-Fi"), "")
	empty := apptest.New(t) // an installation without the case
	desks := services.New(services.Below{
		Journal: empty.Journal, Accounts: w.Accounts, Tenants: w.Tenants, Files: w.Files,
		Index: w.Index, Keyring: w.Keyring, MailDomain: apptest.MailDomain,
	})
	outcome, err := desks.Intake.Take(t.Context(), w.Mail("m-1", w.Customer.Email, address))
	if err != nil || outcome.Reason != intake.UnknownCase {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func TestAReplyFromAMissingAccountIsQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	address := w.ReplyTo(w.Customer, w.NewCase(w.Customer, "No Wi-Fi"), "")
	empty := apptest.New(t) // an installation with the same secret, without the person
	outcome, err := empty.Intake.Take(t.Context(), w.Mail("m-1", w.Customer.Email, address))
	if err != nil || outcome.Reason != intake.UnknownSender {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func TestAnAnswerBecomesACommentWithItsWholeTextAndFiles(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.SetStatus(w.Agent, w.NewCase(w.Customer, "No Wi-Fi"), support.Pending)
	mail := w.Mail("m-1", w.Customer.Email, "friend@example.net", w.ReplyTo(w.Customer, c, ""),
		supporttest.SupportAddress)
	mail.Attachments = []intake.MailAttachment{
		{
			Name:        "../log.txt",
			ContentType: "text/plain",
			Content:     []byte("hello"),
		},
		{Name: "logo.png", ContentType: "image/png", Inline: true, Content: []byte("png")},
	}
	before := len(w.Outbox())
	if outcome := w.Receive(mail); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Fatalf("%+v", outcome)
	}
	detail := w.Detail(w.Customer, c)
	comment := detail.Comments[0]
	if comment.Text != "Thanks." || !comment.Trimmed || comment.Door != "mail" || comment.Automatic ||
		comment.Internal ||
		comment.Author.ID != w.Customer.UserID {
		t.Errorf("comment %+v", comment)
	}
	if _, whole, err := w.Cases.Comment(t.Context(), w.Customer, c.OrgID, c.ID, comment.ID); err != nil ||
		whole != "Thanks.\n\n> quoted" {
		t.Errorf("whole %q, %v", whole, err)
	}
	if detail.Status != support.Open || detail.Case.Files != 2 || len(detail.Files) != 2 ||
		detail.Files[0].Name != "log.txt" ||
		!detail.Files[1].Inline {
		t.Errorf("case %+v, files %+v", detail.Case, detail.Files)
	}
	if notices := w.Told(before); len(notices) != 0 {
		t.Errorf("notified %+v, although nobody else is on the case", notices)
	}
}

func TestAMailOfAKnownSenderOpensACase(t *testing.T) {
	w := supporttest.NewWorld(t)
	for i, test := range []struct {
		subject, text, recipient string
		wantSubject, wantText    string
	}{
		{"No Wi-Fi", "Since Monday.\n-- \nCarlo", supporttest.SupportAddress, "No Wi-Fi", "Since Monday.\n-- \nCarlo"},
		{"", "", supporttest.SupportAddress, "(no subject)", "(no text)"},
		{"No Wi-Fi", "x", strings.ToUpper("support+" + w.Org.ID + "@" + apptest.MailDomain), "No Wi-Fi", "x"},
		{"No Wi-Fi", "y", "support+sales@" + apptest.MailDomain, "No Wi-Fi", "y"},
	} {
		mail := w.Mail("m-"+string(rune('1'+i)), w.Customer.Email, test.recipient)
		mail.Subject, mail.Text, mail.Reply = test.subject, test.text, test.text
		before := len(w.Outbox())
		outcome := w.Receive(mail)
		if outcome.Kind != "case" {
			t.Fatalf("%+v: %+v", test, outcome)
		}
		got := w.Detail(w.Customer, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID})
		if got.Subject != test.wantSubject || got.Description != test.wantText ||
			got.Submitter.ID != w.Customer.UserID ||
			got.Type != "issue" ||
			got.Severity != 3 {
			t.Errorf("%+v: %+v", test, got)
		}
		if notices := w.Told(before); len(notices) != 1 || notices[0].UserID != w.Customer.UserID ||
			notices[0].Event != support.Created {
			t.Errorf("notified %+v, want an automatic reply", notices)
		}
	}
}

func TestAnAgentOpensACaseByNamingTheOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	outcome := w.Receive(
		w.Mail("m-1", w.Agent.Email, "support+"+strings.ReplaceAll(w.Org.ID, "-", "")+"@"+apptest.MailDomain),
	)
	if outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
}

func TestADuplicateMailChangesNothing(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	answer := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	question := w.Mail("m-2", w.Customer.Email, supporttest.SupportAddress)
	question.Text = "Something else."
	for _, first := range []intake.Mail{answer, question} {
		w.Receive(first)
		again := first
		again.ID, again.RawKey, again.SourceAddress = first.ID+"-again", "mails/again", "203.0.113.99" // delivered by another route
		if outcome := w.Receive(again); outcome.Kind != "duplicate" {
			t.Errorf("%+v", outcome)
		}
	}
	if got := w.Detail(w.Customer, c); len(got.Comments) != 1 {
		t.Errorf("%d comments", len(got.Comments))
	}
	if lines, err := w.List(w.Customer, lists.Scope{OrgID: w.Org.ID}, lists.Query{Limit: 10}); err != nil ||
		len(lines.Lines) != 2 {
		t.Errorf("%d cases, %v", len(lines.Lines), err)
	}
	w.Clock.Pass(91 * 24 * time.Hour)
	if outcome := w.Receive(answer); outcome.Kind != "comment" {
		t.Errorf("after 91 days: %+v", outcome)
	}
}

func TestDifferentMailsOfTheSameIDAreDifferentMails(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	variants := []func(*intake.Mail){
		func(*intake.Mail) {},
		func(m *intake.Mail) { m.Text, m.Reply = "Other text.", "Other text." },
		func(m *intake.Mail) { m.Subject = "Other" },
		func(m *intake.Mail) {
			m.Attachments = []intake.MailAttachment{{Name: "a.txt", Content: []byte("1")}}
		},
		func(m *intake.Mail) {
			m.Attachments = []intake.MailAttachment{{Name: "a.txt", Content: []byte("2")}}
		},
	}
	for i, edit := range variants {
		one := mail
		edit(&one)
		if outcome := w.Receive(one); outcome.Kind != "comment" {
			t.Errorf("variant %d: %+v", i, outcome)
		}
	}
	if got := w.Detail(w.Customer, c); len(got.Comments) != len(variants) {
		t.Errorf("%d comments", len(got.Comments))
	}
}

func TestAnAutomaticReplyIsACommentThatNotifiesNobody(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	w.SetStatus(w.Agent, c, support.Solved)
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	mail.Automatic = true
	before := len(w.Outbox())
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	got := w.Detail(w.Customer, c)
	if got.Status != support.Solved || len(got.Comments) != 1 || !got.Comments[0].Automatic {
		t.Errorf("%s, %+v", got.Status, got.Comments)
	}
	if notices := w.Told(before); len(notices) != 0 {
		t.Errorf("notified %+v", notices)
	}
}

func TestAnAnswerToANoteStaysANote(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	note := w.Note(c, "hush-hush")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	if outcome := w.Receive(w.Mail("m-1", chief.Email, w.ReplyTo(chief, c, note.ID))); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if got := w.Detail(w.Customer, c); len(got.Comments) != 0 {
		t.Errorf("the customer sees %+v", got.Comments)
	}
	if got := w.Detail(w.Agent, c); len(got.Comments) != 2 || !got.Comments[1].Internal {
		t.Errorf("the agent sees %+v", got.Comments)
	}
}

func TestAMailLongerThanACommentIsStoredInFull(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for name, text := range map[string]string{
		"a log":  strings.Repeat("2026-01-01 12:00:00 link down\n", 8000),
		"XML":    strings.Repeat("<a&b>\"\n", 36_000),
		"emojis": strings.Repeat("😀", 65_536),
	} {
		for recipient, want := range map[string]string{w.ReplyTo(w.Customer, c, ""): "comment", supporttest.SupportAddress: "case"} {
			mail := w.Mail(uuid.NewString(), w.Customer.Email, recipient)
			mail.Text, mail.Reply = text, text
			outcome := w.Receive(mail)
			if outcome.Kind != want {
				t.Fatalf("%s: %+v, want a %s", name, outcome, want)
			}
			detail := w.Detail(w.Customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
			shown := detail.Description
			if want == "comment" {
				shown = detail.Comments[len(detail.Comments)-1].Text
			}
			if shown != text &&
				(!strings.HasPrefix(text, strings.TrimSuffix(shown, "\n[…]")) || len(detail.Files) == 0 || detail.Files[len(detail.Files)-1].Size != int64(len(text))) {
				t.Errorf("%s: the %s shows %d of %d bytes, with the files %+v", name, want, len(shown), len(text),
					detail.Files)
			}
		}
	}
}

func TestAQuotedRestOfAnyLengthIsKept(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	mail.Text = "Thanks.\n" + strings.Repeat("> <a href=\"x\">&amp;</a>\n", 10_000)
	outcome := w.Receive(mail)
	if outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	detail := w.Detail(w.Customer, c)
	_, whole, err := w.Cases.Comment(t.Context(), w.Customer, c.OrgID, c.ID, detail.Comments[0].ID)
	w.Must(err)
	if whole != mail.Text && (len(detail.Files) != 1 || detail.Files[0].Size != int64(len(mail.Text))) {
		t.Errorf("whole has %d of %d bytes, files %+v", len(whole), len(mail.Text), detail.Files)
	}
}

func TestAQuarantinedMailIsAcceptedAfterTheCauseIsFixed(t *testing.T) {
	w := supporttest.NewWorld(t)
	newcomer := "nora@rialto.example.net"
	mail := w.Mail("0198c0de-0000-7000-8000-000000000001", newcomer, supporttest.SupportAddress)
	if outcome := w.Receive(mail); outcome.Reason != intake.UnknownSender {
		t.Fatalf("%+v", outcome)
	}
	w.Invited(w.Org.Place(), identity.Write, newcomer, "Nora", "Neri")
	before := len(w.Outbox())
	w.Must(w.Intake.ReplayQuarantined(t.Context(), w.Operator(), mail.ID))
	messages := w.Outbox()[before:]
	replayed := apptest.Since[received.Mail](w.App, before)
	if len(messages) != 1 || messages[0].Queue != "mail-receive" || messages[0].ID == mail.ID ||
		replayed[0].RawKey != mail.RawKey {
		t.Fatalf("messages %+v", messages)
	}
	mail.Mail = replayed[0]
	if outcome := w.Receive(mail); outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.Intake.ReplayQuarantined(t.Context(), w.Operator(), mail.ID))
	if entries := w.Quarantine(); len(entries) != 0 {
		t.Errorf("still quarantined: %+v", entries)
	}
}

func TestAMailToTheAddressesOfTwoCasesAnswersBoth(t *testing.T) {
	w := supporttest.NewWorld(t)
	one, two := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "Slow Wi-Fi")
	foreign := w.ReplyTo(w.Agent, one, "") // generated for somebody else
	addresses := []string{w.ReplyTo(w.Customer, one, ""), w.ReplyTo(w.Customer, two, "")}
	mail := w.Mail("m-1", w.Customer.Email, append(addresses, addresses[0])...)
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	mail.ID = "m-2" // the same mail, delivered separately for each recipient
	for _, address := range addresses {
		mail.Recipients = []string{address}
		if outcome := w.Receive(mail); outcome.Kind != "duplicate" {
			t.Errorf("%+v", outcome)
		}
	}
	mail = w.Mail("m-3", w.Customer.Email, foreign, addresses[1])
	if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
		t.Errorf("%+v", outcome)
	}
	for c, want := range map[string]int{one.ID: 1, two.ID: 2} {
		if got := w.Detail(w.Customer, support.Case{OrgID: w.Org.ID, ID: c}); len(got.Comments) != want {
			t.Errorf("case %d has %d comments, want %d", got.Number, len(got.Comments), want)
		}
	}
}

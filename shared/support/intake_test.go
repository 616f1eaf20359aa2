package support_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

const supportAddress = "support@" + apptest.MailDomain

// mail makes a mail as the receiving worker reads one.
func (w *world) mail(id, from string, recipients ...string) support.Mail {
	return support.Mail{
		Received: support.Received{
			ID: id, RawKey: "mails/" + id, Size: 700, EnvelopeFrom: from, Recipients: recipients, SourceAddress: "203.0.113.9", Time: w.Clock.Now().Unix(),
		},
		From: from, FromCount: 1, Subject: "Re: No Wi-Fi", MessageID: id + "@mail.example.net", Text: "Thanks.\n\n> quoted", Reply: "Thanks.",
	}
}

func (w *world) intake(mail support.Mail) support.Outcome {
	w.t.Helper()
	outcome, err := w.Desk.Intake(w.t.Context(), mail)
	w.must(err)
	return outcome
}

func (w *world) quarantine() []support.Quarantined {
	w.t.Helper()
	page, err := w.Desk.QuarantinedMails(w.t.Context(), w.Operator(), 1000, "")
	w.must(err)
	return page.Mails
}

func TestEveryReasonToKeepAMailOut(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	answer := w.replyTo(w.customer, c, "")
	letter, err := w.Desk.Letter(t.Context(), support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID})
	w.must(err)
	installer := w.Person(w.Org.Place(), identity.Installer)
	two := w.Grant(w.Another(w.Org.Place(), identity.Write), w.Neighbour.Place(), identity.Helpdesk)
	gone := w.Another(w.Org.Place(), identity.Write)
	answerOfGone := w.replyTo(gone, c, "")
	w.Revoke(gone, w.Org.Place())

	for i, test := range []struct {
		name string
		want support.Reason
		mail support.Mail
		edit func(*support.Mail)
	}{
		{"our own mark", support.FromOurselves, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.Loop = true }},
		{"a delivery report with a valid token", support.FailedDelivery, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.Bounce = true }},
		{"to the envelope sender of a notice", support.FailedDelivery, w.mail("", "mailer-daemon@example.net", letter.Bounce), nil},
		{"two senders", support.OtherSender, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.FromCount = 2 }},
		{"no sender", support.OtherSender, w.mail("", "", answer), func(m *support.Mail) { m.FromCount = 0 }},
		{"another person with access", support.OtherSender, w.mail("", w.agent.Email, answer), nil},
		{"no sender to the support address", support.UnknownSender, w.mail("", "", supportAddress), func(m *support.Mail) { m.FromCount = 0 }},
		{"a forged token", support.ForgedToken, w.mail("", w.customer.Email, "reply+aaaa@"+apptest.MailDomain), nil},
		{"automatic, no case", support.AutoWithout, w.mail("", w.customer.Email, supportAddress), func(m *support.Mail) { m.Automatic = true }},
		{"nobody known", support.UnknownSender, w.mail("", "nobody@example.net", supportAddress), nil},
		{"may not open cases", support.NoOrg, w.mail("", installer.Email, supportAddress), nil},
		{"agents open cases nowhere", support.NoOrg, w.mail("", w.agent.Email, supportAddress), nil},
		{"two organizations", support.ManyOrgs, w.mail("", two.Email, supportAddress), nil},
		{"a foreign organization", support.NotPermitted, w.mail("", w.customer.Email, "support+"+w.Foreign.ID+"@"+apptest.MailDomain), nil},
		{"an organization that does not exist", support.NotPermitted, w.mail("", w.customer.Email, "support+"+uuid.NewString()+"@"+apptest.MailDomain), nil},
		{"revoked access", support.NotPermitted, w.mail("", gone.Email, answerOfGone), nil},
		{"no address of ours", support.NoDestination, w.mail("", w.customer.Email, "info@example.com"), nil},
		{"postmaster takes nothing in", support.NoDestination, w.mail("", w.customer.Email, "postmaster@"+apptest.MailDomain), nil},
		{"100 attachments", support.TooMuch, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.Attachments = make([]support.MailAttachment, 100) }},
		{"a great attachment", support.TooMuch, w.mail("", w.customer.Email, answer), func(m *support.Mail) {
			m.Attachments = []support.MailAttachment{{Name: "a", Content: make([]byte, support.MaxFileBytes+1)}}
		}},
		{"a virus, of all reasons", support.Virus, w.mail("", w.customer.Email, answer), func(m *support.Mail) {
			m.Verdicts = support.Verdicts{Virus: "FAIL", Spam: "FAIL", DMARC: "FAIL", DMARCPolicy: "reject"}
			m.Loop = true
		}},
		{"spam", support.Spam, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.Verdicts = support.Verdicts{Virus: "PASS", Spam: "FAIL"} }},
		{"forged, to be rejected", support.Forged, w.mail("", w.customer.Email, answer), func(m *support.Mail) {
			m.Verdicts = support.Verdicts{SPF: "PASS", DKIM: "GRAY", DMARC: "FAIL", DMARCPolicy: "reject"}
		}},
		{"forged, to be kept out", support.Forged, w.mail("", w.customer.Email, supportAddress), func(m *support.Mail) {
			m.Verdicts = support.Verdicts{DMARC: "FAIL", DMARCPolicy: "quarantine"}
		}},
		{"text that no comment takes", support.Unreadable, w.mail("", w.customer.Email, answer), func(m *support.Mail) { m.Reply = "a\x00b" }},
	} {
		test.mail.ID = uuid.Must(uuid.NewV7()).String()
		test.mail.MessageID = test.mail.ID + "@mail.example.net"
		if test.edit != nil {
			test.edit(&test.mail)
		}
		if outcome := w.intake(test.mail); outcome.Kind != "quarantine" || outcome.Reason != test.want {
			t.Errorf("%s: got %+v, want %s", test.name, outcome, test.want)
		}
		kept := w.quarantine()
		if len(kept) != i+1 || kept[0].ID != test.mail.ID || kept[0].Reason != test.want || kept[0].Detail == "" {
			t.Errorf("%s: the quarantine has %d mails, the latest is %+v", test.name, len(kept), kept[0])
		}
	}
	if detail := w.detail(w.customer, c); len(detail.Comments) != 0 {
		t.Errorf("comments %+v", detail.Comments)
	}
}

func TestAnAnswerToACaseThatIsGoneIsKeptOut(t *testing.T) {
	w := newWorld(t)
	address := w.replyTo(w.customer, w.newCase(w.customer, "No Wi-Fi"), "")
	empty := apptest.New(t) // a table without the case
	desk := support.NewDesk(empty.Journal, w.Accounts, w.Tenants, w.Files, w.Index, w.Keyring, apptest.MailDomain)
	outcome, err := desk.Intake(t.Context(), w.mail("m-1", w.customer.Email, address))
	if err != nil || outcome.Reason != support.UnknownCase {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func TestAnAnswerFromAnAccountThatIsGoneIsKeptOut(t *testing.T) {
	w := newWorld(t)
	address := w.replyTo(w.customer, w.newCase(w.customer, "No Wi-Fi"), "")
	empty := apptest.New(t) // an installation with the same secret, without the person
	outcome, err := empty.Desk.Intake(t.Context(), w.mail("m-1", w.customer.Email, address))
	if err != nil || outcome.Reason != support.UnknownSender {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func TestAnAnswerBecomesACommentWithItsWholeTextAndFiles(t *testing.T) {
	w := newWorld(t)
	c := w.setStatus(w.agent, w.newCase(w.customer, "No Wi-Fi"), support.Pending)
	mail := w.mail("m-1", w.customer.Email, "friend@example.net", w.replyTo(w.customer, c, ""), supportAddress)
	mail.Attachments = []support.MailAttachment{
		{Name: "../log.txt", ContentType: "text/plain", Content: []byte("hello")}, {Name: "logo.png", ContentType: "image/png", Inline: true, Content: []byte("png")},
	}
	before := len(w.Outbox())
	if outcome := w.intake(mail); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Fatalf("%+v", outcome)
	}
	detail := w.detail(w.customer, c)
	comment := detail.Comments[0]
	if comment.Text != "Thanks." || !comment.Trimmed || comment.Door != "mail" || comment.Automatic || comment.Internal || comment.Author.ID != w.customer.UserID {
		t.Errorf("comment %+v", comment)
	}
	if _, whole, err := w.Desk.Comment(t.Context(), w.customer, c.OrgID, c.ID, comment.ID); err != nil || whole != "Thanks.\n\n> quoted" {
		t.Errorf("whole %q, %v", whole, err)
	}
	if detail.Status != support.Open || detail.Case.Files != 2 || len(detail.Files) != 2 || detail.Files[0].Name != "log.txt" || !detail.Files[1].Inline {
		t.Errorf("case %+v, files %+v", detail.Case, detail.Files)
	}
	if told := w.told(before); len(told) != 0 {
		t.Errorf("told %+v, though nobody else has to do with the case", told)
	}
}

func TestAMailOfAKnownSenderOpensACase(t *testing.T) {
	w := newWorld(t)
	for i, test := range []struct {
		subject, text, recipient string
		wantSubject, wantText    string
	}{
		{"No Wi-Fi", "Since Monday.\n-- \nCarlo", supportAddress, "No Wi-Fi", "Since Monday.\n-- \nCarlo"},
		{"", "", supportAddress, "(no subject)", "(no text)"},
		{"No Wi-Fi", "x", strings.ToUpper("support+" + w.Org.ID + "@" + apptest.MailDomain), "No Wi-Fi", "x"},
		{"No Wi-Fi", "y", "support+sales@" + apptest.MailDomain, "No Wi-Fi", "y"},
	} {
		mail := w.mail("m-"+string(rune('1'+i)), w.customer.Email, test.recipient)
		mail.Subject, mail.Text, mail.Reply = test.subject, test.text, test.text
		before := len(w.Outbox())
		outcome := w.intake(mail)
		if outcome.Kind != "case" {
			t.Fatalf("%+v: %+v", test, outcome)
		}
		got := w.detail(w.customer, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID})
		if got.Subject != test.wantSubject || got.Description != test.wantText || got.Submitter.ID != w.customer.UserID || got.Type != "issue" || got.Severity != 3 {
			t.Errorf("%+v: %+v", test, got)
		}
		if told := w.told(before); len(told) != 1 || told[0].UserID != w.customer.UserID || told[0].Event != support.Created {
			t.Errorf("told %+v, want a receipt", told)
		}
	}
}

func TestAnAgentOpensACaseByNamingTheOrganization(t *testing.T) {
	w := newWorld(t)
	outcome := w.intake(w.mail("m-1", w.agent.Email, "support+"+strings.ReplaceAll(w.Org.ID, "-", "")+"@"+apptest.MailDomain))
	if outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
}

func TestTheSameMailAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	answer := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	question := w.mail("m-2", w.customer.Email, supportAddress)
	question.Text = "Something else."
	for _, first := range []support.Mail{answer, question} {
		w.intake(first)
		again := first
		again.ID, again.RawKey, again.SourceAddress = first.ID+"-again", "mails/again", "203.0.113.99" // came by another way
		if outcome := w.intake(again); outcome.Kind != "duplicate" {
			t.Errorf("%+v", outcome)
		}
	}
	if got := w.detail(w.customer, c); len(got.Comments) != 1 {
		t.Errorf("%d comments", len(got.Comments))
	}
	if lines, err := w.list(w.customer, support.Scope{OrgID: w.Org.ID}, support.Wanted{Limit: 10}); err != nil || len(lines.Lines) != 2 {
		t.Errorf("%d cases, %v", len(lines.Lines), err)
	}
	w.Clock.Pass(91 * 24 * time.Hour)
	if outcome := w.intake(answer); outcome.Kind != "comment" {
		t.Errorf("after 91 days: %+v", outcome)
	}
}

func TestDifferentMailsOfTheSameIDAreDifferentMails(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	variants := []func(*support.Mail){
		func(*support.Mail) {},
		func(m *support.Mail) { m.Text, m.Reply = "Other text.", "Other text." },
		func(m *support.Mail) { m.Subject = "Other" },
		func(m *support.Mail) {
			m.Attachments = []support.MailAttachment{{Name: "a.txt", Content: []byte("1")}}
		},
		func(m *support.Mail) {
			m.Attachments = []support.MailAttachment{{Name: "a.txt", Content: []byte("2")}}
		},
	}
	for i, edit := range variants {
		one := mail
		edit(&one)
		if outcome := w.intake(one); outcome.Kind != "comment" {
			t.Errorf("variant %d: %+v", i, outcome)
		}
	}
	if got := w.detail(w.customer, c); len(got.Comments) != len(variants) {
		t.Errorf("%d comments", len(got.Comments))
	}
}

func TestAnAutomaticAnswerIsACommentThatTellsNobodyAndOpensNothing(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ChangeCase(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.must(err)
	w.setStatus(w.agent, c, support.Solved)
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	mail.Automatic = true
	before := len(w.Outbox())
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	got := w.detail(w.customer, c)
	if got.Status != support.Solved || len(got.Comments) != 1 || !got.Comments[0].Automatic {
		t.Errorf("%s, %+v", got.Status, got.Comments)
	}
	if told := w.told(before); len(told) != 0 {
		t.Errorf("told %+v", told)
	}
}

func TestAnAnswerToANoteStaysANote(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	note := w.note(c, "hush-hush")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	if outcome := w.intake(w.mail("m-1", chief.Email, w.replyTo(chief, c, note.ID))); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if got := w.detail(w.customer, c); len(got.Comments) != 0 {
		t.Errorf("the customer sees %+v", got.Comments)
	}
	if got := w.detail(w.agent, c); len(got.Comments) != 2 || !got.Comments[1].Internal {
		t.Errorf("the agent sees %+v", got.Comments)
	}
}

func TestAMailLongerThanACommentIsTakenInWhole(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for name, text := range map[string]string{
		"a log":  strings.Repeat("2026-01-01 12:00:00 link down\n", 8000),
		"XML":    strings.Repeat("<a&b>\"\n", 36_000),
		"emojis": strings.Repeat("😀", 65_536),
	} {
		for recipient, want := range map[string]string{w.replyTo(w.customer, c, ""): "comment", supportAddress: "case"} {
			mail := w.mail(uuid.NewString(), w.customer.Email, recipient)
			mail.Text, mail.Reply = text, text
			outcome := w.intake(mail)
			if outcome.Kind != want {
				t.Fatalf("%s: %+v, want a %s", name, outcome, want)
			}
			detail := w.detail(w.customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
			shown := detail.Description
			if want == "comment" {
				shown = detail.Comments[len(detail.Comments)-1].Text
			}
			if shown != text && (!strings.HasPrefix(text, strings.TrimSuffix(shown, "\n[…]")) || len(detail.Files) == 0 || detail.Files[len(detail.Files)-1].Size != int64(len(text))) {
				t.Errorf("%s: the %s shows %d of %d bytes, with the files %+v", name, want, len(shown), len(text), detail.Files)
			}
		}
	}
}

func TestAQuotedRestOfAnyLengthIsKept(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	mail.Text = "Thanks.\n" + strings.Repeat("> <a href=\"x\">&amp;</a>\n", 10_000)
	outcome := w.intake(mail)
	if outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	detail := w.detail(w.customer, c)
	_, whole, err := w.Desk.Comment(t.Context(), w.customer, c.OrgID, c.ID, detail.Comments[0].ID)
	w.must(err)
	if whole != mail.Text && (len(detail.Files) != 1 || detail.Files[0].Size != int64(len(mail.Text))) {
		t.Errorf("whole has %d of %d bytes, files %+v", len(whole), len(mail.Text), detail.Files)
	}
}

func TestAMailThatWasKeptOutComesInAfterTheCauseWasMended(t *testing.T) {
	w := newWorld(t)
	newcomer := "nora@rialto.example.net"
	mail := w.mail("0198c0de-0000-7000-8000-000000000001", newcomer, supportAddress)
	if outcome := w.intake(mail); outcome.Reason != support.UnknownSender {
		t.Fatalf("%+v", outcome)
	}
	w.Invited(w.Org.Place(), identity.Write, newcomer, "Nora", "Neri")
	before := len(w.Outbox())
	w.must(w.Desk.ReplayQuarantined(t.Context(), w.Operator(), mail.ID))
	messages := w.Outbox()[before:]
	replayed := apptest.Since[support.Received](w.Trial, before)
	if len(messages) != 1 || messages[0].Queue != "mail-receive" || messages[0].ID == mail.ID || replayed[0].RawKey != mail.RawKey {
		t.Fatalf("messages %+v", messages)
	}
	mail.Received = replayed[0]
	if outcome := w.intake(mail); outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.Desk.ReplayQuarantined(t.Context(), w.Operator(), mail.ID))
	if kept := w.quarantine(); len(kept) != 0 {
		t.Errorf("still kept: %+v", kept)
	}
}

func TestAMailToTheAddressesOfTwoCasesAnswersBoth(t *testing.T) {
	w := newWorld(t)
	one, two := w.newCase(w.customer, "No Wi-Fi"), w.newCase(w.customer, "Slow Wi-Fi")
	foreign := w.replyTo(w.agent, one, "") // made for somebody else
	addresses := []string{w.replyTo(w.customer, one, ""), w.replyTo(w.customer, two, "")}
	mail := w.mail("m-1", w.customer.Email, append(addresses, addresses[0])...)
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	mail.ID = "m-2" // the same one, delivered for each recipient by itself
	for _, address := range addresses {
		mail.Recipients = []string{address}
		if outcome := w.intake(mail); outcome.Kind != "duplicate" {
			t.Errorf("%+v", outcome)
		}
	}
	mail = w.mail("m-3", w.customer.Email, foreign, addresses[1])
	if outcome := w.intake(mail); outcome.Reason != support.OtherSender {
		t.Errorf("%+v", outcome)
	}
	for c, want := range map[string]int{one.ID: 1, two.ID: 2} {
		if got := w.detail(w.customer, support.Case{OrgID: w.Org.ID, ID: c}); len(got.Comments) != want {
			t.Errorf("case %d has %d comments, want %d", got.Number, len(got.Comments), want)
		}
	}
}

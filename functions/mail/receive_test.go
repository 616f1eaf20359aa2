package mail_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/tenant"
)

const answer = `From: Carlo Conti <Carlo@Rialto.example.net>
To: REPLYTO
Subject: Re: [Case 1] No Wi-Fi
Message-ID: <answer-1@rialto.example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

It is still broken – since Monday.

On Mon, 1 Jun 2026 at 10:00, Hanna Horvat wrote:
> Is it still broken?

--b
Content-Type: text/plain; name="../log.txt"
Content-Disposition: attachment; filename="../log.txt"
Content-Transfer-Encoding: base64

aGVsbG8=

--b--
`

// replyTo returns the reply address of the latest mail to the customer.
func (w *world) replyTo() string {
	w.t.Helper()
	mails := w.mails(w.customer.Email)
	address, err := netmail.ParseAddress(mails[len(mails)-1].Get("Reply-To"))
	w.must(err)
	return address.Address
}

func TestAReplyByMailBecomesAComment(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.comment(w.agent, c, "Is it still broken?")
	w.sendAll()
	message := w.arrive("carlo@rialto.example.net", w.replyTo(), strings.Replace(answer, "REPLYTO", w.replyTo(), 1))
	w.must(w.receive.Handle(t.Context(), message)) // delivered twice
	detail := w.detail(c)
	if len(detail.Comments) != 2 || len(detail.Files) != 1 {
		t.Fatalf("%+v", detail)
	}
	comment := detail.Comments[1]
	if comment.Text != "It is still broken – since Monday." || !comment.Trimmed || comment.Door != "mail" ||
		comment.Author.ID != w.customer.UserID {
		t.Errorf("%+v", comment)
	}
	if file := detail.Files[0]; file.Name != "log.txt" || file.Size != 5 || file.ContentType != "text/plain" {
		t.Errorf("%+v", file)
	}
	content, err := w.Notifications.Compose(t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID})
	if err != nil || content.References[len(content.References)-1] != "answer-1@rialto.example.net" {
		t.Errorf("references %v, %v", content.References, err)
	}
}

func TestAMailToTheSupportAddressOpensACase(t *testing.T) {
	w := newWorld(t)
	w.arrive(
		"carlo@rialto.example.net",
		"support@"+apptest.MailDomain,
		"From: carlo@rialto.example.net\nSubject: =?utf-8?q?No_Wi=2DFi?=\nMessage-ID: <1@x.example>\n\nSince Monday.\n",
	)
	page, err := w.cases(w.agent, 10)
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Subject != "No Wi-Fi" {
		t.Fatalf("%+v, %v", page, err)
	}
	w.sendAll()
	if got := w.mails(w.customer.Email); len(got) != 1 || got[0].Get("In-Reply-To") != "<1@x.example>" ||
		got[0].Get("Auto-Submitted") != "auto-replied" {
		t.Errorf("automatic reply %+v", got)
	}
}

func TestMailsThatAreQuarantined(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	reply, supportAddress := w.replyTo(), "support@"+apptest.MailDomain
	own := string(w.mails(w.customer.Email)[0].Raw)
	for i, test := range []struct {
		name, from, to, raw string
		want                intake.Reason
	}{
		{"a mail of our own that returns", "carlo@rialto.example.net", reply, strings.ReplaceAll(own, "\r\n", "\n"), intake.FromOurselves},
		{"a delivery report", "", reply, "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n", intake.FailedDelivery},
		{"no return path, no case", "", supportAddress, "From: carlo@rialto.example.net\nSubject: x\n\nx\n", intake.AutoWithout},
		{"out of office to support", "carlo@rialto.example.net", supportAddress, "From: carlo@rialto.example.net\nAuto-Submitted: auto-replied\nSubject: x\n\nx\n", intake.AutoWithout},
		{"a stranger", "eve@evil.example", supportAddress, "From: eve@evil.example\nSubject: x\n\nx\n", intake.UnknownSender},
		{"the agent's answer to the customer's address", "hanna@adria.example.net", reply, "From: hanna@adria.example.net\nSubject: x\n\nx\n", intake.OtherSender},
		{"two senders", "carlo@rialto.example.net", reply, "From: carlo@rialto.example.net, eve@evil.example\nSubject: x\n\nx\n", intake.OtherSender},
		{"a mail that is costly to parse", "carlo@rialto.example.net", reply, "From: carlo@rialto.example.net\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 600) + "--b--\n", intake.Unreadable},
	} {
		w.arrive(test.from, test.to, test.raw)
		quarantined := w.quarantine()
		if len(quarantined) != i+1 || quarantined[0].Reason != test.want {
			t.Errorf("%s: %d quarantined, the latest %+v, want %s", test.name, len(quarantined), quarantined[0], test.want)
		}
	}
	if detail := w.detail(c); len(detail.Comments) != 0 {
		t.Errorf("comments %+v", detail.Comments)
	}
}

func TestAnOutOfOfficeReplyIsACommentThatNotifiesNobody(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	w.arrive("carlo@rialto.example.net", w.replyTo(),
		"From: carlo@rialto.example.net\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nBack on Monday.\n")
	if detail := w.detail(c); len(detail.Comments) != 1 || !detail.Comments[0].Automatic {
		t.Errorf("%+v", detail.Comments)
	}
	if messages := w.sendAll(); len(messages) != 0 {
		t.Errorf("notified %+v", messages)
	}
}

func TestAMailWhoseFileIsGoneIsQuarantined(t *testing.T) {
	w := newWorld(t)
	inbound, err := received.Mail{
		ID:           "m-1",
		RawKey:       "mail/gone",
		EnvelopeFrom: "carlo@rialto.example.net",
		Recipients:   []string{"support@" + apptest.MailDomain},
	}.QueueMessage()
	w.must(err)
	w.must(w.receive.Handle(t.Context(), inbound))
	if quarantined := w.quarantine(); len(quarantined) != 1 || quarantined[0].Reason != intake.Unreadable {
		t.Errorf("%+v", quarantined)
	}
	wantsInvalid(t, "a text", w.receive.Handle(t.Context(), queue.Message{ID: "m-2", Body: json.RawMessage(`"x"`)}))
}

func TestAMailOfUnknownSizeIsMeasured(t *testing.T) {
	w := newWorld(t)
	raw := "From: eve@evil.example\r\nSubject: x\r\n\r\n" + strings.Repeat("hello\r\n", 1000)
	_, err := w.Files.Put(t.Context(), "mail/ses/abc", strings.NewReader(raw), 1<<20)
	w.must(err)
	message, err := received.Mail{
		ID:           "m-1",
		RawKey:       "mail/ses/abc",
		EnvelopeFrom: "eve@evil.example",
		Recipients:   []string{"support@" + apptest.MailDomain},
	}.QueueMessage()
	w.must(err)
	w.must(w.receive.Handle(t.Context(), message))
	if quarantined := w.quarantine(); len(quarantined) != 1 || quarantined[0].Size != int64(len(raw)) {
		t.Errorf("quarantine %+v, want a mail of %d bytes", quarantined, len(raw))
	}
}

// bounced is a delivery report as Postfix writes it.
const bounced = `From: MAILER-DAEMON@mx.rialto.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: RETURN
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
Message-ID: <report-1@mx.rialto.example.net>

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.rialto.example.net

Final-Recipient: rfc822; carlo@rialto.example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <carlo@rialto.example.net>: no such mailbox

--b
Content-Type: text/rfc822-headers

From: Support <support@portal.example.com>
To: carlo@rialto.example.net
Subject: [Case 1] No Wi-Fi

--b--
`

func TestABounceStopsNotificationsUntilThePersonWrites(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	sent := w.mails(w.customer.Email)
	reply := w.replyTo()
	w.arrive("", sent[0].Envelope.From, strings.ReplaceAll(bounced, "RETURN", sent[0].Envelope.From))
	history := w.detail(c).History
	if len(history) != 1 || !history[0].Internal ||
		!strings.Contains(
			fmt.Sprint(history[0].Fields["mail"].After),
			"550 5.1.1 <carlo@rialto.example.net>: no such mailbox",
		) {
		t.Fatalf("%+v, quarantine %+v", history, w.quarantine())
	}
	w.comment(w.agent, c, "Any news?")
	w.sendAll()
	if after := w.mails(w.customer.Email); len(after) != len(sent) {
		t.Errorf("%d mails were sent to an address that mail does not reach", len(after)-len(sent))
	}
	w.arrive(w.customer.Email, reply, "From: carlo@rialto.example.net\nMessage-ID: <a@x>\nSubject: Re\n\nI am here.\n")
	w.comment(w.agent, c, "Good.")
	w.sendAll()
	if after := w.mails(w.customer.Email); len(after) != len(sent)+1 {
		t.Errorf("%d mails, want one more than %d", len(after), len(sent))
	}
}

func TestAReplyWithoutItsAddressFindsItsCaseByTheMailItRepliesTo(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	sent := w.mails(w.customer.Email)[0]
	w.arrive(
		w.customer.Email,
		w.Threads.SupportAddress(),
		"From: carlo@rialto.example.net\nMessage-ID: <a@x>\nIn-Reply-To: "+sent.Get(
			"Message-ID",
		)+"\nSubject: what ever\n\nFound.\n",
	)
	if comments := w.detail(c).Comments; len(comments) != 1 || comments[0].Text != "Found." {
		t.Errorf("%+v, quarantine %+v", comments, w.quarantine())
	}
}

func TestRecipientsOfARequestAndMislabeledFiles(t *testing.T) {
	w := newWorld(t)
	colleague := w.Another(w.Org.Place(), identity.Write)
	w.arrive(
		w.customer.Email,
		w.Threads.SupportAddress(),
		"From: carlo@rialto.example.net\nTo: support@portal.example.com, "+colleague.Email+`
Cc: Guest <Guest@rialto.example.net>
Subject: Help
Message-ID: <a@x>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b

Please.
--b
Content-Type: application/pdf; name=invoice.pdf
Content-Transfer-Encoding: base64

TVqQAAMAAAAEAAAA//8AALgAAAA=
--b--
`,
	)
	page, err := w.cases(w.customer, 10)
	w.must(err)
	if len(page.Lines) != 1 {
		t.Fatalf("%+v, quarantine %+v", page, w.quarantine())
	}
	detail := w.detail(support.Case{OrgID: w.Org.ID, ID: page.Lines[0].ID})
	if len(detail.Watchers) != 1 || detail.Watchers[0].ID != colleague.UserID || len(detail.CC) != 1 ||
		detail.CC[0].Email != "guest@rialto.example.net" {
		t.Errorf("watchers %+v, copied %+v", detail.Watchers, detail.CC)
	}
	if len(detail.Files) != 1 || !detail.Files[0].Suspicious ||
		detail.Files[0].ContentType != "application/octet-stream" {
		t.Errorf("%+v", detail.Files)
	}
}

func TestTheContentOfAMailBeyondTheBudgetOfTheQuarantineIsDropped(t *testing.T) {
	w := newWorld(t)
	head := "From: x@flood.example\nTo: postmaster@" + apptest.MailDomain + "\nSubject: Flood\n\n"
	message := w.arrive("x@flood.example", "postmaster@"+apptest.MailDomain,
		head+strings.Repeat("flood\n", quarantineDaily/4))
	w.must(w.receive.Handle(t.Context(), message)) // delivered twice
	page, err := w.Intake.QuarantinedMails(t.Context(), w.Operator(), "", 10, "")
	w.must(err)
	if len(page.Mails) != 1 || !page.Mails[0].HeadersOnly || page.Mails[0].Subject != "Flood" {
		t.Fatalf("%+v", page.Mails)
	}
	file, err := w.Files.Open(t.Context(), page.Mails[0].Mail.RawKey)
	w.must(err)
	kept, err := io.ReadAll(file)
	w.must(err)
	w.must(file.Close())
	if got := strings.ReplaceAll(string(kept), "\r\n", "\n"); got != head {
		t.Errorf("kept are %d bytes: %.200q", len(got), got)
	}
}

func TestAMailForWhichItsOrganizationHasNoRoomKeepsItsText(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	w.comment(w.agent, c, "Is it still broken?")
	w.sendAll()
	full := int64(1)
	_, err := w.Storage.ChangeLimits(t.Context(), w.Operator(), c.OrgID, tenant.StorageChange{Bytes: &full})
	w.must(err)
	message := w.arrive("carlo@rialto.example.net", w.replyTo(), strings.Replace(answer, "REPLYTO", w.replyTo(), 1))
	detail := w.detail(c)
	text := detail.Comments[len(detail.Comments)-1].Text
	if !strings.Contains(text, "It is still broken") || !strings.Contains(text, "log.txt (1 KiB)") ||
		len(detail.Files) != 0 {
		t.Errorf("the text is %q, the files are %+v", text, detail.Files)
	}
	var inbound received.Mail
	w.must(json.Unmarshal(message.Body, &inbound))
	if _, err := w.Files.Open(t.Context(), inbound.RawKey); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("the original mail is kept: %v", err)
	}
}

package pages_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// quarantineMail puts a mail into the quarantine and returns the path of its page.
func (s *site) quarantineMail(reason intake.Reason, subject, raw string) string {
	s.t.Helper()
	id := s.Journal.NewID()
	key := "mail/" + id
	_, err := s.Files.Put(s.t.Context(), key, strings.NewReader(raw), 1<<20)
	s.check(err)
	s.check(s.Intake.Quarantine(s.t.Context(), intake.Quarantined{
		ID: id, Reason: reason, Detail: "the score was 9", Size: int64(len(raw)), From: "eva@elsewhere.example.net",
		Subject: subject, Recipients: []string{"support@" + s.services.MailDomain}, Received: s.Clock.Now().Unix(),
		Mail: received.Mail{
			ID: id, RawKey: key, EnvelopeFrom: "bounces@elsewhere.example.net", SourceAddress: "198.51.100.7",
		},
	}))
	return "/platform/quarantine/" + id
}

// mailText returns a raw mail with a file.
func mailText(subject, text string) string {
	return strings.ReplaceAll("From: eva@elsewhere.example.net\nX-Score: 9\nSubject: "+subject+
		"\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"+text+
		"\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nlines\n--b--\n", "\n", "\r\n")
}

// quarantinePages returns each page of the quarantine once.
func (s *site) quarantinePages() []*page {
	operator := s.as(s.Operator())
	mail := s.quarantineMail(intake.Spam, "Win", mailText("Win", "Buy\x1b[31m now <script>"))
	_, err := s.Intake.BlockSender(s.t.Context(), s.Operator(), "spam.example.net", "spam")
	s.check(err)
	blocked := operator.get("/platform/blocked")
	return []*page{
		operator.get("/platform/quarantine"), operator.get("/platform/quarantine?reason=spam"),
		operator.get("/platform/quarantine?reason=virus"), operator.get(mail), operator.get(mail + "/delete"), blocked,
		blocked.submit("/platform/blocked", fields{"entry": "nobody"}), operator.get("/platform/blocked?search=nobody"),
	}
}

func TestAnOperatorReadsAndReleasesAQuarantinedMail(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const list = "/platform/quarantine"
	operator.get(list).wants(http.StatusOK, "There are no mails")
	spam := s.quarantineMail(intake.Spam, "Win a cruise", mailText("Win a cruise", "Buy <b>now</b>."))
	unknown := s.quarantineMail(intake.UnknownSender, "", "From: x@example.net\r\n\r\nHello\r\n")
	operator.get(list).wants(http.StatusOK, "Win a cruise", "Mail without a subject", "eva@elsewhere.example.net", "Spam",
		"Nobody has an account with this address")
	filtered := operator.get(list+"?reason=spam").wants(http.StatusOK, "Win a cruise", "Remove filter Reason: Spam")
	if strings.Contains(filtered.text(), "Mail without a subject") {
		t.Error("the filter lets other reasons pass")
	}
	operator.get(list+"?reason=virus").wants(http.StatusOK, "No mail has this reason", "Show all")
	operator.get(list + "?reason=bad_luck").leadsTo(list)

	page := operator.get(spam).wants(http.StatusOK, "Win a cruise", "judged it spam", "the score was 9",
		"Buy <b>now</b>.", "log.txt", "X-Score: 9", "bounces@elsewhere.example.net", "198.51.100.7")
	raw := operator.get(spam + "/mail").follow()
	if got := raw.header.Get("Content-Disposition"); !strings.Contains(got, ".eml") || !strings.Contains(raw.raw, "X-Score") {
		t.Errorf("the raw mail is served as %q", got)
	}
	before := len(s.Outbox())
	for range 2 { // sent twice, it takes effect once
		page.submit(spam+"/release", nil).leadsTo(list)
	}
	operator.get(list).wants(http.StatusOK, "The mail was released.")
	if sent := s.Outbox()[before:]; len(sent) != 1 || sent[0].Queue != queue.MailReceive {
		t.Errorf("enqueued %+v", sent)
	}
	operator.get(spam).wants(http.StatusNotFound)

	other := operator.get(unknown).wants(http.StatusOK, "cannot be overruled", "Invite the sender")
	for _, form := range all(other.document, "form") {
		if attribute(form, "action") == unknown+"/release" {
			t.Error("a mail is offered for release whose reason cannot be overruled")
		}
	}
	csrf := other.csrf(unknown + "/replay")
	operator.post(unknown+"/release", map[string][]string{"csrf": {csrf}}).
		wants(http.StatusConflict, "The mail stays in the quarantine", "Fix the cause, then replay the mail")
	other.submit(unknown+"/replay", nil).follow().wants(http.StatusOK, "The mail is being processed again.")
}

func TestAQuarantinedMailIsDeletedAfterAQuestion(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	mail := s.quarantineMail(intake.Virus, "Invoice", "Subject: Invoice\r\n\r\nOpen it\r\n")
	asked := operator.get(mail+"/delete").wants(http.StatusOK, "Delete this mail?", "Invoice", "gone for good")
	operator.get(mail).wants(http.StatusOK, "Open it")
	asked.submit(mail+"/delete", nil).follow().wants(http.StatusOK, "The mail was deleted.", "There are no mails")
	asked.submit(mail+"/delete", nil).leadsTo("/platform/quarantine")
	operator.get(mail + "/delete").wants(http.StatusNotFound)
	operator.get(mail + "/mail").wants(http.StatusNotFound)
	operator.get("/platform/quarantine/none").wants(http.StatusNotFound)
}

func TestAMailThatCannotBeReadShowsWhatThereIs(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	nested := "Content-Type: multipart/mixed; boundary=b\r\nX-Odd: yes\r\n\r\n" + strings.Repeat("--b\r\n\r\n\r\n", 600)
	operator.get(s.quarantineMail(intake.Unreadable, "Odd", nested)).
		wants(http.StatusOK, "What is odd about it", "There is no text.", "X-Odd: yes")
	gone := s.quarantineMail(intake.Spam, "Gone", "Subject: Gone\r\n\r\n")
	s.check(s.Files.Delete(t.Context(), "mail/"+strings.TrimPrefix(gone, "/platform/quarantine/")))
	operator.get(gone).wants(http.StatusOK, "The content is gone")
}

func TestTheQuarantineHasPagesAlsoByReason(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	s.quarantineMail(intake.Virus, "The oldest", "Subject: x\r\n\r\n")
	for i := range 52 {
		s.quarantineMail(intake.Spam, fmt.Sprint("Offer ", i), "Subject: x\r\n\r\n")
	}
	first := operator.get("/platform/quarantine").wants(http.StatusOK, "Offer 51", "Page 1")
	if strings.Contains(first.text(), "The oldest") {
		t.Error("the first page has too many mails")
	}
	operator.get(first.next()).wants(http.StatusOK, "The oldest", "Offer 0", "Page 2")
	operator.get("/platform/quarantine?reason=virus").wants(http.StatusOK, "The oldest")
}

func TestSendersAreBlockedAndUnblocked(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const path = "/platform/blocked"
	mail := s.quarantineMail(intake.Spam, "Win", "Subject: Win\r\n\r\n")
	operator.get(mail).wants(http.StatusOK, "Block the sender…")
	form := operator.get(path+"?entry=eva%40elsewhere.example.net").wants(http.StatusOK, "Nobody is blocked")
	if got := form.value("entry"); got != "eva@elsewhere.example.net" {
		t.Errorf("the form has %q", got)
	}
	refused := form.submit(path, fields{"entry": "everybody", "note": "spam"}).
		wants(http.StatusBadRequest, "Nobody was blocked", "Address or domain must be a mail address or a domain")
	if refused.value("note") != "spam" {
		t.Error("the form lost what was typed")
	}
	for range 2 {
		form.submit(path, fields{"note": "spam"}).follow().
			wants(http.StatusOK, "One sender", "eva@elsewhere.example.net", "spam")
	}
	operator.get(path+"?search=eva").wants(http.StatusOK, "One sender")
	operator.get(path+"?search=adam").wants(http.StatusOK, "No blocked sender has “adam”", "Show all")
	listed := operator.get(path)
	unblock := path + "/eva@elsewhere.example.net/unblock"
	listed.submit(unblock, nil).follow().wants(http.StatusOK, "are let in again", "Nobody is blocked")
	listed.submit(unblock, nil).leadsTo(path)
	listed.submit(unblock, fields{"once": ""}).wants(http.StatusNotFound)
}

func TestTheQuarantineIsForOperators(t *testing.T) {
	s := newSite(t)
	mail := s.quarantineMail(intake.Spam, "Win", "Subject: Win\r\n\r\n")
	support, super := s.as(s.SupportAgent()), s.as(s.Person(s.MSP.Place(), identity.Admin))
	customer, stranger := s.as(s.customer), s.stranger()
	for _, path := range []string{"/platform/quarantine", mail, mail + "/mail", mail + "/delete", "/platform/blocked"} {
		support.get(path).wants(http.StatusForbidden)
		super.get(path).wants(http.StatusNotFound)
		customer.get(path).wants(http.StatusNotFound)
		if got := stranger.get(path); got.status != http.StatusSeeOther {
			t.Errorf("%s: a stranger gets %d", path, got.status)
		}
	}
	for _, path := range []string{mail + "/release", mail + "/replay", mail + "/delete", "/platform/blocked",
		"/platform/blocked/example.net/unblock"} {
		for b, status := range map[*browser]int{
			support: http.StatusForbidden, super: http.StatusNotFound, customer: http.StatusNotFound,
		} {
			sent := map[string][]string{"csrf": {b.get("/").csrf("/logout")}, "entry": {"example.net"}}
			b.post(path, sent).wants(status)
		}
	}
	s.as(s.Operator()).get(mail).wants(http.StatusOK, "Win")
}

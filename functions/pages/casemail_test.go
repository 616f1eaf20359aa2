package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// mailed adds a comment by mail to the case, and returns the comment's id.
func (s *site) mailed(raw string) string {
	s.t.Helper()
	id := s.Journal.NewID()
	_, err := s.Files.Put(s.t.Context(), "mail/"+id, strings.NewReader(raw), 1<<16)
	s.check(err)
	reply := s.Threads.Address(mailthread.ReplyLocal, mailthread.Token{
		Number: s.kase.Number, UserID: s.customer.UserID, Kind: mailthread.ReplyKind,
	})
	_, err = s.Intake.Take(s.t.Context(), intake.Mail{
		Mail: received.Mail{ID: id, RawKey: "mail/" + id, Recipients: []string{reply}, Time: s.Clock.Now().Unix()},
		From: s.customer.Email, FromCount: 1, MessageID: id + "@example.com", Text: "It is back.", Reply: "It is back.",
	})
	s.check(err)
	page, err := s.Cases.Comments(s.t.Context(), s.agent, s.Org.ID, s.kase.ID, 1, "")
	s.check(err)
	return page.Comments[0].ID
}

func TestAFormattedMailIsShownWhereItCanDoNothing(t *testing.T) {
	s := newSite(t)
	id := s.mailed("Subject: hello\r\nContent-Type: text/html\r\n\r\n" +
		`<p>It is <b>back</b>.</p><script>alert(1)</script><img src="https://tracker.example.net/x.png">` + "\r\n")
	agent, path := s.as(s.agent), s.casePath()+"/comments/"+id
	agent.get(s.casePath()).wants(http.StatusOK, "It is back.", "by e-mail", "Formatted mail", "Whole mail as a file")
	page := agent.get(path+"/html").wants(http.StatusOK, "Pictures and scripts are left out")
	frame := all(page.document, "iframe")[0]
	if attribute(frame, "sandbox") != "allow-popups" {
		t.Errorf("the frame is %v", frame.Attr)
	}
	content := agent.get(attribute(frame, "src")).wants(http.StatusOK, "It is back .")
	policy := content.header.Get("Content-Security-Policy")
	if strings.Contains(content.raw, "script") || strings.Contains(content.raw, "tracker") ||
		!strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox allow-popups") {
		t.Errorf("the mail is %q under %q", content.raw, policy)
	}
	if raw := agent.get(path + "/mail"); raw.status != http.StatusSeeOther {
		t.Errorf("the whole mail leads to %d", raw.status)
	}
	s.as(s.customer).get(path + "/html/content").wants(http.StatusForbidden)
}

//go:build !aws

package outside

import (
	"testing"
)

// TestWhatTheServerInFrontFoundDecides sends mails as a server in front relays them: with its
// results at the top.
func TestWhatTheServerInFrontFoundDecides(t *testing.T) {
	post := openPostOffice(t)
	w := setUp(t, post, &start(t, post.setting(), "TENANTRY_SENDER_CHECK=relay:mx.adria.example.com").installation)
	const (
		good = "Authentication-Results: mx.adria.example.com; spf=pass smtp.mailfrom=rialto.example.com; dmarc=pass " +
			"header.from=rialto.example.com\n"
		bad = "Authentication-Results: mx.adria.example.com; spf=fail smtp.mailfrom=rialto.example.com; dmarc=fail " +
			"(p=reject) header.from=rialto.example.com\n"
	)
	support := "support@help.example.com"
	w.send(customerEmail, support, bad+good+simple(customerEmail, support, "v1", "Forged", "Let me in."))
	if mail := w.quarantined(1)[0]; text(mail, "reason") != "forged" || text(mail, "subject") != "Forged" {
		t.Errorf("the forged mail is %v", mail)
	}
	w.send(customerEmail, support, good+bad+simple(customerEmail, support, "v2", "Genuine", "Please help."))
	eventually(t, "the genuine mail is a case", func() bool {
		list := w.customer.get("/orgs/" + w.orgID + "/cases").results(t)
		return len(list) == 1 && text(list[0], "subject") == "Genuine"
	})
}

// TestAnAnswerIsTakenThoughItsSenderCannotBeChecked sends mails from this machine, in the name of a
// domain that does not exist: one to an address that only the sender knows, and one that anybody
// could have written.
func TestAnAnswerIsTakenThoughItsSenderCannotBeChecked(t *testing.T) {
	post := openPostOffice(t)
	w := setUp(t, post, &start(t, post.setting(), "TENANTRY_SENDER_CHECK=check").installation)
	path, receipt := w.opened("Checked")
	reply := receipt.replyTo(t)
	w.send(customerEmail, reply, simple(customerEmail, reply, "v3", "Re: Checked", "Please help."))
	w.comments(path, 1)
	w.send(customerEmail, "support@help.example.com",
		simple(customerEmail, "support@help.example.com", "v4", "Perhaps forged", "Please help."))
	mail := w.quarantined(1)[0]
	if text(mail, "reason") != "unauthenticated" {
		t.Errorf("%v", mail)
	}
	w.operator.post("/platform/quarantine/"+text(mail, "id")+"/release", nil)
	eventually(t, "the mail is a case", func() bool {
		list := w.customer.get("/orgs/" + w.orgID + "/cases").results(t)
		return len(list) == 2 && text(list[0], "subject") == "Perhaps forged"
	})
}

package outside

import (
	"strings"
	"testing"
)

// quarantinedMails returns the quarantined mails in the history of a case, as a client sees it.
func quarantinedMails(t *testing.T, c *client, path string) []object {
	t.Helper()
	var mails []object
	history, _ := c.get(path).object(t)["history"].([]any)
	for _, entry := range history {
		if mail, ok := entry.(object)["quarantined_mail"].(object); ok {
			mails = append(mails, mail)
		}
	}
	return mails
}

func TestTheDeskOfACaseReleasesAQuarantinedMail(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("From elsewhere")
	reply := receipt.replyTo(t)
	const private = "carlo.private@elsewhere.example.net"
	w.send(private, reply, simple(private, reply, "k1", "Re: From elsewhere", "From my other address."))
	id := text(w.quarantined(1)[0], "id")
	mails := quarantinedMails(t, w.helpdesk, path)
	if len(mails) != 1 || text(mails[0], "mail_id") != id || text(mails[0], "from") != private ||
		text(mails[0], "reason") != "other_sender" || mails[0]["releasable"] != true {
		t.Fatalf("the agents see %v", mails)
	}
	if mails := quarantinedMails(t, w.customer, path); len(mails) != 0 {
		t.Errorf("the customer sees %v", mails)
	}
	release := path + "/mails/" + id + "/release"
	w.foreigner().call(404, "POST", release, object{})
	w.customer.call(403, "POST", release, object{})
	w.helpdesk.post(release, object{"confirm_sender": true})
	if got := text(w.comments(path, 1)[0], "comment"); got != "From my other address." {
		t.Errorf("the comment is %q", got)
	}
	w.helpdesk.call(404, "POST", release, object{})
	// The address is known from then on, until it is taken away.
	w.send(private, reply, simple(private, reply, "k2", "Re: From elsewhere", "Once more."))
	w.comments(path, 2)
	addresses := "/orgs/" + w.orgID + "/mail_addresses"
	if known := w.helpdesk.get(addresses).results(t); len(known) != 1 || text(known[0], "address") != private ||
		text(known[0], "person_name") != "Carlo Conti" {
		t.Errorf("known are %v", known)
	}
	w.customer.call(403, "GET", addresses, nil)
	w.helpdesk.call(200, "DELETE", addresses+"/"+private, nil)
	w.send(private, reply, simple(private, reply, "k3", "Re: From elsewhere", "And again."))
	w.quarantined(1)
}

func TestAKnownCustomerIsNotShutOut(t *testing.T) {
	w := newWorld(t)
	const support = "support@help.example.com"
	const keeper = "postmaster@rialto.example.com"
	w.invited("/orgs/"+w.orgID, keeper, "write", "Pia", "Porta")
	w.settled()
	receipts := len(w.post.to(customerEmail))
	w.send(customerEmail, support, simple(customerEmail, support, "g1", "Through a group", "It is dark.",
		"List-Id: <help.rialto.example.com>", "Precedence: list", "List-Post: <mailto:help@rialto.example.com>"))
	w.send(customerEmail, support, strings.Replace(
		simple(customerEmail, support, "g2", "Twice in From", "It is dark.", "List-Id: <help.rialto.example.com>"),
		"From: "+customerEmail, "From: "+customerEmail+" <"+customerEmail+">", 1))
	w.send(keeper, support, simple(keeper, support, "g3", "From a postmaster", "It is dark."))
	subjects := map[string]bool{}
	eventually(t, "three cases are open", func() bool {
		for _, one := range w.customer.get("/orgs/" + w.orgID + "/cases").results(t) {
			subjects[text(one, "subject")] = true
		}
		return len(subjects) == 3
	})
	w.settled()
	if after := len(w.post.to(customerEmail)); after != receipts {
		t.Errorf("mails through a group were answered by %d mails", after-receipts)
	}
	w.send(customerEmail, support, simple(customerEmail, support, "g4", "News", "Buy now.",
		"List-Id: <news.shop.example>", "List-Unsubscribe: <https://shop.example/off>",
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
	if got := text(w.quarantined(1)[0], "reason"); got != "automatic" {
		t.Errorf("the newsletter was quarantined as %s", got)
	}
}

func TestAMailToTwoOrganizationsOpensACaseInEach(t *testing.T) {
	w := newWorld(t)
	second := text(w.operator.post("/msps/"+w.mspID+"/orgs", object{"name": "Rialto Bars"}).object(t), "id")
	w.operator.post("/orgs/"+second+"/invites", object{"email": customerEmail, "privileges": []object{{"role": "write"}}})
	token := w.post.await(t, customerEmail, "the invitation", func(l letter) bool {
		return isInvitation(l) && strings.Contains(l.read.Text, "Rialto Bars")
	}).token(t)
	w.customer.post("/invite/verify/"+token, object{})
	address := func(id string) string { return "support+" + strings.ReplaceAll(id, "-", "") + "@help.example.com" }
	raw := simple(customerEmail, address(w.orgID)+", "+address(second), "two", "In both", "It is dark.")
	w.send(customerEmail, address(w.orgID)+","+address(second), raw)
	for _, id := range []string{w.orgID, second} {
		eventually(t, "a case is open in "+id, func() bool {
			return len(w.helpdesk.get("/orgs/"+id+"/cases").results(t)) == 1
		})
	}
}

func TestAnAgentWhoForwardsACustomersMailOpensTheirCase(t *testing.T) {
	w := newWorld(t)
	const support = "support@help.example.com"
	w.send(helpdeskEmail, support, simple(helpdeskEmail, support, "f1", "Fwd: No light",
		"Please see below.\n\n---------- Forwarded message ---------\nFrom: Carlo Conti <"+customerEmail+
			">\nDate: Sun, 22 Nov 2026 at 09:00\nSubject: No light\nTo: Hanna Horvat <"+helpdeskEmail+
			">\n\nThe lobby is dark."))
	eventually(t, "the case is open", func() bool {
		list := w.customer.get("/orgs/" + w.orgID + "/cases").results(t)
		return len(list) == 1 && text(list[0], "subject") == "No light" &&
			strings.Contains(text(w.customer.get("/orgs/"+w.orgID+"/cases/"+text(list[0], "id")).object(t), "description"), "The lobby is dark.")
	})
	w.post.await(t, customerEmail, "word of the case", func(l letter) bool { return strings.Contains(l.read.GetHeader("Subject"), "No light") })
}

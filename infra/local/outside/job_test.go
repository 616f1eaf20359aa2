package outside

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// TestTheMainJob covers everything from the first start to a case answered by mail.
func TestTheMainJob(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"

	created := w.customer.post(cases, object{
		"subject": "The lobby has no Wi-Fi", "description": "Since this morning.\nAll access points blink red.",
		"severity": 2, "component": "access point", "environment": "all",
	}).object(t)
	one := cases + "/" + text(created, "id")
	number := fmt.Sprint(created["case_number"])

	receipt := w.post.await(t, customerEmail, "the receipt", receiptOf(created["case_number"]))
	if got, want := receipt.read.GetHeader("Subject"), "[Case "+number+"] The lobby has no Wi-Fi"; got != want {
		t.Errorf("the receipt's subject is %q, want %q", got, want)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-replied", "Precedence": "bulk", "X-Auto-Response-Suppress": "All",
		"X-Tenantry-Loop": "help.example.com",
	} {
		if got := receipt.read.GetHeader(name); got != want {
			t.Errorf("the receipt's %s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(receipt.read.HTML, w.url+"/orgs/") {
		t.Error("the receipt has no button to the case")
	}

	picture := []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("pixels", 100))
	err := w.deliver(customerEmail, receipt.replyTo(t),
		gmailAnswer(receipt, "Now the restaurant is dark too.\n\nCarlo", "Grüße aus Köln 🌉.png", picture))
	if err != nil {
		t.Fatal(err)
	}
	var detail object
	eventually(t, "the mail is a comment", func() bool {
		detail = w.customer.get(one).object(t)
		return len(detail["comments"].([]any)) == 1
	})
	comment := detail["comments"].([]any)[0].(object)
	if got, want := text(comment, "comment"), "Now the restaurant is dark too.\n\nCarlo"; got != want {
		t.Errorf("the comment is %q, want %q", got, want)
	}
	attachment := comment["attachments"].([]any)[0].(object)
	sum := sha256.Sum256(picture)
	if text(attachment, "file_name") != "Grüße aus Köln 🌉.png" ||
		text(attachment, "sha256") != hex.EncodeToString(sum[:]) {
		t.Errorf("the attachment is %v", attachment)
	}
	link := text(w.customer.get(one+"/attachments/"+text(attachment, "id")).object(t), "content_url")
	if got := newClient(t, w.installation).send("GET", link, "", nil); got.status != 200 ||
		string(got.body) != string(picture) ||
		!strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the download is %d %v with %d bytes", got.status, got.header, len(got.body))
	}
	whole := w.customer.get(one + "/comments/" + text(comment, "id")).object(t)
	if !strings.Contains(text(whole, "whole"), "> ") {
		t.Errorf("the full text has no quoted text: %q", text(whole, "whole"))
	}

	// The helpdesk assigns the case, writes a note and an answer.
	list := w.helpdesk.get("/msps/" + w.mspID + "/cases").results(t)
	if len(list) != 1 || text(list[0], "id") != text(created, "id") {
		t.Fatalf("the helpdesk's list is %v", list)
	}
	self := text(w.helpdesk.get("/self").object(t), "admin_id")
	w.helpdesk.put(one, object{"assignee_id": self, "status": "pending"})
	w.helpdesk.post(one+"/comments", object{"comment": "Their switch again.", "internal": true})
	w.helpdesk.post(one+"/comments", object{"comment": "We restarted the switch. Is it better?"})
	const restarted = "We restarted the switch. Is it better?"
	answer := w.post.await(t, customerEmail, "the answer", saying(restarted))
	if !strings.Contains(answer.read.GetHeader("References"), receipt.read.GetHeader("Message-ID")) ||
		answer.read.GetHeader("In-Reply-To") == "" {
		t.Errorf("the answer refers to %q", answer.read.GetHeader("References"))
	}
	if got := string(w.customer.get(one).body); strings.Contains(got, "Their switch again") ||
		strings.Contains(got, helpdeskEmail) {
		t.Errorf("the customer sees what is internal: %s", got)
	}
	if got := string(w.helpdesk.get(one).body); !strings.Contains(got, "Their switch again") {
		t.Errorf("the helpdesk does not see its note: %s", got)
	}

	// A reply to the answer opens the case again, and notifies the agent.
	if err := w.deliver(customerEmail, answer.replyTo(t), gmailAnswer(answer, "Yes, thank you!", "", nil)); err != nil {
		t.Fatal(err)
	}
	w.post.await(t, helpdeskEmail, "the customer's answer", saying("Yes, thank you!"))
	if got := text(w.customer.get(one).object(t), "status"); got != "open" {
		t.Errorf("after the customer's answer the case is %s, want open", got)
	}
	w.customer.put(one, object{"status": "closed"})
	if got := w.customer.get(cases + "?list=closed").results(t); len(got) != 1 {
		t.Errorf("the list of closed cases is %v", got)
	}

	// Nothing reveals the note to the customer.
	w.settled()
	for _, one := range w.post.to(customerEmail) {
		if strings.Contains(one.read.Text+one.read.HTML, "Their switch again") {
			t.Errorf("the customer's mail contains what is internal: %s", one.raw)
		}
	}

	// The audit log records all of it.
	var actions []string
	for _, entry := range w.customerLogs() {
		if text(entry, "action") == "orgs.visit" {
			continue // that they were here, at a time of its own
		}
		actions = append(
			actions,
			text(entry, "action")+" by "+strings.Fields(text(entry, "admin_name") + " -")[0]+" via "+text(entry,
				"door"),
		)
	}
	want := []string{
		"cases.change by Carlo via api", "mail.receive by Carlo via mail", "cases.comment by Hanna via api",
		"cases.comment by Hanna via api", "cases.change by Hanna via api", "mail.receive by Carlo via mail",
		"cases.create by Carlo via api",
	}
	for i := range want {
		if i >= len(actions) || actions[i] != want[i] {
			t.Fatalf("the audit log is\n%s\nwant at its top\n%s", strings.Join(actions, "\n"), strings.Join(want, "\n"))
		}
	}
}

// customerLogs reads the organization's audit log as an administrator of the MSP would.
func (w *world) customerLogs() []object {
	w.t.Helper()
	return w.operator.get("/orgs/" + w.orgID + "/logs/search?duration=1d").results(w.t)
}

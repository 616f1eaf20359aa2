package outside

import (
	"strings"
	"testing"
)

func TestAnOrganizationBeyondItsStorageKeepsTextsAndRefusesFiles(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Many files")
	org := "/orgs/" + w.orgID
	w.customer.call(403, "PUT", org+"/limits", object{"storage_limit_in_bytes": 1 << 40})
	w.operator.call(200, "PUT", org+"/limits", object{"storage_limit_in_bytes": 1000})
	files := map[string][]byte{"log.txt": []byte(strings.Repeat("x", 900))}
	if answer := w.customer.upload(path+"/attachments", nil, files); answer.status != 200 {
		t.Fatalf("a file within the budget is answered with %d %s", answer.status, answer.body)
	}
	answer := w.customer.upload(path+"/attachments", nil, files)
	if answer.status != 507 || !strings.Contains(string(answer.body), "operator of this portal can raise") {
		t.Errorf("a file beyond the budget is answered with %d %s", answer.status, answer.body)
	}
	raw := simple(customerEmail, receipt.replyTo(t), "beyond", "Re: Many files", "A text has room.")
	w.send(customerEmail, receipt.replyTo(t), raw)
	if got := text(w.comments(path, 1)[0], "comment"); !strings.HasPrefix(got, "A text has room.") ||
		!strings.Contains(got, "storage is full") {
		t.Errorf("the comment is %q", got)
	}
	usage := w.customer.get(org + "/usage").object(t)
	if usage["storage_in_bytes"] != 900.0 || usage["storage_limit_in_bytes"] != 1000.0 {
		t.Errorf("the customer sees %v", usage)
	}
}

func TestNamesBecomeNoLinksInMails(t *testing.T) {
	w := newWorld(t)
	w.operator.call(400, "POST", "/msps/"+w.mspID+"/orgs", object{"name": "Pay at https://evil.example"})
	org := text(w.operator.post("/msps/"+w.mspID+"/orgs", object{"name": "evil.example"}).object(t), "id")
	const guest = "nora@elsewhere.example.net"
	w.operator.post("/orgs/"+org+"/invites", object{"email": guest, "privileges": []object{{"role": "read"}}})
	invitation := w.post.await(t, guest, "the invitation", isInvitation)
	for _, part := range []string{invitation.read.Text, invitation.read.HTML, invitation.read.GetHeader("Subject")} {
		if strings.Contains(part, "evil.example") || !strings.Contains(part, "evil. example") {
			t.Errorf("the invitation has\n%s", part)
		}
	}
}

func TestInvitationsInALoopEnd(t *testing.T) {
	w := newWorld(t)
	refused := 0
	for range 15 {
		answer := w.operator.send("POST", "/api/v1/orgs/"+w.orgID+"/invites", "application/json",
			strings.NewReader(`{"email": "victim@elsewhere.example.net", "privileges": [{"role": "read"}]}`))
		if answer.status == 429 {
			refused++
			continue
		}
		id := text(answer.object(t), "invite_id")
		w.operator.call(200, "DELETE", "/orgs/"+w.orgID+"/invites/"+id, nil)
	}
	if refused != 5 {
		t.Errorf("%d of 15 invitations were refused, want those after the tenth", refused)
	}
}

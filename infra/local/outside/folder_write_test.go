//go:build datafolder && !aws

package outside

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var folderName = flag.String("folder", "", "the name of the data folder to write, as in cedae5c or v1.4.0")

// TestWriteADataFolder fills a data folder with the present program, packs it, and describes what
// is read from it.
func TestWriteADataFolder(t *testing.T) {
	if *folderName == "" {
		t.Fatal("give the folder a name: -args -folder v1.4.0")
	}
	archive, description := filepath.Join(dataFolders, *folderName+".zip"), filepath.Join(
		dataFolders,
		*folderName+".json",
	)
	for _, path := range []string{archive, description} {
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("%s exists already: data folders never change", path)
		}
	}
	f := &filling{folder: t.TempDir(), began: time.Now().Truncate(time.Second)}
	record := f.fill(t)
	pack(t, filepath.Join(f.folder, "data"), archive)

	// Describe it with a program that starts on a copy.
	folder := t.TempDir()
	unpack(t, archive, filepath.Join(folder, "data"))
	p := startAt(t, folder, record.Time, nobody())
	f.describe(t, &p.installation, &record)
	text, err := json.Marshal(record)
	if err == nil {
		text = bytes.ReplaceAll(text, []byte(`{"reader":`), []byte("\n"+`{"reader":`)) // one answer per line
		err = os.WriteFile(description, append(text, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d answers are recorded", len(record.Answers))
}

// nobody is the address of a mail server that never answers.
func nobody() string { return "TENANTRY_SMTP_RELAY=smtp://127.0.0.1:9?tls=none" }

func pack(t *testing.T, folder, archive string) {
	t.Helper()
	file, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	writer := zip.NewWriter(file)
	if err := writer.AddFS(os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// filling is a data folder that is being filled.
type filling struct {
	folder string
	began  time.Time
	*world
	post  *postOffice
	admin *client // of the customer's organization
	agent *client // of the platform
	kept  keptFolder
}

// fill fills the folder in three runs of the program: a day's work; an hour later, when service
// levels were breached; and one in which no mail can be sent.
func (f *filling) fill(t *testing.T) keptFolder {
	f.post = openPostOffice(t)
	p := startAt(t, f.folder, f.began, f.post.setting())
	f.world = setUp(t, f.post, &p.installation)
	f.kept = keptFolder{Tokens: map[string]string{}, OrgID: f.orgID, Waiting: "The bar has no Wi-Fi"}
	f.people(t)
	f.settings(t)
	f.cases(t)
	f.mails(t)
	f.jobs(t)
	p.stop()

	p = startAt(t, f.folder, f.began.Add(time.Hour), f.post.setting())
	f.moveTo(&p.installation)
	within(t, time.Minute, "a service level is breached", func() bool {
		for _, one := range f.helpdesk.all("/orgs/" + f.orgID + "/cases?limit=100") {
			level, _ := f.helpdesk.get("/orgs/" + f.orgID + "/cases/" + text(one, "id")).
				object(t)["service_level"].(object)
			if first, _ := level["first_answer"].(object); first["breached_at"] != nil {
				return true
			}
		}
		return false
	})
	f.indexed()
	p.stop()

	p = startAt(t, f.folder, f.began.Add(2*time.Hour), nobody())
	f.moveTo(&p.installation)
	f.customer.post("/orgs/"+f.orgID+"/cases",
		object{"subject": f.kept.Waiting, "description": "Since noon.", "severity": 4})
	eventually(t, "the receipt waits", func() bool {
		for _, queue := range f.operator.get("/platform/queues").results(t) {
			if queue["delayed"].(float64) > 0 {
				return true
			}
		}
		return false
	})
	f.caughtUp(f.customer, "/orgs/"+f.orgID+"/cases")
	f.caughtUp(f.helpdesk, "/msps/"+f.mspID+"/cases")
	p.stop()
	f.kept.Time = f.began.Add(2*time.Hour + time.Minute)
	return f.kept
}

// moveTo continues with a program that was restarted.
func (f *filling) moveTo(i *installation) {
	f.installation = i
	for _, c := range []*client{f.operator, f.helpdesk, f.customer, f.admin, f.agent} {
		c.url = i.url
	}
}

// indexed waits until the queues are empty and everything is indexed.
func (f *filling) indexed() {
	f.settled()
	f.caughtUp(f.customer, "/orgs/"+f.orgID+"/cases")
	f.caughtUp(f.helpdesk, "/msps/"+f.mspID+"/cases")
}

func (f *filling) token(t *testing.T, name string, c *client) {
	t.Helper()
	f.kept.Tokens[name] = text(c.post("/self/apitokens", object{"name": readersToken}).object(t), "key")
}

// people creates MSPs, organizations, and administrators of every role.
func (f *filling) people(t *testing.T) {
	for _, role := range []string{"admin", "write", "read", "installer"} {
		f.invited("/msps/"+f.mspID, role+"@adria.example.com", role, "Ada", "Of "+role)
	}
	for _, role := range []string{"read", "helpdesk", "installer"} {
		f.invited("/orgs/"+f.orgID, role+"@rialto.example.com", role, "Rosa", "Of "+role)
	}
	f.admin = f.invited("/orgs/"+f.orgID, "anna@rialto.example.com", "admin", "Anna", "Amato")
	f.agent = f.invited("/platform", "sven@platform.example.com", "support", "Sven", "Sund")
	foreigner := f.foreigner()
	second := text(f.operator.post("/msps/"+f.mspID+"/orgs", object{"name": "Lido Hotels"}).object(t), "id")
	lisa := f.invited("/orgs/"+second, "lisa@lido.example.com", "write", "Lisa", "Longo")
	lisa.post("/orgs/"+second+"/cases",
		object{"subject": "A question", "description": "How do I add a site?", "type": "question"})
	f.operator.post("/msps/"+f.mspID+"/orgs", object{"name": "Closed Hotels", "support_access": false})
	f.operator.post("/orgs", object{"name": "Without an MSP"})
	for name, c := range map[string]*client{
		"operator": f.operator, "helpdesk": f.helpdesk, "customer": f.customer,
		"admin": f.admin, "agent": f.agent, "foreigner": foreigner,
	} {
		f.token(t, name, c)
	}
	f.customer.post(
		"/self/apitokens",
		object{
			"name":        "for one network",
			"src_ips":     []string{"192.0.2.0/24"},
			"expire_time": f.began.Add(1000 * time.Hour).Unix(),
		},
	)
	used := newClient(t, f.installation)
	used.token = text(f.customer.post("/self/apitokens", object{"name": "used once"}).object(t), "key")
	used.get("/self")
	f.admin.post("/orgs/"+f.orgID+"/invites",
		object{"email": invitedEmail, "privileges": []object{{"role": "read"}}, "hours": 168})
	f.kept.Invitation = f.post.await(t, invitedEmail, "the invitation", isInvitation).token(t)
	f.operator.post("/msps/"+f.mspID+"/invites",
		object{"email": "mila@adria.example.com", "privileges": []object{{"role": "write"}}, "hours": 168})
}

// settings sets up the desks, with service levels, lists and prepared answers, and blocks senders.
func (f *filling) settings(t *testing.T) {
	promised := func(minutes int) object {
		return object{
			"first_answer": object{"minutes": minutes, "warn_at_percent": 50},
			"solution":     object{"minutes": 100 * minutes},
		}
	}
	f.operator.put("/msps/"+f.mspID+"/desk", object{
		"ask_satisfaction": true,
		"solved_days":      3,
		"reopen_days":      10,
		"components": []object{
			{"value": "access point"},
			{"value": "switch", "label": "Switch"},
			{"value": "hub", "retired": true},
		},
		"service_level": object{
			"name": "Gold", "calendar": object{"time_zone": "Europe/Zagreb", "always": true},
			"targets": []object{promised(30), promised(3000), promised(3000), promised(3000)},
		},
	})
	f.operator.put("/platform/desk", object{"solved_days": 5})
	f.operator.post("/msps/"+f.mspID+"/answers",
		object{"name": "Greeting", "text": "Hello {{requester}}, about case {{case_number}}."})
	f.operator.post("/platform/answers", object{"name": "Of the platform", "text": "We look at {{subject}}."})
	f.operator.post("/platform/blocked", object{"entry": "spam@example.net", "note": "advertises"})
	f.operator.post("/platform/blocked", object{"entry": "junk.example"})
}

// create opens a case and returns its path.
func (f *filling) create(t *testing.T, fields object) string {
	t.Helper()
	if fields["description"] == nil {
		fields["description"] = "It does not work. Störung in 東京."
	}
	return "/orgs/" + f.orgID + "/cases/" + text(f.customer.post("/orgs/"+f.orgID+"/cases", fields).object(t), "id")
}

func idIn(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// cases creates cases in every state.
func (f *filling) cases(t *testing.T) {
	agent := text(f.helpdesk.get("/self").object(t), "admin_id")
	answers := f.helpdesk.get("/orgs/" + f.orgID + "/answers").list(t)
	open := f.create(t, object{
		"subject":     "No Wi-Fi in the lobby",
		"severity":    2,
		"component":   "access point",
		"environment": "all",
		"custom_tag":  "winter",
		"version":     "9.1",
		"reason":      "traffic",
		"cc":          []string{"cc@rialto.example.com"},
		"watcher_ids": []string{text(f.admin.get("/self").object(t), "admin_id")},
	})
	f.kept.CaseID = idIn(open)
	f.helpdesk.put(open, object{"assignee_id": agent})
	f.helpdesk.post(open+"/comments", object{"comment": "Their switch again.", "internal": true})
	f.helpdesk.post(open+"/comments", object{"answer_id": text(answers[0], "id")})
	f.upload(t, f.customer, open+"/comments", map[string]string{"comment": "Two files."},
		map[string][]byte{"ap.log": []byte("boot loop"), "Grüße.png": []byte("\x89PNG\r\n\x1a\npixels")})
	f.upload(t, f.customer, open+"/attachments", nil, map[string][]byte{"config.txt": []byte("channel 6")})
	f.upload(t, f.helpdesk, open+"/comments", map[string]string{"comment": "A capture.", "internal": "true"},
		map[string][]byte{"capture.pcap": []byte("packets")})

	f.create(t, object{"subject": "All is dark", "severity": 1, "type": "bug"}) // nobody answers it in time
	for subject, change := range map[string]object{
		"It waits":      {"status": "pending"},
		"It is on hold": {"status": "hold", "return_at": f.began.Add(500 * time.Hour).Unix()},
		"It is solved":  {"status": "solved"},
	} {
		f.helpdesk.put(f.create(t, object{"subject": subject}), change)
	}
	closed := f.create(t, object{"subject": "It is closed"})
	f.helpdesk.post(closed+"/comments", object{"comment": "Done.", "status": "closed"})
	question := f.post.await(t, customerEmail, "the question", saying("/satisfaction?token="))
	_, link, _ := strings.Cut(question.read.Text, "/satisfaction?token=")
	newClient(t, f.installation).post("/satisfaction",
		object{"token": strings.Fields(link)[0], "score": 4, "comment": "It took long."})
	f.create(t, object{"subject": "It goes on", "follows": idIn(closed)})

	archived := f.create(t, object{"subject": "It is archived"})
	f.customer.put(archived, object{"status": "closed"})
	f.customer.post(archived+"/archive", nil)
	deleted := f.create(t, object{"subject": "It is deleted"})
	f.customer.put(deleted, object{"status": "closed"})
	f.admin.call(200, "DELETE", deleted+"?confirmation=DELETE", nil)

	doubled := f.create(t, object{"subject": "It is merged"})
	f.customer.post(doubled+"/comments", object{"comment": "Before the merge."})
	f.helpdesk.post(doubled+"/merge", object{"case_id": idIn(open)})
	two := text(f.customer.post(open+"/comments", object{"comment": "And the bar has none either."}).object(t), "id")
	f.helpdesk.post(open+"/split", object{"comment_id": two, "subject": "It was split off"})
	f.customer.post(open+"/links", object{"case_id": idIn(closed), "kind": "related"})
	f.customer.post("/orgs/"+f.orgID+"/tickets",
		object{"subject": "A ticket", "type": "critical", "comment": "It blinks red."})
}

func (f *filling) upload(t *testing.T, c *client, path string, texts map[string]string, files map[string][]byte) {
	t.Helper()
	if got := c.upload(path, texts, files); got.status != 200 {
		t.Fatalf("%s: %d %s", path, got.status, got.body)
	}
}

// mails sends replies, a case by mail, and mails that are quarantined for many reasons.
func (f *filling) mails(t *testing.T) {
	open, support := "/orgs/"+f.orgID+"/cases/"+f.kept.CaseID, "support@help.example.com"
	receipt := f.post.await(t, customerEmail, "the receipt", receiptOf(f.customer.get(open).object(t)["case_number"]))
	reply := receipt.replyTo(t)
	f.kept.ReplyTo = reply
	before := len(f.customer.get(open).object(t)["comments"].([]any))
	f.send(
		customerEmail,
		reply,
		gmailAnswer(receipt, "Now the restaurant is dark too.",
			"Grüße aus Köln 🌉.png", []byte("\x89PNG\r\n\x1a\nmore pixels")),
	)
	f.comments(open, before+1)
	f.send("", reply,
		simple(customerEmail, reply, "ooo", "Automatic reply", "I am away.", "Auto-Submitted: auto-replied"))
	f.comments(open, before+2)
	f.send(customerEmail, support, simple(customerEmail, support, "new", "By mail", "Please help."))
	f.send("who@example.net", support, simple("who@example.net", support, "k1", "Buy now", "Cheap."))
	f.send("spam@example.net", support, simple("spam@example.net", support, "k2", "Buy more", "Cheap."))
	f.send(customerEmail, support,
		simple(customerEmail, support, "k3", "Report", "Numbers", "Auto-Submitted: auto-generated"))
	f.send(customerEmail, reply,
		simple(customerEmail, reply, "k4", "Re", "Back again", "X-Tenantry-Loop: help.example.com"))
	f.send(helpdeskEmail, reply, simple(helpdeskEmail, reply, "k5", "Re: Mine", "I am not Carlo."))
	f.send(
		customerEmail,
		reply,
		"From: "+customerEmail+"\nTo: "+reply+
			"\nMessage-ID: <parts@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"+
			strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 2000)+"--b--\n",
	)
	eventually(t, "six mails are quarantined",
		func() bool { return len(f.operator.get("/platform/quarantine").results(t)) == 6 })
	eventually(t, "the case by mail is there", func() bool {
		return slices.Contains(subjectsOf(f.customer.all("/orgs/"+f.orgID+"/cases?limit=100")), "By mail")
	})
}

// jobs starts a bulk action of which some targets fail, one over the MSP, and reports.
func (f *filling) jobs(t *testing.T) {
	org, msp := "/orgs/"+f.orgID, "/msps/"+f.mspID
	ids := idsOf(f.customer.all(org + "/cases?limit=100"))
	f.begun(
		f.customer,
		org,
		object{
			"action":     "tag",
			"value":      "summer",
			"cases":      targets(append(ids[:3], "99999999-9999-4999-8999-999999999999")...),
			"request_id": "tag-1",
		},
	)
	f.begun(f.helpdesk, msp,
		object{"action": "assign", "value": "", "cases": []object{{"id": f.kept.CaseID, "org_id": f.orgID}}})
	f.indexed()
	f.ended(f.customer, org+"/reports/"+text(f.customer.post(org+"/reports?severity=3", nil).object(t), "id"))
	f.ended(f.helpdesk, msp+"/reports/"+text(f.helpdesk.post(msp+"/reports?separator=%3B", nil).object(t), "id"))
	f.indexed()
}

// list returns a response that is a JSON array, or whose results are one.
func (a answer) list(t testing.TB) []object {
	t.Helper()
	var entries []object
	if err := json.Unmarshal(a.body, &entries); err != nil {
		return a.results(t)
	}
	return entries
}

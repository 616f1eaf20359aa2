package outside

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// opened opens a case by the API and returns its path and the receipt.
func (w *world) opened(subject string) (string, letter) {
	w.t.Helper()
	created := w.customer.post("/orgs/"+w.orgID+"/cases",
		object{"subject": subject, "description": "It does not work."}).
		object(w.t)
	receipt := w.post.await(w.t, customerEmail, "the receipt", receiptOf(created["case_number"]))
	return "/orgs/" + w.orgID + "/cases/" + text(created, "id"), receipt
}

// comments waits until a case has n comments, and returns them.
func (w *world) comments(path string, n int) []object {
	w.t.Helper()
	var list []object
	eventually(w.t, fmt.Sprintf("%s has %d comments", path, n), func() bool {
		list = nil
		for _, one := range w.customer.get(path).object(w.t)["comments"].([]any) {
			list = append(list, one.(object))
		}
		return len(list) >= n
	})
	if len(list) != n {
		w.t.Fatalf("%s has %d comments, want %d", path, len(list), n)
	}
	return list
}

// quarantined waits until n mails are quarantined, and returns them, the newest first.
func (w *world) quarantined(n int) []object {
	w.t.Helper()
	var list []object
	eventually(w.t, fmt.Sprintf("%d mails are quarantined", n), func() bool {
		list = w.operator.get("/platform/quarantine").results(w.t)
		return len(list) >= n
	})
	if len(list) != n {
		w.t.Fatalf("%d mails are quarantined, want %d: %v", len(list), n, list)
	}
	return list
}

func (w *world) send(from, to, raw string) {
	w.t.Helper()
	if err := w.deliver(from, to, raw); err != nil {
		w.t.Fatal(err)
	}
}

func simple(from, to, id, subject, body string, headers ...string) string {
	return fmt.Sprintf(
		"From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s@mail.example.com>\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n"+
			"%s\n\n%s\n",
		from,
		to,
		subject,
		id,
		strings.Join(append(headers, "MIME-Version: 1.0"), "\n"),
		body,
	)
}

// TestMailsOfRealProgramsBecomeComments sends what mail programs write, and reads the resulting
// comments.
func TestMailsOfRealProgramsBecomeComments(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Mails of all kinds")
	reply := receipt.replyTo(t)
	pixel := "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	for i, mail := range []struct{ name, raw, want, file string }{
		{
			name: "Outlook, HTML alone, with an inline picture",
			raw: "From: Carlo Conti <" + customerEmail + ">\nTo: " + reply +
				"\nSubject: RE: help\nMessage-ID: <o1@outlook.example>\nMIME-Version: 1.0\n" +
				"Content-Type: multipart/related; boundary=R\n\n--R\nContent-Type: text/html; " +
				"charset=\"windows-1252\"\nContent-Transfer-Encoding: quoted-printable\n\n" +
				"<html><body><div class=3D\"WordSection1\"><p>The caf=E9 is dark. See:</p><img " +
				"src=3D\"cid:image001.png@01\"></div>" +
				"<div style=3D\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in " +
				"0in\"><p><b>From:</b> Adria Networks<br><b>Sent:</b> Sunday<br></p></div><p>old " +
				"text</p></body></html>\n" +
				"--R\nContent-Type: image/png; name=\"image001.png\"\nContent-ID: <image001.png@01>\n" +
				"Content-Disposition: inline; filename=\"image001.png\"\nContent-Transfer-Encoding: base64\n\n" +
				pixel + "\n--R--\n",
			want: "The café is dark. See:", file: "image001.png",
		},
		{
			name: "ISO-2022-JP, as older Japanese programs write",
			raw: "From: " + customerEmail + "\nTo: " + reply +
				"\nSubject: =?ISO-2022-JP?B?GyRCJCpMZCQkOWckbyQ7GyhC?=\nMessage-ID: <j1@jp.example>\nMIME-Version: 1.0\n" +
				"Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit\n\n" +
				"\x1b$B$3$s$K$A$O@$3&\x1b(B\n",
			want: "こんにちは世界",
		},
		{
			name: "a file name as in RFC 2231",
			raw: "From: " + customerEmail + "\nTo: " + reply +
				"\nSubject: log\nMessage-ID: <f1@x.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; " +
				"boundary=M\n\n" +
				"--M\nContent-Type: text/plain\n\nHere is the log.\n--M\nContent-Type: text/plain; " +
				"name*0*=UTF-8''%E6%97%A5%E5%BF%97; name*1=.txt\n" +
				"Content-Disposition: attachment; filename*0*=UTF-8''%E6%97%A5%E5%BF%97; filename*1=.txt\n\nline 1\n" +
				"--M--\n",
			want: "Here is the log.", file: "日志.txt",
		},
		{
			name: "Apple Mail, a signature and a quotation",
			raw: simple(customerEmail, reply, "a1", "Re: help",
				"It works again.\n\nSent from my iPhone\n\n> On 22 Nov 2026, at 10:05, Adria Networks "+
					"<support@help.example.com> wrote:\n> \n> We restarted it."),
			want: "It works again.",
		},
	} {
		w.send(customerEmail, reply, mail.raw)
		comments := w.comments(path, i+1)
		got := comments[i]
		if text(got, "comment") != mail.want {
			t.Errorf("%s: the comment is %q, want %q", mail.name, text(got, "comment"), mail.want)
		}
		attachments, _ := got["attachments"].([]any)
		if mail.file == "" != (len(attachments) == 0) ||
			mail.file != "" && text(attachments[0].(object), "file_name") != mail.file {
			t.Errorf("%s: the attachments are %v, want %q", mail.name, attachments, mail.file)
		}
	}
}

func TestAnAttachmentOfTwentyMegabytesArrivesWhole(t *testing.T) {
	alongside(t)
	w := newWorld(t)
	path, receipt := w.opened("A large file")
	content := make([]byte, 20<<20)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	reply := receipt.replyTo(t)
	w.send(
		customerEmail,
		reply,
		"From: "+customerEmail+"\nTo: "+reply+"\nSubject: large\nMessage-ID: <large@x.example>\nMIME-Version: 1.0\n"+
			"Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: text/plain\n\nThe capture.\n--M\n"+
			"Content-Type: application/vnd.tcpdump.pcap\n"+
			"Content-Disposition: attachment; filename=capture.pcap\nContent-Transfer-Encoding: base64\n\n"+
			lines(content)+"\n--M--\n",
	)
	attachment := w.comments(path, 1)[0]["attachments"].([]any)[0].(object)
	if text(attachment, "sha256") != hex.EncodeToString(sum[:]) {
		t.Errorf("the attachment is %v", attachment)
	}
	link := text(w.customer.get(path+"/attachments/"+text(attachment, "id")).object(t), "content_url")
	if got := newClient(t, w.installation).send("GET", link, "", nil); !bytes.Equal(got.body, content) {
		t.Errorf("the download has %d bytes, status %d", len(got.body), got.status)
	}
}

func TestAMailToTheSupportAddressOpensACaseForAKnownSenderOnly(t *testing.T) {
	w := newWorld(t)
	w.send(
		customerEmail,
		"support@help.example.com",
		simple("Carlo <"+strings.ToUpper(customerEmail)+">", "support@help.example.com", "s1",
			"=?UTF-8?Q?Der_Drucker_spinnt_=F0=9F=98=80?=", "Bitte helfen Sie.\n\n-- \nCarlo"),
	)
	var list []object
	eventually(t, "the case is there", func() bool {
		list = w.customer.get("/orgs/" + w.orgID + "/cases").results(t)
		return len(list) == 1
	})
	if text(list[0], "subject") != "Der Drucker spinnt 😀" || text(list[0], "requester") != "Carlo Conti" {
		t.Errorf("the case is %v", list[0])
	}
	w.send("who@example.net", "support@help.example.com",
		simple("who@example.net", "support@help.example.com", "s2", "Buy now", "Cheap."))
	mail := w.quarantined(1)[0]
	if text(mail, "reason") != "unknown_sender" || text(mail, "subject") != "Buy now" {
		t.Errorf("the stranger's mail is %v", mail)
	}
	link := text(w.operator.get("/platform/quarantine/"+text(mail, "id")+"/mail").object(t), "content_url")
	if raw := newClient(t, w.installation).send("GET", link, "", nil); raw.status != 200 ||
		!strings.Contains(string(raw.body), "Subject: Buy now") {
		t.Errorf("the raw mail is %d %q", raw.status, raw.body)
	}
	// Once the stranger has an account, the mail can be released.
	w.invited("/orgs/"+w.orgID, "who@example.net", "write", "Wanda", "Who")
	w.operator.post("/platform/quarantine/"+text(mail, "id")+"/replay", nil)
	eventually(t, "the replayed mail is a case", func() bool {
		return len(w.customer.get("/orgs/"+w.orgID+"/cases").results(t)) == 2
	})
	if left := w.operator.get("/platform/quarantine").results(t); len(left) != 0 {
		t.Errorf("still quarantined: %v", left)
	}
}

func TestTheSameMailTwiceMakesOneComment(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Twice")
	reply := receipt.replyTo(t)
	for range 3 {
		w.send(customerEmail, reply, simple(customerEmail, reply, "same", "Re: Twice", "Only once."))
	}
	w.send(customerEmail, reply, simple(customerEmail, reply, "other", "Re: Twice", "And this."))
	w.comments(path, 2)
	w.settled()
	w.comments(path, 2)
}

func TestNoMailMakesALoop(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Out of office")
	reply := receipt.replyTo(t)
	w.settled()
	before := len(w.post.to(customerEmail))
	w.send(
		"",
		reply,
		simple(customerEmail, reply, "ooo", "Automatic reply: Out of office", "I am away.",
			"Auto-Submitted: auto-replied"),
	)
	if got := w.comments(path, 1)[0]; got["automatic"] != true {
		t.Errorf("the automatic answer is %v", got)
	}
	// On one machine, reports about our own mails come back to the program; on AWS they go to
	// Amazon SES. This one is about a mail that is not ours.
	w.send(
		"",
		"support@help.example.com",
		simple("MAILER-DAEMON@mx.example.net", "support@help.example.com", "dsn", "Undelivered Mail Returned to Sender",
			"550 no such user", "Content-Type: multipart/report; report-type=delivery-status; boundary=D"),
	)
	w.send(customerEmail, reply,
		simple(customerEmail, reply, "own", "Re", "Back again", "X-Tenantry-Loop: help.example.com"))
	w.send(
		customerEmail,
		"support@help.example.com",
		simple(customerEmail, "support@help.example.com", "auto", "Report", "Weekly numbers",
			"Auto-Submitted: auto-generated"),
	)
	reasons := map[string]bool{}
	for _, mail := range w.quarantined(3) {
		reasons[text(mail, "reason")] = true
	}
	for _, want := range []string{"loop", "automatic", "delivery_failure"} {
		if !reasons[want] {
			t.Errorf("no mail was quarantined as %s: %v", want, reasons)
		}
	}
	w.settled()
	w.comments(path, 1)
	if after := len(w.post.to(customerEmail)); after != before {
		t.Errorf("automatic mails caused %d mails", after-before)
	}
}

func TestAnAnswerIsTakenFromThePersonItWasMadeForOnly(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Mine")
	reply := receipt.replyTo(t)
	w.send(helpdeskEmail, reply, simple(helpdeskEmail, reply, "x1", "Re: Mine", "I am not Carlo."))
	var reasons []string
	local, domain, _ := strings.Cut(reply, "@")
	forged := local[:len(local)-1] + map[bool]string{true: "a", false: "b"}[local[len(local)-1] != 'a'] + "@" + domain
	if err := w.deliver(customerEmail, forged, simple(customerEmail, forged, "x2", "Re: Mine", "Forged.")); err == nil {
		reasons = append(reasons, "invalid_token") // the cloud's mail server knows no tokens: it is quarantined
	} else if !strings.Contains(err.Error(), "550") {
		t.Errorf("a forged address is refused with %v", err)
	}
	w.send(customerEmail, reply, simple(customerEmail+", "+helpdeskEmail, reply, "x3", "Re: Mine", "Two senders."))
	want := append(reasons, "other_sender", "other_sender")
	reasons = nil
	for _, mail := range w.quarantined(len(want)) {
		reasons = append(reasons, text(mail, "reason"))
	}
	if slices.Sort(reasons); !slices.Equal(reasons, want) {
		t.Errorf("the reasons are %v, want %v", reasons, want)
	}
	w.send(customerEmail, strings.ToUpper(reply), simple(customerEmail, reply, "x4", "Re: Mine", "It is me."))
	w.comments(path, 1)
}

func TestHostileMailsAreKeptOutAndNothingElseSuffers(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Hostile")
	reply := receipt.replyTo(t)
	header := "From: " + customerEmail + "\nTo: " + reply + "\nMIME-Version: 1.0\n"
	var nested strings.Builder
	for i := range 200 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	w.send(customerEmail, reply, header+"Message-ID: <deep@x>\n"+nested.String()+"Content-Type: text/plain\n\nhello\n")
	parts := strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 2000)
	w.send(customerEmail, reply,
		header+"Message-ID: <parts@x>\nContent-Type: multipart/mixed; boundary=b\n\n"+parts+"--b--\n")
	for _, mail := range w.quarantined(2) {
		if text(mail, "reason") != "unreadable" {
			t.Errorf("quarantined as %s", text(mail, "reason"))
		}
	}
	w.send(customerEmail, reply,
		header+"Message-ID: <lie@x>\nContent-Type: text/plain; charset=utf-8\n\nA lie: \xe9\xff\x00 end\n")
	if got := text(w.comments(path, 1)[0], "comment"); !strings.HasPrefix(got, "A lie: ") ||
		strings.ContainsRune(got, 0) {
		t.Errorf("the mislabeled mail became %q", got)
	}
}

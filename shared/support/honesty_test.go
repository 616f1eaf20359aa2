package support_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestAFileThatLiesAboutItsTypeIsHandedOutAsUnknownBytes(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	program := "MZ\x90\x00\x03\x00\x00\x00"
	for _, test := range []struct {
		name, contentType, content string
		lies                       bool
	}{
		{"a.png", "image/png", program, true},
		{"a.pdf", "application/pdf", "#!/bin/sh\nrm -rf /\n", true},
		{"a.txt", "text/plain", "\x7fELF\x02\x01\x01\x00", true},
		{"a.txt", "text/plain", "  <!DOCTYPE html><script>alert(1)</script>", true},
		{"a.jpg", "image/jpeg", "<svg xmlns='http://www.w3.org/2000/svg' onload='x'>", true},
		{"a.docx", "application/octet-stream", program, true},
		{"a.csv", "text/csv", "\xef\xbb\xbf<html><body>x", true},
		{"a.png", "image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", false},
		{"a.pdf", "application/pdf", "%PDF-1.7\n", false},
		{"a.txt", "text/plain", "MZ is where the link was lost", false},
		{"a.txt", "text/plain", "", false},
		{"setup.exe", "application/octet-stream", program, false},
		{"restart.sh", "text/plain", "#!/bin/sh\n", false},
		{"page.html", "text/html", "<html>", false},
	} {
		file, err := w.Desk.StoreFile(t.Context(), w.customer, c.OrgID, c.ID, test.name, test.contentType, strings.NewReader(test.content))
		w.must(err)
		if want := map[bool]string{true: "application/octet-stream", false: test.contentType}[test.lies]; file.Suspicious != test.lies || file.ContentType != want || file.Size != int64(len(test.content)) {
			t.Errorf("%s as %s with %q: %+v", test.name, test.contentType, test.content, file)
		}
	}
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	mail.Attachments = []support.MailAttachment{{Name: "a.pdf", ContentType: "application/pdf", Suspicious: true, Content: []byte("%PDF")}}
	w.intake(mail)
	if files := w.detail(w.customer, c).Files; len(files) != 1 || !files[0].Suspicious || files[0].ContentType != "application/octet-stream" {
		t.Errorf("%+v", files)
	}
}

func TestAPictureThatComesWithEveryMailIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	logo := support.MailAttachment{Name: "logo.png", ContentType: "image/png", Inline: true, Content: []byte("\x89PNG\r\n\x1a\nlogo")}
	other := support.MailAttachment{Name: "photo.png", ContentType: "image/png", Inline: true, Content: []byte("\x89PNG\r\n\x1a\nphoto")}
	attached := support.MailAttachment{Name: "logo.png", ContentType: "image/png", Content: logo.Content}
	request := w.mail("m-1", w.customer.Email, supportAddress)
	request.Attachments = []support.MailAttachment{logo, logo}
	c := support.Case{OrgID: w.Org.ID, ID: w.intake(request).CaseID}
	address := w.replyTo(w.customer, c, "")
	for i, attachments := range [][]support.MailAttachment{{logo}, {logo, other}, {other, logo, attached}} {
		mail := w.mail("answer-"+string(rune('0'+i)), w.customer.Email, address)
		mail.Attachments = attachments
		if outcome := w.intake(mail); outcome.Kind != "comment" {
			t.Fatalf("%+v", outcome)
		}
	}
	detail := w.detail(w.customer, c)
	if len(detail.Files) != 3 || detail.Case.Files != 3 { // the logo, the photo, the attached one
		t.Errorf("%d files, %d counted: %+v", len(detail.Files), detail.Case.Files, detail.Files)
	}
	if files := detail.Comments[2].Files; len(files) != 3 {
		t.Errorf("the last comment has %+v", files)
	}
	known := map[string]bool{}
	for _, file := range detail.Files {
		known[file.ID] = true
	}
	for _, comment := range detail.Comments {
		for _, file := range comment.Files {
			if !known[file.ID] {
				t.Errorf("%+v is no file of the case", file)
			}
			if _, err := w.Desk.File(t.Context(), w.customer, c.OrgID, c.ID, file.ID); err != nil {
				t.Error(err)
			}
		}
	}
	// A picture of a note does not stand in for one that the customer sees.
	note := w.note(c, "hush-hush")
	hidden := support.MailAttachment{Name: "hidden.png", ContentType: "image/png", Inline: true, Content: []byte("\x89PNG\r\n\x1a\nhidden")}
	internal := w.mail("note", w.agent.Email, w.replyTo(w.agent, c, note.ID))
	internal.Attachments = []support.MailAttachment{hidden}
	w.intake(internal)
	var seen []support.File
	for _, id := range []string{"public", "again"} {
		mail := w.mail(id, w.customer.Email, address)
		mail.Attachments = []support.MailAttachment{hidden}
		w.intake(mail)
		comments := w.detail(w.customer, c).Comments
		seen = append(seen, comments[len(comments)-1].Files...)
	}
	if len(seen) != 2 || seen[0].Internal || seen[0].ID != seen[1].ID {
		t.Errorf("%+v", seen)
	}
}

func TestAMailOfManyPicturesToManyPeopleFitsOneTransaction(t *testing.T) {
	w := newWorld(t)
	var watchers, cc []string
	for i := range support.MaxWatchers {
		watchers = append(watchers, w.Another(w.Org.Place(), identity.Read).UserID)
		cc = append(cc, fmt.Sprintf("p%d@rialto.example.net", i))
	}
	few := w.newCase(w.customer, "Few")
	many, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{Fields: support.Fields{Subject: "Many"}, Description: "x", WatcherIDs: watchers, CC: cc})
	w.must(err)
	pictures := func(count int) []support.MailAttachment {
		var all []support.MailAttachment
		for i := range count {
			all = append(all, support.MailAttachment{Name: "a.png", ContentType: "image/png", Inline: true, Content: []byte(fmt.Sprint("\x89PNG", i))})
		}
		return all
	}
	for i, test := range []struct {
		recipient string
		pictures  int
		want      string
	}{
		{w.replyTo(w.customer, few, ""), 45, "comment"},
		{w.replyTo(w.customer, few, ""), 61, "quarantine"},
		{w.replyTo(w.customer, many, ""), 5, "comment"},
		{w.replyTo(w.customer, many, ""), 30, "quarantine"},
		{supportAddress, 45, "case"},
	} {
		mail := w.mail(fmt.Sprint("m-", i), w.customer.Email, test.recipient)
		mail.Text, mail.Attachments = strings.Repeat("x", support.MaxText+1), pictures(test.pictures)
		if outcome := w.intake(mail); outcome.Kind != test.want {
			t.Errorf("%d pictures to %s: %+v", test.pictures, test.recipient, outcome)
		}
	}
}

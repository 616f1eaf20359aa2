package attachment_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAFileThatLiesAboutItsTypeIsHandedOutAsUnknownBytes(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
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
		file, err := w.Cases.StoreFile(
			t.Context(),
			w.Customer,
			c.OrgID,
			c.ID,
			test.name,
			test.contentType,
			strings.NewReader(test.content),
		)
		w.Must(err)
		if want := map[bool]string{true: "application/octet-stream", false: test.contentType}[test.lies]; file.Suspicious != test.lies ||
			file.ContentType != want ||
			file.Size != int64(len(test.content)) {
			t.Errorf("%s as %s with %q: %+v", test.name, test.contentType, test.content, file)
		}
	}
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	mail.Attachments = []intake.MailAttachment{
		{Name: "a.pdf", ContentType: "application/pdf", Suspicious: true, Content: []byte("%PDF")},
	}
	w.Receive(mail)
	if files := w.Detail(
		w.Customer,
		c,
	).Files; len(files) != 1 || !files[0].Suspicious ||
		files[0].ContentType != "application/octet-stream" {
		t.Errorf("%+v", files)
	}
}

func TestAPictureThatComesWithEveryMailIsKeptOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	logo := intake.MailAttachment{
		Name:        "logo.png",
		ContentType: "image/png",
		Inline:      true,
		Content:     []byte("\x89PNG\r\n\x1a\nlogo"),
	}
	other := intake.MailAttachment{
		Name:        "photo.png",
		ContentType: "image/png",
		Inline:      true,
		Content:     []byte("\x89PNG\r\n\x1a\nphoto"),
	}
	attached := intake.MailAttachment{Name: "logo.png", ContentType: "image/png", Content: logo.Content}
	request := w.Mail("m-1", w.Customer.Email, supporttest.SupportAddress)
	request.Attachments = []intake.MailAttachment{logo, logo}
	c := support.Case{OrgID: w.Org.ID, ID: w.Receive(request).CaseID}
	address := w.ReplyTo(w.Customer, c, "")
	for i, attachments := range [][]intake.MailAttachment{{logo}, {logo, other}, {other, logo, attached}} {
		mail := w.Mail("answer-"+string(rune('0'+i)), w.Customer.Email, address)
		mail.Attachments = attachments
		if outcome := w.Receive(mail); outcome.Kind != "comment" {
			t.Fatalf("%+v", outcome)
		}
	}
	detail := w.Detail(w.Customer, c)
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
			if _, err := w.Cases.File(t.Context(), w.Customer, c.OrgID, c.ID, file.ID); err != nil {
				t.Error(err)
			}
		}
	}
	// A picture of a note does not replace one that the customer sees.
	note := w.Note(c, "hush-hush")
	hidden := intake.MailAttachment{
		Name:        "hidden.png",
		ContentType: "image/png",
		Inline:      true,
		Content:     []byte("\x89PNG\r\n\x1a\nhidden"),
	}
	internal := w.Mail("note", w.Agent.Email, w.ReplyTo(w.Agent, c, note.ID))
	internal.Attachments = []intake.MailAttachment{hidden}
	w.Receive(internal)
	var seen []attachment.File
	for _, id := range []string{"public", "again"} {
		mail := w.Mail(id, w.Customer.Email, address)
		mail.Attachments = []intake.MailAttachment{hidden}
		w.Receive(mail)
		comments := w.Detail(w.Customer, c).Comments
		seen = append(seen, comments[len(comments)-1].Files...)
	}
	if len(seen) != 2 || seen[0].Internal || seen[0].ID != seen[1].ID {
		t.Errorf("%+v", seen)
	}
}

func TestAMailOfManyPicturesToManyPeopleFitsOneTransaction(t *testing.T) {
	w := supporttest.NewWorld(t)
	var watchers, cc []string
	for i := range support.MaxWatchers / 2 {
		watchers = append(watchers, w.Another(w.Org.Place(), identity.Read).UserID)
		cc = append(cc, fmt.Sprintf("p%d@rialto.example.net", i))
	}
	few := w.NewCase(w.Customer, "Few")
	many, err := w.Cases.Create(
		t.Context(),
		w.Customer,
		w.Org.ID,
		support.NewCase{Fields: desk.Fields{Subject: "Many"}, Description: "x", WatcherIDs: watchers, CC: cc},
	)
	w.Must(err)
	pictures := func(count int) []intake.MailAttachment {
		var all []intake.MailAttachment
		for i := range count {
			all = append(
				all,
				intake.MailAttachment{
					Name:        "a.png",
					ContentType: "image/png",
					Inline:      true,
					Content:     []byte(fmt.Sprint("\x89PNG", i)),
				},
			)
		}
		return all
	}
	for i, test := range []struct {
		recipient string
		pictures  int
		want      string
	}{
		{w.ReplyTo(w.Customer, few, ""), 45, "comment"},
		{w.ReplyTo(w.Customer, few, ""), 61, "quarantine"},
		{w.ReplyTo(w.Customer, many, ""), 5, "comment"},
		{w.ReplyTo(w.Customer, many, ""), 45, "comment"},
		{supporttest.SupportAddress, 45, "case"},
	} {
		mail := w.Mail(fmt.Sprint("m-", i), w.Customer.Email, test.recipient)
		mail.Text, mail.Attachments = strings.Repeat("x", desk.MaxText+1), pictures(test.pictures)
		if outcome := w.Receive(mail); outcome.Kind != test.want {
			t.Errorf("%d pictures to %s: %+v", test.pictures, test.recipient, outcome)
		}
	}
}

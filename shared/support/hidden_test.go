package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/notification"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestCustomersSeeNoNotesNoFilesOfNotesAndNoAddressesOfAgents(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx, org := t.Context(), w.Org.ID
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs = []string{w.Agent.UserID}
	c, err := w.Cases.Create(ctx, w.Agent, org, request) // on behalf of the customer
	w.Must(err)
	_, answer := w.Comment(w.Agent, c, "We look into it.")
	file, err := w.Cases.StoreFile(ctx, w.Agent, org, c.ID, "secret-plan.txt", "text/plain", strings.NewReader("plan"))
	w.Must(err)
	_, note, err := w.Cases.AddComment(
		ctx,
		w.Agent,
		org,
		c.ID,
		support.NewComment{Text: "hush-hush", Internal: true, Files: []attachment.File{file}},
	)
	w.Must(err)
	_, err = w.Cases.Change(ctx, w.Agent, org, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	c = w.SetStatus(w.Agent, c, support.Pending)

	for _, reader := range []identity.Principal{w.Person(w.Org.Place(), identity.Admin), w.Customer} {
		for name, text := range w.Answers(reader, c, answer, note) {
			for _, secret := range []string{"hush-hush", "secret-plan", w.Agent.Email} {
				if strings.Contains(text, secret) {
					t.Errorf("%s shows %s %q: %s", name, reader.Email, secret, text)
				}
			}
		}
		_, err = w.Cases.File(ctx, reader, org, c.ID, file.ID)
		w.Wants(fault.NotFound, err)
		_, _, err = w.Cases.Comment(ctx, reader, org, c.ID, note.ID)
		w.Wants(fault.NotFound, err)
	}
	for name, text := range w.Answers(w.Person(w.MSP.Place(), identity.Admin), c, answer) {
		if !strings.Contains(name, "closed") && !strings.Contains(text, w.Agent.Email) {
			t.Errorf("%s does not show the MSP's people the agent's address: %s", name, text)
		}
	}
	detail := w.Detail(w.Agent, c)
	if len(detail.Comments) != 2 || len(detail.Files) != 1 || !detail.Files[0].Internal {
		t.Errorf("the agent sees %+v", detail)
	}
	if got, err := w.Cases.File(ctx, w.Agent, org, c.ID, file.ID); err != nil || got.Name != "secret-plan.txt" {
		t.Errorf("the agent's file: %+v, %v", got, err)
	}
}

func TestTheResultOfAChangeHidesTheSame(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		c.ID,
		support.CaseChange{AssigneeID: &w.Agent.UserID, WatcherIDs: &[]string{w.Agent.UserID}},
	)
	w.Must(err)
	for name, change := range map[string]func() (support.Case, error){
		"change": func() (support.Case, error) {
			return w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, support.CaseChange{Severity: supporttest.Pointer(2)})
		},
		"change of nothing": func() (support.Case, error) {
			return w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, support.CaseChange{})
		},
		"comment": func() (support.Case, error) {
			after, _, err := w.Cases.AddComment(t.Context(), w.Customer, w.Org.ID, c.ID, support.NewComment{Text: "x"})
			return after, err
		},
	} {
		after, err := change()
		if err != nil || after.Assignee.Email != "" || after.Watchers[0].Email != "" || after.Submitter.Email == "" {
			t.Errorf("%s: %+v, %v", name, after, err)
		}
	}
	if after := w.SetStatus(w.Agent, c, support.Hold); after.Assignee.Email != w.Agent.Email {
		t.Errorf("the agent sees the assignee as %+v", after.Assignee)
	}
}

func TestOnlyAgentsAreNotifiedOfNotes(t *testing.T) {
	w := supporttest.NewWorld(t)
	request := supporttest.Request("No Wi-Fi")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	request.WatcherIDs = []string{chief.UserID}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	before := len(w.Outbox())
	note := w.Note(c, "hush-hush")
	contents := map[string]notification.Notification{}
	for _, notice := range w.Told(before) {
		content, err := w.Notifications.Compose(t.Context(), notice)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		w.Must(err)
		contents[content.Recipient.ID] = content
	}
	if len(contents) != 1 || contents[chief.UserID].Entries[0].Text != "hush-hush" ||
		contents[chief.UserID].Entries[0].CommentID != note.ID {
		t.Errorf("notifications %+v", contents)
	}
}

func TestTheRawMailIsForAgents(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	outcome, err := w.Intake.Take(t.Context(), w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, "")))
	if err != nil || outcome.Kind != "comment" {
		t.Fatalf("%+v, %v", outcome, err)
	}
	comment := w.Detail(w.Agent, c).Comments[0]
	if key, err := w.Cases.RawMail(t.Context(), w.Agent, w.Org.ID, c.ID, comment.ID); err != nil || key != "mails/m-1" {
		t.Errorf("%q, %v", key, err)
	}
	_, err = w.Cases.RawMail(t.Context(), w.Customer, w.Org.ID, c.ID, comment.ID)
	w.Wants(fault.Forbidden, err)
	_, plain := w.Comment(w.Customer, c, "written in the portal")
	_, err = w.Cases.RawMail(t.Context(), w.Agent, w.Org.ID, c.ID, plain.ID)
	w.Wants(fault.NotFound, err)
}

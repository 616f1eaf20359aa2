package support_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// answers gives all that a principal can read of a case, as JSON, by the way it is read.
func (w *world) answers(by identity.Principal, c support.Case, comments ...support.Comment) map[string]string {
	w.t.Helper()
	ctx, found := w.t.Context(), map[string]any{}
	found["detail"] = w.detail(by, c)
	page, err := w.Desk.Comments(ctx, by, c.OrgID, c.ID, 100, "")
	w.must(err)
	found["comments"] = page
	for _, state := range []support.State{support.AreOpen, support.AreClosed} {
		for _, submitter := range []string{"", c.Submitter.ID} {
			lines, err := w.list(by, support.Scope{OrgID: c.OrgID}, support.Wanted{State: state, Filters: of(submitter), Limit: 100})
			w.must(err)
			found["list "+submitter+" "+string(state)] = lines
		}
	}
	for _, comment := range comments {
		one, whole, err := w.Desk.Comment(ctx, by, c.OrgID, c.ID, comment.ID)
		if !fault.Is(err, fault.NotFound) {
			w.must(err)
		}
		found["comment "+comment.ID] = []any{one, whole}
	}
	log, err := w.Audit.At(ctx, by, w.Org.Place(), w.LastDay())
	w.must(err)
	found["audit log"] = log
	texts := map[string]string{}
	for name, answer := range found {
		text, err := json.Marshal(answer)
		w.must(err)
		texts[name] = string(text)
	}
	return texts
}

func TestCustomersSeeNoNotesNoFilesOfNotesAndNoAddressesOfAgents(t *testing.T) {
	w := newWorld(t)
	ctx, org := t.Context(), w.Org.ID
	wanted := request("No Wi-Fi")
	wanted.WatcherIDs = []string{w.agent.UserID}
	c, err := w.Desk.CreateCase(ctx, w.agent, org, wanted) // on behalf of the customer
	w.must(err)
	_, answer := w.comment(w.agent, c, "We look into it.")
	file, err := w.Desk.StoreFile(ctx, w.agent, org, c.ID, "secret-plan.txt", "text/plain", strings.NewReader("plan"))
	w.must(err)
	_, note, err := w.Desk.AddComment(ctx, w.agent, org, c.ID, support.NewComment{Text: "hush-hush", Internal: true, Files: []support.File{file}})
	w.must(err)
	_, err = w.Desk.ChangeCase(ctx, w.agent, org, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.must(err)
	c = w.setStatus(w.agent, c, support.Pending)

	for _, reader := range []identity.Principal{w.Person(w.Org.Place(), identity.Admin), w.customer} {
		for name, text := range w.answers(reader, c, answer, note) {
			for _, secret := range []string{"hush-hush", "secret-plan", w.agent.Email} {
				if strings.Contains(text, secret) {
					t.Errorf("%s shows %s %q: %s", name, reader.Email, secret, text)
				}
			}
		}
		_, err = w.Desk.File(ctx, reader, org, c.ID, file.ID)
		w.Wants(fault.NotFound, err)
		_, _, err = w.Desk.Comment(ctx, reader, org, c.ID, note.ID)
		w.Wants(fault.NotFound, err)
	}
	for name, text := range w.answers(w.Person(w.MSP.Place(), identity.Admin), c, answer) {
		if !strings.Contains(name, "closed") && !strings.Contains(text, w.agent.Email) {
			t.Errorf("%s does not show the MSP's people the agent's address: %s", name, text)
		}
	}
	detail := w.detail(w.agent, c)
	if len(detail.Comments) != 2 || len(detail.Files) != 1 || !detail.Files[0].Internal {
		t.Errorf("the agent sees %+v", detail)
	}
	if got, err := w.Desk.File(ctx, w.agent, org, c.ID, file.ID); err != nil || got.Name != "secret-plan.txt" {
		t.Errorf("the agent's file: %+v, %v", got, err)
	}
}

func TestWhatAChangeAnswersHidesTheSame(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID, WatcherIDs: &[]string{w.agent.UserID}})
	w.must(err)
	for name, change := range map[string]func() (support.Case, error){
		"change": func() (support.Case, error) {
			return w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Severity: pointer(2)})
		},
		"change of nothing": func() (support.Case, error) {
			return w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{})
		},
		"comment": func() (support.Case, error) {
			after, _, err := w.Desk.AddComment(t.Context(), w.customer, w.Org.ID, c.ID, support.NewComment{Text: "x"})
			return after, err
		},
	} {
		after, err := change()
		if err != nil || after.Assignee.Email != "" || after.Watchers[0].Email != "" || after.Submitter.Email == "" {
			t.Errorf("%s: %+v, %v", name, after, err)
		}
	}
	if after := w.setStatus(w.agent, c, support.Hold); after.Assignee.Email != w.agent.Email {
		t.Errorf("the agent sees the assignee as %+v", after.Assignee)
	}
}

func TestNotesAreToldToAgentsOnly(t *testing.T) {
	w := newWorld(t)
	wanted := request("No Wi-Fi")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	wanted.WatcherIDs = []string{chief.UserID}
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
	w.must(err)
	before := len(w.Outbox())
	note := w.note(c, "hush-hush")
	letters := map[string]support.Letter{}
	for _, notice := range w.told(before) {
		letter, err := w.Desk.Letter(t.Context(), notice)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		w.must(err)
		letters[letter.Recipient.ID] = letter
	}
	if len(letters) != 1 || letters[chief.UserID].Text != "hush-hush" || letters[chief.UserID].Notice.CommentID != note.ID {
		t.Errorf("letters %+v", letters)
	}
}

func TestTheRawMailIsForAgents(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	outcome, err := w.Desk.Intake(t.Context(), w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, "")))
	if err != nil || outcome.Kind != "comment" {
		t.Fatalf("%+v, %v", outcome, err)
	}
	comment := w.detail(w.agent, c).Comments[0]
	if key, err := w.Desk.RawMail(t.Context(), w.agent, w.Org.ID, c.ID, comment.ID); err != nil || key != "mails/m-1" {
		t.Errorf("%q, %v", key, err)
	}
	_, err = w.Desk.RawMail(t.Context(), w.customer, w.Org.ID, c.ID, comment.ID)
	w.Wants(fault.Forbidden, err)
	_, plain := w.comment(w.customer, c, "written in the portal")
	_, err = w.Desk.RawMail(t.Context(), w.agent, w.Org.ID, c.ID, plain.ID)
	w.Wants(fault.NotFound, err)
}

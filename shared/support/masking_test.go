package support_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// crowd opens a case with a submitter, a watcher and a copied address of the customer, and with people
// of the provider.
func crowd(w *supporttest.World) support.Case {
	watcher := w.Invited(w.Org.Place(), identity.Read, "wanda@rialto.example.net", "Wanda", "Wójcik")
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs, request.CC = []string{watcher.UserID, w.Agent.UserID}, []string{"copied@rialto.example.net"}
	c, err := w.Cases.Create(w.T.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	w.Comment(w.Customer, c, "Ask for Carlo at the desk.")
	w.Comment(w.Agent, c, "We look into it.")
	_, err = w.Cases.Change(w.T.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	return c
}

func TestAgentsSeeThePeopleOfACaseMaskedWithoutTheConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := crowd(w)
	w.Decide(w.Org, identity.PersonalData, false)
	for _, agent := range []identity.Principal{w.Agent, w.Person(w.MSP.Place(), identity.Admin)} {
		detail := w.Detail(agent, c)
		got := []string{
			detail.Submitter.Name, detail.Submitter.Email, detail.Watchers[0].Name, detail.Watchers[0].Email,
			detail.CC[0].Email, detail.Comments[0].Author.Name, detail.Comments[0].Author.Email,
		}
		want := []string{
			"C… C…", "c…@rialto.example.net", "W… W…", "w…@rialto.example.net", "c…@rialto.example.net",
			"C… C…", "c…@rialto.example.net",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %q", agent.Email, got)
		}
		// The provider's own people, and what people wrote, stay.
		if detail.Watchers[1].Name != "Hanna Horvat" || detail.Assignee.Email != w.Agent.Email ||
			detail.Comments[1].Author.Name != "Hanna Horvat" || detail.Comments[0].Text != "Ask for Carlo at the desk." {
			t.Errorf("%s sees %+v", agent.Email, detail)
		}
	}
	for _, reader := range []identity.Principal{w.Customer, w.Person(w.Org.Place(), identity.Helpdesk)} {
		detail := w.Detail(reader, c)
		if detail.Submitter.Name != "Carlo Conti" || detail.Watchers[0].Name != "Wanda Wójcik" {
			t.Errorf("the organization's own %s sees %+v", reader.Email, detail)
		}
	}
	w.Decide(w.Org, identity.PersonalData, true)
	if detail := w.Detail(w.Agent, c); detail.Submitter.Name != "Carlo Conti" {
		t.Errorf("with the consent the agent sees %+v", detail.Submitter)
	}
}

func TestTheHistoryMasksWhoWatchedAndWasCopied(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := crowd(w)
	w.Decide(w.Org, identity.PersonalData, false)
	_, err := w.Cases.Change(t.Context(), w.Customer, c.OrgID, c.ID,
		support.CaseChange{WatcherIDs: &[]string{w.Agent.UserID}, CC: &[]string{}})
	w.Must(err)
	text := ""
	for _, entry := range w.Detail(w.Agent, c).History {
		text += fmt.Sprintln(entry.Author.Name, entry.Fields)
	}
	for _, name := range []string{"Carlo", "Wanda", "Wójcik", "copied@"} {
		if strings.Contains(text, name) {
			t.Errorf("the history has %q: %s", name, text)
		}
	}
	if !strings.Contains(text, "W… W…, Hanna Horvat") {
		t.Errorf("the history lost who is whose: %s", text)
	}
}

// TestWritingBackWhatWasReadMaskedChangesNothing holds for copied addresses, the only personal data
// of a case that is written as it is read.
func TestWritingBackWhatWasReadMaskedChangesNothing(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := crowd(w)
	w.Decide(w.Org, identity.PersonalData, false)
	before := w.Detail(w.Agent, c)
	cc := []string{before.CC[0].Email}
	after, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc})
	w.Must(err)
	if after.Revision != before.Revision || w.Detail(w.Customer, c).CC[0].Email != "copied@rialto.example.net" {
		t.Errorf("revision %d after %d: %+v", after.Revision, before.Revision, after.CC)
	}
	cc = append(cc, "helper@elsewhere.example.com")
	_, err = w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc})
	w.Must(err)
	if people := w.Detail(w.Customer, c).CC; len(people) != 2 || people[0].Email != "copied@rialto.example.net" {
		t.Errorf("an address was added to a masked one: %+v", people)
	}
	cc = []string{"x…@rialto.example.net"}
	_, err = w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc})
	w.Wants(fault.Invalid, err)
}

func TestMailAsItArrivedNeedsTheConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	outcome, err := w.Intake.Take(t.Context(), w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, "")))
	if err != nil || outcome.Kind != "comment" {
		t.Fatalf("%+v, %v", outcome, err)
	}
	comment := w.Detail(w.Agent, c).Comments[0]
	w.Decide(w.Org, identity.PersonalData, false)
	_, err = w.Cases.RawMail(t.Context(), w.Agent, w.Org.ID, c.ID, comment.ID)
	w.Wants(fault.Forbidden, err)
	if !strings.Contains(err.Error(), "personal_data") {
		t.Errorf("%v does not name the consent", err)
	}
	_, err = w.Cases.OpenRawMail(t.Context(), w.Agent, w.Org.ID, c.ID, comment.ID)
	w.Wants(fault.Forbidden, err)
	_, err = w.Cases.RawRequest(t.Context(), w.Agent, w.Org.ID, c.ID)
	w.Wants(fault.Forbidden, err)
}

func TestAPreparedAnswerHasTheNameThatTheAgentSees(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	answer, err := w.Desk.AddAnswer(t.Context(), chief, w.MSP.ID,
		desk.Answer{Name: "Greeting", Text: "Hello {{requester}}!"})
	w.Must(err)
	for _, granted := range []bool{true, false} {
		w.Decide(w.Org, identity.PersonalData, granted)
		text, err := w.Cases.FilledAnswer(t.Context(), w.Agent, w.Org.ID, c.ID, answer.ID)
		if err != nil || strings.Contains(text, "Carlo Conti") != granted {
			t.Errorf("consent %t: %q, %v", granted, text, err)
		}
	}
}

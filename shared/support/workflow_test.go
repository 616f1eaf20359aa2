package support_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestOnlyDoneCasesAreArchivedAndCanBeRestored(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Archive(t.Context(), w.Customer, w.Org.ID, c.ID)
	w.Wants(fault.Conflict, err)
	w.SetStatus(w.Customer, c, support.Closed)
	for range 2 { // repeating it changes nothing
		c, err = w.Cases.Archive(t.Context(), w.Customer, w.Org.ID, c.ID)
		w.Must(err)
	}
	if !c.Archived || len(w.Listed(lists.Query{State: support.ArchiveList})) != 1 ||
		len(w.Listed(lists.Query{State: support.ClosedList})) != 0 {
		t.Errorf("archived %v", c.Archived)
	}
	if history := w.Detail(w.Agent, c).History; len(history) != 2 {
		t.Errorf("history %+v", history)
	}
	c, err = w.Cases.Unarchive(t.Context(), w.Customer, w.Org.ID, c.ID)
	w.Must(err)
	if c.Archived || len(w.Listed(lists.Query{State: support.ClosedList})) != 1 {
		t.Errorf("still archived %v", c.Archived)
	}
	_, err = w.Cases.Archive(t.Context(), w.Person(w.Org.Place(), identity.Read), w.Org.ID, c.ID)
	w.Wants(fault.Forbidden, err)
}

func TestADeletedCaseIsMissingUntilItIsRestored(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	owner := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Cases.Delete(t.Context(), w.Customer, w.Org.ID, c.ID)
	w.Wants(fault.Forbidden, err)
	for range 2 {
		_, err = w.Cases.Delete(t.Context(), owner, w.Org.ID, c.ID)
		w.Must(err)
	}
	_, err = w.Cases.Detail(t.Context(), w.Agent, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	_, _, err = w.Cases.AddComment(t.Context(), w.Agent, w.Org.ID, c.ID, support.NewComment{Text: "hello"})
	w.Wants(fault.NotFound, err)
	_, err = w.Cases.Archive(t.Context(), w.Agent, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	if len(w.Listed(lists.Query{})) != 0 || len(w.Listed(lists.Query{State: support.DeletedList})) != 1 {
		t.Error("the lists still have it")
	}
	_, err = w.List(w.Customer, lists.Scope{OrgID: w.Org.ID}, lists.Query{State: support.DeletedList, Limit: 10})
	w.Wants(fault.Forbidden, err)
	c, err = w.Cases.Restore(t.Context(), owner, w.Org.ID, c.ID)
	w.Must(err)
	if got := w.Listed(lists.Query{}); len(got) != 1 || w.Detail(w.Agent, c).Description == "" {
		t.Errorf("restored: %v", got)
	}
}

func TestAWaitingCaseReopensAutomatically(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	later := w.Clock.Now().Add(48 * time.Hour).UnixMicro()
	for name, request := range map[string]support.CaseChange{
		"an open case":   {ReturnAt: &later},
		"in the past":    {Status: supporttest.Pointer(support.Pending), ReturnAt: supporttest.Pointer(int64(1))},
		"in a long time": {Status: supporttest.Pointer(support.Pending), ReturnAt: supporttest.Pointer(w.Clock.Now().AddDate(2, 0, 0).UnixMicro())},
	} {
		if _, err := w.Cases.Change(t.Context(), w.Agent, w.Org.ID, c.ID, request); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		c.ID,
		support.CaseChange{Status: supporttest.Pointer(support.Pending), ReturnAt: &later},
	)
	w.Must(err)
	if c.Due != later || w.Detail(w.Customer, c).ReturnAt != 0 {
		t.Errorf("due %d, want %d; the customer sees %d", c.Due, later, w.Detail(w.Customer, c).ReturnAt)
	}
	w.Wake(0)
	w.Clock.Pass(49 * time.Hour)
	before := len(w.Outbox())
	w.Wake(1)
	w.Wake(0)
	d := w.Detail(w.Agent, c)
	if last := d.History[len(d.History)-1]; d.Status != support.Open || d.ReturnAt != 0 || d.Due != 0 ||
		last.Author.Name != "Tenantry" {
		t.Errorf("%+v", d.Case)
	}
	if notices := w.Told(before); len(notices) != 1 || notices[0].UserID != w.Customer.UserID {
		t.Errorf("notified %+v", notices)
	}
}

func TestASolvedCaseClosesAutomaticallyUnlessSomebodyReplies(t *testing.T) {
	w := supporttest.NewWorld(t)
	left, answered := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	w.SetStatus(w.Agent, left, support.Solved)
	w.SetStatus(w.Agent, answered, support.Solved)
	if c, _ := w.Comment(w.Customer, answered, "It is not"); c.Status != support.Open || c.Due != 0 {
		t.Errorf("answered: %+v", c)
	}
	w.Clock.Pass(6 * 24 * time.Hour)
	w.Wake(0)
	w.Clock.Pass(2 * 24 * time.Hour)
	w.Wake(1)
	if c := w.Detail(w.Agent, left); c.Status != support.Closed || c.Closed == 0 {
		t.Errorf("without a reply: %+v", c.Case)
	}
}

func TestAReplyToACaseClosedLongAgoOpensAFollowUp(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.SetStatus(w.Agent, c, support.Closed)
	w.Clock.Pass(13 * 24 * time.Hour)
	if c, _ := w.Comment(w.Customer, c, "Again!"); c.Status != support.Open {
		t.Errorf("after 13 days: %s", c.Status)
	}
	w.SetStatus(w.Agent, c, support.Closed)
	w.Clock.Pass(15 * 24 * time.Hour)
	_, _, err := w.Cases.AddComment(t.Context(), w.Customer, w.Org.ID, c.ID, support.NewComment{Text: "Again!"})
	w.Wants(fault.Conflict, err)
	_, err = w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.CaseChange{Status: supporttest.Pointer(support.Open)},
	)
	w.Wants(fault.Conflict, err)
	request := supporttest.Request("No Wi-Fi, again")
	request.Follows = c.ID
	next, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	old := w.Detail(w.Customer, c)
	if len(next.Links) != 1 || next.Links[0].Kind != support.Follows || len(old.Links) != 1 ||
		old.Links[0] != (support.Link{Kind: support.FollowedBy, CaseID: next.ID, Number: next.Number}) {
		t.Errorf("links %+v and %+v", next.Links, old.Links)
	}
	request.Follows = w.ForeignCase().ID
	_, err = w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Wants(fault.Invalid, err)
	if c, _ := w.Comment(w.Agent, c, "An agent may still write"); c.Status != support.Closed {
		t.Errorf("after an agent's comment: %s", c.Status)
	}
}

func TestCopiedPeopleAreNotifiedAndShownOnTheCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	before := len(w.Outbox())
	request := supporttest.Request("No Wi-Fi")
	request.CC = []string{"Guest@Rialto.example.net", "guest@rialto.example.net"}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	if len(c.CC) != 1 || c.CC[0].Email != "guest@rialto.example.net" {
		t.Fatalf("copies %+v", c.CC)
	}
	notices := w.Told(before)
	if len(notices) != 2 || notices[1].UserID != c.CC[0].ID {
		t.Fatalf("notified %+v", notices)
	}
	content, err := w.Notifications.Compose(t.Context(), notices[1])
	w.Must(err)
	if content.Recipient.Email != "guest@rialto.example.net" || content.Entries[0].Text != "It is broken." {
		t.Errorf("notification %+v", content)
	}
	note := w.Note(c, "secret")
	_, err = w.Notifications.Compose(
		t.Context(),
		support.Notice{
			Kind:      support.NoticeCase,
			Event:     support.Commented,
			OrgID:     c.OrgID,
			CaseID:    c.ID,
			UserID:    c.CC[0].ID,
			CommentID: note.ID,
			Internal:  true,
		},
	)
	w.Wants(fault.NotFound, err)
	for name, address := range map[string]string{"no address": "guest", "one of ours": w.Threads.SupportAddress(), "two": "a@b.example,c@d.example", "of a strange domain": "x@elsewhere.example"} {
		if _, err := w.Cases.Change(
			t.Context(),
			w.Customer,
			w.Org.ID,
			c.ID,
			support.CaseChange{CC: &[]string{address}},
		); !fault.Is(
			err,
			fault.Invalid,
		) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err = w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		c.ID,
		support.CaseChange{CC: &[]string{"x@elsewhere.example"}},
	)
	w.Must(err)
	c, err = w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.CaseChange{CC: &[]string{"x@elsewhere.example", "guest@rialto.example.net"}},
	)
	w.Must(err)
	c, err = w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, support.CaseChange{CC: &[]string{}})
	w.Must(err)
	_, err = w.Notifications.Compose(t.Context(), notices[1])
	w.Wants(fault.NotFound, err)
	if len(c.CC) != 0 {
		t.Errorf("copies %+v", c.CC)
	}
}

func TestAPreparedAnswerIsFilledIn(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Desk.AddAnswer(t.Context(), w.Agent, w.MSP.ID, desk.Answer{Name: "Greeting", Text: "hello"})
	w.Wants(fault.Forbidden, err)
	answer, err := w.Desk.AddAnswer(
		t.Context(),
		owner,
		w.MSP.ID,
		desk.Answer{
			Name: "Greeting",
			Text: "Dear {{requester}} of {{organization}}, case {{case_number}} ({{subject}}): {{agent}} {{other}}",
		},
	)
	w.Must(err)
	c := w.NewCase(w.Customer, "{{agent}}")
	_, comment, err := w.Cases.AddComment(
		t.Context(),
		w.Agent,
		w.Org.ID,
		c.ID,
		support.NewComment{AnswerID: answer.ID, Status: support.Solved},
	)
	w.Must(err)
	if comment.Text == "" ||
		!strings.Contains(
			comment.Text,
			"Dear Carlo Conti of "+w.Org.Name+", case 1 ({{agent}}): Hanna Horvat {{other}}",
		) ||
		w.Detail(w.Agent, c).Status != support.Solved {
		t.Errorf("%q", comment.Text)
	}
	for name, test := range map[string]struct {
		by     identity.Principal
		wanted support.NewComment
		want   fault.Code
	}{
		"a customer":   {w.Customer, support.NewComment{AnswerID: answer.ID}, fault.Forbidden},
		"both":         {w.Agent, support.NewComment{AnswerID: answer.ID, Text: "x"}, fault.Invalid},
		"no such":      {w.Agent, support.NewComment{AnswerID: c.ID}, fault.Invalid},
		"wrong status": {w.Agent, support.NewComment{Text: "x", Status: "gone"}, fault.Invalid},
	} {
		if _, _, err := w.Cases.AddComment(
			t.Context(),
			test.by,
			w.Org.ID,
			c.ID,
			test.wanted,
		); !fault.Is(
			err,
			test.want,
		) {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed, err := w.Desk.ChangeAnswer(
		t.Context(),
		owner,
		w.MSP.ID,
		answer.ID,
		answer.Revision,
		nil,
		supporttest.Pointer("bye"),
	)
	w.Must(err)
	_, err = w.Desk.ChangeAnswer(
		t.Context(),
		owner,
		w.MSP.ID,
		answer.ID,
		answer.Revision,
		nil,
		supporttest.Pointer("bye again"),
	)
	w.Wants(fault.Conflict, err)
	all, err := w.Desk.OrgAnswers(t.Context(), w.Agent, w.Org.ID)
	w.Must(err)
	if len(all) != 1 || all[0] != changed {
		t.Errorf("answers %+v", all)
	}
	_, err = w.Desk.OrgAnswers(t.Context(), w.Customer, w.Org.ID)
	w.Wants(fault.Forbidden, err)
	w.Must(w.Desk.RemoveAnswer(t.Context(), owner, w.MSP.ID, answer.ID))
	w.Wants(fault.NotFound, w.Desk.RemoveAnswer(t.Context(), owner, w.MSP.ID, answer.ID))
}

func TestADeletedCaseCannotBeRestoredAfterItsTime(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, owner := w.NewCase(w.Customer, "No Wi-Fi"), w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Cases.Delete(t.Context(), owner, w.Org.ID, c.ID)
	w.Must(err)
	w.Clock.Pass(support.RestorableFor)
	_, err = w.Cases.Restore(t.Context(), owner, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
}

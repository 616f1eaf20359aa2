package support_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// listed gives the numbers of a list's cases.
func (w *world) listed(filter support.Wanted) []int64 {
	w.t.Helper()
	filter.Limit = 100
	page, err := w.list(w.Person(w.Org.Place(), identity.Admin), support.Scope{OrgID: w.Org.ID}, filter)
	w.must(err)
	var numbers []int64
	for _, line := range page.Lines {
		numbers = append(numbers, line.Number)
	}
	return numbers
}

func TestOnlyWhatIsDoneIsArchivedAndItComesBack(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ArchiveCase(t.Context(), w.customer, w.Org.ID, c.ID)
	w.Wants(fault.Conflict, err)
	w.setStatus(w.customer, c, support.Closed)
	for range 2 { // the second time changes nothing
		c, err = w.Desk.ArchiveCase(t.Context(), w.customer, w.Org.ID, c.ID)
		w.must(err)
	}
	if !c.Archived || len(w.listed(support.Wanted{State: support.InArchive})) != 1 || len(w.listed(support.Wanted{State: support.AreClosed})) != 0 {
		t.Errorf("archived %v", c.Archived)
	}
	if history := w.detail(w.agent, c).History; len(history) != 2 {
		t.Errorf("history %+v", history)
	}
	c, err = w.Desk.UnarchiveCase(t.Context(), w.customer, w.Org.ID, c.ID)
	w.must(err)
	if c.Archived || len(w.listed(support.Wanted{State: support.AreClosed})) != 1 {
		t.Errorf("still archived %v", c.Archived)
	}
	_, err = w.Desk.ArchiveCase(t.Context(), w.Person(w.Org.Place(), identity.Read), w.Org.ID, c.ID)
	w.Wants(fault.Forbidden, err)
}

func TestADeletedCaseIsMissingUntilItIsRestored(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	owner := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Desk.DeleteCase(t.Context(), w.customer, w.Org.ID, c.ID)
	w.Wants(fault.Forbidden, err)
	for range 2 {
		_, err = w.Desk.DeleteCase(t.Context(), owner, w.Org.ID, c.ID)
		w.must(err)
	}
	_, err = w.Desk.Detail(t.Context(), w.agent, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	_, _, err = w.Desk.AddComment(t.Context(), w.agent, w.Org.ID, c.ID, support.NewComment{Text: "hello"})
	w.Wants(fault.NotFound, err)
	_, err = w.Desk.ArchiveCase(t.Context(), w.agent, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	if len(w.listed(support.Wanted{})) != 0 || len(w.listed(support.Wanted{State: support.InBin})) != 1 {
		t.Error("the lists still have it")
	}
	_, err = w.list(w.customer, support.Scope{OrgID: w.Org.ID}, support.Wanted{State: support.InBin, Limit: 10})
	w.Wants(fault.Forbidden, err)
	c, err = w.Desk.RestoreCase(t.Context(), owner, w.Org.ID, c.ID)
	w.must(err)
	if got := w.listed(support.Wanted{}); len(got) != 1 || w.detail(w.agent, c).Description == "" {
		t.Errorf("restored: %v", got)
	}
}

func TestACaseThatWaitsReturnsByItself(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	later := w.Clock.Now().Add(48 * time.Hour).UnixMicro()
	for name, wanted := range map[string]support.CaseChange{
		"an open case":   {ReturnAt: &later},
		"in the past":    {Status: pointer(support.Pending), ReturnAt: pointer(int64(1))},
		"in a long time": {Status: pointer(support.Pending), ReturnAt: pointer(w.Clock.Now().AddDate(2, 0, 0).UnixMicro())},
	} {
		if _, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, wanted); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{Status: pointer(support.Pending), ReturnAt: &later})
	w.must(err)
	if c.Due != later || w.detail(w.customer, c).ReturnAt != 0 {
		t.Errorf("due %d, want %d; the customer sees %d", c.Due, later, w.detail(w.customer, c).ReturnAt)
	}
	w.wake(0)
	w.Clock.Pass(49 * time.Hour)
	before := len(w.Outbox())
	w.wake(1)
	w.wake(0)
	d := w.detail(w.agent, c)
	if last := d.History[len(d.History)-1]; d.Status != support.Open || d.ReturnAt != 0 || d.Due != 0 || last.Author.Name != "Tenantry" {
		t.Errorf("%+v", d.Case)
	}
	if told := w.told(before); len(told) != 1 || told[0].UserID != w.customer.UserID {
		t.Errorf("told %+v", told)
	}
}

// wake does what is due, and wants so many cases to have been looked at.
func (w *world) wake(want int) {
	w.t.Helper()
	if got, err := w.Desk.WakeDue(w.t.Context()); err != nil || got != want {
		w.t.Fatalf("%d cases were due, want %d: %v", got, want, err)
	}
}

func TestASolvedCaseClosesByItselfUnlessSomebodyAnswers(t *testing.T) {
	w := newWorld(t)
	left, answered := w.newCase(w.customer, "No Wi-Fi"), w.newCase(w.customer, "No power")
	w.setStatus(w.agent, left, support.Solved)
	w.setStatus(w.agent, answered, support.Solved)
	if c, _ := w.comment(w.customer, answered, "It is not"); c.Status != support.Open || c.Due != 0 {
		t.Errorf("answered: %+v", c)
	}
	w.Clock.Pass(6 * 24 * time.Hour)
	w.wake(0)
	w.Clock.Pass(2 * 24 * time.Hour)
	w.wake(1)
	if c := w.detail(w.agent, left); c.Status != support.Closed || c.Closed == 0 {
		t.Errorf("left alone: %+v", c.Case)
	}
}

func TestACaseClosedLongAgoIsNotOpenedAgainButFollowed(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	w.setStatus(w.agent, c, support.Closed)
	w.Clock.Pass(13 * 24 * time.Hour)
	if c, _ := w.comment(w.customer, c, "Again!"); c.Status != support.Open {
		t.Errorf("after 13 days: %s", c.Status)
	}
	w.setStatus(w.agent, c, support.Closed)
	w.Clock.Pass(15 * 24 * time.Hour)
	_, _, err := w.Desk.AddComment(t.Context(), w.customer, w.Org.ID, c.ID, support.NewComment{Text: "Again!"})
	w.Wants(fault.Conflict, err)
	_, err = w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Status: pointer(support.Open)})
	w.Wants(fault.Conflict, err)
	wanted := request("No Wi-Fi, again")
	wanted.Follows = c.ID
	next, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
	w.must(err)
	old := w.detail(w.customer, c)
	if len(next.Links) != 1 || next.Links[0].Kind != support.Follows || len(old.Links) != 1 || old.Links[0] != (support.Link{Kind: support.FollowedBy, CaseID: next.ID, Number: next.Number}) {
		t.Errorf("links %+v and %+v", next.Links, old.Links)
	}
	wanted.Follows = w.foreignCase().ID
	_, err = w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
	w.Wants(fault.Invalid, err)
	if c, _ := w.comment(w.agent, c, "An agent may still write"); c.Status != support.Closed {
		t.Errorf("after an agent's comment: %s", c.Status)
	}
}

// foreignCase is a case of another organization.
func (w *world) foreignCase() support.Case {
	w.t.Helper()
	by := w.Person(w.Foreign.Place(), identity.Write)
	c, err := w.Desk.CreateCase(w.t.Context(), by, w.Foreign.ID, request("Elsewhere"))
	w.must(err)
	return c
}

func TestPeopleWithoutAnAccountAreToldAndTheCaseSaysWho(t *testing.T) {
	w := newWorld(t)
	before := len(w.Outbox())
	wanted := request("No Wi-Fi")
	wanted.CC = []string{"Guest@Rialto.example.net", "guest@rialto.example.net"}
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
	w.must(err)
	if len(c.CC) != 1 || c.CC[0].Email != "guest@rialto.example.net" {
		t.Fatalf("copies %+v", c.CC)
	}
	told := w.told(before)
	if len(told) != 2 || told[1].UserID != c.CC[0].ID {
		t.Fatalf("told %+v", told)
	}
	letter, err := w.Desk.Letter(t.Context(), told[1])
	w.must(err)
	if letter.Recipient.Email != "guest@rialto.example.net" || letter.Text != "It is broken." {
		t.Errorf("letter %+v", letter)
	}
	note := w.note(c, "secret")
	_, err = w.Desk.Letter(t.Context(), support.Notice{Kind: support.NoticeCase, Event: support.Commented, OrgID: c.OrgID, CaseID: c.ID, UserID: c.CC[0].ID, CommentID: note.ID, Internal: true})
	w.Wants(fault.NotFound, err)
	for name, address := range map[string]string{"no address": "guest", "one of ours": w.Desk.SupportAddress(), "two": "a@b.example,c@d.example", "of a strange domain": "x@elsewhere.example"} {
		if _, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{CC: &[]string{address}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err = w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{CC: &[]string{"x@elsewhere.example"}})
	w.must(err)
	c, err = w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{CC: &[]string{"x@elsewhere.example", "guest@rialto.example.net"}})
	w.must(err)
	c, err = w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{CC: &[]string{}})
	w.must(err)
	_, err = w.Desk.Letter(t.Context(), told[1])
	w.Wants(fault.NotFound, err)
	if len(c.CC) != 0 {
		t.Errorf("copies %+v", c.CC)
	}
}

func TestAPreparedAnswerIsFilledIn(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Desk.AddAnswer(t.Context(), w.agent, w.MSP.ID, support.Answer{Name: "Greeting", Text: "hello"})
	w.Wants(fault.Forbidden, err)
	answer, err := w.Desk.AddAnswer(t.Context(), owner, w.MSP.ID, support.Answer{Name: "Greeting", Text: "Dear {{requester}} of {{organization}}, case {{case_number}} ({{subject}}): {{agent}} {{other}}"})
	w.must(err)
	c := w.newCase(w.customer, "{{agent}}")
	_, comment, err := w.Desk.AddComment(t.Context(), w.agent, w.Org.ID, c.ID, support.NewComment{AnswerID: answer.ID, Status: support.Solved})
	w.must(err)
	if comment.Text == "" || !strings.Contains(comment.Text, "Dear Carlo Conti of "+w.Org.Name+", case 1 ({{agent}}): Hanna Horvat {{other}}") || w.detail(w.agent, c).Status != support.Solved {
		t.Errorf("%q", comment.Text)
	}
	for name, test := range map[string]struct {
		by     identity.Principal
		wanted support.NewComment
		want   fault.Code
	}{
		"a customer":   {w.customer, support.NewComment{AnswerID: answer.ID}, fault.Forbidden},
		"both":         {w.agent, support.NewComment{AnswerID: answer.ID, Text: "x"}, fault.Invalid},
		"no such":      {w.agent, support.NewComment{AnswerID: c.ID}, fault.Invalid},
		"wrong status": {w.agent, support.NewComment{Text: "x", Status: "gone"}, fault.Invalid},
	} {
		if _, _, err := w.Desk.AddComment(t.Context(), test.by, w.Org.ID, c.ID, test.wanted); !fault.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed, err := w.Desk.ChangeAnswer(t.Context(), owner, w.MSP.ID, answer.ID, answer.Revision, nil, pointer("bye"))
	w.must(err)
	_, err = w.Desk.ChangeAnswer(t.Context(), owner, w.MSP.ID, answer.ID, answer.Revision, nil, pointer("bye again"))
	w.Wants(fault.Conflict, err)
	all, err := w.Desk.OrgAnswers(t.Context(), w.agent, w.Org.ID)
	w.must(err)
	if len(all) != 1 || all[0] != changed {
		t.Errorf("answers %+v", all)
	}
	_, err = w.Desk.OrgAnswers(t.Context(), w.customer, w.Org.ID)
	w.Wants(fault.Forbidden, err)
	w.must(w.Desk.RemoveAnswer(t.Context(), owner, w.MSP.ID, answer.ID))
	w.Wants(fault.NotFound, w.Desk.RemoveAnswer(t.Context(), owner, w.MSP.ID, answer.ID))
}

func TestACaseCannotBeRestoredOnceItsTimeInTheBinIsOver(t *testing.T) {
	w := newWorld(t)
	c, owner := w.newCase(w.customer, "No Wi-Fi"), w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Desk.DeleteCase(t.Context(), owner, w.Org.ID, c.ID)
	w.must(err)
	w.Clock.Pass(support.RestorableFor)
	_, err = w.Desk.RestoreCase(t.Context(), owner, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
}

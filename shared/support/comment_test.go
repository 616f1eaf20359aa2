package support_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

func orgChange(supportAccess *bool) tenant.OrgChange {
	return tenant.OrgChange{SupportAccess: supportAccess}
}

func TestACustomersCommentOpensACaseAgain(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		from, byCustomer, byAgent support.Status
	}{
		{support.Open, support.Open, support.Open},
		{support.Pending, support.Open, support.Pending},
		{support.Hold, support.Hold, support.Hold},
		{support.Solved, support.Open, support.Solved},
		{support.Closed, support.Open, support.Closed},
	} {
		for _, who := range []struct {
			name string
			by   identity.Principal
			want support.Status
		}{{"agent", w.agent, test.byAgent}, {"customer", w.customer, test.byCustomer}} {
			c := w.newCase(w.customer, "No Wi-Fi")
			if test.from != support.Open {
				c = w.setStatus(w.agent, c, test.from)
			}
			after, _ := w.comment(who.by, c, "Any news?")
			if after.Status != who.want || after.Comments != 1 {
				t.Errorf("%s after a comment of the %s: %s with %d comments, want %s", test.from, who.name, after.Status, after.Comments, who.want)
			}
			history := w.detail(w.customer, c).History
			reopened := len(history) > 0 && history[len(history)-1].Fields["status"].After == "open"
			if reopened != (who.want != test.from) {
				t.Errorf("%s, %s: the history is %+v", test.from, who.name, history)
			}
		}
	}
}

func TestNotesAreForAgents(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, _, err := w.Desk.AddComment(t.Context(), w.customer, w.Org.ID, c.ID, support.NewComment{Text: "psst", Internal: true})
	w.Wants(fault.Forbidden, err)
	_, _, err = w.Desk.AddComment(t.Context(), w.Person(w.MSP.Place(), identity.Read), w.Org.ID, c.ID, support.NewComment{Text: "psst", Internal: true})
	w.Wants(fault.Forbidden, err)
	c = w.setStatus(w.agent, c, support.Solved)
	w.note(c, "psst")
	if got := w.detail(w.agent, c); got.Status != support.Solved || len(got.Comments) != 1 || !got.Comments[0].Internal {
		t.Errorf("after a note: %+v", got)
	}
}

func TestAnObserverWhoIsACustomerTooDoesNotWorkAsAnAgent(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	both := w.Grant(w.Person(w.MSP.Place(), identity.Read), w.Org.Place(), identity.Write)
	_, _, err := w.Desk.AddComment(t.Context(), both, w.Org.ID, c.ID, support.NewComment{Text: "psst", Internal: true})
	w.Wants(fault.Forbidden, err)
	hold := support.Hold
	_, err = w.Desk.ChangeCase(t.Context(), both, w.Org.ID, c.ID, support.CaseChange{Status: &hold})
	w.Wants(fault.Forbidden, err)
	_, err = w.Desk.ChangeCase(t.Context(), both, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.Wants(fault.Forbidden, err)
}

func TestTextsOfCommentsAreChecked(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for name, text := range map[string]string{
		"empty": "", "too long": textOf(65_537), "escape character": "\x1b[31m", "not UTF-8": "\xc3",
	} {
		if _, _, err := w.Desk.AddComment(t.Context(), w.customer, w.Org.ID, c.ID, support.NewComment{Text: text}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	w.comment(w.customer, c, "one\r\n\ttwo "+strings.Repeat("š", 100))
}

func TestCommentsAtTheSameMomentAreAllKept(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	const comments = 16
	var wait sync.WaitGroup
	for i := range comments {
		by := w.customer
		if i%2 == 1 {
			by = w.agent
		}
		wait.Go(func() {
			if _, _, err := w.Desk.AddComment(t.Context(), by, w.Org.ID, c.ID, support.NewComment{Text: fmt.Sprintf("comment %02d", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	detail := w.detail(w.agent, c)
	var texts []string
	for _, comment := range detail.Comments {
		texts = append(texts, comment.Text)
	}
	slices.Sort(texts)
	for i := range comments {
		if i >= len(texts) || texts[i] != fmt.Sprintf("comment %02d", i) {
			t.Fatalf("kept: %q", texts)
		}
	}
	if detail.Case.Comments != comments {
		t.Errorf("the case counts %d", detail.Case.Comments)
	}
}

func TestACommentIsToldToEverybodyButItsAuthor(t *testing.T) {
	w := newWorld(t)
	watcher := w.Another(w.Org.Place(), identity.Read)
	wanted := request("No Wi-Fi")
	wanted.WatcherIDs = []string{watcher.UserID}
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
	w.must(err)
	_, err = w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.must(err)
	before := len(w.Outbox())
	_, comment := w.comment(w.agent, c, "We look into it.")
	var told []string
	for _, notice := range w.told(before) {
		told = append(told, notice.UserID)
		if notice.Event != support.Commented || notice.CommentID != comment.ID {
			t.Errorf("notice %+v", notice)
		}
	}
	if want := []string{w.customer.UserID, watcher.UserID}; !slices.Equal(told, want) {
		t.Errorf("told %v, want the submitter and the watcher %v", told, want)
	}
}

func TestCommentsArePagedFromTheNewest(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for i := range 7 {
		if i%3 == 1 {
			w.note(c, fmt.Sprint(i))
		} else {
			w.comment(w.customer, c, fmt.Sprint(i))
		}
	}
	for _, test := range []struct {
		by   identity.Principal
		want string
	}{{w.agent, "6543210"}, {w.customer, "65320"}} {
		got, after := "", ""
		for {
			page, err := w.Desk.Comments(t.Context(), test.by, w.Org.ID, c.ID, 2, after)
			w.must(err)
			for _, comment := range page.Comments {
				got += comment.Text
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if got != test.want {
			t.Errorf("%s reads %s, want %s", test.by.Email, got, test.want)
		}
	}
}

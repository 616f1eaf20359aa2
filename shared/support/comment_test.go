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
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

func orgChange(supportAccess *bool) tenant.OrgChange {
	return tenant.OrgChange{SupportAccess: supportAccess}
}

func TestACustomersCommentReopensACase(t *testing.T) {
	w := supporttest.NewWorld(t)
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
		}{{"agent", w.Agent, test.byAgent}, {"customer", w.Customer, test.byCustomer}} {
			c := w.NewCase(w.Customer, "No Wi-Fi")
			if test.from != support.Open {
				c = w.SetStatus(w.Agent, c, test.from)
			}
			after, _ := w.Comment(who.by, c, "Any news?")
			if after.Status != who.want || after.Comments != 1 {
				t.Errorf(
					"%s after a comment of the %s: %s with %d comments, want %s",
					test.from,
					who.name,
					after.Status,
					after.Comments,
					who.want,
				)
			}
			history := w.Detail(w.Customer, c).History
			reopened := len(history) > 0 && history[len(history)-1].Fields["status"].After == "open"
			if reopened != (who.want != test.from) {
				t.Errorf("%s, %s: the history is %+v", test.from, who.name, history)
			}
		}
	}
}

func TestNotesAreForAgents(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, _, err := w.Cases.AddComment(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.NewComment{Text: "psst", Internal: true},
	)
	w.Wants(fault.Forbidden, err)
	_, _, err = w.Cases.AddComment(
		t.Context(),
		w.Person(w.MSP.Place(), identity.Read),
		w.Org.ID,
		c.ID,
		support.NewComment{Text: "psst", Internal: true},
	)
	w.Wants(fault.Forbidden, err)
	c = w.SetStatus(w.Agent, c, support.Solved)
	w.Note(c, "psst")
	if got := w.Detail(
		w.Agent,
		c,
	); got.Status != support.Solved || len(got.Comments) != 1 ||
		!got.Comments[0].Internal {
		t.Errorf("after a note: %+v", got)
	}
}

func TestAnObserverWhoIsAlsoACustomerIsNotAnAgent(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	both := w.Grant(w.Person(w.MSP.Place(), identity.Read), w.Org.Place(), identity.Write)
	_, _, err := w.Cases.AddComment(t.Context(), both, w.Org.ID, c.ID, support.NewComment{Text: "psst", Internal: true})
	w.Wants(fault.Forbidden, err)
	hold := support.Hold
	_, err = w.Cases.Change(t.Context(), both, w.Org.ID, c.ID, support.CaseChange{Status: &hold})
	w.Wants(fault.Forbidden, err)
	_, err = w.Cases.Change(t.Context(), both, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Wants(fault.Forbidden, err)
}

func TestTextsOfCommentsAreChecked(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for name, text := range map[string]string{
		"empty": "", "too long": supporttest.TextOf(65_537), "escape character": "\x1b[31m", "not UTF-8": "\xc3",
	} {
		if _, _, err := w.Cases.AddComment(
			t.Context(),
			w.Customer,
			w.Org.ID,
			c.ID,
			support.NewComment{Text: text},
		); !fault.Is(
			err,
			fault.Invalid,
		) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	w.Comment(w.Customer, c, "one\r\n\ttwo "+strings.Repeat("š", 100))
}

func TestConcurrentCommentsAreAllStored(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	const comments = 16
	var wait sync.WaitGroup
	for i := range comments {
		by := w.Customer
		if i%2 == 1 {
			by = w.Agent
		}
		wait.Go(func() {
			if _, _, err := w.Cases.AddComment(
				t.Context(),
				by,
				w.Org.ID,
				c.ID,
				support.NewComment{Text: fmt.Sprintf("comment %02d", i)},
			); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	detail := w.Detail(w.Agent, c)
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

func TestEverybodyButItsAuthorIsNotifiedOfAComment(t *testing.T) {
	w := supporttest.NewWorld(t)
	watcher := w.Another(w.Org.Place(), identity.Read)
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs = []string{watcher.UserID}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	_, err = w.Cases.Change(t.Context(), w.Agent, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	before := len(w.Outbox())
	_, comment := w.Comment(w.Agent, c, "We look into it.")
	var recipients []string
	for _, notice := range w.Told(before) {
		recipients = append(recipients, notice.UserID)
		if notice.Event != support.Commented || notice.CommentID != comment.ID {
			t.Errorf("notice %+v", notice)
		}
	}
	if want := []string{w.Customer.UserID, watcher.UserID}; !slices.Equal(recipients, want) {
		t.Errorf("notified %v, want the submitter and the watcher %v", recipients, want)
	}
}

func TestCommentsArePagedFromTheNewest(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for i := range 7 {
		if i%3 == 1 {
			w.Note(c, fmt.Sprint(i))
		} else {
			w.Comment(w.Customer, c, fmt.Sprint(i))
		}
	}
	for _, test := range []struct {
		by   identity.Principal
		want string
	}{{w.Agent, "6543210"}, {w.Customer, "65320"}} {
		got, after := "", ""
		for {
			page, err := w.Cases.Comments(t.Context(), test.by, w.Org.ID, c.ID, 2, after)
			w.Must(err)
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

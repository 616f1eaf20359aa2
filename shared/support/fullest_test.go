package support_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// TestTheFullestChangeFitsOneTransaction comments with as many files, and merges cases, as many people are to be told of as there
// can be.
func TestTheFullestChangeFitsOneTransaction(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	var agents []string
	for range support.MaxDeskIDs {
		agents = append(agents, w.Another(w.MSP.Place(), identity.Helpdesk).UserID)
	}
	_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) { s.DeskIDs = agents })
	w.must(err)
	w.promise(1, 20)
	_, err = w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) { s.DeskIDs = agents })
	w.must(err)
	open := func() support.Case {
		wanted := request("No Wi-Fi")
		for i := range support.MaxWatchers {
			wanted.CC = append(wanted.CC, fmt.Sprintf("guest%d@rialto.example.net", i))
		}
		c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted)
		w.must(err)
		return c
	}
	first, second := open(), open()
	var files []support.File
	for i := range support.MaxFilesAtOnce {
		file, err := w.Desk.StoreFile(t.Context(), w.customer, w.Org.ID, first.ID, fmt.Sprintf("%d.txt", i), "text/plain", strings.NewReader("x"))
		w.must(err)
		files = append(files, file)
	}
	w.Clock.Pass(5 * hour) // so that promises are broken at the same time
	w.setStatus(w.agent, first, support.Pending)
	_, _, err = w.Desk.AddComment(t.Context(), w.customer, w.Org.ID, first.ID, support.NewComment{Text: "See here", Files: files})
	w.must(err)
	_, err = w.Desk.MergeCase(t.Context(), w.agent, w.Org.ID, first.ID, second.ID)
	w.must(err)
	wanted := request("Again")
	wanted.CC = []string{"x@rialto.example.net"}
	watchers := []string{}
	for range support.MaxWatchers {
		watchers = append(watchers, w.Another(w.Org.Place(), identity.Read).UserID)
	}
	wanted.WatcherIDs = watchers
	if _, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted); err == nil {
		t.Error("more people than there is room for are taken")
	}
	if _, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, second.ID, support.CaseChange{WatcherIDs: &watchers}); err == nil {
		t.Error("more people than there is room for are put on a case")
	}
}

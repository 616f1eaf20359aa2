package support_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestTheFullestChangeFitsOneTransaction comments with the maximum number of files, and merges
// cases, with the maximum number of recipients.
func TestTheFullestChangeFitsOneTransaction(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	var agents []string
	for range desk.MaxDeskIDs {
		agents = append(agents, w.Another(w.MSP.Place(), identity.Helpdesk).UserID)
	}
	_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) { s.DeskIDs = agents })
	w.Must(err)
	w.Promise(1, 20)
	_, err = w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) { s.DeskIDs = agents })
	w.Must(err)
	open := func() support.Case {
		request := supporttest.Request("No Wi-Fi")
		for i := range support.MaxWatchers {
			request.CC = append(request.CC, fmt.Sprintf("guest%d@rialto.example.net", i))
		}
		c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
		w.Must(err)
		return c
	}
	first, second := open(), open()
	var files []attachment.File
	for i := range attachment.MaxFilesAtOnce {
		file, err := w.Cases.StoreFile(
			t.Context(),
			w.Customer,
			w.Org.ID,
			first.ID,
			fmt.Sprintf("%d.txt", i),
			"text/plain",
			strings.NewReader("x"),
		)
		w.Must(err)
		files = append(files, file)
	}
	w.Clock.Pass(5 * time.Hour) // so that the change also breaches service levels
	w.SetStatus(w.Agent, first, support.Pending)
	_, _, err = w.Cases.AddComment(
		t.Context(),
		w.Customer,
		w.Org.ID,
		first.ID,
		support.NewComment{Text: "See here", Files: files},
	)
	w.Must(err)
	_, err = w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, first.ID, second.ID)
	w.Must(err)
	newCase := supporttest.Request("Again")
	newCase.CC = []string{"x@rialto.example.net"}
	watchers := []string{}
	for range support.MaxWatchers {
		watchers = append(watchers, w.Another(w.Org.Place(), identity.Read).UserID)
	}
	newCase.WatcherIDs = watchers
	if _, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, newCase); err == nil {
		t.Error("more recipients than the maximum are accepted")
	}
	if _, err := w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		second.ID,
		support.CaseChange{WatcherIDs: &watchers},
	); err == nil {
		t.Error("more people than the maximum are added to a case")
	}
}

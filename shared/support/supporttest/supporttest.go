// Package supporttest gives the tests of the support desk a provider, a customer and an agent, and the steps that many of
// them begin with. It is imported by tests only.
package supporttest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/support/upload"
)

// World is an estate with a customer and an agent of their provider.
type World struct {
	*apptest.Estate
	T        *testing.T
	Customer identity.Principal
	Agent    identity.Principal
}

// NewWorld makes a provider with a customer and an agent.
func NewWorld(t *testing.T) *World {
	t.Helper()
	t.Parallel() // a test mostly waits for the disk
	e := apptest.NewEstate(t)
	return &World{
		Estate: e, T: t,
		Customer: e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti"),
		Agent:    e.Invited(e.MSP.Place(), identity.Helpdesk, "hanna@adria.example.net", "Hanna", "Horvat"),
	}
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// NewCase opens a case of the organization.
func (w *World) NewCase(by identity.Principal, subject string) support.Case {
	w.T.Helper()
	c, err := w.Cases.Create(w.T.Context(), by, w.Org.ID, Request(subject))
	w.Must(err)
	return c
}

// Request is a new case with a subject.
func Request(subject string) support.NewCase {
	return support.NewCase{Fields: desk.Fields{Subject: subject}, Description: "It is broken."}
}

// Comment adds a comment.
func (w *World) Comment(by identity.Principal, c support.Case, text string) (support.Case, support.Comment) {
	w.T.Helper()
	after, comment, err := w.Cases.AddComment(w.T.Context(), by, c.OrgID, c.ID, support.NewComment{Text: text})
	w.Must(err)
	return after, comment
}

// Note adds an internal note by the agent.
func (w *World) Note(c support.Case, text string) support.Comment {
	w.T.Helper()
	_, comment, err := w.Cases.AddComment(
		w.T.Context(),
		w.Agent,
		c.OrgID,
		c.ID,
		support.NewComment{Text: text, Internal: true},
	)
	w.Must(err)
	return comment
}

// SetStatus changes the status of a case.
func (w *World) SetStatus(by identity.Principal, c support.Case, status support.Status) support.Case {
	w.T.Helper()
	after, err := w.Cases.Change(w.T.Context(), by, c.OrgID, c.ID, support.CaseChange{Status: &status})
	w.Must(err)
	return after
}

// Detail reads a case.
func (w *World) Detail(by identity.Principal, c support.Case) support.Detail {
	w.T.Helper()
	detail, err := w.Cases.Detail(w.T.Context(), by, c.OrgID, c.ID)
	w.Must(err)
	return detail
}

// Told returns the notices of the changes after the first messages, whose number is before: each
// with its recipient, as the mail worker chooses them. Operators who are only told that nobody else
// can be notified are left out: Recipients has them.
func (w *World) Told(before int) []support.Notice {
	w.T.Helper()
	var notices []support.Notice
	for _, message := range w.Outbox()[before:] {
		task := Decoded[support.NoticeTask](w.T, message.Body)
		if message.Queue != queue.MailSend || task.Kind != support.NoticeCase {
			continue
		}
		recipients, err := w.Notifications.Address(w.T.Context(), task)
		w.Must(err)
		var announcement support.Announcement
		_, err = w.Journal.Get(
			w.T.Context(), support.AnnouncementKey(task.OrgID, task.CaseID, task.Revision), &announcement,
		)
		w.Must(err)
		for _, recipient := range recipients {
			if recipient.Operator {
				continue
			}
			for _, i := range recipient.Notices {
				notice := announcement.Notices[i]
				notice.Kind, notice.UserID = support.NoticeCase, recipient.ID
				notice.OrgID, notice.CaseID = task.OrgID, task.CaseID
				notices = append(notices, notice)
			}
		}
	}
	return notices
}

// Recipients returns the recipients of the changes after the first messages, whose number is
// before.
func (w *World) Recipients(before int) []support.Recipient {
	w.T.Helper()
	var all []support.Recipient
	for _, message := range w.Outbox()[before:] {
		task := Decoded[support.NoticeTask](w.T, message.Body)
		if message.Queue == queue.MailSend && task.Kind == support.NoticeCase {
			recipients, err := w.Notifications.Address(w.T.Context(), task)
			w.Must(err)
			all = append(all, recipients...)
		}
	}
	return all
}

// TextOf returns a text of a length.
func TextOf(length int) string { return strings.Repeat("x", length) }

// Wake does what is due on cases, and fails the test unless so many cases were due.
func (w *World) Wake(want int) {
	w.T.Helper()
	if got := w.WakeAll(); got != want {
		w.T.Fatalf("%d cases were due, want %d", got, want)
	}
}

// WakeAll does what is due on cases, and returns how many there were.
func (w *World) WakeAll() int {
	w.T.Helper()
	from := len(w.Outbox())
	count, err := w.Schedule.QueueDue(w.T.Context())
	w.Must(err)
	for _, message := range w.Outbox()[from:] {
		if message.Queue == queue.CasesDue {
			w.Must(w.Schedule.Wake(w.T.Context(), Decoded[support.Reference](w.T, message.Body)))
		}
	}
	return count
}

// ForeignCase returns a case of another organization.
func (w *World) ForeignCase() support.Case {
	w.T.Helper()
	by := w.Person(w.Foreign.Place(), identity.Write)
	c, err := w.Cases.Create(w.T.Context(), by, w.Foreign.ID, Request("Elsewhere"))
	w.Must(err)
	return c
}

// Crowded opens a case with the maximum number of people to notify.
func (w *World) Crowded(domain string, watchers []string) support.Case {
	w.T.Helper()
	request := Request("No Wi-Fi")
	request.WatcherIDs = watchers
	for i := range support.MaxWatchers / 2 {
		request.CC = append(request.CC, fmt.Sprintf("guest%d@%s", i, domain))
	}
	c, err := w.Cases.Create(w.T.Context(), w.Agent, w.Org.ID, request)
	w.Must(err)
	return c
}

// Answers returns everything that a principal can read of a case, as JSON, by the way it is read.
func (w *World) Answers(by identity.Principal, c support.Case, comments ...support.Comment) map[string]string {
	w.T.Helper()
	ctx, fields := w.T.Context(), map[string]any{}
	fields["detail"] = w.Detail(by, c)
	page, err := w.Cases.Comments(ctx, by, c.OrgID, c.ID, 100, "")
	w.Must(err)
	fields["comments"] = page
	for _, state := range []support.State{support.OpenList, support.ClosedList} {
		for _, submitter := range []string{"", c.Submitter.ID} {
			lines, err := w.List(
				by,
				lists.Scope{OrgID: c.OrgID},
				lists.Query{State: state, Filters: Of(submitter), Limit: 100},
			)
			w.Must(err)
			fields["list "+submitter+" "+string(state)] = lines
		}
	}
	for _, comment := range comments {
		one, whole, err := w.Cases.Comment(ctx, by, c.OrgID, c.ID, comment.ID)
		if !fault.Is(err, fault.NotFound) {
			w.Must(err)
		}
		fields["comment "+comment.ID] = []any{one, whole}
	}
	log, err := w.Audit.At(ctx, by, w.Org.Place(), w.LastDay())
	w.Must(err)
	fields["audit log"] = log
	texts := map[string]string{}
	for name, answer := range fields {
		text, err := json.Marshal(answer)
		w.Must(err)
		texts[name] = string(text)
	}
	return texts
}

// Promise makes the MSP promise an answer and a solution within that many minutes, around the
// clock.
func (w *World) Promise(answer, solution int) desk.Setting {
	w.T.Helper()
	policy := &servicelevel.Policy{Name: "Gold", Calendar: servicelevel.Calendar{TimeZone: "Europe/Rome", Always: true}}
	for i := range policy.Targets {
		if answer > 0 {
			policy.Targets[i].FirstAnswer = servicelevel.Target{Minutes: answer, WarnAtPercent: 50}
		}
		if solution > 0 {
			policy.Targets[i].Solution = servicelevel.Target{Minutes: solution, WarnMinutesBefore: 10}
		}
	}
	setting, err := w.Desk.ChangeSetting(
		w.T.Context(),
		w.Person(w.MSP.Place(), identity.Admin),
		w.MSP.ID,
		0,
		func(s *desk.Setting) {
			s.ServiceLevel, s.DeskIDs = policy, []string{w.Agent.UserID}
		},
	)
	w.Must(err)
	return setting
}

// Events returns the service level events after the first messages, whose number is before.
func (w *World) Events(before int) []string {
	w.T.Helper()
	var events []string
	for _, notice := range w.Told(before) {
		if notice.Event == support.Warned || notice.Event == support.Breached {
			if notice.UserID != w.Agent.UserID {
				w.T.Errorf("notified %s", notice.UserID)
			}
			events = append(events, string(notice.Event)+" "+notice.Promise)
		}
	}
	return events
}

// Announce announces a file for a case.
func (w *World) Announce(c support.Case) upload.Announced {
	w.T.Helper()
	announced, err := w.Uploads.AnnounceUpload(
		w.T.Context(),
		w.Customer,
		c.OrgID,
		c.ID,
		"../capture.pcap",
		"application/vnd.tcpdump.pcap",
	)
	w.Must(err)
	return announced
}

// Bring stores the content of an announced file.
func (w *World) Bring(announced upload.Announced, content string) {
	w.T.Helper()
	_, err := w.Files.Put(w.T.Context(), announced.BlobKey, strings.NewReader(content), announced.MaxBytes)
	w.Must(err)
}

// Pointer returns a pointer to a value.
func Pointer[T any](value T) *T { return &value }

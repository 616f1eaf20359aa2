package notification_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// prefers changes the notifications that somebody gets.
func prefers(w *supporttest.World, person identity.Principal, change preference.Change) {
	w.T.Helper()
	_, _, err := w.Accounts.ChangeSelf(w.T.Context(), person, identity.SelfChange{Preferences: change})
	w.Must(err)
}

// notifiedSince returns the IDs of the people notified by messages that there were not before. A message
// about what is due later may be the last one whenever it was sent, so their number tells nothing.
func notifiedSince(w *supporttest.World, before []queue.Message) []string {
	w.T.Helper()
	var ids []string
	for _, message := range w.Outbox() {
		old := slices.ContainsFunc(before, func(m queue.Message) bool { return m.ID == message.ID })
		task := supporttest.Decoded[support.NoticeTask](w.T, message.Body)
		if old || message.Queue != queue.MailSend || task.Kind != support.NoticeCase {
			continue
		}
		recipients, err := w.Notifications.Address(w.T.Context(), task)
		w.Must(err)
		for _, recipient := range recipients {
			ids = append(ids, recipient.ID)
		}
	}
	return ids
}

func without(kinds ...preference.Kind) preference.Change {
	change := preference.Change{Notifications: map[preference.Kind]bool{}}
	for _, kind := range kinds {
		change.Notifications[kind] = false
	}
	return change
}

func TestNobodyIsNotifiedOfKindsThatTheyDoNotWant(t *testing.T) {
	for _, kind := range preference.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			w := supporttest.NewWorld(t)
			onDesk(w, w.Agent)
			w.Promise(60, 0)
			prefers(w, w.Customer, without(kind))
			prefers(w, w.Agent, without(kind))
			events := map[preference.Kind][]string{}
			does := func(kind preference.Kind, do func()) {
				before := w.Outbox()
				do()
				events[kind] = notifiedSince(w, before)
			}
			var c support.Case
			does(preference.CaseOpened, func() { c = w.NewCase(w.Customer, "No Wi-Fi") })
			assign(w, c, w.Agent)
			does(preference.PromisedTime, func() {
				w.Clock.Pass(61 * time.Minute)
				w.WakeAll()
			})
			does(preference.CaseAnswered, func() {
				w.Comment(w.Customer, c, "Any news?")
				w.Comment(w.Agent, c, "Not yet.")
			})
			does(preference.CaseChanged, func() { w.SetStatus(w.Agent, c, support.Solved) })
			for event, got := range events {
				told := slices.Contains(got, w.Customer.UserID) || slices.Contains(got, w.Agent.UserID)
				if told == (event == kind) {
					t.Errorf("of %s were notified %v", event, got)
				}
			}
		})
	}
}

func TestSomebodyElseIsNotifiedIfTheDeskWantsNoMails(t *testing.T) {
	w := supporttest.NewWorld(t)
	chief := w.Person(w.MSP.Place(), identity.Admin)
	onDesk(w, w.Agent)
	prefers(w, w.Agent, without(preference.CaseOpened))
	before := len(w.Outbox())
	w.NewCase(w.Customer, "No Wi-Fi")
	if got := notified(w, before); !slices.Equal(got, []string{w.Customer.UserID, chief.UserID}) {
		t.Errorf("notified %v, want the submitter and the super user", got)
	}
}

func TestWhoWantsItIsNotifiedOfTheirOwnChanges(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	assign(w, c, w.Agent)
	comment := func() []string {
		before := len(w.Outbox())
		w.Comment(w.Customer, c, "It is still down.")
		return notified(w, before)
	}
	if got := comment(); !slices.Equal(got, []string{w.Agent.UserID}) {
		t.Errorf("notified %v, want the agent only", got)
	}
	prefers(w, w.Customer, preference.Change{OwnChanges: supporttest.Pointer(true)})
	if got := comment(); !slices.Equal(got, []string{w.Customer.UserID, w.Agent.UserID}) {
		t.Errorf("notified %v, want the customer too", got)
	}
	colleague := w.Another(w.Org.Place(), identity.Write)
	prefers(w, colleague, preference.Change{OwnChanges: supporttest.Pointer(true)})
	cc := []string{colleague.Email}
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc})
	w.Must(err)
	before := len(w.Outbox())
	w.Comment(colleague, c, "Here, too.")
	if got := notified(w, before); !slices.Contains(got, colleague.UserID) {
		t.Errorf("notified %v, want the colleague in copy too", got)
	}
	prefers(w, w.Customer, without(preference.CaseAnswered))
	if got := comment(); slices.Contains(got, w.Customer.UserID) {
		t.Errorf("notified %v of a kind that the customer does not want", got)
	}
}

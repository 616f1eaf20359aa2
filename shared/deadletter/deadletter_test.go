package deadletter_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
)

func letterOf(id string) queue.Message {
	return queue.Message{ID: id, Queue: queue.MailSend, Group: "ORG#1", Body: json.RawMessage(`{"kind":"<x>"}`)}
}

func park(t *testing.T, w *apptest.App, message queue.Message, reason string) {
	t.Helper()
	if err := w.DeadLetters.Park(t.Context(), message, reason, 6); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, w *apptest.App) []deadletter.Letter {
	t.Helper()
	page, err := w.DeadLetters.List(t.Context(), w.Operator(), 100, "")
	if err != nil {
		t.Fatal(err)
	}
	return page.Letters
}

func TestAMessageIsParkedOnceWithItsReason(t *testing.T) {
	w := apptest.New(t)
	park(t, w, letterOf("m-1"), "no answer")
	park(t, w, letterOf("m-1"), "another reason")
	want := []deadletter.Letter{
		{
			ID:       "m-1",
			Queue:    queue.MailSend,
			Group:    "ORG#1",
			Body:     json.RawMessage(`{"kind":"<x>"}`),
			Reason:   "no answer",
			Receives: 6,
			Time:     w.Clock.Now().Unix(),
		},
	}
	if diff := cmp.Diff(want, list(t, w)); diff != "" {
		t.Error(diff)
	}
}

func TestABodyThatIsNoJSONIsKeptAsText(t *testing.T) {
	w := apptest.New(t)
	for id, body := range map[string]string{"m-1": "plain", "m-2": "", "m-3": "{"} {
		message := letterOf(id)
		message.Body = json.RawMessage(body)
		park(t, w, message, "x")
	}
	for _, letter := range list(t, w) {
		var text string
		if err := json.Unmarshal(letter.Body, &text); err != nil {
			t.Errorf("%+v: %v", letter, err)
		}
	}
}

func TestReplayPutsTheMessageInTheOutboxWithItsID(t *testing.T) {
	w := apptest.New(t)
	park(t, w, letterOf("m-1"), "no answer")
	if err := w.DeadLetters.Replay(t.Context(), w.Operator(), "m-1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]queue.Message{letterOf("m-1")}, w.Outbox()); diff != "" {
		t.Error(diff)
	}
	w.Wants(fault.NotFound, w.DeadLetters.Replay(t.Context(), w.Operator(), "m-1"))
	w.Wants(fault.NotFound, w.DeadLetters.Discard(t.Context(), w.Operator(), "m-1"))
	park(t, w, letterOf("m-1"), "failed again")
	if letters := list(t, w); len(letters) != 1 || letters[0].Reason != "failed again" {
		t.Errorf("%+v", letters)
	}
}

func TestADiscardedMessageIsGone(t *testing.T) {
	w := apptest.New(t)
	park(t, w, letterOf("m-1"), "no answer")
	if err := w.DeadLetters.Discard(t.Context(), w.Operator(), "m-1"); err != nil {
		t.Fatal(err)
	}
	w.Wants(fault.NotFound, w.DeadLetters.Discard(t.Context(), w.Operator(), "m-1"))
	if len(list(t, w)) != 0 || len(w.Outbox()) != 0 {
		t.Errorf("letters %+v, messages %+v", list(t, w), w.Outbox())
	}
	var actions []string
	for _, entry := range w.AuditLog("PLATFORM#" + w.Clock.Now().UTC().Format("2006-01")) {
		if entry.Target == "message:m-1" {
			actions = append(actions, entry.Action)
		}
	}
	if want := []string{"platform.park_message", "platform.discard_message"}; !slices.Equal(actions, want) {
		t.Errorf("the log has %v", actions)
	}
}

func TestDeadLettersAreForOperators(t *testing.T) {
	e := apptest.NewEstate(t)
	park(t, e.App, letterOf("m-1"), "no answer")
	for _, by := range []identity.Principal{e.SupportAgent(), e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin), {}} {
		_, err := e.DeadLetters.List(t.Context(), by, 10, "")
		e.Wants(fault.Forbidden, err)
		_, err = e.DeadLetters.Get(t.Context(), by, "m-1")
		e.Wants(fault.Forbidden, err)
		e.Wants(fault.Forbidden, e.DeadLetters.Replay(t.Context(), by, "m-1"))
		e.Wants(fault.Forbidden, e.DeadLetters.Discard(t.Context(), by, "m-1"))
	}
}

func TestTheListIsPagedFromTheNewest(t *testing.T) {
	w := apptest.New(t)
	want := []string{"m-5", "m-4", "m-3", "m-2", "m-1"}
	for _, id := range slices.Backward(want) {
		park(t, w, letterOf(id), "no answer")
	}
	var got []string
	for after, first := "", true; first || after != ""; first = false {
		page, err := w.DeadLetters.List(t.Context(), w.Operator(), 2, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, letter := range page.Letters {
			got = append(got, letter.ID)
		}
		after = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// TestOneDeadLetterIsReadAsItIsListed holds also for a message that names a person.
func TestOneDeadLetterIsReadAsItIsListed(t *testing.T) {
	w := apptest.New(t)
	message := letterOf("m-1")
	message.Group, message.Body = "USER#1", json.RawMessage(`{"email":"ana@example.com"}`)
	park(t, w, message, "no answer for ana@example.com")
	letter, err := w.DeadLetters.Get(t.Context(), w.Operator(), "m-1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list(t, w)[0], letter); diff != "" {
		t.Error(diff)
	}
	_, err = w.DeadLetters.Get(t.Context(), w.Operator(), "m-2")
	w.Wants(fault.NotFound, err)
}

package support_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// promise makes the MSP promise an answer and a solution within so many minutes, around the clock.
func (w *world) promise(answer, solution int) support.Setting {
	w.t.Helper()
	policy := &servicelevel.Policy{Name: "Gold", Calendar: servicelevel.Calendar{TimeZone: "Europe/Rome", Always: true}}
	for i := range policy.Targets {
		if answer > 0 {
			policy.Targets[i].FirstAnswer = servicelevel.Target{Minutes: answer, WarnAtPercent: 50}
		}
		if solution > 0 {
			policy.Targets[i].Solution = servicelevel.Target{Minutes: solution, WarnMinutesBefore: 10}
		}
	}
	setting, err := w.Desk.ChangeSetting(w.t.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *support.Setting) {
		s.ServiceLevel, s.DeskIDs = policy, []string{w.agent.UserID}
	})
	w.must(err)
	return setting
}

// events gives what was told of promised times since a number of messages.
func (w *world) events(before int) []string {
	w.t.Helper()
	var events []string
	for _, notice := range w.told(before) {
		if notice.Event == support.Warned || notice.Event == support.Breached {
			if notice.UserID != w.agent.UserID {
				w.t.Errorf("told to %s", notice.UserID)
			}
			events = append(events, string(notice.Event)+" "+notice.Promise)
		}
	}
	return events
}

func TestWhoWorksOnACaseIsWarnedAndToldOfABreachOnce(t *testing.T) {
	w := newWorld(t)
	w.promise(60, 120)
	c := w.newCase(w.customer, "No Wi-Fi")
	before := len(w.Outbox())
	for _, step := range []struct {
		minutes int
		want    string
	}{{29, ""}, {2, "warned first_answer"}, {28, ""}, {2, "breached first_answer"}, {48, ""}, {2, "warned solution"}, {10, "breached solution"}, {600, ""}} {
		w.Clock.Pass(time.Duration(step.minutes) * time.Minute)
		_, err := w.Desk.WakeDue(t.Context())
		w.must(err)
		if got := strings.Join(w.events(before), ","); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
		before = len(w.Outbox())
	}
	d := w.detail(w.agent, c)
	if d.Clock.FirstAnswer.Breached == 0 || d.Clock.Solution.Breached == 0 || len(d.History) != 4 {
		t.Errorf("%+v, history %+v", d.Clock, d.History)
	}
	if seen := w.detail(w.customer, c); seen.Clock != nil || len(seen.History) != 0 {
		t.Errorf("the customer sees %+v, %+v", seen.Clock, seen.History)
	}
}

func TestTheTimeStopsWhileTheCustomerHasToAnswer(t *testing.T) {
	w := newWorld(t)
	w.promise(0, 120)
	c := w.newCase(w.customer, "No Wi-Fi")
	w.Clock.Pass(time.Hour)
	w.setStatus(w.agent, c, support.Pending)
	before := len(w.Outbox())
	w.Clock.Pass(48 * time.Hour)
	w.wake(0)
	w.comment(w.customer, c, "Here is the log")
	w.Clock.Pass(59 * time.Minute)
	_, err := w.Desk.WakeDue(t.Context())
	w.must(err)
	if got := w.events(before); len(got) != 1 || got[0] != "warned solution" {
		t.Errorf("after 119 minutes: %v", got)
	}
	w.setStatus(w.agent, c, support.Solved)
	if clock := w.detail(w.agent, c).Clock; clock.Solution.Met == 0 || clock.Solution.Breached != 0 {
		t.Errorf("%+v", clock)
	}
}

func TestAnAgentsPublicCommentIsTheFirstAnswerAndANoteIsNot(t *testing.T) {
	w := newWorld(t)
	w.promise(60, 0)
	c := w.newCase(w.customer, "No Wi-Fi")
	w.note(c, "hm")
	w.comment(w.customer, c, "Hello?")
	if clock := w.detail(w.agent, c).Clock; clock.FirstAnswer.Met != 0 {
		t.Errorf("%+v", clock.FirstAnswer)
	}
	w.comment(w.agent, c, "We are on it")
	d := w.detail(w.agent, c)
	if d.Clock.FirstAnswer.Met == 0 || d.Due != 0 {
		t.Errorf("%+v, due %d", d.Clock.FirstAnswer, d.Due)
	}
}

func TestNewPromisesHoldForOpenCasesToo(t *testing.T) {
	w := newWorld(t)
	w.promise(600, 0)
	c := w.newCase(w.customer, "No Wi-Fi")
	first := w.detail(w.agent, c).Due
	w.Clock.Pass(time.Minute)
	setting := w.promise(60, 0)
	sweep := support.Sweep{MSPID: w.MSP.ID, Until: w.Clock.Now().UnixMicro()}
	for range 2 {
		w.must(w.Desk.SweepCases(t.Context(), sweep))
	}
	d := w.detail(w.agent, c)
	if d.Clock.PolicyVersion != setting.PolicyVersion || d.Due >= first {
		t.Errorf("%+v, due %d, was %d", d.Clock, d.Due, first)
	}
	_, err := w.Desk.ChangeSetting(t.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *support.Setting) {
		s.ServiceLevel = &servicelevel.Policy{Name: "x", Calendar: servicelevel.Calendar{TimeZone: "Mars/Olympus"}}
	})
	w.Wants(fault.Invalid, err)
}

func TestASubmitterIsAskedOnceAndAnswersWithoutAnAccount(t *testing.T) {
	w := newWorld(t)
	_, err := w.Desk.ChangeSetting(t.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *support.Setting) { s.AskSatisfaction = true })
	w.must(err)
	c := w.newCase(w.customer, "No Wi-Fi")
	before := len(w.Outbox())
	w.setStatus(w.agent, c, support.Closed)
	w.setStatus(w.agent, c, support.Open)
	w.setStatus(w.agent, c, support.Closed)
	var asked []support.Notice
	for _, notice := range w.told(before) {
		if notice.Event == support.AskRating {
			asked = append(asked, notice)
		}
	}
	if len(asked) != 1 || asked[0].UserID != w.customer.UserID {
		t.Fatalf("asked %+v", asked)
	}
	letter, err := w.Desk.Letter(t.Context(), asked[0])
	w.must(err)
	if number, subject, err := w.Desk.RatedCase(t.Context(), letter.RatingToken); err != nil || number != c.Number || subject != c.Subject {
		t.Errorf("%d %q: %v", number, subject, err)
	}
	for name, try := range map[string]func() error{
		"another token": func() error { return w.Desk.Rate(t.Context(), letter.RatingToken+"x", 5, "", "") },
		"six points":    func() error { return w.Desk.Rate(t.Context(), letter.RatingToken, 6, "", "") },
		"a long text":   func() error { return w.Desk.Rate(t.Context(), letter.RatingToken, 5, textOf(2001), "") },
	} {
		w.Wants(fault.Invalid, try())
		if w.detail(w.agent, c).Rating != nil {
			t.Errorf("%s was taken", name)
		}
	}
	w.must(w.Desk.Rate(t.Context(), letter.RatingToken, 2, "slow", "192.0.2.7"))
	w.must(w.Desk.Rate(t.Context(), letter.RatingToken, 4, "but kind", "192.0.2.7"))
	rated := w.detail(w.agent, c).Revision
	w.must(w.Desk.Rate(t.Context(), letter.RatingToken, 4, "but kind", "192.0.2.7"))
	if again := w.detail(w.agent, c).Revision; again != rated {
		t.Errorf("the same answer once more changes the case: revision %d, then %d", rated, again)
	}
	if d := w.detail(w.agent, c); d.Rating.Score != 4 || d.Rating.Comment != "but kind" || d.Status != support.Closed {
		t.Errorf("%+v", d.Rating)
	}
	w.Clock.Pass(support.RatingLife)
	w.Wants(fault.Invalid, w.Desk.Rate(t.Context(), letter.RatingToken, 1, "", ""))
}

func TestADeletedCaseIsGoneForGoodAfterItsTime(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	file, err := w.Desk.StoreFile(t.Context(), w.customer, w.Org.ID, c.ID, "log.txt", "text/plain", strings.NewReader("line"))
	w.must(err)
	_, err = w.Desk.AttachFile(t.Context(), w.customer, w.Org.ID, c.ID, file)
	w.must(err)
	w.comment(w.customer, c, "Any news?")
	owner := w.Person(w.Org.Place(), identity.Admin)
	_, err = w.Desk.DeleteCase(t.Context(), owner, w.Org.ID, c.ID)
	w.must(err)
	w.Clock.Pass(support.RestorableFor - time.Minute)
	w.wake(0)
	w.Clock.Pass(2 * time.Minute)
	w.wake(1)
	w.wake(0)
	_, err = w.Desk.RestoreCase(t.Context(), owner, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	if got := w.listed(support.Wanted{State: support.InBin}); len(got) != 0 {
		t.Errorf("the bin has %v", got)
	}
	if _, err := w.Files.Open(t.Context(), file.BlobKey); err == nil {
		t.Error("the file is still there")
	}
}

func TestASplitCaseHasAClockOfItsOwnAndCustomersDoNotSeeWhatIsPromised(t *testing.T) {
	w := newWorld(t)
	w.promise(60, 120)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, comment := w.comment(w.customer, c, "And the printer burns.")
	w.Clock.Pass(time.Hour)
	made, err := w.Desk.SplitCase(t.Context(), w.agent, w.Org.ID, c.ID, comment.ID, "Printer on fire")
	w.must(err)
	if clock := w.detail(w.agent, made).Clock; clock == nil || clock.FirstAnswer.DueAt != w.Clock.Now().Add(time.Hour).UnixMicro() {
		t.Errorf("%+v", clock)
	}
	if seen, err := w.Desk.OrgSetting(t.Context(), w.customer, w.Org.ID); err != nil || seen.ServiceLevel != nil || seen.DeskIDs != nil {
		t.Errorf("the customer sees %+v, %v", seen, err)
	}
	if seen, err := w.Desk.OrgSetting(t.Context(), w.agent, w.Org.ID); err != nil || seen.ServiceLevel == nil {
		t.Errorf("the agent sees %+v, %v", seen, err)
	}
}

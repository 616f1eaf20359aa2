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
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAgentsOfACaseAreNotifiedOnceOfAWarningAndABreach(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 120)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	before := len(w.Outbox())
	for _, step := range []struct {
		minutes int
		want    string
	}{{29, ""}, {2, "warned first_answer"}, {28, ""}, {2, "breached first_answer"}, {48, ""}, {2, "warned solution"}, {10, "breached solution"}, {600, ""}} {
		w.Clock.Pass(time.Duration(step.minutes) * time.Minute)
		w.WakeAll()
		if got := strings.Join(w.Events(before), ","); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
		before = len(w.Outbox())
	}
	d := w.Detail(w.Agent, c)
	if d.Clock.FirstAnswer.Breached == 0 || d.Clock.Solution.Breached == 0 || len(d.History) != 4 {
		t.Errorf("%+v, history %+v", d.Clock, d.History)
	}
	if seen := w.Detail(w.Customer, c); seen.Clock != nil || len(seen.History) != 0 {
		t.Errorf("the customer sees %+v, %+v", seen.Clock, seen.History)
	}
}

func TestTheClockStopsWhileTheCustomerMustAnswer(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(0, 120)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Clock.Pass(time.Hour)
	w.SetStatus(w.Agent, c, support.Pending)
	before := len(w.Outbox())
	w.Clock.Pass(48 * time.Hour)
	w.Wake(0)
	w.Comment(w.Customer, c, "Here is the log")
	w.Clock.Pass(59 * time.Minute)
	w.WakeAll()
	if got := w.Events(before); len(got) != 1 || got[0] != "warned solution" {
		t.Errorf("after 119 minutes: %v", got)
	}
	w.SetStatus(w.Agent, c, support.Solved)
	if clock := w.Detail(w.Agent, c).Clock; clock.Solution.Met == 0 || clock.Solution.Breached != 0 {
		t.Errorf("%+v", clock)
	}
}

func TestAnAgentsPublicCommentIsTheFirstAnswerAndANoteIsNot(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 0)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Note(c, "hm")
	w.Comment(w.Customer, c, "Hello?")
	if clock := w.Detail(w.Agent, c).Clock; clock.FirstAnswer.Met != 0 {
		t.Errorf("%+v", clock.FirstAnswer)
	}
	w.Comment(w.Agent, c, "We are on it")
	d := w.Detail(w.Agent, c)
	if d.Clock.FirstAnswer.Met == 0 || d.Due != 0 {
		t.Errorf("%+v, due %d", d.Clock.FirstAnswer, d.Due)
	}
}

func TestANewServiceLevelAppliesToOpenCasesToo(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(600, 0)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	first := w.Detail(w.Agent, c).Due
	w.Clock.Pass(time.Minute)
	setting := w.Promise(60, 0)
	sweep := desk.Sweep{MSPID: w.MSP.ID, Until: w.Clock.Now().UnixMicro()}
	for range 2 {
		w.Must(w.Schedule.SweepCases(t.Context(), sweep))
	}
	d := w.Detail(w.Agent, c)
	if d.Clock.PolicyVersion != setting.PolicyVersion || d.Due >= first {
		t.Errorf("%+v, due %d, was %d", d.Clock, d.Due, first)
	}
	_, err := w.Desk.ChangeSetting(
		t.Context(),
		w.Person(w.MSP.Place(), identity.Admin),
		w.MSP.ID,
		0,
		func(s *desk.Setting) {
			s.ServiceLevel = &servicelevel.Policy{Name: "x", Calendar: servicelevel.Calendar{TimeZone: "Mars/Olympus"}}
		},
	)
	w.Wants(fault.Invalid, err)
}

func TestASubmitterIsAskedOnceAndRatesWithoutAnAccount(t *testing.T) {
	w := supporttest.NewWorld(t)
	_, err := w.Desk.ChangeSetting(
		t.Context(),
		w.Person(w.MSP.Place(), identity.Admin),
		w.MSP.ID,
		0,
		func(s *desk.Setting) { s.AskSatisfaction = true },
	)
	w.Must(err)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	before := len(w.Outbox())
	w.SetStatus(w.Agent, c, support.Closed)
	w.SetStatus(w.Agent, c, support.Open)
	w.SetStatus(w.Agent, c, support.Closed)
	var requests []support.Notice
	for _, notice := range w.Told(before) {
		if notice.Event == support.AskRating {
			requests = append(requests, notice)
		}
	}
	if len(requests) != 1 || requests[0].UserID != w.Customer.UserID {
		t.Fatalf("asked %+v", requests)
	}
	content, err := w.Notifications.Compose(t.Context(), requests[0])
	w.Must(err)
	if number, subject, err := w.Ratings.RatedCase(
		t.Context(),
		content.RatingToken,
	); err != nil || number != c.Number ||
		subject != c.Subject {
		t.Errorf("%d %q: %v", number, subject, err)
	}
	for name, try := range map[string]func() error{
		"another token": func() error { return w.Ratings.Rate(t.Context(), content.RatingToken+"x", 5, "", "") },
		"six points":    func() error { return w.Ratings.Rate(t.Context(), content.RatingToken, 6, "", "") },
		"a long text":   func() error { return w.Ratings.Rate(t.Context(), content.RatingToken, 5, supporttest.TextOf(2001), "") },
	} {
		w.Wants(fault.Invalid, try())
		if w.Detail(w.Agent, c).Rating != nil {
			t.Errorf("%s was accepted", name)
		}
	}
	w.Must(w.Ratings.Rate(t.Context(), content.RatingToken, 2, "slow", "192.0.2.7"))
	w.Must(w.Ratings.Rate(t.Context(), content.RatingToken, 4, "but kind", "192.0.2.7"))
	rated := w.Detail(w.Agent, c).Revision
	w.Must(w.Ratings.Rate(t.Context(), content.RatingToken, 4, "but kind", "192.0.2.7"))
	if again := w.Detail(w.Agent, c).Revision; again != rated {
		t.Errorf("the same rating again changes the case: revision %d, then %d", rated, again)
	}
	if d := w.Detail(w.Agent, c); d.Rating.Score != 4 || d.Rating.Comment != "but kind" || d.Status != support.Closed {
		t.Errorf("%+v", d.Rating)
	}
	w.Clock.Pass(support.RatingLife)
	w.Wants(fault.Invalid, w.Ratings.Rate(t.Context(), content.RatingToken, 1, "", ""))
}

func TestADeletedCaseIsPurgedAfterItsTime(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	file, err := w.Cases.StoreFile(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		"log.txt",
		"text/plain",
		strings.NewReader("line"),
	)
	w.Must(err)
	_, err = w.Cases.AttachFile(t.Context(), w.Customer, w.Org.ID, c.ID, file)
	w.Must(err)
	w.Comment(w.Customer, c, "Any news?")
	owner := w.Person(w.Org.Place(), identity.Admin)
	_, err = w.Cases.Delete(t.Context(), owner, w.Org.ID, c.ID)
	w.Must(err)
	w.Clock.Pass(support.RestorableFor - time.Minute)
	w.Wake(0)
	w.Clock.Pass(2 * time.Minute)
	w.Wake(1)
	w.Wake(0)
	_, err = w.Cases.Restore(t.Context(), owner, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	if got := w.Listed(lists.Query{State: support.DeletedList}); len(got) != 0 {
		t.Errorf("the bin has %v", got)
	}
	if _, err := w.Files.Open(t.Context(), file.BlobKey); err == nil {
		t.Error("the file is still there")
	}
}

func TestASplitCaseHasItsOwnClockWhichCustomersDoNotSee(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 120)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, comment := w.Comment(w.Customer, c, "And the printer burns.")
	w.Clock.Pass(time.Hour)
	created, err := w.Cases.Split(t.Context(), w.Agent, w.Org.ID, c.ID, comment.ID, "Printer on fire")
	w.Must(err)
	if clock := w.Detail(
		w.Agent,
		created,
	).Clock; clock == nil ||
		clock.FirstAnswer.DueAt != w.Clock.Now().Add(time.Hour).UnixMicro() {
		t.Errorf("%+v", clock)
	}
	if seen, err := w.Desk.OrgSetting(
		t.Context(),
		w.Customer,
		w.Org.ID,
	); err != nil || seen.ServiceLevel != nil ||
		seen.DeskIDs != nil {
		t.Errorf("the customer sees %+v, %v", seen, err)
	}
	if seen, err := w.Desk.OrgSetting(t.Context(), w.Agent, w.Org.ID); err != nil || seen.ServiceLevel == nil {
		t.Errorf("the agent sees %+v, %v", seen, err)
	}
}

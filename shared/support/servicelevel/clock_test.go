package servicelevel_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// office is a policy with hours from 9 to 17: severity 1 has targets of one and eight hours, with
// warnings; severity 4 has none.
func office() servicelevel.Policy {
	return servicelevel.Policy{
		ID: "standard", Version: 3, Name: "Standard", Calendar: every("UTC", "09:00", "17:00"),
		Targets: [4]servicelevel.Targets{
			{
				FirstAnswer: servicelevel.Target{Minutes: 60, WarnAtPercent: 50},
				Solution:    servicelevel.Target{Minutes: 480, WarnMinutesBefore: 120},
			},
			{FirstAnswer: servicelevel.Target{Minutes: 120}, Solution: servicelevel.Target{Minutes: 960}},
			{Solution: servicelevel.Target{Minutes: 2400}},
		},
	}
}

func event(t *testing.T, promise servicelevel.Promise, kind servicelevel.EventKind, when string) servicelevel.Event {
	t.Helper()
	return servicelevel.Event{Promise: promise, Kind: kind, At: at(t, when)}
}

func wants(t *testing.T, got []servicelevel.Event, want ...servicelevel.Event) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Helper()
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func due(t *testing.T, c servicelevel.Clock, want string) {
	t.Helper()
	if got := c.Due(); want == "" && !got.IsZero() || want != "" && !got.Equal(at(t, want)) {
		t.Errorf("due at %s, want %q", got, want)
	}
}

func TestEachWarningAndBreachIsToldOnceAndAtItsTime(t *testing.T) {
	c := servicelevel.Start(office(), 1, at(t, "2026-05-05T16:45:00Z"))
	due(t, c, "2026-05-06T09:15:00Z")
	wants(t, c.Tick(at(t, "2026-05-06T09:14:59Z")))
	wants(
		t,
		c.Tick(at(t, "2026-05-06T09:15:00Z")),
		event(t, servicelevel.FirstAnswer, servicelevel.Warning, "2026-05-06T09:15:00Z"),
	)
	wants(t, c.Tick(at(t, "2026-05-06T09:15:00Z")))
	due(t, c, "2026-05-06T09:45:00Z")
	wants(
		t,
		c.Tick(at(t, "2026-05-06T10:00:00Z")),
		event(t, servicelevel.FirstAnswer, servicelevel.Breach, "2026-05-06T09:45:00Z"),
	)
	due(t, c, "2026-05-06T14:45:00Z")
	// A warning that comes with its breach says nothing new.
	wants(
		t,
		c.Tick(at(t, "2026-05-09T00:00:00Z")),
		event(t, servicelevel.Solution, servicelevel.Breach, "2026-05-06T16:45:00Z"),
	)
	due(t, c, "")
	wants(t, c.Tick(at(t, "2027-05-09T00:00:00Z")))
}

func TestWhatIsDoneInTimeComesDueNoMore(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T10:00:00Z"))
	wants(t, c.Answered(policy.Calendar, at(t, "2026-05-05T10:20:00Z")))
	due(t, c, "2026-05-05T16:00:00Z")
	wants(t, c.Answered(policy.Calendar, at(t, "2026-05-05T12:00:00Z")))
	wants(t, c.Solved(policy.Calendar, at(t, "2026-05-05T15:59:00Z")))
	wants(t, c.Solved(policy.Calendar, at(t, "2026-05-09T15:59:00Z")))
	due(t, c, "")
	if c.Used(policy.Calendar, servicelevel.FirstAnswer, at(t, "2026-06-01T00:00:00Z")) != 20*time.Minute ||
		c.Used(policy.Calendar, servicelevel.Solution, at(t, "2026-06-01T00:00:00Z")) != 359*time.Minute {
		t.Errorf("%+v", c)
	}
}

func TestALateAnswerIsABreachThoughNobodyLookedInTime(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T10:00:00Z"))
	wants(
		t,
		c.Answered(policy.Calendar, at(t, "2026-05-05T11:00:00Z")),
		event(t, servicelevel.FirstAnswer, servicelevel.Breach, "2026-05-05T11:00:00Z"),
	)
	wants(
		t,
		c.Solved(policy.Calendar, at(t, "2026-05-06T15:00:00Z")),
		event(t, servicelevel.Solution, servicelevel.Breach, "2026-05-06T10:00:00Z"),
	)
	if c.FirstAnswer.Met == 0 || c.FirstAnswer.Breached == 0 || c.Solution.Breached == 0 {
		t.Errorf("%+v", c)
	}
}

func TestASolutionIsAnAnswerToo(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 2, at(t, "2026-05-05T10:00:00Z"))
	wants(
		t,
		c.Solved(policy.Calendar, at(t, "2026-05-05T13:00:00Z")),
		event(t, servicelevel.FirstAnswer, servicelevel.Breach, "2026-05-05T12:00:00Z"),
	)
	if c.FirstAnswer.Met != at(t, "2026-05-05T13:00:00Z").UnixMicro() {
		t.Errorf("%+v", c)
	}
}

func TestWhileItIsPausedNoTimePasses(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T10:00:00Z"))
	wants(t, c.Answered(policy.Calendar, at(t, "2026-05-05T10:10:00Z")))
	wants(t, c.Pause(policy.Calendar, at(t, "2026-05-05T12:00:00Z")))
	wants(t, c.Pause(policy.Calendar, at(t, "2026-05-05T13:00:00Z")))
	due(t, c, "")
	wants(t, c.Tick(at(t, "2026-08-01T00:00:00Z")))
	c.Resume(policy.Calendar, at(t, "2026-05-20T09:00:00Z"))
	c.Resume(policy.Calendar, at(t, "2026-05-21T09:00:00Z"))
	due(t, c, "2026-05-20T13:00:00Z")
}

func TestAReopenedCaseGoesOnWithWhatItUsed(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T09:00:00Z"))
	c.Solved(policy.Calendar, at(t, "2026-05-05T09:30:00Z"))
	c.Reopened(policy.Calendar, at(t, "2026-05-12T09:00:00Z"))
	c.Reopened(policy.Calendar, at(t, "2026-05-12T12:00:00Z"))
	due(t, c, "2026-05-12T14:30:00Z")
	if c.FirstAnswer.Met == 0 {
		t.Error("the first answer was taken back")
	}
	wants(
		t,
		c.Tick(at(t, "2026-05-13T00:00:00Z")),
		event(t, servicelevel.Solution, servicelevel.Breach, "2026-05-12T16:30:00Z"),
	)
	c.Solved(policy.Calendar, at(t, "2026-05-13T10:00:00Z"))
	c.Reopened(policy.Calendar, at(t, "2026-05-13T11:00:00Z"))
	due(t, c, "")
}

func TestAnotherSeverityIsJudgedByTheTimeUsedSoFar(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 2, at(t, "2026-05-05T09:00:00Z"))
	// Ninety minutes are within two hours, but not within one.
	wants(
		t,
		c.Retarget(policy.Calendar, policy, 1, at(t, "2026-05-05T10:30:00Z")),
		event(t, servicelevel.FirstAnswer, servicelevel.Breach, "2026-05-05T10:30:00Z"),
	)
	wants(t, c.Retarget(policy.Calendar, policy, 1, at(t, "2026-05-05T10:31:00Z")))
	// Back again: what is not late is not reported as late.
	wants(t, c.Retarget(policy.Calendar, policy, 2, at(t, "2026-05-05T10:40:00Z")))
	if c.FirstAnswer.Breached != 0 {
		t.Errorf("%+v", c)
	}
	due(t, c, "2026-05-05T11:00:00Z")
	wants(t, c.Retarget(policy.Calendar, policy, 4, at(t, "2026-05-05T10:50:00Z")))
	due(t, c, "")
	wants(t, c.Retarget(policy.Calendar, policy, 2, at(t, "2026-05-05T10:55:00Z")))
	due(t, c, "2026-05-05T11:00:00Z")
}

func TestAnotherSeverityDuringAPauseCountsFromItsEnd(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 4, at(t, "2026-05-05T09:00:00Z"))
	c.Pause(policy.Calendar, at(t, "2026-05-05T09:20:00Z"))
	c.Retarget(policy.Calendar, policy, 1, at(t, "2026-05-05T15:00:00Z"))
	due(t, c, "")
	c.Resume(policy.Calendar, at(t, "2026-05-05T16:00:00Z"))
	due(t, c, "2026-05-05T16:10:00Z")
}

func TestANewPolicyMeasuresOnlyTheTimeAfterIt(t *testing.T) {
	old, next := office(), office()
	next.Version, next.Calendar = 4, servicelevel.Calendar{TimeZone: "UTC", Always: true}
	c := servicelevel.Start(old, 1, at(t, "2026-05-05T16:50:00Z"))
	c.Retarget(old.Calendar, next, 1, at(t, "2026-05-06T00:00:00Z"))
	if used := c.Used(next.Calendar, servicelevel.FirstAnswer, at(t, "2026-05-06T00:05:00Z")); used != 15*time.Minute {
		t.Errorf("the night before the change counts: %s", used)
	}
	due(t, c, "2026-05-06T00:20:00Z")
}

func TestWhatIsDoneKeepsItsJudgement(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 2, at(t, "2026-05-05T09:00:00Z"))
	c.Solved(policy.Calendar, at(t, "2026-05-05T10:30:00Z"))
	wants(t, c.Retarget(policy.Calendar, policy, 1, at(t, "2026-05-05T10:40:00Z")))
	if c.FirstAnswer.Breached != 0 || c.FirstAnswer.Target != (2*time.Hour).Microseconds() || c.Solution.Breached != 0 {
		t.Errorf("%+v", c)
	}
	c.Reopened(policy.Calendar, at(t, "2026-05-05T11:00:00Z"))
	due(t, c, "2026-05-05T15:30:00Z")
}

func TestTimeThatGoesBackwardsCountsNothingTwice(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T10:00:00Z"))
	c.Pause(policy.Calendar, at(t, "2026-05-05T10:10:00Z"))
	c.Resume(policy.Calendar, at(t, "2026-05-05T10:09:00Z"))
	c.Pause(policy.Calendar, at(t, "2026-05-05T10:08:00Z"))
	c.Resume(policy.Calendar, at(t, "2026-05-05T10:10:00Z"))
	if used := c.Used(policy.Calendar, servicelevel.Solution, at(t, "2026-05-05T10:10:00Z")); used != 10*time.Minute {
		t.Errorf("used %s", used)
	}
	if used := c.Used(policy.Calendar, servicelevel.Solution, at(t, "2026-05-05T10:00:00Z")); used != 10*time.Minute {
		t.Errorf("used %s before", used)
	}
}

func TestAClockIsSmallAndTheSameAfterItWasStored(t *testing.T) {
	policy := office()
	c := servicelevel.Start(policy, 1, at(t, "2026-05-05T10:00:00.123456Z"))
	c.Tick(at(t, "2026-05-05T10:40:00Z"))
	c.Answered(policy.Calendar, at(t, "2026-05-05T10:50:00Z"))
	stored, err := json.Marshal(c)
	if err != nil || len(stored) > 600 {
		t.Errorf("%d bytes: %s, %v", len(stored), stored, err)
	}
	var read servicelevel.Clock
	if err := json.Unmarshal(stored, &read); err != nil || read != c {
		t.Errorf("%+v became %+v, %v", c, read, err)
	}
}

func TestAPolicyThatMakesNoSenseIsRefusedByField(t *testing.T) {
	if err := office().Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*servicelevel.Policy){
		"name":                                        func(p *servicelevel.Policy) { p.Name = " " },
		"calendar.time_zone":                          func(p *servicelevel.Policy) { p.Calendar.TimeZone = "x" },
		"targets[3].first_answer.minutes":             func(p *servicelevel.Policy) { p.Targets[3].FirstAnswer.Minutes = -1 },
		"targets[0].solution.minutes":                 func(p *servicelevel.Policy) { p.Targets[0].Solution = servicelevel.Target{Minutes: 59} },
		"targets[2].solution.minutes":                 func(p *servicelevel.Policy) { p.Targets[2].Solution.Minutes = 600_000 },
		"targets[0].first_answer.warn_at_percent":     func(p *servicelevel.Policy) { p.Targets[0].FirstAnswer.WarnAtPercent = 100 },
		"targets[3].solution.warn_at_percent":         func(p *servicelevel.Policy) { p.Targets[3].Solution.WarnAtPercent = 50 },
		"targets[1].solution.warn_minutes_before":     func(p *servicelevel.Policy) { p.Targets[1].Solution.WarnMinutesBefore = 960 },
		"targets[0].first_answer.warn_minutes_before": func(p *servicelevel.Policy) { p.Targets[0].FirstAnswer.WarnMinutesBefore = 5 },
	} {
		policy := office()
		spoil(&policy)
		err := policy.Check()
		problem, ok := err.(*fault.Error)
		if !ok || len(problem.Fields) != 1 || problem.Fields[0].Name != field ||
			!strings.HasPrefix(problem.Message, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// counted is one target, counted minute by minute.
type counted struct {
	target, warning, used int
	met                   bool
	breached, warned      time.Time
}

// count counts a minute that begins at an instant, and records the events at its end.
func (m *counted) count(open bool, end time.Time) {
	if m.met || !open {
		return
	}
	m.used++
	if m.target > 0 && m.used >= m.target && m.breached.IsZero() {
		m.breached = end
	}
	if m.warning > 0 && m.used >= m.warning && m.warned.IsZero() {
		m.warned = end
	}
}

func TestTheClockAgreesWithAMinuteByMinuteCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, zone, now := anyCalendar(t)
		policy := servicelevel.Policy{ID: "p", Name: "p", Calendar: c}
		answer, solution := &counted{}, &counted{}
		answer.target, solution.target = rapid.IntRange(2, 500).
			Draw(t, "answer"),
			rapid.IntRange(500, 3000).
				Draw(t, "solution")
		answer.warning, solution.warning = answer.target-1, solution.target/2
		policy.Targets[0] = servicelevel.Targets{
			FirstAnswer: servicelevel.Target{Minutes: answer.target, WarnMinutesBefore: 1},
			Solution: servicelevel.Target{
				Minutes:           solution.target,
				WarnMinutesBefore: solution.target - solution.warning,
			},
		}
		clock := servicelevel.Start(policy, 1, now)
		paused := false
		notified := map[string]time.Time{}
		hear := func(events []servicelevel.Event) {
			for _, event := range events {
				name := string(event.Promise) + string(event.Kind)
				if _, twice := notified[name]; twice {
					t.Fatalf("%s was told twice", name)
				}
				notified[name] = event.At
			}
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			for range rapid.IntRange(0, 2000).Draw(t, "minutes") {
				open := !paused && openAt(c, zone, now)
				now = now.Add(time.Minute)
				answer.count(open, now)
				solution.count(open, now)
			}
			switch rapid.SampledFrom([]string{"pause", "pause", "resume", "resume", "answer", "solve", "reopen", "tick", "store"}).
				Draw(t, "step") {
			case "pause":
				hear(clock.Pause(c, now))
				paused = paused || !solution.met
			case "resume":
				clock.Resume(c, now)
				paused = false
			case "answer":
				hear(clock.Answered(c, now))
				answer.met = true
			case "solve":
				hear(clock.Solved(c, now))
				answer.met, solution.met, paused = true, true, false
			case "reopen":
				clock.Reopened(c, now)
				solution.met = false
			case "tick":
				hear(clock.Tick(now))
				if next := clock.Due(); !next.IsZero() && !next.After(now) {
					t.Fatalf("at %s, %s is due still", now, next)
				}
			case "store":
				data, err := json.Marshal(clock)
				if err != nil {
					t.Fatal(err)
				}
				clock = servicelevel.Clock{}
				if err := json.Unmarshal(data, &clock); err != nil {
					t.Fatal(err)
				}
			}
			for promise, model := range map[servicelevel.Promise]*counted{servicelevel.FirstAnswer: answer, servicelevel.Solution: solution} {
				if used := clock.Used(c, promise, now); used != time.Duration(model.used)*time.Minute {
					t.Fatalf("%s: used %s, counted %d minutes", promise, used, model.used)
				}
			}
		}
		hear(clock.Tick(now))
		for promise, model := range map[servicelevel.Promise]*counted{servicelevel.FirstAnswer: answer, servicelevel.Solution: solution} {
			if got := notified[string(promise)+"breach"]; !got.Equal(model.breached) {
				t.Fatalf("%s: told a breach at %s, counted %s", promise, got, model.breached)
			}
			got, wasTold := notified[string(promise)+"warning"]
			if wasTold && !got.Equal(model.warned) || !wasTold && !model.warned.IsZero() && model.breached.IsZero() {
				t.Fatalf("%s: told a warning at %s, counted %s", promise, got, model.warned)
			}
		}
	})
}

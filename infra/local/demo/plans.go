package demo

import (
	"context"
	"time"
)

// plan is a kind of case.
type plan struct {
	name string
	// weight is how often it comes; cases is how many cases it is.
	weight, cases int
	// earliest and latest are how long before the end it begins. In hours is set if people open it
	// while they work.
	earliest, latest time.Duration
	inHours          bool
	// owner is the index of the MSP whose organizations have it; anyOwner for all.
	owner  int
	script func(l *life, at time.Time)
}

// anyOwner is for cases of all organizations.
const anyOwner = -1

// ever is how long ago the first cases were opened.
const ever = year - 10*day

// plans lists the kinds of cases. Together they have every state.
func plans() []plan {
	return []plan{
		{"settled", 30, 1, ever, 16 * day, true, anyOwner, (*life).settled},
		{"thanked", 17, 1, ever, 12 * day, true, anyOwner, (*life).thanked},
		{"relapsed", 7, 1, ever, 16 * day, true, anyOwner, (*life).relapsed},
		{"archived", 10, 1, ever, 40 * day, true, anyOwner, (*life).archived},
		{"fresh", 8, 1, 3 * day, time.Hour, true, anyOwner, (*life).fresh},
		{"near", 2, 1, 50 * time.Minute, 35 * time.Minute, false, 0, (*life).urgent},
		{"overdue", 2, 1, 20 * time.Hour, 2 * time.Hour, false, 0, (*life).urgent},
		{"in work", 8, 1, 12 * day, day, true, anyOwner, (*life).inWork},
		{"waiting", 5, 1, 10 * day, 3 * day, true, anyOwner, (*life).waiting},
		{"held", 3, 1, 20 * day, 5 * day, true, anyOwner, (*life).held},
		{"back", 1, 1, 25 * day, 20 * day, true, anyOwner, (*life).back},
		{"solved", 4, 1, 6 * day, 5 * day, true, anyOwner, (*life).solvedLately},
		{"merged", 2, 2, ever, 3 * day, true, anyOwner, (*life).merged},
		{"linked", 3, 2, ever, 3 * day, true, anyOwner, (*life).linked},
		{"binned", 3, 1, 24 * day, 5 * day, true, anyOwner, (*life).binned},
		{"restored", 1, 1, 24 * day, 5 * day, true, anyOwner, (*life).restored},
		{"split", 1, 2, 60 * day, 3 * day, true, anyOwner, (*life).split},
		{"mailed", 4, 1, ever, 5 * day, true, anyOwner, (*life).mailed},
	}
}

// planCases puts the cases on the timeline: each kind once, then by weight.
func (b *builder) planCases(context.Context) error {
	kinds := plans()
	left, sum := b.options.Cases, 0
	for _, kind := range kinds {
		b.planCase(kind)
		left -= kind.cases
		sum += kind.weight
	}
	for left > 0 {
		kind := kinds[0]
		for drawn, i := b.random.IntN(sum), 0; drawn >= 0; i++ {
			kind = kinds[i]
			drawn -= kind.weight
		}
		if kind.cases > left {
			continue
		}
		b.planCase(kind)
		left -= kind.cases
	}
	return nil
}

func (b *builder) planCase(kind plan) {
	of := b.orgs[b.random.IntN(len(b.orgs))]
	for kind.owner != anyOwner && of.MSPID != b.msps[kind.owner].ID {
		of = b.orgs[b.random.IntN(len(b.orgs))]
	}
	at := b.ago(b.between(kind.latest, kind.earliest))
	if kind.inHours {
		at = b.working(at)
	}
	l := &life{
		builder: b, of: of, problem: b.nextProblem(of),
		customer: of.customers[b.random.IntN(len(of.customers))], agent: of.agents[b.random.IntN(len(of.agents))],
	}
	kind.script(l, at)
}

// working moves a time to the working hours of the day, and from a weekend to the Friday before,
// except for a time of the last day, which stays.
func (b *builder) working(at time.Time) time.Time {
	moved := at.Truncate(day).Add(7*time.Hour + b.between(0, 10*time.Hour))
	switch moved.Weekday() {
	case time.Saturday:
		moved = moved.Add(-day)
	case time.Sunday:
		moved = moved.Add(-2 * day)
	}
	if moved.After(b.end) || b.end.Sub(at) < day {
		return at
	}
	return moved
}

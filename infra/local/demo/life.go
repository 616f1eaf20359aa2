package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// life is what happens to one case. Its scripts put steps on the timeline.
type life struct {
	*builder
	of              *org
	problem         problem
	customer, agent identity.Principal
	c               support.Case
}

// open opens the case at a time.
func (l *life) open(at time.Time) {
	l.at(at, "a customer opens a case", func(ctx context.Context) (err error) {
		request := support.NewCase{Fields: desk.Fields{
			Subject: l.problem.subject, Type: l.problem.kind, Component: l.problem.component, Reason: l.problem.reason,
			Severity: l.problem.severity, Environment: "campus",
		}, Description: l.problem.description}
		switch l.random.IntN(6) {
		case 0:
			request.CC = []string{"facility@" + l.of.plan.domain}
		case 1:
			request.WatcherIDs = []string{l.of.admin.UserID}
		case 2:
			request.Version, request.Environment = "8.1.0", "branch"
		}
		if l.c, err = l.Services.Cases.Create(ctx, l.customer, l.of.ID, request); err != nil || l.problem.file == "" {
			return err
		}
		return l.attach(ctx)
	})
}

// attach attaches the customer's file to the case.
func (l *life) attach(ctx context.Context) error {
	file, err := l.store(ctx, l.customer, l.c, l.problem.file)
	if err != nil {
		return err
	}
	_, err = l.Services.Cases.AttachFile(ctx, l.customer, l.of.ID, l.c.ID, file)
	return err
}

// comment adds a comment at a time, with a new state of the case if it is not "".
func (l *life) comment(at time.Time, by identity.Principal, text string, status support.Status) {
	l.at(at, "a comment", func(ctx context.Context) error {
		_, _, err := l.Services.Cases.AddComment(ctx, by, l.of.ID, l.c.ID, support.NewComment{Text: text, Status: status})
		return err
	})
}

// note adds an internal note.
func (l *life) note(at time.Time) {
	l.at(at, "a note", func(ctx context.Context) error {
		_, _, err := l.Services.Cases.AddComment(ctx, l.agent, l.of.ID, l.c.ID,
			support.NewComment{Text: l.problem.note, Internal: true})
		return err
	})
}

// take assigns the case to its agent.
func (l *life) take(at time.Time) {
	l.change(at, l.agent, support.CaseChange{AssigneeID: &l.agent.UserID})
}

func (l *life) change(at time.Time, by identity.Principal, change support.CaseChange) {
	l.at(at, "a change of a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Change(ctx, by, l.of.ID, l.c.ID, change)
		return err
	})
}

// answered opens the case and has it answered, and returns when: mostly soon, sometimes too late.
func (l *life) answered(at time.Time, status support.Status) time.Time {
	l.open(at)
	wait := l.between(8*time.Minute, 50*time.Minute)
	if l.random.IntN(4) == 0 {
		wait = l.between(5*time.Hour, 28*time.Hour)
	}
	at = at.Add(wait)
	l.take(at.Add(-3 * time.Minute))
	l.comment(at, l.agent, l.problem.question, status)
	return at
}

// prepared answers the case with a prepared answer of the provider.
func (l *life) prepared(at time.Time) {
	l.at(at, "a prepared answer", func(ctx context.Context) error {
		known, err := l.Services.Desk.OrgAnswers(ctx, l.agent, l.of.ID)
		if err != nil {
			return err
		}
		_, _, err = l.Services.Cases.AddComment(ctx, l.agent, l.of.ID, l.c.ID,
			support.NewComment{AnswerID: known[l.random.IntN(2)].ID})
		return err
	})
}

// solve has the customer reply and the agent solve the case, and returns when.
func (l *life) solve(at time.Time) time.Time {
	at = at.Add(l.between(20*time.Minute, 30*time.Hour))
	l.comment(at, l.customer, l.problem.reply, "")
	if l.random.IntN(3) == 0 {
		l.note(at.Add(9 * time.Minute))
	}
	if l.random.IntN(4) == 0 {
		l.prepared(at.Add(12 * time.Minute))
	}
	at = at.Add(l.between(30*time.Minute, 40*time.Hour))
	l.comment(at, l.agent, l.problem.solution, support.Solved)
	return at
}

// settled is solved, and closes by itself.
func (l *life) settled(at time.Time) {
	solved := l.solve(l.answered(at, support.Pending))
	l.rate(solved.Add(7*day + l.between(time.Hour, 3*day)))
}

// thanked is solved, and the customer closes it.
func (l *life) thanked(at time.Time) {
	closed := l.solve(l.answered(at, support.Pending)).Add(l.between(10*time.Minute, day))
	l.comment(closed, l.customer, l.problem.thanks, support.Closed)
	l.rate(closed.Add(l.between(10*time.Minute, 2*day)))
}

// relapsed is reopened once.
func (l *life) relapsed(at time.Time) {
	at = l.solve(l.answered(at, support.Pending)).Add(l.between(5*time.Hour, 2*day))
	l.comment(at, l.customer, "It is back since this morning. Please look again.\n\n> "+l.problem.subject, "")
	l.note(at.Add(20 * time.Minute))
	at = at.Add(l.between(time.Hour, day))
	l.comment(at, l.agent, "We are sorry. The first change was lost with a restart; we made it again and saved it.",
		support.Solved)
	closed := at.Add(l.between(time.Hour, 2*day))
	l.comment(closed, l.customer, l.problem.thanks, support.Closed)
	l.rate(closed.Add(l.between(10*time.Minute, 2*day)))
}

// archived is closed, and later archived.
func (l *life) archived(at time.Time) {
	closed := l.solve(l.answered(at, support.Pending)).Add(day)
	l.comment(closed, l.customer, l.problem.thanks, support.Closed)
	l.at(closed.Add(l.between(5*day, 20*day)), "an agent archives a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Archive(ctx, l.agent, l.of.ID, l.c.ID)
		return err
	})
}

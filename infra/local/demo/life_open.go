package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// fresh was not answered yet.
func (l *life) fresh(at time.Time) { l.open(at) }

// urgent is of the highest severity, for which the first answer is promised within an hour.
func (l *life) urgent(at time.Time) {
	l.problem = l.urgentProblem(l.of)
	l.problem.severity = desk.MostUrgent
	l.open(at)
	l.note(at.Add(10 * time.Minute))
}

// inWork was answered, and an agent works on it. The agent's note has a file.
func (l *life) inWork(at time.Time) {
	at = l.answered(at, "")
	l.comment(at.Add(l.between(10*time.Minute, 3*time.Hour)), l.customer, l.problem.reply, "")
	l.at(at.Add(4*time.Hour), "a note with a file", func(ctx context.Context) error {
		file, err := l.store(ctx, l.agent, l.c, "log")
		if err != nil {
			return err
		}
		_, _, err = l.Services.Cases.AddComment(ctx, l.agent, l.of.ID, l.c.ID,
			support.NewComment{Text: l.problem.note, Internal: true, Files: []attachment.File{file}})
		return err
	})
}

// waiting waits for the customer.
func (l *life) waiting(at time.Time) { l.answered(at, support.Pending) }

// held waits for something else, and comes back after the end.
func (l *life) held(at time.Time) {
	at = l.answered(at, "").Add(time.Hour)
	l.hold(at, l.end.Add(l.between(2*day, 20*day)).UnixMicro())
}

// back waited for something else, and came back by itself.
func (l *life) back(at time.Time) {
	at = l.answered(at, "").Add(time.Hour)
	l.hold(at, at.Add(l.between(4*day, 9*day)).UnixMicro())
}

func (l *life) hold(at time.Time, until int64) {
	status, tag := support.Hold, "waiting-for-vendor"
	l.change(at, l.agent, support.CaseChange{Status: &status, ReturnAt: &until, CustomTag: &tag})
}

// solvedLately is solved, and not closed yet.
func (l *life) solvedLately(at time.Time) {
	at = l.answered(at, support.Pending)
	l.comment(at.Add(30*time.Minute), l.customer, l.problem.reply, "")
	l.comment(at.Add(l.between(time.Hour, 20*time.Hour)), l.agent, l.problem.solution, support.Solved)
}

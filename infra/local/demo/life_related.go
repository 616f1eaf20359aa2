package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/support"
)

// another returns a second case of the same organization.
func (l *life) another() *life {
	other := *l
	other.problem = l.nextProblem(l.of)
	return &other
}

// merged is reported twice, and an agent merges the second case into the first.
func (l *life) merged(at time.Time) {
	twin := l.another()
	twin.problem = l.problem
	twin.problem.subject = "Again: " + l.problem.subject
	l.open(at)
	twin.open(at.Add(l.between(20*time.Minute, 2*time.Hour)))
	l.at(at.Add(3*time.Hour), "an agent merges a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Merge(ctx, l.agent, l.of.ID, twin.c.ID, l.c.ID)
		return err
	})
	l.comment(at.Add(4*time.Hour), l.agent, l.problem.question, support.Pending)
	l.solve(at.Add(5 * time.Hour))
}

// linked is linked to another case.
func (l *life) linked(at time.Time) {
	other := l.another()
	l.answered(at, support.Pending)
	other.open(at.Add(30 * time.Hour))
	kinds := []support.LinkKind{support.Related, support.Child, support.Duplicated, support.FollowedBy}
	kind := kinds[l.random.IntN(len(kinds))]
	l.at(at.Add(31*time.Hour), "an agent links cases", func(ctx context.Context) error {
		_, err := l.Services.Cases.Link(ctx, l.agent, l.of.ID, l.c.ID, other.c.ID, kind)
		return err
	})
	l.solve(at.Add(32 * time.Hour))
	other.comment(at.Add(40*time.Hour), l.agent, other.problem.question, "")
}

// split has a second problem in a comment, which an agent makes a case of its own.
func (l *life) split(at time.Time) {
	second := l.another().problem
	var commentID string
	l.answered(at, support.Pending)
	l.at(at.Add(30*time.Hour), "a second problem in a comment", func(ctx context.Context) error {
		_, comment, err := l.Services.Cases.AddComment(ctx, l.customer, l.of.ID, l.c.ID,
			support.NewComment{Text: l.problem.reply + "\n\n" + second.description})
		commentID = comment.ID
		return err
	})
	l.at(at.Add(31*time.Hour), "an agent splits a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Split(ctx, l.agent, l.of.ID, l.c.ID, commentID, second.subject)
		return err
	})
	l.comment(at.Add(32*time.Hour), l.agent, l.problem.solution, support.Solved)
}

// binned was opened by mistake, and deleted.
func (l *life) binned(at time.Time) {
	l.open(at)
	l.bin(at.Add(l.between(time.Hour, 2*day)))
}

// restored was deleted, and restored.
func (l *life) restored(at time.Time) {
	l.answered(at, "")
	l.bin(at.Add(30 * time.Hour))
	l.at(at.Add(33*time.Hour), "an administrator restores a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Restore(ctx, l.of.admin, l.of.ID, l.c.ID)
		return err
	})
}

func (l *life) bin(at time.Time) {
	l.at(at, "an administrator deletes a case", func(ctx context.Context) error {
		_, err := l.Services.Cases.Delete(ctx, l.of.admin, l.of.ID, l.c.ID)
		return err
	})
}

// rate has most customers rate the help with a closed case.
func (l *life) rate(at time.Time) {
	if l.random.IntN(3) == 0 {
		return
	}
	l.at(at, "a customer rates the help", func(ctx context.Context) error {
		now, err := l.Services.Cases.Detail(ctx, l.agent, l.of.ID, l.c.ID)
		if err != nil || now.Asked == 0 {
			return err
		}
		token, err := l.Services.Ratings.RatingToken(now.Case)
		if err != nil {
			return err
		}
		given := ratings()[l.random.IntN(len(ratings()))]
		return l.Services.Ratings.Rate(ctx, token, given.score, given.comment, l.customer.SourceAddress)
	})
}

// rated is what customers say about the help.
type rated struct {
	score   int
	comment string
}

func ratings() []rated {
	return []rated{
		{5, "Quick and friendly. Thank you!"},
		{5, ""},
		{5, "Schneller als erwartet 👍"},
		{4, "Solved, but I had to explain it twice."},
		{4, ""},
		{5, "丁寧に対応していただきました。"},
		{3, "It took two days until somebody answered."},
		{2, "Le problème est revenu une semaine plus tard."},
		{4, "Дякую за терпіння."},
		{1, "We found the cause ourselves."},
	}
}

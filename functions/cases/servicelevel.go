package cases

import (
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// ServiceLevel is the state of the service level targets of a case.
type ServiceLevel struct {
	FirstAnswer Promise `json:"first_answer"`
	Solution    Promise `json:"solution"`
	PausedAt    int64   `json:"paused_at,omitempty" doc:"Since when the clock is paused because the customer must answer, in epoch seconds."`
}

// Promise is one service level target; all times are in epoch seconds.
type Promise struct {
	Minutes    int64 `json:"minutes,omitempty" doc:"What was promised, in minutes of business time; absent if nothing was."`
	DueAt      int64 `json:"due_at,omitempty" doc:"The deadline; absent while the clock is paused and once it is met."`
	MetAt      int64 `json:"met_at,omitempty"`
	WarnedAt   int64 `json:"warned_at,omitempty"`
	BreachedAt int64 `json:"breached_at,omitempty"`
}

func promiseOf(t servicelevel.Timer) Promise {
	return Promise{
		Minutes:    t.Target / 60_000_000,
		DueAt:      seconds(t.DueAt),
		MetAt:      seconds(t.Met),
		WarnedAt:   seconds(t.Warned),
		BreachedAt: seconds(t.Breached),
	}
}

func serviceLevelOf(clock *servicelevel.Clock) *ServiceLevel {
	if clock == nil {
		return nil
	}
	return &ServiceLevel{
		FirstAnswer: promiseOf(clock.FirstAnswer),
		Solution:    promiseOf(clock.Solution),
		PausedAt:    seconds(clock.Paused),
	}
}

// Rating is a submitter's rating of the help.
type Rating struct {
	Score   int    `json:"score" doc:"1, very dissatisfied, to 5, very satisfied."`
	Comment string `json:"comment,omitempty"`
	RatedAt int64  `json:"rated_at" doc:"Epoch seconds."`
}

func ratingOf(r *support.Rating) *Rating {
	if r == nil {
		return nil
	}
	return &Rating{Score: r.Score, Comment: r.Comment, RatedAt: seconds(r.At)}
}

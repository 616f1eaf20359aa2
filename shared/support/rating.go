package support

import (
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/support/desk"
)

// Rating is a submitter's rating of the help with a case.
type Rating struct {
	// Score is from 1, very dissatisfied, to 5, very satisfied.
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
	// At is in microseconds since 1970.
	At int64 `json:"at"`
}

const (
	// WorstScore is the lowest rating.
	WorstScore = 1
	// BestScore is the highest.
	BestScore = 5
	// MaxRatingText is the maximum length of the comment, in characters.
	MaxRatingText = 2000
	// RatingLife is how long the link to the rating page is valid.
	RatingLife = 30 * 24 * time.Hour

	// RatingPurpose binds the sealed token of a rating link.
	RatingPurpose = "rating"
)

// Ask records that the submitter of a closing case is asked for a rating, if the provider wants
// ratings. Nobody is asked twice.
func (c *Case) Ask(setting desk.Setting, now time.Time) {
	if setting.AskSatisfaction && c.Status == Closed && c.Asked == 0 && !c.Submitter.Agent && c.MergedInto == nil {
		c.Asked = now.UnixMicro()
	}
}

// Text returns the rating as shown in the history; "" for none.
func (r *Rating) Text() string {
	if r == nil {
		return ""
	}
	text := fmt.Sprintf("%d of %d", r.Score, BestScore)
	if r.Comment != "" {
		text += ": " + r.Comment
	}
	return text
}

// askedNow reports whether this change asks the submitter for a rating.
func (u Update) askedNow() bool {
	return u.Before != nil && u.Before.Asked == 0 && u.After.Asked > 0
}

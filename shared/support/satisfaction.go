package support

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Rating is what a submitter thought of the help with a case.
type Rating struct {
	// Score is 1, very dissatisfied, to 5, very satisfied.
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
	// MaxRatingText is how long its comment can be, in characters.
	MaxRatingText = 2000
	// RatingLife is how long the link of the question works.
	RatingLife = 30 * 24 * time.Hour

	ratingPurpose = "rating"
)

// ratingLink is what the token of a question's link says.
type ratingLink struct {
	OrgID  string `json:"o"`
	CaseID string `json:"c"`
	Until  int64  `json:"u"`
}

// ask notes that the submitter of a case that is being closed is to be asked, if the provider wants that. Nobody is asked twice.
func (c *Case) ask(setting Setting, now time.Time) {
	if setting.AskSatisfaction && c.Status == Closed && c.Asked == 0 && !c.Submitter.Agent && c.MergedInto == nil {
		c.Asked = now.UnixMicro()
	}
}

// ratingToken makes the token by which a case can be rated without a log-in.
func (d *Desk) ratingToken(c Case) (string, error) {
	text, err := json.Marshal(ratingLink{OrgID: c.OrgID, CaseID: c.ID, Until: time.UnixMicro(c.Asked).Add(RatingLife).Unix()})
	return d.keyring.Seal(ratingPurpose, "", text), err
}

func (d *Desk) rated(token string) (ratingLink, error) {
	var link ratingLink
	text, err := d.keyring.Open(ratingPurpose, "", token)
	if err == nil {
		err = json.Unmarshal(text, &link)
	}
	if err != nil {
		return link, fault.New(fault.Invalid, "The link is not valid. Use the one in the mail as it is.")
	}
	if d.journal.Now().Unix() >= link.Until {
		return link, fault.New(fault.Invalid, "The link has expired.")
	}
	return link, nil
}

// RatedCase gives the number and subject of the case that a token is for.
func (d *Desk) RatedCase(ctx context.Context, token string) (number int64, subject string, err error) {
	link, err := d.rated(token)
	if err != nil {
		return 0, "", err
	}
	found, err := d.ratable(ctx, link)
	return found.Number, found.Subject, err
}

func (d *Desk) ratable(ctx context.Context, link ratingLink) (Case, error) {
	items, err := d.journal.BatchGet(ctx, []table.Key{caseKey(link.OrgID, link.CaseID, caseSort)})
	if err != nil {
		return Case{}, err
	}
	found, err := decodeCase(items[0])
	if err == nil && found.Deleted > 0 {
		err = fault.Missing()
	}
	return found, err
}

// Rate keeps what the submitter thought of the help. As long as the link works, it can be changed.
func (d *Desk) Rate(ctx context.Context, token string, score int, comment, sourceAddress string) error {
	link, err := d.rated(token)
	if err != nil {
		return err
	}
	if score < WorstScore || score > BestScore {
		return fault.InField("score", "must be %d to %d", WorstScore, BestScore)
	}
	if err := checkText("comment", comment, 0); err != nil {
		return err
	}
	if len([]rune(comment)) > MaxRatingText {
		return fault.InField("comment", "must have at most %d characters", MaxRatingText)
	}
	for attempt := 0; ; attempt++ {
		err := d.rate(ctx, link, Rating{Score: score, Comment: comment, At: d.journal.Now().UnixMicro()}, sourceAddress)
		if !again(ctx, err, attempt) {
			return busy(err)
		}
	}
}

func (d *Desk) rate(ctx context.Context, link ratingLink, rating Rating, sourceAddress string) error {
	before, err := d.ratable(ctx, link)
	if err != nil {
		return err
	}
	if before.Rating.text() == rating.text() {
		return nil // the same link used again, or the same answer sent twice
	}
	after := before
	after.Rating = &rating
	by := identity.Principal{
		Kind: change.Stranger, UserID: before.Submitter.ID, Email: before.Submitter.Email, FirstName: before.Submitter.Name, Door: "link", SourceAddress: sourceAddress,
	}
	fields := map[string]Difference{"rating": {Before: before.Rating.text(), After: rating.text()}}
	entry, err := d.entry(before.Submitter, after, fields)
	if err != nil {
		return err
	}
	u := update{before: &before, after: after, done: change.Done{Writes: []table.Write{entry}}}
	_, err = d.commitAll(ctx, by, change.Done{Action: "cases.rate", Message: fmt.Sprintf("Rated the help with case %d", before.Number), After: rating}, u)
	return err
}

func (r *Rating) text() string {
	if r == nil {
		return ""
	}
	text := fmt.Sprintf("%d of %d", r.Score, BestScore)
	if r.Comment != "" {
		text += ": " + r.Comment
	}
	return text
}

// askedNow reports whether the submitter is to be asked with this change.
func (u update) askedNow() bool {
	return u.before != nil && u.before.Asked == 0 && u.after.Asked > 0
}

// onlyAgents are those who work on a case: the assignee, or the desk where there is none.
func (c Case) onlyAgents(desk []string) []string {
	if c.Assignee != nil {
		return []string{c.Assignee.ID}
	}
	return slices.Clone(desk)
}

package rating

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// ratingLink is the content of a rating token.
type ratingLink struct {
	OrgID  string `json:"o"`
	CaseID string `json:"c"`
	Until  int64  `json:"u"`
}

// RatingToken returns the token that allows rating a case without a log-in.
func (s *Service) RatingToken(c support.Case) (string, error) {
	text, err := json.Marshal(
		ratingLink{OrgID: c.OrgID, CaseID: c.ID, Until: time.UnixMicro(c.Asked).Add(support.RatingLife).Unix()},
	)
	return s.keyring.Seal(support.RatingPurpose, "", text), err
}

func (s *Service) rated(token string) (ratingLink, error) {
	var link ratingLink
	text, err := s.keyring.Open(support.RatingPurpose, "", token)
	if err == nil {
		err = json.Unmarshal(text, &link)
	}
	if err != nil {
		return link, fault.New(fault.Invalid, "The link is not valid. Use the link in the mail unchanged.")
	}
	if s.journal.Now().Unix() >= link.Until {
		return link, fault.New(fault.Invalid, "The link has expired.")
	}
	return link, nil
}

// RatedCase returns the number and subject of the case of a token.
func (s *Service) RatedCase(ctx context.Context, token string) (number int64, subject string, err error) {
	link, err := s.rated(token)
	if err != nil {
		return 0, "", err
	}
	c, err := s.ratable(ctx, link)
	return c.Number, c.Subject, err
}

func (s *Service) ratable(ctx context.Context, link ratingLink) (support.Case, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(link.OrgID), support.CaseKey(link.OrgID, link.CaseID, support.CaseSort),
	})
	if err != nil {
		return support.Case{}, err
	}
	if _, err := tenant.DecodeOrg(items[0], s.journal.Now()); err != nil {
		return support.Case{}, err
	}
	c, err := support.DecodeCase(items[1])
	if err == nil && c.Deleted > 0 {
		err = fault.Missing()
	}
	return c, err
}

// Rate stores the submitter's rating of the help. It can be changed while the link works.
func (s *Service) Rate(ctx context.Context, token string, score int, comment, sourceAddress string) error {
	link, err := s.rated(token)
	if err != nil {
		return err
	}
	if score < support.WorstScore || score > support.BestScore {
		return fault.InField("score", "must be %d to %d", support.WorstScore, support.BestScore)
	}
	if err := identity.CheckParagraphs("comment", comment, 0, desk.MaxText); err != nil {
		return err
	}
	if len([]rune(comment)) > support.MaxRatingText {
		return fault.InField("comment", "must have at most %d characters", support.MaxRatingText)
	}
	for attempt := 0; ; attempt++ {
		err := s.rate(
			ctx,
			link,
			support.Rating{Score: score, Comment: comment, At: s.journal.Now().UnixMicro()},
			sourceAddress,
		)
		if !support.Again(ctx, err, attempt) {
			return support.Busy(err)
		}
	}
}

func (s *Service) rate(ctx context.Context, link ratingLink, rating support.Rating, sourceAddress string) error {
	before, err := s.ratable(ctx, link)
	if err != nil {
		return err
	}
	if before.Rating.Text() == rating.Text() {
		return nil // the link was used again, or the form was sent twice
	}
	after := before
	after.Rating = &rating
	by := identity.Principal{
		Kind:          change.Stranger,
		UserID:        before.Submitter.ID,
		Email:         before.Submitter.Email,
		FirstName:     before.Submitter.Name,
		Door:          "link",
		SourceAddress: sourceAddress,
	}
	fields := map[string]support.Difference{"rating": {Before: before.Rating.Text(), After: rating.Text()}}
	entry, err := s.cases.HistoryWrite(before.Submitter, after, fields)
	if err != nil {
		return err
	}
	u := support.Update{Before: &before, After: after, Record: change.Record{Writes: []table.Write{entry}}}
	_, err = s.cases.CommitAll(
		ctx,
		by,
		change.Record{
			Action:  "cases.rate",
			Message: fmt.Sprintf("Rated the help with case %d", before.Number),
			After:   rating,
		},
		u,
	)
	return err
}

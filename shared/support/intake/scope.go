package intake

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// destination returns where a mail was sent. Of a mail that the desk of a case released, only the
// addresses of that case count, or else the support address of its organization: a desk decides
// nothing for other desks.
func (s *Service) destination(ctx context.Context, mail Mail) (mailthread.Destination, error) {
	to := s.threads.DestinationOf(mail.Recipients)
	if mail.ReleasedTo == nil {
		return to, nil
	}
	to.OrgIDs = []string{mail.ReleasedTo.OrgID}
	if len(to.Replies) == 0 && len(to.Bounces) == 0 {
		return to, nil
	}
	replies, err := s.releasedTokens(ctx, mail, to.Replies)
	if err != nil {
		return mailthread.Destination{}, err
	}
	bounces, err := s.releasedTokens(ctx, mail, to.Bounces)
	if err != nil {
		return mailthread.Destination{}, err
	}
	if len(replies) == 0 && len(bounces) == 0 {
		return mailthread.Destination{}, refusedBy(
			refuse(UnknownCase, "the mail was not sent to the case that it was released to"), support.Reference{})
	}
	to.Replies, to.Bounces = replies, bounces
	return to, nil
}

// releasedTokens returns the tokens of the case that a mail was released to.
func (s *Service) releasedTokens(
	ctx context.Context, mail Mail, tokens []mailthread.Token,
) ([]mailthread.Token, error) {
	numbered, err := s.numbered(ctx, tokens)
	if err != nil {
		return nil, err
	}
	var own []mailthread.Token
	for _, token := range tokens {
		where, ok := numbered[token.Number]
		if !ok {
			continue
		}
		same, err := s.isReleasedTo(ctx, mail, where)
		if err != nil {
			return nil, err
		}
		if same {
			own = append(own, token)
		}
	}
	return own, nil
}

// numbered returns the cases of tokens by their numbers, without those that are gone, of as many
// tokens as one request reads.
func (s *Service) numbered(ctx context.Context, tokens []mailthread.Token) (map[int64]support.Reference, error) {
	var numbers []int64
	for _, token := range tokens {
		if !slices.Contains(numbers, token.Number) && len(numbers) < table.MaxBatch {
			numbers = append(numbers, token.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(numbers))
	for i, number := range numbers {
		keys[i] = support.NumberKey(number)
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	cases := map[int64]support.Reference{}
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		var entry support.NumberEntry
		if err := change.Decode(item, &entry); err != nil {
			return nil, err
		}
		cases[numbers[i]] = support.Reference(entry)
	}
	return cases, nil
}

// released returns the cases that a mail may be about: only the one that it was released to, if the
// desk of a case released it.
func (s *Service) released(ctx context.Context, mail Mail, cases []evidence) ([]evidence, error) {
	if mail.ReleasedTo == nil {
		return cases, nil
	}
	var own []evidence
	for _, one := range cases {
		same, err := s.isReleasedTo(ctx, mail, one.where)
		if err != nil {
			return nil, err
		}
		if same {
			own = append(own, one)
		}
	}
	return own, nil
}

// isReleasedTo reports whether a case is the one that a mail was released to. Both may have been
// merged.
func (s *Service) isReleasedTo(ctx context.Context, mail Mail, where support.Reference) (bool, error) {
	released := support.Reference{OrgID: mail.ReleasedTo.OrgID, CaseID: mail.ReleasedTo.CaseID}
	if where == released || where.OrgID != released.OrgID {
		return where == released, nil
	}
	one, _, err := s.referred(ctx, where)
	if err != nil || one.ID == "" {
		return false, err
	}
	other, _, err := s.referred(ctx, released)
	return one.ID == other.ID, err
}

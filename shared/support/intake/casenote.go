package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// target is the case that a quarantined mail was sent to.
type target struct {
	support.Reference
	// PersonID is the person whose reply address the mail was sent to; "" if it was sent to none.
	PersonID string `json:"person_id,omitempty"`
}

// targetOf returns the case that a mail was sent to: by one of our reply addresses, or else by what
// the mail refers to, which anybody can forge. It returns nil if there is none.
func (s *Service) targetOf(ctx context.Context, q Quarantined, cases []evidence) (*target, error) {
	switch q.Reason {
	case FromOurselves, NoDestination:
		return nil, nil
	}
	to := s.threads.DestinationOf(q.Recipients)
	for _, token := range append(to.Replies, to.Answered()...) {
		var entry support.NumberEntry
		_, err := s.journal.Get(ctx, support.NumberKey(token.Number), &entry)
		if errors.Is(err, table.ErrAbsent) {
			continue
		}
		return &target{Reference: support.Reference(entry), PersonID: token.UserID}, err
	}
	if len(cases) == 0 {
		return nil, nil
	}
	return &target{Reference: cases[0].where}, nil
}

// quarantineRate is the sort key of the rate limit on history entries about quarantined mails of a
// case.
const quarantineRate = rateSort + "#quarantined"

// noteQuarantined returns the writes of a history entry that shows agents a quarantined mail to the
// case, or to its survivor if it was merged. It returns none if the case is gone or already has
// many such entries.
func (s *Service) noteQuarantined(ctx context.Context, q *Quarantined) ([]table.Write, error) {
	where := q.Target.Reference
	items, err := s.journal.BatchGet(ctx, []table.Key{support.CaseKey(where.OrgID, where.CaseID, support.CaseSort)})
	if err != nil {
		return nil, err
	}
	c, err := support.DecodeCase(items[0])
	if err == nil && c.MergedInto != nil {
		c, err = s.cases.Survivor(ctx, c)
	}
	if fault.Is(err, fault.NotFound) {
		q.Target = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q.Target.CaseID = c.ID
	key := support.CaseKey(c.OrgID, c.ID, quarantineRate)
	if items, err = s.journal.BatchGet(ctx, []table.Key{key}); err != nil {
		return nil, err
	}
	counted, err := decodeRate(items[0])
	if err != nil {
		return nil, err
	}
	counted.key = key
	if enough, err := counted.check(s.journal.Now(), caseLimits(), ""); enough {
		return nil, ignoreRefusal(err)
	}
	count, err := counted.write(s.journal.Now())
	if err != nil {
		return nil, err
	}
	line, err := s.quarantineLine(c, support.Party{Name: support.PlatformPrincipal().Name()}, *q, false)
	return []table.Write{count, line}, err
}

// quarantineLine returns the write of a history entry about a quarantined or released mail.
func (s *Service) quarantineLine(
	c support.Case, author support.Party, q Quarantined, released bool,
) (table.Write, error) {
	what := fmt.Sprintf("A mail from %s was quarantined (%s). %s", orUnknown(q.From), q.Reason, q.Reason.text().Meaning)
	if released {
		what = fmt.Sprintf("The mail from %s, quarantined as %s, was released.", orUnknown(q.From), q.Reason)
	}
	entry := support.HistoryEntry{
		ID: s.journal.NewID(), Author: author, Internal: true, Created: s.journal.Now().UnixMicro(),
		Fields: map[string]support.Difference{"quarantined_mail": {Before: "", After: what}},
		QuarantinedMail: &support.QuarantinedMail{
			ID: q.ID, Reason: string(q.Reason), From: q.From, Subject: q.Subject, Released: released,
			Releasable: q.Reason.deskReleasable(), Confirmable: q.Reason.confirmable(), PersonID: q.Target.PersonID,
		},
	}
	item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	return table.Create(item), err
}

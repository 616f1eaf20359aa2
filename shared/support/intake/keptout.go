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

// meant is the case that a quarantined mail was meant for.
type meant struct {
	support.Reference
	// PersonID is for whom the reply address was generated that the mail was sent to; "" if it was
	// sent to none.
	PersonID string `json:"person_id,omitempty"`
}

// meantFor finds the case that a mail was meant for: by a reply address, which says so for sure, or by
// what it refers to, which anybody can forge. It returns nil if there is none.
func (s *Service) meantFor(ctx context.Context, q Quarantined, cases []evidence) (*meant, error) {
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
		return &meant{Reference: support.Reference(entry), PersonID: token.UserID}, err
	}
	if len(cases) == 0 {
		return nil, nil
	}
	return &meant{Reference: cases[0].where}, nil
}

// keptOutRate is the sort key of the rate of the lines about mails that were kept out of a case.
var keptOutRate = caseRateSort("kept out")

// noteKeptOut returns the writes of a line in a case's history, for agents, that a mail to it was kept
// out, and the case as it goes on; none if the case is gone, or has had such lines enough.
func (s *Service) noteKeptOut(ctx context.Context, q *Quarantined) ([]table.Write, error) {
	where := q.Meant.Reference
	items, err := s.journal.BatchGet(ctx, []table.Key{support.CaseKey(where.OrgID, where.CaseID, support.CaseSort)})
	if err != nil {
		return nil, err
	}
	c, err := support.DecodeCase(items[0])
	if err == nil && c.MergedInto != nil {
		c, err = s.cases.Survivor(ctx, c)
	}
	if fault.Is(err, fault.NotFound) {
		q.Meant = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q.Meant.CaseID = c.ID
	key := support.CaseKey(c.OrgID, c.ID, keptOutRate)
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
	line, err := s.keptOutLine(c, support.Party{Name: support.PlatformPrincipal().Name()}, *q, false)
	return []table.Write{count, line}, err
}

// keptOutLine returns the write of a line about a mail that was kept out of a case, or released.
func (s *Service) keptOutLine(c support.Case, author support.Party, q Quarantined, released bool) (table.Write, error) {
	what := fmt.Sprintf("A mail from %s was kept out (%s): %s", orUnknown(q.From), q.Reason, q.Reason.text().Meaning)
	if released {
		what = fmt.Sprintf("The mail from %s was let in, although it had been kept out (%s).", orUnknown(q.From), q.Reason)
	}
	entry := support.HistoryEntry{
		ID: s.journal.NewID(), Author: author, Internal: true, Created: s.journal.Now().UnixMicro(),
		Fields: map[string]support.Difference{"mail_kept_out": {Before: "", After: what}},
		KeptOut: &support.KeptOut{
			ID: q.ID, Reason: string(q.Reason), From: q.From, Subject: q.Subject, Released: released,
			Releasable: q.Reason.deskReleasable(), Owned: q.Meant != nil && q.Meant.PersonID != "",
		},
	}
	item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	return table.Create(item), err
}

package intake

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// target is the case that refused a mail.
type target struct {
	support.Reference
	// PersonID is the person whose reply address the mail was sent to; "" if it was sent to none.
	PersonID string `json:"person_id,omitempty"`
}

// targetOf returns the case whose desk decides about a mail: the one that refused it. A mail that was
// refused before any case was looked at belongs to the case of its reply addresses, or else to what it
// refers to, which anybody can forge. It returns nil if there is not exactly one: a desk cannot decide
// for another.
func (s *Service) targetOf(ctx context.Context, q Quarantined, cases []evidence, by *target) (*target, error) {
	switch q.Reason {
	case FromOurselves, NoDestination:
		return nil, nil
	}
	if by == nil {
		var err error
		if by, err = s.addressed(ctx, q.Recipients); err != nil {
			return nil, err
		}
	}
	if by == nil {
		by = &target{Reference: onlyCase(cases)}
	}
	if by.CaseID == "" {
		return nil, nil
	}
	return by, nil
}

// addressed returns the case whose reply addresses are among the recipients of a mail, without an ID if
// there are several; nil if there is none.
func (s *Service) addressed(ctx context.Context, recipients []string) (*target, error) {
	to := s.threads.DestinationOf(recipients)
	tokens := append(to.Replies, to.Answered()...)
	cases, err := s.numbered(ctx, tokens)
	if err != nil {
		return nil, err
	}
	var only *target
	for _, token := range tokens {
		where, ok := cases[token.Number]
		switch {
		case !ok:
		case only == nil:
			only = &target{Reference: where, PersonID: token.UserID}
		case only.Reference != where:
			return &target{}, nil
		}
	}
	return only, nil
}

// quarantineRate is the sort key of the rate of the entries about quarantined mails of a case.
const quarantineRate = rateSort + "#quarantined"

// noteQuarantined returns the writes of an entry in a case's history that tells agents of a quarantined
// mail to the case, or to the case that it was merged into. There are none if the case is gone, or has
// many such entries already.
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

// quarantineLine returns the write of a history entry about a mail that was quarantined or released.
func (s *Service) quarantineLine(c support.Case, author support.Party, q Quarantined, released bool) (table.Write, error) {
	what := fmt.Sprintf("A mail from %s was quarantined (%s). %s", orUnknown(q.From), q.Reason, q.Reason.text().Meaning)
	if released {
		what = fmt.Sprintf("The mail from %s, quarantined as %s, was released.", orUnknown(q.From), q.Reason)
	}
	entry := support.HistoryEntry{
		ID: s.journal.NewID(), Author: author, Internal: true, Created: s.journal.Now().UnixMicro(),
		Fields: map[string]support.Difference{"quarantined_mail": {Before: "", After: what}},
		QuarantinedMail: &support.QuarantinedMail{
			ID: q.ID, Reason: string(q.Reason), From: q.From, Subject: q.Subject, Released: released,
			Releasable: q.Reason.deskReleasable(), Confirmable: q.Reason.confirmable() && q.provesSender(q.Target.PersonID), PersonID: q.Target.PersonID,
		},
	}
	item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	return table.Create(item), err
}

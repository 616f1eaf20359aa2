package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// target is the case that refused a mail.
type target struct {
	support.Reference
	// PersonID is the person whose reply address the mail was sent to; "" if it was sent to none.
	PersonID string `json:"person_id,omitempty"`
}

// targetOf returns the case whose desk decides about a mail: the one that refused it. A mail that
// was refused before any case was looked at belongs to the case of its reply addresses, or else to
// what it refers to, which anybody can forge. It returns nil if there is not exactly one: a desk
// cannot decide for another.
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

// addressed returns the case whose reply addresses are among the recipients of a mail, without an
// ID if there are several; nil if there is none.
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

// quarantineRate is the sort key of the rate limit on history entries about quarantined mails of a
// case.
const quarantineRate = rateSort + "#quarantined"

// noteLimits limit the entries about quarantined mails of a case: whoever sends many must not push
// the rest of the history out of sight.
func noteLimits() []rateLimit { return []rateLimit{{3, 10}, {20, noteWindow}} }

// noteWindow is the longest window of noteLimits, in minutes.
const noteWindow = 24 * 60

// noteQuarantined returns the writes of an entry in a case's history that tells agents of a
// quarantined mail to the case, or to the case that it was merged into. There are none if the case
// is gone, or has many such entries already. A mail that only claims to be about the case, from
// somebody who has nothing to do with it, is none of its desk's.
func (s *Service) noteQuarantined(ctx context.Context, q *Quarantined) ([]table.Write, error) {
	where := q.Target.Reference
	items, err := s.journal.BatchGet(ctx, []table.Key{
		support.CaseKey(where.OrgID, where.CaseID, support.CaseSort), tenant.OrgKey(where.OrgID),
	})
	if err != nil {
		return nil, err
	}
	c, err := support.DecodeCase(items[0])
	if err == nil && c.MergedInto != nil {
		c, err = s.cases.Survivor(ctx, c)
	}
	concerned := false
	if err == nil {
		concerned, err = s.concerned(ctx, *q, c, items[1])
	}
	if fault.Is(err, fault.NotFound) || err == nil && !concerned {
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
	reached, err := counted.check(s.journal.Now(), noteLimits(), "")
	if err != nil || reached && counted.Told {
		return nil, ignoreRefusal(err)
	}
	author := support.Party{Name: support.PlatformPrincipal().Name()}
	var line table.Write
	if reached {
		counted.Told = true
		line, err = s.moreQuarantined(c, author)
	} else {
		counted = counted.counted(s.journal.Now(), noteWindow)
		line, err = s.quarantineLine(c, author, *q, false)
	}
	if err != nil {
		return nil, err
	}
	count, err := counted.store(s.journal.Now(), noteWindow)
	return []table.Write{count, line}, err
}

// concerned reports whether a mail was sent to a reply address of the case, or names as its sender
// somebody who sees the case, or is in copy.
func (s *Service) concerned(ctx context.Context, q Quarantined, c support.Case, org table.Item) (bool, error) {
	if q.Target.PersonID != "" {
		return true, nil
	}
	if _, copied := c.Copied(q.From); copied {
		return true, nil
	}
	known, err := tenant.DecodeOrg(org, s.journal.Now())
	if err != nil {
		return false, err
	}
	person, err := s.accounts.PersonByEmail(ctx, q.From)
	if fault.Is(err, fault.NotFound) {
		return s.aliasIn(ctx, q.From, c.OrgID)
	}
	return err == nil && person.Principal("mail", "").May(identity.SeeCases, known.Place()), err
}

// aliasIn reports whether an address is a person's in an organization.
func (s *Service) aliasIn(ctx context.Context, address, orgID string) (bool, error) {
	if address == "" {
		return false, nil
	}
	entry, _, err := s.storedAliases(ctx, orgID, identity.NormalEmail(address))
	return slices.ContainsFunc(entry.Aliases, func(a Alias) bool { return a.OrgID == orgID }), err
}

// moreQuarantined returns the write of a history entry that says that the next quarantined mails
// have none.
func (s *Service) moreQuarantined(c support.Case, author support.Party) (table.Write, error) {
	entry := support.HistoryEntry{
		ID: s.journal.NewID(), Author: author, Internal: true, Created: s.journal.Now().UnixMicro(),
		Fields: map[string]support.Difference{"quarantined_mail": {Before: "", After: "More mails to the case were " +
			"quarantined than are listed here. An operator finds them in the quarantine."}},
	}
	item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	return table.Create(item), err
}

// quarantineLine returns the write of a history entry about a mail that was quarantined or
// released.
func (s *Service) quarantineLine(
	c support.Case, author support.Party, q Quarantined, released bool,
) (table.Write, error) {
	what := fmt.Sprintf("A mail from %s was quarantined (%s). %s", orUnknown(q.From), q.Reason, q.Reason.text().Meaning)
	if q.HeadersOnly {
		what += " Its content was dropped, because the quarantine had no room for it: ask the sender to send it again."
	}
	if released {
		what = fmt.Sprintf("The mail from %s, quarantined as %s, was released.", orUnknown(q.From), q.Reason)
	}
	entry := support.HistoryEntry{
		ID: s.journal.NewID(), Author: author, Internal: true, Created: s.journal.Now().UnixMicro(),
		Fields: map[string]support.Difference{"quarantined_mail": {Before: "", After: what}},
		QuarantinedMail: &support.QuarantinedMail{
			ID: q.ID, Reason: string(q.Reason), From: q.From, Subject: q.Subject, Released: released,
			Releasable: q.Reason.deskReleasable() && !q.HeadersOnly, PersonID: q.Target.PersonID,
			Confirmable: !q.HeadersOnly && q.Reason.confirmable() && q.provesSender(q.Target.PersonID),
		},
	}
	item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	return table.Create(item), err
}

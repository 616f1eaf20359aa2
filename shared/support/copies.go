package support

import (
	"errors"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// ErrCopies is the cause of the refusal of people in copy because of the organization's budget for
// public mail domains.
var ErrCopies = errors.New("support: too many people of public mail domains in copy")

// copiesKey is the counter of the people of public mail domains that the customers of an organization
// put in copy on a day (UTC).
func (s *Service) copiesKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: "COPIES#DAY#" + s.journal.Now().Format(time.DateOnly)}
}

// publicCopies returns how many people of public mail domains a customer adds to those in copy. In a
// company's domain, a customer copies colleagues; in one such as gmail.com, anybody.
func (s *Service) publicCopies(agent bool, before, after []Party) int64 {
	if agent {
		return 0
	}
	var added int64
	for _, party := range after {
		_, domain, _ := strings.Cut(party.Email, "@")
		if !hasParty(before, party.ID) && s.publicDomains.Contains(domain) {
			added++
		}
	}
	return added
}

// copiesWrites returns the writes that count people in copy.
func (s *Service) copiesWrites(orgID string, copies int64) []table.Write {
	if copies == 0 {
		return nil
	}
	expires := s.journal.Now().Add(48 * time.Hour).Unix()
	return []table.Write{table.Add(s.copiesKey(orgID), copies, s.limits.PublicCopies, expires)}
}

// copiesRefused turns the error of a commit with copiesWrites into a fault of code Limited with the
// cause ErrCopies, if there are too many. It returns other errors as they are.
func (s *Service) copiesRefused(err error, orgID string) error {
	if !table.ConflictAt(err, s.copiesKey(orgID)) {
		return err
	}
	refused := fault.Wrap(ErrCopies, fault.Limited,
		"In public mail domains such as gmail.com, the customers of an organization can put %d people in copy a day. "+
			"Ask the provider's agents to add more.", s.limits.PublicCopies)
	now := s.journal.Now()
	refused.RetryAfter = now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	return refused
}

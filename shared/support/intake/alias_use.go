package intake

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// vouched returns the person who wrote a mail in an organization according to its desk: the one
// whom it confirmed when it released the mail, or the one whose alias the sender's address is. It
// returns a fault of code NotFound if there is none.
func (s *Service) vouched(ctx context.Context, mail Mail, k known, orgID string) (identity.Person, error) {
	personID := mail.confirmedSender(orgID)
	if personID == "" {
		entry, _, err := lookUp[aliasEntry](k, aliasKey(mail.From))
		at := slices.IndexFunc(entry.Aliases, func(a Alias) bool { return a.OrgID == orgID })
		if err != nil {
			return identity.Person{}, err
		}
		if at < 0 {
			return identity.Person{}, fault.Missing()
		}
		_, err = s.accounts.PersonByEmail(ctx, mail.From)
		if err == nil {
			return identity.Person{}, fault.Missing() // an address that has an account is that account
		}
		if !fault.Is(err, fault.NotFound) {
			return identity.Person{}, err
		}
		personID = entry.Aliases[at].PersonID
	}
	person, err := s.accounts.Person(ctx, personID)
	if err != nil {
		return identity.Person{}, err
	}
	items, err := s.journal.BatchGet(ctx, []table.Key{tenant.OrgKey(orgID)})
	if err != nil {
		return identity.Person{}, err
	}
	org, err := tenant.DecodeOrg(items[0], s.journal.Now())
	if err != nil {
		return identity.Person{}, err
	}
	if customer := person.Principal("mail", ""); !customer.May(identity.OpenCases, org.Place()) ||
		customer.IsAgent(org.Place()) {
		return identity.Person{}, fault.Missing()
	}
	return person, nil
}

// confirmedSender returns the ID of the person whom the desk of an organization confirmed as the
// writer of this mail; "" for none.
func (m Mail) confirmedSender(orgID string) string {
	if m.ReleasedTo == nil || m.ReleasedTo.OrgID != orgID {
		return ""
	}
	return m.ReleasedTo.SenderID
}

// writerIn returns who wrote a mail in an organization: whom its desk confirmed for this mail, else
// whose account the address is, else whose alias it is. It returns a fault of code NotFound for a
// stranger.
func (s *Service) writerIn(ctx context.Context, mail Mail, k known, orgID string) (identity.Person, error) {
	if mail.confirmedSender(orgID) == "" {
		person, err := s.accounts.PersonByEmail(ctx, mail.From)
		if !fault.Is(err, fault.NotFound) {
			return person, err
		}
	}
	return s.vouched(ctx, mail, k, orgID)
}

// owner returns the person whose alias the address of a mail's sender is, and the organization:
// that of the first case that the mail refers to and in which the address is known, one that its
// recipients name, or the only one if the mail refers to no case of anybody. It returns a fault of
// code NotFound if there is none: an address that one case names in copy is nobody's alias for a
// mail to that case.
func (s *Service) owner(
	ctx context.Context, k known, mail Mail, cases []evidence, orgIDs []string,
) (identity.Person, string, error) {
	entry, known, err := lookUp[aliasEntry](k, aliasKey(mail.From))
	if err != nil {
		return identity.Person{}, "", err
	}
	if !known && (mail.ReleasedTo == nil || mail.ReleasedTo.SenderID == "") {
		return identity.Person{}, "", fault.Missing()
	}
	for _, one := range cases {
		person, err := s.vouched(ctx, mail, k, one.where.OrgID)
		if !fault.Is(err, fault.NotFound) {
			return person, one.where.OrgID, err
		}
		c, _, err := s.referred(ctx, one.where)
		if err != nil {
			return identity.Person{}, "", err
		}
		if _, copied := c.Copied(mail.From); copied {
			return identity.Person{}, "", fault.Missing()
		}
	}
	candidates := orgIDs
	if len(cases) == 0 && len(orgIDs) == 0 && len(entry.Aliases) == 1 {
		candidates = []string{entry.Aliases[0].OrgID}
	}
	for _, orgID := range candidates {
		person, err := s.vouched(ctx, mail, k, orgID)
		if !fault.Is(err, fault.NotFound) {
			return person, orgID, err
		}
	}
	return identity.Person{}, "", fault.Missing()
}

package intake

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// alsoAddressed returns the other recipients of a mail that opens a case: people whose account may
// see the cases of the organization become watchers, and other addresses in the sender's domain are
// copied. Later mails add nobody.
func (s *Service) alsoAddressed(
	ctx context.Context, mail Mail, w writer, org tenant.Org,
) (watcherIDs, cc []string, err error) {
	var addresses []string
	for _, address := range support.Distinct(mail.Others) {
		domain := domainPart(address)
		if domain != s.mailDomain && address != mail.From && identity.CheckEmail("cc", address) == nil &&
			len(addresses) < support.MaxWatchers {
			addresses = append(addresses, address)
		}
	}
	if len(addresses) == 0 {
		return nil, nil, nil
	}
	people, err := s.accounts.PeopleByEmail(ctx, addresses)
	if err != nil {
		return nil, nil, err
	}
	for _, address := range addresses {
		at := slices.IndexFunc(people, func(p identity.Person) bool { return p.Email == address })
		switch {
		case at >= 0 && people[at].Principal("mail", "").May(identity.SeeCases, org.Place()):
			watcherIDs = append(watcherIDs, people[at].ID)
		case at < 0 && !w.by.IsAgent(org.Place()) && domainPart(address) == domainPart(mail.From):
			cc = append(cc, address)
		}
	}
	return watcherIDs, cc, nil
}

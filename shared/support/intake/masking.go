package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// mask masks those quarantined mails that concern an organization that has not consented to personal
// data, and reports which: mails to one of its cases or to its support address, and mails that name
// one of its people as the sender. It makes a few requests, however many mails there are.
func (s *Service) mask(ctx context.Context, by identity.Principal, mails []Quarantined) ([]bool, error) {
	orgs := make([][]string, len(mails)) // those that each mail concerns
	var senders []string
	for i, mail := range mails {
		if mail.Target != nil {
			orgs[i] = append(orgs[i], mail.Target.OrgID)
		}
		orgs[i] = append(orgs[i], s.threads.DestinationOf(mail.Recipients).OrgIDs...)
		senders = append(senders, identity.NormalEmail(mail.From), identity.NormalEmail(mail.Mail.EnvelopeFrom))
	}
	people := map[string]identity.Person{}
	for batch := range slices.Chunk(support.Distinct(senders), table.MaxBatch) {
		known, err := s.accounts.PeopleByEmail(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, person := range known {
			people[person.Email] = person
		}
	}
	var all []string
	for i := range mails {
		for _, sender := range senders[2*i : 2*i+2] {
			for _, held := range people[sender].Privileges {
				if held.Scope == identity.OrgScope {
					orgs[i] = append(orgs[i], held.OrgID)
				}
			}
		}
		all = append(all, orgs[i]...)
	}
	hidden, err := s.accounts.MaskedIn(ctx, by, support.Distinct(all))
	if err != nil {
		return nil, err
	}
	masked := make([]bool, len(mails))
	for i := range mails {
		masked[i] = slices.ContainsFunc(orgs[i], func(id string) bool { return hidden[id] })
		if masked[i] {
			mails[i] = s.maskedMail(mails[i], func(address string) bool {
				return worksForProvider(people[identity.NormalEmail(address)], hidden)
			})
		}
	}
	return masked, nil
}

// worksForProvider reports whether a person works for a provider and has no role in an organization whose
// people are hidden: what they send is no personal data of its people.
func worksForProvider(person identity.Person, hidden map[string]bool) bool {
	provides := false
	for _, held := range person.Privileges {
		if held.Scope == identity.OrgScope && hidden[held.OrgID] {
			return false
		}
		provides = provides || held.Scope != identity.OrgScope
	}
	return provides
}

// maskedMail returns a quarantined mail with masked addresses, but for those of the installation and of
// the provider's own people.
func (s *Service) maskedMail(mail Quarantined, provides func(address string) bool) Quarantined {
	from := mail.From
	if !provides(from) {
		mail.From = identity.MaskEmail(from)
		mail.Mail.SourceAddress = identity.MaskSource(mail.Mail.SourceAddress)
	}
	if !provides(from) || strings.Count(mail.Detail, "@") != strings.Count(mail.Detail, from) {
		mail.Detail = identity.MaskText(mail.Detail)
	}
	if !provides(mail.Mail.EnvelopeFrom) {
		mail.Mail.EnvelopeFrom = identity.MaskEmail(mail.Mail.EnvelopeFrom)
	}
	mail.Recipients = slices.Clone(mail.Recipients)
	for i, address := range mail.Recipients {
		if !s.threads.Own(address) {
			mail.Recipients[i] = identity.MaskEmail(address)
		}
	}
	return mail
}

package intake

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// forwardedFor returns the customer whose mail an agent forwards, and the organization for which
// the customer opens cases; nil if the mail is not such a forward. It relies on the agent for who
// the original sender is.
func (s *Service) forwardedFor(
	ctx context.Context, mail Mail, agent writer, orgID string,
) (*identity.Principal, string, error) {
	if mail.Forwarded == "" || mail.Forwarded == mail.From {
		return nil, "", nil
	}
	person, err := s.accounts.PersonByEmail(ctx, mail.Forwarded)
	if fault.Is(err, fault.NotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	customer := person.Principal("mail", mail.SourceAddress)
	if orgID == "" {
		if orgID, err = s.ownOrg(ctx, customer); err != nil {
			return nil, "", ignoreRefusal(err)
		}
	}
	org, err := s.tenants.Org(ctx, agent.by, orgID, identity.AnswerCases)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	place := org.Place()
	if !agent.by.IsAgent(place) || customer.IsAgent(place) || !customer.May(identity.OpenCases, place) {
		return nil, "", nil
	}
	return &customer, orgID, nil
}

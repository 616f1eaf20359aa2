package support

import (
	"context"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/publicdomain"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Service stores and changes cases. It is safe for concurrent use.
type Service struct {
	journal     *change.Journal
	accounts    *identity.Accounts
	tenants     *tenant.Tenants
	desk        *desk.Service
	files       blob.Store
	attachments *attachment.Service
	storage     *storage.Service
	limits      budget.Limits
	// publicDomains are the mail domains in which everybody can have an address.
	publicDomains publicdomain.List
	// mailDomain is the domain of the installation's own addresses, in lower case.
	mailDomain string
}

// New returns the service. mailDomain is the domain whose mail reaches Tenantry, in lower case.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, desk *desk.Service,
	files blob.Store, attachments *attachment.Service, storage *storage.Service, limits budget.Limits,
	mailDomain string,
) *Service {
	return &Service{
		journal: journal, accounts: accounts, tenants: tenants, desk: desk,
		files: files, attachments: attachments, storage: storage, limits: limits,
		publicDomains: publicdomain.List{Added: limits.PublicDomains}, mailDomain: mailDomain,
	}
}

// Opened is a case that a principal may see, with its organization.
type Opened struct {
	Case
	Org   tenant.Org
	Place identity.Place
	// Agent is set if the principal sees the case as the provider does; Answers if they may also
	// work on it as an agent.
	Agent, Answers bool
	// Reader is how the principal sees the case.
	Reader Reader
}

// Open is like openAny, but treats a deleted case as missing.
func (s *Service) Open(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	permission identity.Permission,
	extra ...string,
) (Opened, []table.Item, error) {
	opened, items, err := s.openAny(ctx, by, orgID, caseID, permission, extra...)
	if err == nil && opened.Deleted > 0 {
		return Opened{}, nil, fault.Missing()
	}
	return opened, items, err
}

// openAny reads a case for a principal with a permission at its organization, in one request that
// also reads extra keys in the partition of the case. For a missing case and for one that the
// principal may not see, it returns the same fault of code NotFound.
func (s *Service) openAny(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	permission identity.Permission,
	extra ...string,
) (Opened, []table.Item, error) {
	if uuid.Validate(orgID) != nil || uuid.Validate(caseID) != nil {
		return Opened{}, nil, fault.Missing()
	}
	keys := []table.Key{tenant.OrgKey(orgID), CaseKey(orgID, caseID, CaseSort)}
	for _, sort := range extra {
		keys = append(keys, CaseKey(orgID, caseID, sort))
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return Opened{}, nil, err
	}
	org, err := tenant.DecodeOrg(items[0], s.journal.Now())
	if err != nil {
		return Opened{}, nil, err
	}
	place := org.Place()
	if err := by.Check(identity.SeeCases, place); err != nil {
		return Opened{}, nil, err
	}
	if err := by.Check(permission, place); err != nil {
		return Opened{}, nil, err
	}
	c, err := DecodeCase(items[1])
	if err != nil {
		return Opened{}, nil, err
	}
	return Opened{
		Case:    c,
		Org:     org,
		Place:   place,
		Agent:   by.IsAgent(place),
		Reader:  ReaderOf(by, place),
		Answers: by.May(identity.AnswerCases, place),
	}, items[2:], nil
}

// DecodeCase reads a stored case; a fault of code NotFound if the item does not exist.
func DecodeCase(item table.Item) (Case, error) {
	if item.Version == 0 {
		return Case{}, fault.Missing()
	}
	var c Case
	err := change.Decode(item, &c)
	if c.Stored = item.Version; c.Revision == 0 {
		c.Revision = item.Version // stored by a release without a separate revision
	}
	return c, err
}

// View returns the case as the principal sees it.
func View(by identity.Principal, place identity.Place, c Case) Case {
	return ReaderOf(by, place).Case(c)
}

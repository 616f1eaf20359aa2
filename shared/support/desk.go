package support

import (
	"context"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Desk keeps the cases. It is safe for concurrent use.
type Desk struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	files    blob.Store
	// found is what the cases are found by; jobs are the long actions on them.
	found   *search.Index
	jobs    *job.Ledger
	keyring *seal.Keyring
	// mailDomain is the domain of our own addresses, in lower case.
	mailDomain string
}

// NewDesk makes the service; mailDomain is the domain whose mail reaches Tenantry.
func NewDesk(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, files blob.Store, found *search.Index, keyring *seal.Keyring, mailDomain string,
) *Desk {
	return &Desk{
		journal: journal, accounts: accounts, tenants: tenants, files: files, found: found, jobs: job.NewLedger(journal), keyring: keyring, mailDomain: mailDomain,
	}
}

// opened is a case that a principal was let see, with its organization.
type opened struct {
	Case
	org   tenant.Org
	place identity.Place
	// agent is set if the principal sees the case as the provider does; answers if they may work on it so.
	agent, answers bool
}

// open reads a case as openAny does, unless it was deleted: that is missing too.
func (d *Desk) open(ctx context.Context, by identity.Principal, orgID, caseID string, permission identity.Permission, extra ...string) (opened, []table.Item, error) {
	found, items, err := d.openAny(ctx, by, orgID, caseID, permission, extra...)
	if err == nil && found.Deleted > 0 {
		return opened{}, nil, fault.Missing()
	}
	return found, items, err
}

// openAny reads a case for a principal with permission at its organization, with one
// request; extra keys of the case's partition are read along. What is missing and what the principal
// may not see give the same fault of code NotFound.
func (d *Desk) openAny(ctx context.Context, by identity.Principal, orgID, caseID string, permission identity.Permission, extra ...string) (opened, []table.Item, error) {
	if uuid.Validate(orgID) != nil || uuid.Validate(caseID) != nil {
		return opened{}, nil, fault.Missing()
	}
	keys := []table.Key{tenant.OrgKey(orgID), caseKey(orgID, caseID, caseSort)}
	for _, sort := range extra {
		keys = append(keys, caseKey(orgID, caseID, sort))
	}
	items, err := d.journal.BatchGet(ctx, keys)
	if err != nil {
		return opened{}, nil, err
	}
	org, err := tenant.DecodeOrg(items[0])
	if err != nil {
		return opened{}, nil, err
	}
	place := org.Place()
	if err := by.Check(identity.SeeCases, place); err != nil {
		return opened{}, nil, err
	}
	if err := by.Check(permission, place); err != nil {
		return opened{}, nil, err
	}
	found, err := decodeCase(items[1])
	if err != nil {
		return opened{}, nil, err
	}
	return opened{Case: found, org: org, place: place, agent: by.IsAgent(place), answers: by.May(identity.AnswerCases, place)}, items[2:], nil
}

func decodeCase(item table.Item) (Case, error) {
	if item.Version == 0 {
		return Case{}, fault.Missing()
	}
	var found Case
	err := change.Decode(item, &found)
	found.Revision = item.Version
	return found, err
}

// view gives the case as the principal sees it.
func view(by identity.Principal, place identity.Place, c Case) Case {
	if by.IsAgent(place) {
		return c
	}
	return c.forCustomer()
}

func contains(ids []string, id string) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}

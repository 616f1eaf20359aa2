// Package life holds the end of an organization, and of an MSP without organizations: what is in the
// way of it, its deletion, the bin from which an organization can be restored for 30 days, and the
// purge after that. Deleting and restoring are one transaction each; what follows from them is done in
// steps by messages on the queue transfers, each of which may come twice. Notices about consents that
// end are sent here too, because they are due in the same way. How an organization is stored and
// listed is in package tenant.
package life

import (
	"context"

	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/schedule"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// Below are what the service depends on.
type Below struct {
	Journal  *change.Journal
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Cases    *support.Service
	Schedule *schedule.Service
	Intake   *intake.Service
	Jobs     *job.Ledger
	Index    *search.Index
	Archive  *archive.Archive
	Logos    *logo.Service
	// Forgets are what other domains keep of an organization outside its own items; see Forget.
	Forgets []Forget
	// Checks are what the domains look for before an organization is deleted.
	Checks []Check
}

// Forget returns the writes that remove what a domain keeps of an organization that is purged; none if there
// is nothing left.
type Forget func(ctx context.Context, org tenant.Org) ([]table.Write, error)

// Service deletes, restores and purges organizations. It is safe for concurrent use.
type Service struct{ Below }

// New returns the service.
func New(below Below) *Service { return &Service{below} }

// MayEnd returns nil if the principal, who sees an organization, may delete and restore it: as a super
// user of its MSP, or as an operator. An organization does not delete itself: that ends its provider's
// work on it too, and nobody of its own could undo it.
func MayEnd(by identity.Principal, org tenant.Org) error {
	msp := identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID}
	if by.May(identity.RunPlatform, identity.ThePlatform()) || org.MSPID != "" && by.May(identity.ChangeMSP, msp) {
		return nil
	}
	if org.MSPID == "" {
		return fault.New(fault.Forbidden, "Only operators delete and restore a direct customer. Ask them to do it.")
	}
	return fault.New(fault.Forbidden,
		"Only the super users of its MSP and operators delete and restore an organization. Ask them to do it.")
}

// deleted reads an organization, in the bin or not, for those who see it in the bin: its own people do
// not. What cannot be restored any more is missing.
func (s *Service) deleted(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	org, err := s.Tenants.LoadStored(ctx, orgID)
	if err != nil {
		return tenant.Org{}, err
	}
	if by.WorksFor(org.Place()) == "" {
		return tenant.Org{}, fault.Missing()
	}
	if err := by.Check(identity.SeeOrg, org.Place()); err != nil {
		return tenant.Org{}, err
	}
	if org.Deleted != nil && !org.Restorable(s.Journal.Now()) {
		return tenant.Org{}, fault.Missing()
	}
	return org, nil
}

// Deleted reads an organization in the bin, for those who see it there; a fault of code NotFound if it is
// not there or cannot be restored any more.
func (s *Service) Deleted(ctx context.Context, by identity.Principal, orgID string) (tenant.Org, error) {
	org, err := s.deleted(ctx, by, orgID)
	if err == nil && org.Deleted == nil {
		return tenant.Org{}, fault.Missing()
	}
	return org, err
}

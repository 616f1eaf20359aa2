// Package handover brings what belongs to an organization into the lists of its present provider,
// after the organization got another one: its cases, and its people's entries in the lists of
// administrators. Package tenant decides who may move an organization, and moves the organization
// itself; package support has the rules for a case that arrives.
package handover

import (
	"context"
	"encoding/json"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service finishes moves. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	cases    *support.Service
	index    *search.Index
}

// New returns the service; index is the index of cases.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, cases *support.Service,
	index *search.Index,
) *Service {
	return &Service{journal: journal, accounts: accounts, tenants: tenants, cases: cases, index: index}
}

// Is reports whether a message is for Handle.
func Is(message queue.Message) bool {
	var moved tenant.OrgMoved
	return json.Unmarshal(message.Body, &moved) == nil && moved.Kind == tenant.OrgMovedKind
}

// Handle handles the message of a move: it finishes the move of the organization.
func (s *Service) Handle(ctx context.Context, message queue.Message) error {
	var moved tenant.OrgMoved
	if err := json.Unmarshal(message.Body, &moved); err != nil {
		return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
	}
	err := s.Finish(ctx, moved.OrgID)
	if fault.Is(err, fault.NotFound) {
		return nil // the organization is gone
	}
	return err
}

// Finish brings the people and the cases of an organization into the lists of its present provider,
// and then ends the transfer. It does nothing if no transfer is under way. It can be interrupted at
// any point, and repeated or run twice at the same time: each case and each person is a
// transaction.
//
// One pass over the lists finds all cases: new ones begin with the present provider; in each list,
// cases only move to the end; and a change that puts a case into another list brings it to the
// present provider, because its commit requires the organization as it was read. The former
// provider's index loses each case here, not only with the message of the change: once the transfer
// has ended, nothing hides the organization there.
func (s *Service) Finish(ctx context.Context, orgID string) error {
	org, err := s.tenants.LoadOrg(ctx, orgID)
	if err != nil || org.Moving == "" {
		return err
	}
	if err := s.accounts.Rehome(ctx, org.ID); err != nil {
		return err
	}
	move, err := s.tenants.LastMove(ctx, orgID)
	if err != nil {
		return err
	}
	for _, list := range support.ListNames() {
		if err := s.moveList(ctx, org, move.From, list); err != nil {
			return err
		}
	}
	return s.tenants.EndMove(ctx, orgID, org.Moving)
}

// moveList moves the cases of a list of the organization, a hundred at a time.
func (s *Service) moveList(ctx context.Context, org tenant.Org, from, list string) error {
	query := table.Query{Partition: "ORG#" + org.ID + "#CASES#" + list, Limit: table.MaxBatch}
	for {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return err
		}
		if err := s.movePage(ctx, org, from, page); err != nil {
			return err
		}
		if query.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// movePage moves those cases of a page that are not with the organization's present provider, one after
// the other: at the same time they would contend for the same items of the index, and stand in the log in
// any order.
func (s *Service) movePage(ctx context.Context, org tenant.Org, from string, page table.Page) error {
	if len(page.Items) == 0 {
		return nil
	}
	lines, err := change.DecodePage[support.Summary](page)
	if err != nil {
		return err
	}
	keys := make([]table.Key, len(lines))
	for i, line := range lines {
		keys[i] = support.CaseKey(org.ID, line.ID, support.CaseSort)
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return err
	}
	var removals []search.Removal
	for _, item := range items {
		c, err := support.DecodeCase(item)
		if fault.Is(err, fault.NotFound) {
			continue // purged since the list was read
		}
		if err != nil {
			return err
		}
		gone := search.Removal{Number: c.Number, Version: c.Stored}
		if c.MSPID != org.MSPID {
			gone.Version++ // the version of the case once it has moved, or an older one
			if err := s.cases.Relocate(ctx, support.Reference{OrgID: c.OrgID, CaseID: c.ID}); err != nil {
				return err
			}
		}
		removals = append(removals, gone)
	}
	return s.index.RemoveAll(ctx, desk.Partition(from), removals)
}

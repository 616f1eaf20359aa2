package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Rehome brings the people of an organization into the lists of administrators of its present MSP,
// and out of those of the former one. It is for Tenantry itself, and can be repeated and
// interrupted at any point: each person is a transaction. Somebody who gets a role in the meantime
// gets it with the present MSP.
func (a *Accounts) Rehome(ctx context.Context, orgID string) error {
	org, err := a.organization(ctx, orgID)
	if err != nil {
		return err
	}
	place := org.place(a.journal.Now().Unix())
	query := table.WithPrefix(table.Core, place.Partition(), adminSort)
	for {
		page, err := a.journal.Query(ctx, query)
		if err != nil {
			return err
		}
		entries, err := change.DecodePage[administrator](page)
		if err != nil {
			return err
		}
		for batch := range slices.Chunk(entries, table.MaxBatch) {
			ids := make([]string, len(batch))
			for i, entry := range batch {
				ids[i] = entry.UserID
			}
			people, err := a.People(ctx, ids)
			if err != nil {
				return err
			}
			for _, person := range people {
				if !slices.ContainsFunc(person.Privileges, func(p Privilege) bool { return p.astray(place) }) {
					continue
				}
				if err := a.rehome(ctx, person.ID, orgID); err != nil && !fault.Is(err, fault.NotFound) {
					return err
				}
			}
		}
		if query.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// astray reports whether a privilege in an organization is in the lists of another MSP than its
// own.
func (p Privilege) astray(place Place) bool { return p.at(place) && p.MSPID != place.MSPID }

// rehome requires the organization as it was read, so that a late repetition does not bring anybody
// back to an MSP that the organization left again.
func (a *Accounts) rehome(ctx context.Context, userID, orgID string) error {
	_, err := a.changePerson(ctx, change.ByPlatform(), userID, func(p *profile) (change.Record, error) {
		org, err := a.organization(ctx, orgID)
		if err != nil {
			return change.Record{}, err
		}
		place := org.place(a.journal.Now().Unix())
		at := slices.IndexFunc(p.Privileges, func(held Privilege) bool { return held.astray(place) })
		if at < 0 {
			return change.Record{}, errUnchanged
		}
		before := p.Privileges[at]
		after := before
		after.MSPID = place.MSPID
		p.Privileges = slices.Clone(p.Privileges)
		p.Privileges[at] = after
		entries, err := createEntries(p.ID, after)
		if err != nil {
			return change.Record{}, err
		}
		// The entry in the organization's own list is the same before and after.
		writes := append(entries, dropEntries(p.ID, before)...)
		writes = slices.DeleteFunc(writes, func(w table.Write) bool { return w.Item.Partition == place.Partition() })
		writes = append(writes, table.Require(orgKey(orgID), org.item.Version))
		return change.Record{
			Action:  "orgs.move_administrator",
			Message: describe(p.Person) + " is in the lists of the organization's present provider",
			OrgID:   place.OrgID, Target: "user:" + p.ID, Internal: true, Writes: writes,
		}, nil
	})
	return err
}

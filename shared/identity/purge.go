package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// purgedAtOnce is how many administrators PurgePrivileges removes.
const purgedAtOnce = 50

// PurgePrivileges removes some of the privileges at an organization or an MSP that is purged, and returns how
// many. The accounts stay, also of people who have no other privilege. It checks no permission: it is for
// the purge of the place.
func (a *Accounts) PurgePrivileges(ctx context.Context, place Place, by change.Actor) (int, error) {
	// Removals at an MSP are in its log; those at an organization in the log of the organization alone.
	action, deleted, mspID := "orgs.purge", "a deleted organization", ""
	if place.Scope == MSPScope {
		action, deleted, mspID = "msps.purge", "a deleted MSP", place.MSPID
	}
	query := table.WithPrefix(table.Core, place.Partition(), adminSort)
	query.Limit = purgedAtOnce
	page, err := a.journal.Query(ctx, query)
	if err != nil {
		return 0, err
	}
	for i, item := range page.Items {
		var entry administrator
		if err := change.Decode(item, &entry); err != nil {
			return i, err
		}
		_, err := a.changePerson(ctx, by, entry.UserID, func(p *profile) (change.Record, error) {
			before := slices.Clone(p.Privileges)
			had := p.indexAt(place)
			if entry.LabelID != "" {
				label := Privilege{Scope: LabelScope, MSPID: place.MSPID, LabelID: entry.LabelID}
				had = p.indexOf(label)
			}
			writes, err := replacePrivilege(p, had, nil)
			return change.Record{
				Action: action, Message: "Removed a role in " + deleted + " from " + describe(p.Person),
				OrgID: place.OrgID, MSPID: mspID, UserLog: p.ID, Target: "user:" + p.ID, Before: before, Writes: writes,
			}, err
		})
		if fault.Is(err, fault.NotFound) { // an entry without a privilege
			err = a.journal.Commit(ctx, by, change.Record{
				Action: action, Message: "Removed somebody from the list of " + deleted, Internal: true, OrgID: place.OrgID,
				MSPID: mspID, Writes: []table.Write{table.Delete(item.Key, item.Version)},
			})
		}
		if err != nil {
			return i, err
		}
	}
	return len(page.Items), nil
}

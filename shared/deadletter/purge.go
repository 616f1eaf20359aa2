package deadletter

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

const listSort = "DEADLETTER#"

func listKey(orgID, id string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: listSort + id}
}

// listed returns the write that adds a letter to the list of its organization.
func (l Letter) listed() []table.Write {
	if l.OrgID == "" {
		return nil
	}
	return []table.Write{table.Create(table.Item{Key: listKey(l.OrgID, l.ID), Data: []byte("{}")})}
}

// unlisted returns the write that removes a letter from that list.
func (l Letter) unlisted() []table.Write {
	if l.OrgID == "" {
		return nil
	}
	return []table.Write{table.Delete(listKey(l.OrgID, l.ID), 1)}
}

// purgedAtOnce is how many letters Purge removes.
const purgedAtOnce = 40

// Purge removes some of the dead letters about an organization, and returns how many. It checks no
// permission: it is for the purge of the organization.
func Purge(ctx context.Context, journal *change.Journal, orgID string, by change.Actor) (int, error) {
	query := table.WithPrefix(table.Core, "ORG#"+orgID, listSort)
	query.Limit = purgedAtOnce
	page, err := journal.Query(ctx, query)
	if err != nil || len(page.Items) == 0 {
		return 0, err
	}
	keys := make([]table.Key, len(page.Items))
	for i, item := range page.Items {
		keys[i] = key(item.Sort[len(listSort):])
	}
	letters, err := journal.BatchGet(ctx, keys)
	if err != nil {
		return 0, err
	}
	var writes []table.Write
	for i, item := range page.Items {
		writes = append(writes, table.Delete(item.Key, item.Version))
		if letters[i].Version > 0 {
			writes = append(writes, table.Delete(keys[i], letters[i].Version))
		}
	}
	return len(page.Items), journal.Commit(ctx, by, change.Record{
		Action: "orgs.purge", Message: "Removed the dead letters of a deleted organization", OrgID: orgID, Internal: true,
		Writes: writes,
	})
}

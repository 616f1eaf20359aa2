package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// An organization that leaves an MSP has two entries there. LIMITED# hides it in everything that is
// shown over the whole MSP, until its cases and people are out of the MSP's lists. LEFT# lasts as
// long as the MSP's audit log shows entries about it, and refuses files that were made before.

const leftSort = "LEFT#"

func leftKey(mspID, orgID string) table.Key {
	return table.Key{Partition: "MSP#" + mspID, Sort: leftSort + orgID}
}

// left is an organization that left an MSP.
type left struct {
	OrgID string `json:"org_id"`
	// At is when, in epoch seconds.
	At int64 `json:"at"`
}

// MaxStaff is how many people of an MSP may have a role in an organization that the provider gave
// them, when the organization leaves: their roles end in the same transaction.
const MaxStaff = 10

// LeaveWrites returns the writes that hide an organization from its MSP from now on, and end what
// the MSP asked it to consent to: it was not asked for the next one. There are none for a direct
// customer (mspID ""), whom the platform sees anyway.
func LeaveWrites(ctx context.Context, journal *change.Journal, mspID, orgID string) ([]table.Write, error) {
	if mspID == "" {
		return nil, nil
	}
	now := journal.Now()
	keys := []table.Key{limitKey(mspID, orgID), leftKey(mspID, orgID)}
	values := []any{limits{OrgID: orgID, Left: now.Unix()}, left{OrgID: orgID, At: now.Unix()}}
	asked := keys
	for _, kind := range ConsentKinds() {
		asked = append(asked, requestKey(orgID, kind, ToMSP))
	}
	present, err := journal.BatchGet(ctx, asked)
	if err != nil {
		return nil, err
	}
	writes := make([]table.Write, len(keys))
	for _, item := range present[len(keys):] {
		if item.Version > 0 {
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
	}
	for i, key := range keys {
		item, err := change.Encode(key, values[i])
		if err != nil {
			return nil, err
		}
		if key.Sort == leftKey(mspID, orgID).Sort {
			item.Expires = now.Add(change.EntryLife).Unix()
		}
		if writes[i] = table.Create(item); present[i].Version > 0 {
			item.Version = present[i].Version
			writes[i] = table.Update(item)
		}
	}
	return writes, nil
}

// ArriveWrites returns the writes that bring the lists of an MSP up to date with an organization
// that comes to it.
func ArriveWrites(
	ctx context.Context, journal *change.Journal, mspID, orgID string, consents Consents, enforced *Enforced,
) ([]table.Write, error) {
	if mspID == "" {
		return nil, nil
	}
	writes, err := LimitWrites(ctx, journal, mspID, orgID, consents, enforced)
	if err != nil {
		return nil, err
	}
	return dropped(ctx, journal, writes, leftKey(mspID, orgID))
}

// dropped adds the deletion of an item to writes, if there is one.
func dropped(
	ctx context.Context, journal *change.Journal, writes []table.Write, key table.Key,
) ([]table.Write, error) {
	items, err := journal.BatchGet(ctx, []table.Key{key})
	if err == nil && items[0].Version > 0 {
		writes = append(writes, table.Delete(key, items[0].Version))
	}
	return writes, err
}

// GoneWrites returns the writes for an organization of which nothing is left in the lists of an
// MSP.
func GoneWrites(ctx context.Context, journal *change.Journal, mspID, orgID string) ([]table.Write, error) {
	if mspID == "" {
		return nil, nil
	}
	return dropped(ctx, journal, nil, limitKey(mspID, orgID))
}

// LeftSince returns the organizations that left an MSP while its audit log goes back, with when, in
// epoch seconds; one request per thousand.
func LeftSince(ctx context.Context, journal *change.Journal, mspID string) (map[string]int64, error) {
	since := map[string]int64{}
	query := table.WithPrefix(table.Core, "MSP#"+mspID, leftSort)
	for {
		page, err := journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		entries, err := change.DecodePage[left](page)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			since[entry.OrgID] = entry.At
		}
		if query.After = page.Next; page.Next == "" {
			return since, nil
		}
	}
}

// staffOf reports whether a person works for the MSP of an organization and has a role in it that
// the provider gave.
func staffOf(person Person, place Place) bool {
	for _, held := range person.Privileges {
		if held.Scope == OrgScope && held.at(place) && held.GivenBy != "" {
			return slices.Contains(worksFor(person.Privileges, place), ToMSP)
		}
	}
	return false
}

// Staff returns the people of an organization's MSP who have a role in it that the provider gave
// them; at most one more than MaxStaff. It checks no permission: it is for Tenantry itself.
func (a *Accounts) Staff(ctx context.Context, place Place) ([]Person, error) {
	if place.MSPID == "" {
		return nil, nil
	}
	return a.PeopleAt(ctx, place, MaxStaff+1, func(person Person) bool { return staffOf(person, place) })
}

// EndStaff returns the writes that end the roles of Staff; a fault of code Conflict if there are
// more than MaxStaff. A role that the organization itself gave stays.
func (a *Accounts) EndStaff(ctx context.Context, place Place) ([]table.Write, error) {
	staff, err := a.Staff(ctx, place)
	if err != nil {
		return nil, err
	}
	if len(staff) > MaxStaff {
		return nil, fault.New(fault.Conflict, "%s", TooMuchStaff(place.Name))
	}
	var writes []table.Write
	for _, person := range staff {
		p, err := a.loadProfile(ctx, person.ID)
		if err != nil {
			return nil, err
		}
		if !staffOf(p.Person, place) {
			continue // ended in the meantime
		}
		ended, err := replacePrivilege(&p, p.indexAt(place), nil)
		if err != nil {
			return nil, err
		}
		p.Modified = a.journal.Now().Unix()
		write, err := storeProfile(p)
		if err != nil {
			return nil, err
		}
		writes = append(append(writes, ended...), write)
	}
	return writes, nil
}

// TooMuchStaff returns the sentence that refuses an organization to leave an MSP because of
// MaxStaff.
func TooMuchStaff(name string) string {
	return "More than ten people of its MSP have a role in " + name +
		" that they have from the provider. Remove them there first."
}

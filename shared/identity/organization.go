package identity

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// organization is what decides on access in the item of an organization. The item belongs to package
// tenant; fields keeps what is not read here.
type organization struct {
	Name          string   `json:"name"`
	MSPID         string   `json:"msp_id"`
	SupportAccess bool     `json:"support_access"`
	Consents      Consents `json:"consents"`
	Labels        []string `json:"labels"`
	// Enforced is what it requires of those who act in it.
	Enforced *Enforced `json:"enforced"`
	// FirstOwnAdmin is when the first own administrator came, in epoch seconds; 0 before, and in
	// organizations stored before there were consents.
	FirstOwnAdmin int64 `json:"first_own_admin_time"`
	// Deleted is set while it is in the bin.
	Deleted *struct{} `json:"deleted"`
	item    table.Item
	fields  map[string]json.RawMessage
}

// orgSort is the sort key of an organization's item.
const orgSort = "ORG"

func orgKey(orgID string) table.Key { return table.Key{Partition: "ORG#" + orgID, Sort: orgSort} }

// organization reads an organization; a fault of code NotFound if there is none.
func (a *Accounts) organization(ctx context.Context, orgID string) (organization, error) {
	items, err := organizations(ctx, a.journal, []string{orgID})
	if err == nil && len(items) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return organization{}, err
	}
	return items[0], nil
}

// maxOrganizations is how many organizations one request reads.
const maxOrganizations = 100

// organizations reads up to a hundred organizations; missing ones and those in the bin are left out.
func organizations(ctx context.Context, journal *change.Journal, orgIDs []string) ([]organization, error) {
	stored, err := storedOrganizations(ctx, journal, orgIDs)
	return slices.DeleteFunc(stored, func(org organization) bool { return org.Deleted != nil }), err
}

// storedOrganizations is like organizations, with those in the bin.
func storedOrganizations(ctx context.Context, journal *change.Journal, orgIDs []string) ([]organization, error) {
	keys := make([]table.Key, len(orgIDs))
	for i, id := range orgIDs {
		keys[i] = orgKey(id)
	}
	items, err := journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var loaded []organization
	for _, item := range items {
		if item.Version == 0 {
			continue
		}
		org := organization{item: item}
		if err := errors.Join(change.Decode(item, &org), change.Decode(item, &org.fields)); err != nil {
			return nil, err
		}
		if org.Consents == nil {
			org.Consents = FormerConsents(org.SupportAccess)
		}
		loaded = append(loaded, org)
	}
	return loaded, nil
}

// id returns the organization's ID.
func (o organization) id() string { return o.item.Partition[len("ORG#"):] }

// place returns the organization as a place at a time in epoch seconds.
func (o organization) place(now int64) Place {
	return Place{
		Scope: OrgScope, MSPID: o.MSPID, OrgID: o.id(), Name: o.Name, Labels: o.Labels, Granted: o.Consents.At(now),
		Enforced: o.Enforced,
	}
}

// owned returns the write that notes that the organization has or had an own administrator;
// provisional consents end some days later if ending is set.
func (a *Accounts) owned(ctx context.Context, o organization, ending bool) ([]table.Write, error) {
	now := a.journal.Now().Unix()
	set := map[string]any{"first_own_admin_time": now}
	var writes []table.Write
	if ending {
		o.Consents = o.Consents.owned(now)
		set["consents"] = o.Consents
		limits, err := LimitWrites(ctx, a.journal, o.MSPID, o.id(), o.Consents, o.Enforced)
		if err != nil {
			return nil, err
		}
		ends, err := ConsentEndWrites(ctx, a.journal, o.id(), o.Consents)
		if err != nil {
			return nil, err
		}
		writes = slices.Concat(limits, ends)
	}
	for name, value := range set {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		o.fields[name] = data
	}
	item, err := change.Encode(o.item.Key, o.fields)
	if err != nil {
		return nil, err
	}
	item.Version = o.item.Version
	return append(writes, table.Update(item)), nil
}

// firstOwn returns whether a privilege that the provider gives makes the first own administrator of
// an organization, who then is its own although the provider invited them: there is nobody else who
// could.
func (a *Accounts) firstOwn(ctx context.Context, o organization, given Privilege, to []Privilege) (bool, error) {
	place := o.place(a.journal.Now().Unix())
	if o.FirstOwnAdmin > 0 || given.Role != Admin || len(worksFor(to, place)) > 0 {
		return false, nil
	}
	owners, err := a.PeopleAt(ctx, place, 1, func(person Person) bool {
		return person.Principal("", "").OwnAdministrator(place)
	})
	return len(owners) == 0, err
}

// noteOwners returns the writes that note, for privileges of a person about to end, that their
// organizations had an own administrator. Organizations that came into being with consents have it
// noted already.
func (a *Accounts) noteOwners(ctx context.Context, ending []Privilege) ([]table.Write, error) {
	var ids []string
	for _, privilege := range ending {
		if privilege.own() {
			ids = append(ids, privilege.OrgID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	orgs, err := organizations(ctx, a.journal, ids)
	if err != nil {
		return nil, err
	}
	var writes []table.Write
	for _, org := range orgs {
		if org.FirstOwnAdmin > 0 {
			continue
		}
		note, err := a.owned(ctx, org, false)
		if err != nil {
			return nil, err
		}
		writes = append(writes, note...)
	}
	return writes, nil
}

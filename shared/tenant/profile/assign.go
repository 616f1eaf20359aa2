package profile

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// Of returns the profiles of an organization, for operators and those who may see the organization.
func (s *Service) Of(ctx context.Context, by identity.Principal, orgID string) (OfOrg, []Profile, error) {
	org, err := s.tenants.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return OfOrg{}, nil, err
	}
	held, err := s.of(ctx, org.ID)
	if err != nil || len(held.IDs) == 0 {
		return held, nil, err
	}
	var keys []table.Key
	for _, id := range held.IDs {
		keys = append(keys, key(id), countKey(id))
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return OfOrg{}, nil, err
	}
	var profiles []Profile
	for i := 0; i < len(items); i += 2 {
		one, err := decode(items[i], items[i+1])
		if err != nil {
			return OfOrg{}, nil, err
		}
		profiles = append(profiles, one)
	}
	return held, profiles, nil
}

func (s *Service) of(ctx context.Context, orgID string) (OfOrg, error) {
	var held OfOrg
	version, err := s.journal.Get(ctx, orgKey(orgID), &held)
	if errors.Is(err, table.ErrAbsent) {
		return OfOrg{}, nil
	}
	held.Version = version
	return held, err
}

// ofMany reads the profiles of up to a hundred organizations.
func (s *Service) ofMany(ctx context.Context, orgs []tenant.Org) ([]OfOrg, error) {
	keys := make([]table.Key, len(orgs))
	for i, org := range orgs {
		keys[i] = orgKey(org.ID)
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	held := make([]OfOrg, len(items))
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		if err := change.Decode(item, &held[i]); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// offReason says why an organization cannot have profiles.
const offReason = "Image management is off for it. Turn it on first."

// Assign gives an organization a profile, which becomes its default if asked or if it is the first, and
// reports whether that changed anything. Operators assign; image management must be on.
func (s *Service) Assign(ctx context.Context, by identity.Principal, orgID, id string, asDefault bool) (bool, error) {
	if err := operator(by); err != nil {
		return false, err
	}
	org, err := s.tenants.LoadOrg(ctx, orgID)
	if err != nil {
		return false, err
	}
	if !org.On(tenant.ImageManagement) {
		return false, fault.New(fault.Conflict, offReason)
	}
	given, err := s.load(ctx, id)
	if err != nil {
		return false, err
	}
	before, err := s.of(ctx, org.ID)
	if err != nil {
		return false, err
	}
	after := before
	has := slices.Contains(before.IDs, id)
	if !has {
		after.IDs = append(slices.Clone(before.IDs), id)
	}
	if asDefault || after.Default == "" {
		after.Default = id
	}
	switch {
	case has && after.Default == before.Default:
		return false, nil
	case len(after.IDs) > MaxOrgProfiles:
		return false, fault.New(fault.Conflict, "It already has %d profiles, which is the maximum.", MaxOrgProfiles)
	}
	var writes []table.Write
	if !has {
		writes = []table.Write{
			table.Create(table.Item{Key: usedKey(id, org.ID), Data: []byte("{}")}),
			table.Add(countKey(id), 1, table.Unlimited, 0), table.Require(key(id), given.Version),
		}
	}
	message := "Assigned the operator profile " + given.Name
	if has {
		message = "Made the operator profile " + given.Name + " the default"
	}
	return true, s.commitOrg(ctx, by, org, before, after, change.Record{
		Action: "profiles.assign", Message: message, Writes: writes,
	})
}

// Remove takes a profile from an organization, for operators, and reports whether that changed anything.
// If it was the default, the first of the others is the default then.
func (s *Service) Remove(ctx context.Context, by identity.Principal, orgID, id string) (bool, error) {
	if err := operator(by); err != nil {
		return false, err
	}
	org, err := s.tenants.LoadOrg(ctx, orgID)
	if err != nil {
		return false, err
	}
	before, err := s.of(ctx, org.ID)
	if err != nil || !slices.Contains(before.IDs, id) {
		return false, err
	}
	gone, err := s.load(ctx, id)
	if err != nil {
		return false, err
	}
	after := before
	after.IDs = slices.DeleteFunc(slices.Clone(before.IDs), func(other string) bool { return other == id })
	if after.Default == id {
		if after.Default = ""; len(after.IDs) > 0 {
			after.Default = after.IDs[0]
		}
	}
	return true, s.commitOrg(ctx, by, org, before, after, change.Record{
		Action: "profiles.remove", Message: "Removed the operator profile " + gone.Name,
		Writes: []table.Write{table.Delete(usedKey(id, org.ID), 1), table.Add(countKey(id), -1, table.Unlimited, 0)},
	})
}

// commitOrg commits a change of an organization's profiles.
func (s *Service) commitOrg(
	ctx context.Context, by identity.Principal, org tenant.Org, before, after OfOrg, record change.Record,
) error {
	item, err := change.Encode(orgKey(org.ID), after)
	if err != nil {
		return err
	}
	write := table.Create(item)
	if item.Version = before.Version; before.Version > 0 {
		write = table.Update(item)
	}
	record.OrgID, record.MSPID, record.Target = org.ID, org.MSPID, "org:"+org.ID
	record.Before, record.After = before, after
	record.Writes = append(record.Writes, write)
	err = s.journal.Commit(ctx, by.Actor(), record)
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return fault.Wrap(err, fault.Unavailable, "The organization or the profile was changed at the same time. Try again.")
	}
	return err
}

// UsersPage is a page of the organizations with a profile.
type UsersPage struct {
	OrgIDs []string
	Next   string
}

// Users returns the IDs of organizations with a profile, for operators. After is the Next of the page
// before.
func (s *Service) Users(ctx context.Context, by identity.Principal, id, after string, limit int) (UsersPage, error) {
	if _, err := s.Get(ctx, by, id); err != nil {
		return UsersPage{}, err
	}
	return s.users(ctx, id, after, limit)
}

// users is Users without a check.
func (s *Service) users(ctx context.Context, id, after string, limit int) (UsersPage, error) {
	query := table.WithPrefix(table.Core, partition, usedSort+id+"#")
	query.After, query.Limit = after, limit
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return UsersPage{}, err
	}
	users := UsersPage{OrgIDs: make([]string, len(page.Items)), Next: page.Next}
	for i, item := range page.Items {
		users.OrgIDs[i] = item.Sort[strings.LastIndexByte(item.Sort, '#')+1:]
	}
	return users, nil
}

// Confirmed returns the IDs of up to bulk.MaxOrgIDs organizations with a profile, for operators who say
// how many have it; a fault of code Conflict if they are wrong, or if none has it. Those in the bin count,
// and keep it: they come back as they were, or lose it when they are purged.
func (s *Service) Confirmed(ctx context.Context, by identity.Principal, id string, orgs int64) ([]string, error) {
	used, err := s.Get(ctx, by, id)
	if err != nil {
		return nil, err
	}
	switch {
	case used.Orgs == 0:
		return nil, fault.New(fault.Conflict, "No organization has the profile %s.", used.Name)
	case orgs != used.Orgs:
		return nil, fault.New(fault.Conflict,
			"%d organizations have the profile %s, not %d. Look again, and say how many are meant.", used.Orgs, used.Name, orgs)
	}
	var ids []string
	after := ""
	for {
		page, err := s.users(ctx, id, after, table.MaxBatch)
		if err != nil {
			return nil, err
		}
		present, err := s.tenants.LoadOrgs(ctx, page.OrgIDs)
		if err != nil {
			return nil, err
		}
		for _, org := range present {
			ids = append(ids, org.ID)
		}
		after = page.Next
		switch {
		case after != "" && len(ids) < bulk.MaxOrgIDs:
		case len(ids) == 0:
			return nil, fault.New(fault.Conflict,
				"Only deleted organizations have the profile %s. They lose it when they are removed for good.", used.Name)
		default:
			return ids[:min(len(ids), bulk.MaxOrgIDs)], nil
		}
	}
}

// ForgetWrites returns the writes that remove what profiles have of an organization, for its purge; none if
// it has no profile.
func (s *Service) ForgetWrites(ctx context.Context, org tenant.Org) ([]table.Write, error) {
	held, err := s.of(ctx, org.ID)
	if err != nil || held.Version == 0 {
		return nil, err
	}
	writes := []table.Write{table.Delete(orgKey(org.ID), held.Version)}
	for _, id := range held.IDs {
		writes = append(writes, table.Delete(usedKey(id, org.ID), 1), table.Add(countKey(id), -1, table.Unlimited, 0))
	}
	return writes, nil
}

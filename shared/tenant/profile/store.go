package profile

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// operator refuses those who do not run the platform.
func operator(by identity.Principal) error {
	return by.Check(identity.RunPlatform, identity.ThePlatform())
}

// List returns all profiles, ordered by name, for operators.
func (s *Service) List(ctx context.Context, by identity.Principal) ([]Profile, error) {
	if err := operator(by); err != nil {
		return nil, err
	}
	return s.all(ctx)
}

func (s *Service) all(ctx context.Context) ([]Profile, error) {
	var page, counts table.Page
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		page, err = s.journal.Query(groupCtx, table.WithPrefix(table.Core, partition, profileSort))
		return err
	})
	group.Go(func() (err error) {
		counts, err = s.journal.Query(groupCtx, table.WithPrefix(table.Core, partition, countSort))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	counted := make(map[string]table.Item, len(counts.Items))
	for _, item := range counts.Items {
		counted[strings.TrimPrefix(item.Sort, countSort)] = item
	}
	profiles := make([]Profile, 0, len(page.Items))
	for _, item := range page.Items {
		one, err := decode(item, counted[strings.TrimPrefix(item.Sort, profileSort)])
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, one)
	}
	slices.SortStableFunc(profiles, func(x, y Profile) int {
		return cmp.Or(strings.Compare(search.Fold(x.Name), search.Fold(y.Name)), strings.Compare(x.ID, y.ID))
	})
	return profiles, nil
}

// decode decodes the items of a profile and of how many organizations have it; a fault of code NotFound if
// there is no profile.
func decode(item, count table.Item) (Profile, error) {
	if item.Version == 0 {
		return Profile{}, fault.Missing()
	}
	var one Profile
	if err := change.Decode(item, &one); err != nil {
		return Profile{}, err
	}
	one.Version, one.counted = item.Version, count.Version
	var err error
	one.Orgs, err = strconv.ParseInt(string(count.Data), 10, 64)
	return one, err
}

// Get reads a profile, for operators.
func (s *Service) Get(ctx context.Context, by identity.Principal, id string) (Profile, error) {
	if err := operator(by); err != nil {
		return Profile{}, err
	}
	return s.load(ctx, id)
}

func (s *Service) load(ctx context.Context, id string) (Profile, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{key(id), countKey(id)})
	if err != nil {
		return Profile{}, err
	}
	return decode(items[0], items[1])
}

// Create creates a profile, for operators. Fields that are left out are as Defaults says.
func (s *Service) Create(ctx context.Context, by identity.Principal, fields Fields) (Profile, error) {
	if err := operator(by); err != nil {
		return Profile{}, err
	}
	fields = fields.complete()
	if err := fields.check(); err != nil {
		return Profile{}, err
	}
	page, err := s.journal.Query(ctx, table.WithPrefix(table.Core, partition, profileSort))
	if err != nil {
		return Profile{}, err
	}
	if len(page.Items) >= MaxProfiles {
		return Profile{}, fault.New(fault.Conflict, "There are already %d profiles, which is the maximum.", MaxProfiles)
	}
	now := s.journal.Now().Unix()
	created := Profile{ID: s.journal.NewID(), Fields: fields, Created: now, Modified: now, Version: 1}
	item, err := change.Encode(key(created.ID), created)
	if err != nil {
		return Profile{}, err
	}
	return created, s.commit(ctx, by, created, change.Record{
		Action: "profiles.create", Message: "Created the operator profile " + created.Name, After: created,
		Writes: []table.Write{
			table.Create(item), table.Create(table.Item{Key: created.nameKey(), Data: []byte("{}")}),
			table.Add(countKey(created.ID), 0, table.Unlimited, 0),
		},
	})
}

// Duplicate creates a profile that sets the same as another, under a name of its own.
func (s *Service) Duplicate(ctx context.Context, by identity.Principal, id, name string) (Profile, error) {
	original, err := s.Get(ctx, by, id)
	if err != nil {
		return Profile{}, err
	}
	original.Name = name
	return s.Create(ctx, by, original.Fields)
}

// Change changes all fields of a profile, for operators. Version, if not 0, is the version that the caller
// read. It writes nothing if nothing changes.
func (s *Service) Change(
	ctx context.Context, by identity.Principal, id string, fields Fields, version int64,
) (Profile, error) {
	before, err := s.Get(ctx, by, id)
	if err != nil {
		return Profile{}, err
	}
	if version != 0 && version != before.Version {
		return Profile{}, fault.Stale(before.Version)
	}
	after := before
	after.Fields = fields.complete()
	if err := after.check(); err != nil || after.equal(before.Fields) {
		return before, err
	}
	after.Modified = s.journal.Now().Unix()
	item, err := change.Encode(key(id), after)
	if err != nil {
		return Profile{}, err
	}
	item.Version = before.Version
	after.Version++
	writes := []table.Write{table.Update(item)}
	if before.nameKey() != after.nameKey() {
		writes = append(writes, table.Create(table.Item{Key: after.nameKey(), Data: []byte("{}")}),
			table.Delete(before.nameKey(), 1))
	}
	return after, s.commit(ctx, by, after, change.Record{
		Action: "profiles.change", Message: "Changed the operator profile " + after.Name, Before: before, After: after,
		Writes: writes,
	})
}

// Delete deletes a profile that no organization has, for operators; a fault of code Conflict if one has.
func (s *Service) Delete(ctx context.Context, by identity.Principal, id string) error {
	gone, err := s.Get(ctx, by, id)
	if err != nil {
		return err
	}
	if gone.Orgs > 0 {
		return inUse(gone)
	}
	return s.commit(ctx, by, gone, change.Record{
		Action: "profiles.delete", Message: "Deleted the operator profile " + gone.Name, Before: gone,
		Writes: []table.Write{
			table.Delete(key(id), gone.Version), table.Delete(gone.nameKey(), 1), table.Delete(countKey(id), gone.counted),
		},
	})
}

// inUse says that a profile cannot go, and who has it.
func inUse(p Profile) error {
	if p.Orgs == 1 {
		return fault.New(fault.Conflict, "One organization has the profile %s. Remove it there first.", p.Name)
	}
	return fault.New(fault.Conflict, "%d organizations have the profile %s. Remove it from them first.", p.Orgs, p.Name)
}

// commit commits a change of a profile.
func (s *Service) commit(ctx context.Context, by identity.Principal, p Profile, record change.Record) error {
	record.Target, record.PlatformLog = "profile:"+p.ID, true
	err := s.journal.Commit(ctx, by.Actor(), record)
	if table.ConflictAt(err, p.nameKey()) {
		return fault.New(fault.Conflict, "There is already a profile with the name %s.", p.Name)
	}
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return fault.New(fault.Conflict,
			"Others changed the profile, or gave it to an organization, at the same time. Try again.")
	}
	return err
}

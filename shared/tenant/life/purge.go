package life

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// purgedAtOnce is how many items one transaction of the purge deletes.
	purgedAtOnce = 80
	// archivedAgain is how often a purged organization waits for the archive.
	archivedAgain = 6 * time.Hour
)

// purge removes an organization for good. Each step removes what it finds, and comes to its end when
// there is nothing left, so it can be interrupted at any point and repeated. What remains after a time is
// left to another message. The organization itself stays in the list of the archive until its last day
// is archived.
func (s *Service) purge(ctx context.Context, org tenant.Org, until time.Time) error {
	if org.Deleted.Purged > 0 {
		return s.forget(ctx, org)
	}
	by := change.ByPlatform()
	steps := []func() (int, error){
		func() (int, error) { return s.purgeCases(ctx, org) },
		func() (int, error) { return s.emptyJobs(ctx, "ORG#"+org.ID, s.removing(org)) },
		func() (int, error) { return s.Intake.PurgeQuarantined(ctx, org.ID, by) },
		func() (int, error) { return s.Intake.PurgeAliases(ctx, org.ID, by) },
		func() (int, error) { return deadletter.Purge(ctx, s.Journal, org.ID, by) },
		func() (int, error) { return s.Accounts.PurgePrivileges(ctx, org.Place(), by) },
		func() (int, error) { return s.forgetElsewhere(ctx, org) },
		func() (int, error) { return s.purgePartition(ctx, org) },
	}
	for _, step := range steps {
		for {
			removed, err := step()
			if err != nil {
				return err
			}
			if removed == 0 {
				break
			}
			if !s.Journal.Now().Before(until) {
				return s.goOn(ctx, taskOf(org))
			}
		}
	}
	return s.purged(ctx, org)
}

// purgeCases deletes some cases of an organization with everything that belongs to them.
func (s *Service) purgeCases(ctx context.Context, org tenant.Org) (int, error) {
	for _, list := range support.ListNames() {
		page, err := s.Journal.Query(ctx, table.Query{
			Partition: "ORG#" + org.ID + "#CASES#" + list, Limit: support.MostMoved,
		})
		if err != nil {
			return 0, err
		}
		lines, err := change.DecodePage[support.Summary](page)
		if err != nil {
			return 0, err
		}
		for i, line := range lines {
			if err := s.purgeCase(ctx, org, line); err != nil {
				return i, err
			}
		}
		if len(lines) > 0 {
			return len(lines), nil
		}
	}
	return 0, nil
}

func (s *Service) purgeCase(ctx context.Context, org tenant.Org, line support.Summary) error {
	items, err := s.Journal.BatchGet(ctx, []table.Key{support.CaseKey(org.ID, line.ID, support.CaseSort)})
	if err != nil {
		return err
	}
	c, err := support.DecodeCase(items[0])
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("case %d of organization %s is listed and missing: run the verification", line.Number, org.ID)
	}
	if err != nil {
		return err
	}
	return s.Schedule.PurgeCase(ctx, c)
}

// purgePartition deletes some items of the partition of an organization but the organization itself.
func (s *Service) purgePartition(ctx context.Context, org tenant.Org) (int, error) {
	itself := func(key table.Key) bool { return key == tenant.OrgKey(org.ID) }
	return s.emptyPartition(ctx, "ORG#"+org.ID, itself, s.removing(org))
}

// removing returns the function that commits the removal of parts of an organization.
func (s *Service) removing(org tenant.Org) func(context.Context, []table.Write) error {
	return func(ctx context.Context, writes []table.Write) error { return s.remove(ctx, org, writes) }
}

// forgetElsewhere removes some of what other domains keep of an organization outside its own items.
func (s *Service) forgetElsewhere(ctx context.Context, org tenant.Org) (int, error) {
	ends, err := identity.ForgetConsentEnd(ctx, s.Journal, org.ID)
	if err != nil {
		return 0, err
	}
	if len(ends) > 0 {
		return len(ends), s.remove(ctx, org, ends)
	}
	for _, domain := range s.Forgets {
		writes, err := domain(ctx, org)
		if err != nil {
			return 0, err
		}
		if len(writes) > 0 {
			return len(writes), s.remove(ctx, org, writes)
		}
	}
	return 0, nil
}

func (s *Service) remove(ctx context.Context, org tenant.Org, writes []table.Write) error {
	record := change.Record{
		Action: "orgs.purge", Message: "Removed a part of a deleted organization", Internal: true, Writes: writes,
	}
	if org.Deleted.Purged == 0 {
		record.OrgID = org.ID
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), record)
}

// purged notes that nothing but the organization itself is left, and that its log has its last entry.
func (s *Service) purged(ctx context.Context, org tenant.Org) error {
	now, before := s.Journal.Now(), deleteDue(org)
	limits, err := identity.DeletionWrites(
		ctx, s.Journal, org.MSPID, org.ID, org.Consents, org.Enforced, identity.Purged)
	if err != nil {
		return err
	}
	deletion := *org.Deleted
	deletion.Purged, deletion.Due, deletion.ByName = now.Unix(), now.Add(archivedAgain).Unix(), ""
	rest := tenant.Org{
		ID: org.ID, Name: org.Name, MSPID: org.MSPID, Deleted: &deletion, Created: org.Created, Modified: now.Unix(),
		Version: org.Version,
	}
	write, err := rest.Write()
	if err != nil {
		return err
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.purge", Message: "Removed the organization " + org.Name + " for good", OrgID: org.ID, MSPID: org.MSPID,
		PlatformLog: org.MSPID == "", Target: "org:" + org.ID,
		Writes: slices.Concat(before, createDue(rest), limits, []table.Write{write}),
	})
}

// forget removes a purged organization from the bin, once the last day of its log is archived, and what
// late messages may have written since.
func (s *Service) forget(ctx context.Context, org tenant.Org) error {
	archived, err := s.Archive.Until(ctx)
	if err != nil {
		return err
	}
	day := time.Unix(org.Deleted.Purged, 0).UTC().Format(time.DateOnly)
	if strings.Compare(archived, day) < 0 {
		return s.wait(ctx, org)
	}
	if err := s.Index.Drop(ctx, "ORG#"+org.ID); err != nil {
		return err
	}
	for removed := 1; removed > 0; {
		if removed, err = s.purgePartition(ctx, org); err != nil {
			return err
		}
	}
	// The log of the organization gets no entry any more: it has no file in the archive from now on.
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.forget", Message: "Nothing but the audit log is left of the organization " + org.Name,
		MSPID: org.MSPID, PlatformLog: true, Target: "org:" + org.ID,
		Writes: append(s.Tenants.Forget(org), deleteDue(org)...),
	})
}

// wait looks at a purged organization again later.
func (s *Service) wait(ctx context.Context, org tenant.Org) error {
	if org.Deleted.Due > s.Journal.Now().Unix() {
		return nil
	}
	before, deletion := deleteDue(org), *org.Deleted
	deletion.Due = s.Journal.Now().Add(archivedAgain).Unix()
	org.Deleted = &deletion
	write, err := org.Write()
	if err != nil {
		return err
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.purge", Message: "A purged organization waits for the archive", Internal: true,
		Writes: slices.Concat(before, createDue(org), []table.Write{write}),
	})
}

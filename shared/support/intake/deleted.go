package intake

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// refuseDeleted refuses a mail to an organization in the bin.
func (s *Service) refuseDeleted(ctx context.Context, orgID string) error {
	_, err := s.unlessDeleted(ctx, orgID)
	return err
}

// unlessDeleted reads an organization, and refuses a mail to one that is in the bin. One that does not
// exist is the zero value.
func (s *Service) unlessDeleted(ctx context.Context, orgID string) (tenant.Org, error) {
	org, err := s.tenants.LoadStored(ctx, orgID)
	switch {
	case fault.Is(err, fault.NotFound):
		return tenant.Org{}, nil
	case err == nil && org.Deleted != nil:
		err = refuse(DeletedOrg, "the organization %s is deleted", orgID)
	}
	return org, err
}

// refuseDeletedCase refuses a mail that refers to a case of an organization in the bin, if its sender
// has to do with it: anybody can forge what a mail refers to.
func (s *Service) refuseDeletedCase(ctx context.Context, mail Mail, from sender, where support.Reference) error {
	org, refused := s.unlessDeleted(ctx, where.OrgID)
	if !isRefusal(refused) {
		return refused
	}
	if from.stranger {
		items, err := s.journal.BatchGet(ctx, []table.Key{support.CaseKey(where.OrgID, where.CaseID, support.CaseSort)})
		if err != nil {
			return err
		}
		c, err := support.DecodeCase(items[0])
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if _, copied := c.Copied(mail.From); err != nil || !copied {
			return err
		}
		return refusedBy(refused, where)
	}
	if !from.person.Principal("mail", "").May(identity.SeeCases, org.Place()) {
		return nil
	}
	return refusedBy(refused, where)
}

// mostConcerned is the maximum number of organizations that a quarantined mail is listed for.
const mostConcerned = 5

// concernedOrgs returns the organizations that a quarantined mail names: that of the case that refused
// it, and those that its recipients name.
func (s *Service) concernedOrgs(ctx context.Context, q Quarantined) ([]string, error) {
	named := s.threads.DestinationOf(q.Recipients).OrgIDs
	if q.Target != nil {
		named = append([]string{q.Target.OrgID}, named...)
	}
	named = support.Distinct(named)
	stored, err := s.tenants.LoadAllStored(ctx, named)
	if err != nil {
		return nil, err
	}
	orgs := slices.DeleteFunc(named, func(id string) bool {
		return !slices.ContainsFunc(stored, func(org tenant.Org) bool { return org.ID == id })
	})
	return orgs[:min(len(orgs), mostConcerned)], nil
}

// quarantinedSort is the prefix of the sort keys of an organization's entries about quarantined mails.
const quarantinedSort = "QUARANTINED#"

func concernedKey(orgID, mailID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: quarantinedSort + mailID}
}

// listed returns the writes that add a quarantined mail to the lists of the organizations that it
// concerns, so that it can be found when they are purged.
func (q Quarantined) listed() []table.Write {
	var writes []table.Write
	for _, id := range q.Orgs {
		writes = append(writes, table.Create(table.Item{Key: concernedKey(id, q.ID), Data: []byte("{}")}))
	}
	return writes
}

// unlisted returns the writes that remove a mail from the lists that it is in.
func (q Quarantined) unlisted() []table.Write {
	var writes []table.Write
	for _, id := range q.Orgs {
		writes = append(writes, table.Delete(concernedKey(id, q.ID), 1))
	}
	return writes
}

// purgedAtOnce is how many quarantined mails PurgeQuarantined deletes.
const purgedAtOnce = 20

// PurgeQuarantined deletes some of the quarantined mails that concern an organization, and returns how
// many. It checks no permission: it is for the purge of the organization.
func (s *Service) PurgeQuarantined(ctx context.Context, orgID string, by change.Actor) (int, error) {
	query := table.WithPrefix(table.Core, "ORG#"+orgID, quarantinedSort)
	query.Limit = purgedAtOnce
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return 0, err
	}
	for i, item := range page.Items {
		var entry Quarantined
		version, err := s.journal.Get(ctx, quarantineKey(item.Sort[len(quarantinedSort):]), &entry)
		if err == nil {
			err = s.discard(ctx, by, entry, version, "platform.forget_mail",
				"Deleted a quarantined mail to a deleted organization")
		}
		if unlessAbsent(err) != nil && !fault.Is(err, fault.NotFound) {
			return i, err
		}
	}
	return len(page.Items), nil
}

// PurgeAliases forgets the further addresses of people in an organization, some at a time, and returns
// how many. It checks no permission: it is for the purge of the organization.
func (s *Service) PurgeAliases(ctx context.Context, orgID string, by change.Actor) (int, error) {
	query := table.WithPrefix(table.Core, "ORG#"+orgID, aliasSort)
	query.Limit = purgedAtOnce
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return 0, err
	}
	for i, listed := range page.Items {
		entry, items, err := s.storedAliases(ctx, orgID, listed.Sort[len(aliasSort):])
		if err != nil {
			return i, err
		}
		if err := s.forgetAlias(ctx, orgID, entry, items, by); err != nil {
			return i, err
		}
	}
	return len(page.Items), nil
}

// forgetAlias removes an alias in an organization; items are as storedAliases returns them.
func (s *Service) forgetAlias(
	ctx context.Context, orgID string, entry aliasEntry, items []table.Item, by change.Actor,
) error {
	writes := []table.Write{table.Delete(items[1].Key, items[1].Version)}
	entry.Aliases = slices.DeleteFunc(entry.Aliases, func(a Alias) bool { return a.OrgID == orgID })
	switch item, err := change.Encode(items[0].Key, entry); {
	case err != nil:
		return err
	case items[0].Version == 0: // removed before
	case len(entry.Aliases) == 0:
		writes = append(writes, table.Delete(items[0].Key, items[0].Version))
	default:
		item.Version = items[0].Version
		writes = append(writes, table.Update(item))
	}
	return s.journal.Commit(ctx, by, change.Record{
		Action: "orgs.purge", Message: "Forgot a further mail address of somebody in a deleted organization",
		OrgID: orgID, Internal: true, Writes: writes,
	})
}

package tenant

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// OrgFilter selects organizations of an MSP; empty fields select all.
type OrgFilter struct {
	// LabelID is a label that they have; a fault of code Invalid if the MSP has no such label.
	LabelID string
	// Name is a part of their name, however it is capitalized.
	Name string
}

// MSPOrgs returns organizations of an MSP that a filter selects, ordered by name; one more than most if
// there are that many. It reads all that there are, for what must miss none. Package directory has the
// lists that people page through.
func (t *Tenants) MSPOrgs(
	ctx context.Context, by identity.Principal, mspID string, filter OrgFilter, most int,
) ([]Org, error) {
	msp, err := t.MSP(ctx, by, mspID, identity.SeeMSP)
	if err != nil {
		return nil, err
	}
	return t.selectOrgs(ctx, orgsList(msp.ID), filter, most)
}

// Selected is like MSPOrgs, and returns direct customers for operators if mspID is empty. Only
// organizations of an MSP have labels.
func (t *Tenants) Selected(
	ctx context.Context, by identity.Principal, mspID string, filter OrgFilter, most int,
) ([]Org, error) {
	if mspID != "" {
		return t.MSPOrgs(ctx, by, mspID, filter, most)
	}
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, err
	}
	if filter.LabelID != "" {
		return nil, fault.InField("orggroup_id", "is for organizations of an MSP: name the MSP too")
	}
	return t.selectOrgs(ctx, orgsList(""), filter, most)
}

// errEnough ends the reading of a list.
var errEnough = errors.New("tenant: enough organizations")

// selectOrgs returns the organizations of a list that a filter selects, without a permission check.
func (t *Tenants) selectOrgs(ctx context.Context, list limited, filter OrgFilter, most int) ([]Org, error) {
	var orgs []Org
	some := func(ids []string) error {
		batch, err := t.loadOrgs(ctx, ids)
		for _, org := range batch {
			if NameContains(org.Name, filter.Name) {
				orgs = append(orgs, org)
			}
		}
		if err == nil && len(orgs) > most {
			err = errEnough
		}
		return err
	}
	err := t.eachSelectedID(ctx, list, filter.LabelID, some)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	slices.SortStableFunc(orgs, byName)
	return orgs[:min(len(orgs), most+1)], nil
}

// byName is the order of lists of organizations.
func byName(x, y Org) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) }

// eachSelectedID calls a function with the IDs of a list's organizations, or of those with a label, a
// hundred at a time.
func (t *Tenants) eachSelectedID(ctx context.Context, list limited, labelID string, do func([]string) error) error {
	if labelID != "" {
		labels, err := t.readLabels(ctx, strings.TrimPrefix(list.partition, mspList), labelID)
		if err != nil {
			return err
		}
		if labels[0].Version == 0 {
			return NoLabel()
		}
		list.prefix = labelledSort + labelID + "#"
	}
	var ids []string
	err := t.eachID(ctx, list, "", func(id string) error {
		if ids = append(ids, id); len(ids) < table.MaxBatch {
			return nil
		}
		err := do(ids)
		ids = ids[:0]
		return err
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return do(ids)
}

// NoLabel returns the fault for a filter by what is not a label of the MSP.
func NoLabel() error { return fault.InField("orggroup_id", "is not the id of a label of this MSP") }

// NameContains reports whether a name has a part, however the two are capitalized.
func NameContains(name, part string) bool {
	return strings.Contains(search.Fold(name), search.Fold(part))
}

// OwnOrgs lists the organizations of the principal's own privileges, ordered by name.
func (t *Tenants) OwnOrgs(ctx context.Context, by identity.Principal) ([]Org, error) {
	var ids []string
	for _, privilege := range by.Privileges {
		if privilege.Scope == identity.OrgScope {
			ids = append(ids, privilege.OrgID)
		}
	}
	return t.loadOrgs(ctx, ids)
}

// LoadOrgs reads organizations by ID without a permission check, which is up to the caller. It
// orders them by name, sends one request per hundred, and leaves out missing ones.
func (t *Tenants) LoadOrgs(ctx context.Context, ids []string) ([]Org, error) {
	return t.loadOrgs(ctx, ids)
}

func (t *Tenants) loadOrgs(ctx context.Context, ids []string) ([]Org, error) {
	orgs, err := t.LoadAllStored(ctx, ids)
	return slices.DeleteFunc(orgs, func(org Org) bool { return org.Deleted != nil }), err
}

// LoadAllStored reads organizations by ID, also those in the bin, without a permission check. It orders them
// by name, and leaves out those that do not exist.
func (t *Tenants) LoadAllStored(ctx context.Context, ids []string) ([]Org, error) {
	return loadAll(
		ctx,
		t.journal,
		ids,
		OrgKey,
		func(o *Org, version int64) { o.Version = version; o.judge(t.journal.Now()) },
		func(o Org) string { return o.Name },
	)
}

// AllIDs returns the IDs of all MSPs and of all organizations, without a permission check.
func (t *Tenants) AllIDs(ctx context.Context) (mspIDs, orgIDs []string, err error) {
	if mspIDs, err = t.listIDs(ctx, platformPartition, mspList); err != nil {
		return nil, nil, err
	}
	if orgIDs, err = t.listIDs(ctx, platformPartition, orgList); err != nil {
		return nil, nil, err
	}
	for _, id := range mspIDs {
		ids, err := t.listIDs(ctx, mspList+id, orgList)
		if err != nil {
			return nil, nil, err
		}
		orgIDs = append(orgIDs, ids...)
	}
	return mspIDs, orgIDs, nil
}

// listIDs reads a whole list of tenants, which has at most MaxOrgs.
func (t *Tenants) listIDs(ctx context.Context, partition, prefix string) ([]string, error) {
	query := table.WithPrefix(table.Core, partition, prefix)
	var ids []string
	for {
		page, err := t.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			ids = append(ids, item.Sort[len(prefix):])
		}
		if query.After = page.Next; page.Next == "" || len(ids) >= MaxOrgs {
			return ids, nil
		}
	}
}

// loadAll reads tenants by ID, a hundred per request, and orders them by name.
func loadAll[T any](
	ctx context.Context,
	journal *change.Journal,
	ids []string,
	key func(string) table.Key,
	setVersion func(*T, int64),
	name func(T) string,
) ([]T, error) {
	results := make([]T, 0, len(ids))
	for batch := range slices.Chunk(ids, table.MaxBatch) {
		keys := make([]table.Key, len(batch))
		for i, id := range batch {
			keys[i] = key(id)
		}
		items, err := journal.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if item.Version == 0 {
				continue
			}
			var tenant T
			if err := change.Decode(item, &tenant); err != nil {
				return nil, err
			}
			setVersion(&tenant, item.Version)
			results = append(results, tenant)
		}
	}
	slices.SortStableFunc(
		results,
		func(x, y T) int { return strings.Compare(strings.ToLower(name(x)), strings.ToLower(name(y))) },
	)
	return results, nil
}

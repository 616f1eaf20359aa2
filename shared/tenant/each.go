package tenant

import (
	"context"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// EachPlace calls a function with the place of each MSP and each organization, also of those in the
// bin until their last day is archived, without a permission check. It reads a page of a list at a time,
// so that there may be any number.
func (t *Tenants) EachPlace(ctx context.Context, do func(identity.Place) error) error {
	orgsIn := func(mspID string) error {
		return t.eachID(ctx, orgsList(mspID), "", func(id string) error {
			return do(identity.Place{Scope: identity.OrgScope, MSPID: mspID, OrgID: id})
		})
	}
	binned, err := t.eachBinned(ctx, nil, do)
	if err != nil {
		return err
	}
	if err := orgsIn(""); err != nil {
		return err
	}
	err = t.eachID(ctx, mspsList(), "", func(id string) error {
		if err := do(identity.Place{Scope: identity.MSPScope, MSPID: id}); err != nil {
			return err
		}
		return orgsIn(id)
	})
	if err != nil {
		return err
	}
	_, err = t.eachBinned(ctx, binned, do) // those deleted since the lists were read
	return err
}

// eachID calls a function with each ID of a list of tenants that comes after one; "" for all.
func (t *Tenants) eachID(ctx context.Context, list limited, after string, do func(id string) error) error {
	query := table.WithPrefix(table.Core, list.partition, list.prefix)
	if after != "" {
		query.After = list.prefix + after
	}
	for {
		page, err := t.journal.Query(ctx, query)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := do(item.Sort[len(list.prefix):]); err != nil {
				return err
			}
		}
		if query.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// OrgIDs returns some IDs of the organizations of an MSP, or of direct customers (mspID ""), from a cursor on,
// and the cursor of the rest; "" at the end. It checks no permission.
func (t *Tenants) OrgIDs(ctx context.Context, mspID string, limit int, cursor string,
) (ids []string, next string, err error) {
	list := orgsList(mspID)
	query := table.WithPrefix(table.Core, list.partition, list.prefix)
	query.Limit, query.After = limit, cursor
	page, err := t.journal.Query(ctx, query)
	if err != nil {
		return nil, "", err
	}
	ids = make([]string, len(page.Items))
	for i, item := range page.Items {
		ids[i] = item.Sort[len(list.prefix):]
	}
	return ids, page.Next, nil
}

// EachMSPID calls a function with the ID of each MSP that comes after one in the order of IDs; "" for all.
// It checks no permission.
func (t *Tenants) EachMSPID(ctx context.Context, after string, do func(id string) error) error {
	return t.eachID(ctx, mspsList(), after, do)
}

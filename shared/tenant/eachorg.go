package tenant

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// EachOrg calls a function with each organization of an MSP, or with each direct customer (mspID ""),
// ordered by ID. It reads a hundred at a time, so that there may be any number.
func (t *Tenants) EachOrg(ctx context.Context, by identity.Principal, mspID string, do func(Org) error) error {
	return t.eachPage(ctx, by, mspID, orgsAlone, func(page []stored) error {
		for _, one := range page {
			if err := do(one.Org); err != nil {
				return err
			}
		}
		return nil
	})
}

// EachSettings is like EachOrg with the settings of each, as the principal sees them, for one more request
// per hundred. The function gets up to a hundred at a time.
func (t *Tenants) EachSettings(
	ctx context.Context, by identity.Principal, mspID string, do func([]Setting) error,
) error {
	return t.eachPage(ctx, by, mspID, withSettings, func(page []stored) error {
		settings := make([]Setting, len(page))
		for i, one := range page {
			setting, err := DecodeSetting(one.setting, one.Org)
			if err != nil {
				return err
			}
			settings[i] = setting.SeenBy(by)
		}
		return do(settings)
	})
}

// stored is an organization with the item of its settings, if that was asked for.
type stored struct {
	Org
	setting table.Item
}

// What eachPage reads.
const (
	orgsAlone    = false
	withSettings = true
)

// itemsPage are the items of a page of organizations, and those of their settings.
type itemsPage struct{ orgs, settings []table.Item }

// eachPage calls a function with up to a hundred organizations at a time; never with none. The next page is
// read while the function works.
func (t *Tenants) eachPage(
	ctx context.Context, by identity.Principal, mspID string, settings bool, do func([]stored) error,
) error {
	partition := platformPartition
	if mspID == "" {
		if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
			return err
		}
	} else {
		msp, err := t.MSP(ctx, by, mspID, identity.SeeMSP)
		if err != nil {
			return err
		}
		partition = msp.Place().Partition()
	}
	pages := make(chan itemsPage)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(pages)
		return t.readPages(ctx, partition, settings, pages)
	})
	group.Go(func() error {
		for page := range pages {
			orgs, err := t.decodePage(page)
			if err != nil {
				return err
			}
			if len(orgs) == 0 {
				continue
			}
			if err := do(orgs); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// readPages reads the organizations of a list, and their settings if asked.
func (t *Tenants) readPages(ctx context.Context, partition string, settings bool, pages chan<- itemsPage) error {
	query := table.WithPrefix(table.Core, partition, orgList)
	query.Limit = table.MaxBatch
	for more := true; more; more = query.After != "" {
		listed, err := t.journal.Query(ctx, query)
		if err != nil {
			return err
		}
		query.After = listed.Next
		if len(listed.Items) == 0 {
			continue
		}
		var orgKeys, settingKeys []table.Key
		for _, item := range listed.Items {
			id := strings.TrimPrefix(item.Sort, orgList)
			orgKeys, settingKeys = append(orgKeys, OrgKey(id)), append(settingKeys, SettingKey(id))
		}
		var page itemsPage
		if page.orgs, err = t.journal.BatchGet(ctx, orgKeys); err != nil {
			return err
		}
		if settings {
			if page.settings, err = t.journal.BatchGet(ctx, settingKeys); err != nil {
				return err
			}
		}
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// decodePage returns the organizations of a page, without those that are gone since the list was read.
func (t *Tenants) decodePage(page itemsPage) ([]stored, error) {
	orgs := make([]stored, 0, len(page.orgs))
	for i, item := range page.orgs {
		org, err := DecodeOrg(item, t.journal.Now())
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		one := stored{Org: org}
		if page.settings != nil {
			one.setting = page.settings[i]
		}
		orgs = append(orgs, one)
	}
	return orgs, nil
}

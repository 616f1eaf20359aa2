package tenant

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Recent returns those of a person's recent places that exist and that the principal still sees, in
// the same order and with their present names. It reads them in one request.
func (t *Tenants) Recent(
	ctx context.Context, by identity.Principal, recent []identity.RecentPlace,
) ([]identity.Place, error) {
	if len(recent) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(recent))
	for i, place := range recent {
		if keys[i] = OrgKey(place.ID); place.Scope == identity.MSPScope {
			keys[i] = mspKey(place.ID)
		}
	}
	items, err := t.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var places []identity.Place
	for i, item := range items {
		if item.Version == 0 {
			continue // gone
		}
		see := identity.SeeOrg
		var place identity.Place
		if recent[i].Scope == identity.MSPScope {
			var msp MSP
			err, see = change.Decode(item, &msp), identity.ListOrgs
			place = msp.Place()
		} else {
			var org Org
			if org, err = DecodeOrg(item, t.journal.Now()); fault.Is(err, fault.NotFound) {
				continue // in the bin
			}
			place = org.Place()
		}
		if err != nil {
			return nil, err
		}
		if by.May(see, place) {
			places = append(places, place)
		}
	}
	return places, nil
}

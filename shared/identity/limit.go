package identity

import (
	"context"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// limits is an organization in the list of those of an MSP that withhold a consent, give one with an
// end, or require something of those who act in it. What is shown of all organizations of an MSP
// leaves out what they withhold; with the list it need not read them all.
type limits struct {
	OrgID    string    `json:"org_id"`
	Consents Consents  `json:"consents"`
	Enforced *Enforced `json:"enforced,omitempty"`
	// Deleted is set while the organization is in the bin; then it withholds everything.
	Deleted bool `json:"deleted,omitempty"`
	// Left is when the organization left the MSP, in epoch seconds; 0 if it is the MSP's. The entry stays
	// while some of its cases and people are still in the MSP's lists.
	Left int64 `json:"left,omitempty"`
}

const limitSort = "LIMITED#"

func limitKey(mspID, orgID string) table.Key {
	return table.Key{Partition: "MSP#" + mspID, Sort: limitSort + orgID}
}

// LimitWrites returns the writes that bring the MSP's list of limited organizations up to date with
// the new consents of one, and what it requires.
func LimitWrites(
	ctx context.Context, journal *change.Journal, mspID, orgID string, consents Consents, enforced *Enforced,
) ([]table.Write, error) {
	if mspID == "" {
		return nil, nil
	}
	key := limitKey(mspID, orgID)
	var present limits
	version, err := journal.Get(ctx, key, &present)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return nil, err
	}
	entry := limits{OrgID: orgID, Consents: consents, Enforced: enforced}
	return entry.replace(key, version, consents.limited() || enforced != nil)
}

// HasLimited reports whether the MSP's list of limited organizations has an entry. Organizations that
// left the MSP stay in the list until their cases and people have left its lists, so an entry of an MSP
// without organizations means that some are still leaving.
func HasLimited(ctx context.Context, journal *change.Journal, mspID string) (bool, error) {
	query := table.WithPrefix(table.Core, "MSP#"+mspID, limitSort)
	query.Limit = 1
	page, err := journal.Query(ctx, query)
	return len(page.Items) > 0, err
}

// replace returns the write that stores the entry under a key that has an item of a version, or removes
// it if it is not kept.
func (l limits) replace(key table.Key, version int64, kept bool) ([]table.Write, error) {
	if !kept {
		if version == 0 {
			return nil, nil
		}
		return []table.Write{table.Delete(key, version)}, nil
	}
	item, err := change.Encode(key, l)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return []table.Write{table.Create(item)}, nil
	}
	item.Version = version
	return []table.Write{table.Update(item)}, nil
}

// Withheld returns the organizations of an MSP where the principal lacks a permission for want of
// consent or because of what they require, with the time since when, in epoch seconds; one request per
// thousand limited organizations.
func Withheld(
	ctx context.Context, journal *change.Journal, by Principal, mspID string, permission Permission,
) (map[string]int64, error) {
	withheld, err := WithheldEach(ctx, journal, by, mspID, permission)
	if err != nil {
		return nil, err
	}
	return withheld[0], nil
}

// WithheldEach is like Withheld for several permissions, with the same requests. The results are in
// the order of the permissions.
func WithheldEach(
	ctx context.Context, journal *change.Journal, by Principal, mspID string, permissions ...Permission,
) ([]map[string]int64, error) {
	return withheldIn(ctx, journal, by, mspID, false, permissions,
		table.WithPrefix(table.Core, "MSP#"+mspID, limitSort))
}

// withheldIn is WithheldEach for the entries of some queries. It looks at consents alone, and not at
// whether a role at a label reaches an organization. Of an organization in the bin everything is
// withheld; asLog takes its consents instead, because its entries in the log of its MSP stay.
func withheldIn(
	ctx context.Context, journal *change.Journal, by Principal, mspID string, asLog bool, permissions []Permission,
	queries ...table.Query,
) ([]map[string]int64, error) {
	withheld := make([]map[string]int64, len(permissions))
	for i := range withheld {
		withheld[i] = map[string]int64{}
	}
	now, labels := journal.Now().Unix(), by.labelsAt(mspID)
	for _, query := range queries {
		for more := true; more; more = query.After != "" {
			page, err := journal.Query(ctx, query)
			if err != nil {
				return nil, err
			}
			entries, err := change.DecodePage[limits](page)
			if err != nil {
				return nil, err
			}
			for _, entry := range entries {
				if entry.Left > 0 {
					for i := range permissions {
						withheld[i][entry.OrgID] = entry.Left
					}
					continue
				}
				place := Place{
					Scope: OrgScope, MSPID: mspID, OrgID: entry.OrgID, Granted: entry.Consents.At(now), Enforced: entry.Enforced,
					Labels: labels,
				}
				for i, permission := range permissions {
					if entry.Deleted && !asLog || !by.May(permission, place) {
						withheld[i][entry.OrgID] = entry.Consents.Ended(now)
					}
				}
			}
			query.After = page.Next
		}
	}
	return withheld, nil
}

// Ended returns when the latest of the consents that do not hold was taken away or ended, in epoch
// seconds.
func (c Consents) Ended(now int64) int64 {
	var latest int64
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			switch one := c[kind][grantee]; {
			case one.Holds(now):
			case one.Granted:
				latest = max(latest, one.Until)
			default:
				latest = max(latest, one.Since)
			}
		}
	}
	return latest
}

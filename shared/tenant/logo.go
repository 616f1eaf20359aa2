package tenant

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Logo is the picture of an MSP, a PNG. Package logo stores it.
type Logo struct {
	// Key is where the file store has it: each picture has a key of its own.
	Key string `json:"key"`
	// Width and Height are in pixels.
	Width  int `json:"width"`
	Height int `json:"height"`
	// SHA256 has 64 hexadecimal digits.
	SHA256 string `json:"sha256"`
}

// Version returns what tells pictures of an MSP apart.
func (l Logo) Version() string { return l.Key[strings.LastIndexByte(l.Key, '/')+1:] }

// Brand is what people see of an MSP around its own pages and mails, and those of its organizations.
type Brand struct {
	MSPID, Name string
	// URL is the address of its web site; "" for none.
	URL string
	// Logo is nil if there is none, or if the MSP's tier does not have logos.
	Logo *Logo
}

// brand returns what people see of an MSP, with the tiers as they are.
func (m MSP) brand(tiers Tiers) Brand {
	brand := Brand{MSPID: m.ID, Name: m.Name}
	if tiers.Have(m.Tier, CustomLogo) {
		brand.URL, brand.Logo = m.URL, m.Logo
	}
	return brand
}

// Brands returns what people see of the MSPs with these IDs, with one request per 99, without a
// permission check.
func (t *Tenants) Brands(ctx context.Context, ids []string) (map[string]Brand, error) {
	var keys []table.Key
	seen := map[string]bool{"": true}
	for _, id := range ids {
		if !seen[id] {
			keys, seen[id] = append(keys, mspKey(id)), true
		}
	}
	brands := make(map[string]Brand, len(keys))
	for ; len(keys) > 0; keys = keys[min(len(keys), table.MaxBatch-1):] {
		items, err := t.journal.BatchGet(ctx, append([]table.Key{tiersKey()}, keys[:min(len(keys), table.MaxBatch-1)]...))
		if err != nil {
			return nil, err
		}
		tiers, err := decodeTiers(items[0])
		if err != nil {
			return nil, err
		}
		for _, item := range items[1:] {
			if item.Version == 0 {
				continue
			}
			var msp MSP
			if err := change.Decode(item, &msp); err != nil {
				return nil, err
			}
			msp.complete(item.Version)
			brands[msp.ID] = msp.brand(tiers)
		}
	}
	return brands, nil
}

// BrandsOf is like Brands for MSPs that were read. It asks for nothing if none has more than a name.
func (t *Tenants) BrandsOf(ctx context.Context, msps ...MSP) (map[string]Brand, error) {
	brands := make(map[string]Brand, len(msps))
	more := false
	for _, msp := range msps {
		brands[msp.ID] = Brand{MSPID: msp.ID, Name: msp.Name}
		more = more || msp.URL != "" || msp.Logo != nil
	}
	if !more {
		return brands, nil
	}
	items, err := t.journal.BatchGet(ctx, []table.Key{tiersKey()})
	if err != nil {
		return nil, err
	}
	tiers, err := decodeTiers(items[0])
	for _, msp := range msps {
		brands[msp.ID] = msp.brand(tiers)
	}
	return brands, err
}

// SeesBrand reports whether a principal belongs to those who see the logo of an MSP: who sees the MSP,
// and the people of its organizations.
func SeesBrand(by identity.Principal, mspID string) bool {
	if by.May(identity.ListOrgs, identity.Place{Scope: identity.MSPScope, MSPID: mspID}) {
		return true
	}
	for _, privilege := range by.Privileges {
		if privilege.Scope == identity.OrgScope && privilege.MSPID == mspID {
			return true
		}
	}
	return false
}

// MayChangeLogo reads an MSP for a principal who is about to give it a logo: a fault of code Forbidden
// if they may not, or if its tier does not have logos.
func (t *Tenants) MayChangeLogo(ctx context.Context, by identity.Principal, id string) (MSP, error) {
	msp, err := t.MSP(ctx, by, id, identity.ChangeMSP)
	if err != nil {
		return MSP{}, err
	}
	return msp, t.requireTier(ctx, msp, CustomLogo)
}

// SetLogo gives an MSP another logo, or none (nil), and returns the MSP and the logo that it had. A logo
// can be removed whatever the tier.
func (t *Tenants) SetLogo(ctx context.Context, by identity.Principal, id string, logo *Logo) (MSP, *Logo, error) {
	read, action, message := t.MayChangeLogo, "msps.change_logo", "Changed the logo of the MSP "
	if logo == nil {
		action, message = "msps.delete_logo", "Removed the logo of the MSP "
		read = func(ctx context.Context, by identity.Principal, id string) (MSP, error) {
			return t.MSP(ctx, by, id, identity.ChangeMSP)
		}
	}
	msp, err := read(ctx, by, id)
	if err != nil {
		return MSP{}, nil, err
	}
	if logo == nil && msp.Logo == nil {
		return msp, nil, nil
	}
	before := msp
	msp.Logo, msp.Modified = logo, t.journal.Now().Unix()
	item, err := change.Encode(mspKey(id), msp)
	if err != nil {
		return MSP{}, nil, err
	}
	item.Version = msp.Version
	msp.Version++
	return msp, before.Logo, t.commitTenant(ctx, by, item, change.Record{
		Action: action, Message: message + msp.Name, MSPID: id, Target: "msp:" + id, Before: before, After: msp,
	})
}

// checkURL returns a fault if the address of a web site is not one.
func checkURL(address string) error {
	if address == "" {
		return nil
	}
	if len(address) > maxURL {
		return fault.InField("url", "must have at most %d characters", maxURL)
	}
	if err := outward.Check(address); err != nil {
		return fault.InField("url", "must be a plain address that begins with https:// or http://")
	}
	return nil
}

// maxURL is the maximum length of the address of a web site.
const maxURL = 500

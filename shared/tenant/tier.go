package tenant

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Tier is what an MSP has bought. Each has what the ones below it have, and more.
type Tier string

// The tiers, from the lowest.
const (
	PartnerTier  Tier = "partner"
	BaseTier     Tier = "base"
	AdvancedTier Tier = "advanced"
)

// AllTiers returns the tiers, from the lowest.
func AllTiers() []Tier { return []Tier{PartnerTier, BaseTier, AdvancedTier} }

// has reports whether a tier has what begins with the other one.
func (t Tier) has(from Tier) bool {
	return slices.Index(AllTiers(), t) >= slices.Index(AllTiers(), from)
}

// Feature is something that begins with a tier.
type Feature string

// The features that depend on the tier. A domain that brings another one adds it here.
const (
	Labels Feature = "labels"
	// CustomLogo is a logo and the address of a web site; see Brand.
	CustomLogo Feature = "logo"
)

// Features returns the features that depend on the tier, in the order in which they are shown.
func Features() []Feature { return []Feature{Labels, CustomLogo} }

// named returns what a sentence about a feature begins with, in the plural.
func (f Feature) named() string {
	if f == CustomLogo {
		return "A logo and the address of a web site"
	}
	return strings.ToUpper(string(f[:1])) + strings.ReplaceAll(string(f[1:]), "_", " ")
}

// Tiers says with which tier each feature begins.
type Tiers struct {
	From map[Feature]Tier `json:"from"`
	// Modified is when the operator last changed it, in epoch seconds; 0 if never.
	Modified int64 `json:"modified_time,omitempty"`
	// Version grows with each change; 0 before the first one.
	Version int64 `json:"-"`
}

// Have reports whether a tier has a feature.
func (t Tiers) Have(tier Tier, feature Feature) bool { return tier.has(t.From[feature]) }

// usualTiers returns with which tier each feature begins until the operator says otherwise.
func usualTiers() map[Feature]Tier {
	return map[Feature]Tier{Labels: PartnerTier, CustomLogo: AdvancedTier}
}

func tiersKey() table.Key { return table.Key{Partition: platformPartition, Sort: "TIERS"} }

// Tiers reads with which tier each feature begins, for everybody who works for an MSP or the platform.
func (t *Tenants) Tiers(ctx context.Context, by identity.Principal) (Tiers, error) {
	if !by.Actor().Provider {
		return Tiers{}, by.Check(identity.RunPlatform, identity.ThePlatform())
	}
	return t.tiers(ctx)
}

func (t *Tenants) tiers(ctx context.Context) (Tiers, error) {
	stored := Tiers{}
	version, err := t.journal.Get(ctx, tiersKey(), &stored)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return Tiers{}, err
	}
	return stored.complete(version), nil
}

// decodeTiers decodes the tiers' item, which is absent until the operator changes something.
func decodeTiers(item table.Item) (Tiers, error) {
	stored := Tiers{}
	if item.Version > 0 {
		if err := change.Decode(item, &stored); err != nil {
			return Tiers{}, err
		}
	}
	return stored.complete(item.Version), nil
}

// complete returns stored tiers with the features that they do not name.
func (t Tiers) complete(version int64) Tiers {
	from := usualTiers()
	for feature, tier := range t.From {
		if _, known := from[feature]; known {
			from[feature] = tier
		}
	}
	return Tiers{From: from, Modified: t.Modified, Version: version}
}

// TiersChange is a request to change with which tier features begin; those that From does not name
// stay as they are. Version, if not 0, is the version that the caller read.
type TiersChange struct {
	From    map[Feature]Tier
	Version int64
}

// ChangeTiers changes with which tier features begin, for operators. What MSPs of a lower tier made
// with a feature stays; they can no longer change it. It writes nothing if nothing changes.
func (t *Tenants) ChangeTiers(ctx context.Context, by identity.Principal, request TiersChange) (Tiers, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Tiers{}, err
	}
	before, err := t.tiers(ctx)
	if err != nil {
		return Tiers{}, err
	}
	if request.Version != 0 && request.Version != before.Version {
		return Tiers{}, fault.Stale(before.Version)
	}
	after := Tiers{From: usualTiers(), Version: before.Version}
	changed := false
	for _, feature := range Features() {
		after.From[feature] = before.From[feature]
		tier, asked := request.From[feature]
		if !asked || tier == before.From[feature] {
			continue
		}
		if !slices.Contains(AllTiers(), tier) {
			return Tiers{}, fault.OneOf(string(feature), AllTiers())
		}
		after.From[feature], changed = tier, true
	}
	if !changed {
		return before, nil
	}
	after.Modified = t.journal.Now().Unix()
	item, err := change.Encode(tiersKey(), after)
	if err != nil {
		return Tiers{}, err
	}
	item.Version = before.Version
	write := table.Create(item)
	if before.Version > 0 {
		write = table.Update(item)
	}
	after.Version++
	err = t.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "platform.change_tiers", Message: "Changed what the tiers of MSPs have", PlatformLog: true,
		Target: "platform:tiers", Before: before, After: after, Writes: []table.Write{write},
	})
	if table.ConflictAt(err, tiersKey()) {
		present, err := t.tiers(ctx)
		if err != nil {
			return Tiers{}, err
		}
		return Tiers{}, fault.Stale(present.Version)
	}
	return after, err
}

// requireTier returns a fault of code Forbidden that names the tier with a feature, if the MSP's own
// tier does not have it.
func (t *Tenants) requireTier(ctx context.Context, msp MSP, feature Feature) error {
	tiers, err := t.tiers(ctx)
	if err != nil {
		return err
	}
	if from := tiers.From[feature]; !tiers.Have(msp.Tier, feature) {
		return fault.New(fault.Forbidden, "%s come with the %s tier; %s has the %s tier. The operator can change it.",
			feature.named(), from, msp.Name, msp.Tier)
	}
	return nil
}

package tenants

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// tiersForm is the page that says with which tier each feature begins.
type tiersForm struct {
	tiers     tenant.Tiers
	mayChange bool
}

// tierOptions returns the tiers to choose from.
func tierOptions(t kit.Teller) []kit.Option {
	return []kit.Option{
		{Value: string(tenant.PartnerTier), Label: t.T("Partner")},
		{Value: string(tenant.BaseTier), Label: t.T("Base")},
		{Value: string(tenant.AdvancedTier), Label: t.T("Advanced")},
	}
}

// tierName returns the name of a tier for people.
func tierName(t kit.Teller, tier tenant.Tier) string {
	for _, option := range tierOptions(t) {
		if option.Value == string(tier) {
			return option.Label
		}
	}
	return string(tier)
}

// featureName returns the name of a feature for people.
func featureName(t kit.Teller, feature tenant.Feature) string {
	switch feature {
	case tenant.Labels:
		return t.T("Labels")
	case tenant.CustomLogo:
		return t.T("Logo and web site")
	}
	return string(feature)
}

// tiers shows with which tier each feature begins.
func (p Pages) tiers(v *kit.Visit) error {
	form, err := p.tiersOf(v)
	if err != nil {
		return err
	}
	return v.Show(tiersPage(v.Frame(v.T("Tiers of MSPs")), form))
}

func (p Pages) tiersOf(v *kit.Visit) (tiersForm, error) {
	if err := scope.Platform(v); err != nil {
		return tiersForm{}, err
	}
	v.At(identity.ThePlatform())
	tiers, err := p.Tenants.Tiers(v.Context(), *v.By)
	return tiersForm{tiers: tiers, mayChange: v.May(identity.RunPlatform, identity.ThePlatform())}, err
}

// changeTiers changes with which tier features begin.
func (p Pages) changeTiers(v *kit.Visit) error {
	request := tenant.TiersChange{From: map[tenant.Feature]tenant.Tier{}}
	for _, feature := range tenant.Features() {
		request.From[feature] = tenant.Tier(v.Line(string(feature)))
	}
	if v.Line("version") != "0" { // nothing is stored before the first change
		request.Version = v.Version()
	}
	if _, err := p.Tenants.ChangeTiers(v.Context(), *v.By, request); err != nil {
		form, failed := p.tiersOf(v)
		if failed != nil {
			return err
		}
		refusal := kit.Refusal{Title: v.T("Tiers of MSPs"), Heading: v.T("The tiers were not saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return tiersPage(f, form) })
	}
	v.Done(v.T("The tiers were saved."))
	return v.GoTo("/platform/tiers")
}

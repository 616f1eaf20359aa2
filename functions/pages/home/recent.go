package home

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
)

// recent shows the places that the reader opened last, in the switcher.
func (p Pages) recent(v *kit.Visit) error {
	recent, err := p.Accounts.RecentPlaces(v.Context(), *v.By)
	if err != nil {
		return err
	}
	places, err := p.Tenants.Recent(v.Context(), *v.By, recent)
	if err != nil {
		return err
	}
	links := make([]kit.Link, len(places))
	for i, one := range places {
		links[i] = kit.Link{Label: one.Name, Path: kit.PlacePath(one)}
	}
	return v.Show(recentPart(v.Frame(""), links))
}

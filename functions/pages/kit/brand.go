package kit

import (
	"context"

	"github.com/tenantry/tenantry/shared/identity"
)

// Brand is what the pages of an MSP and of its organizations show of the MSP.
type Brand struct {
	Name string
	// URL is the address of its web site; "" for none.
	URL string
	// Logo is the path of its logo, Width and Height the size in which it is shown; "" for none.
	Logo          string
	Width, Height int
}

// Brands returns what a reader sees of an MSP; an empty brand where there is nothing to show.
type Brands func(ctx context.Context, by identity.Principal, mspID string) (Brand, error)

// brand returns what the page shows of the MSP of its place. A page is complete without.
func (v *Visit) brand() Brand {
	if v.By == nil || v.place.MSPID == "" || v.route.Poll {
		return Brand{}
	}
	brand, err := v.kit.brands(v.R.Context(), *v.By, v.place.MSPID)
	if err != nil {
		v.kit.settings.Log.WarnContext(v.R.Context(), "a page is shown without the logo", "error", err)
		return Brand{}
	}
	return brand
}

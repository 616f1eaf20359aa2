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

// pending is a brand that is being read while the page does its own work.
type pending struct {
	mspID string
	read  chan Brand
}

// beginBrand begins to read what the page shows of the MSP of its place. A form mostly leads to another
// page, so that it would be read in vain.
func (v *Visit) beginBrand() {
	mspID := v.place.MSPID
	if v.By == nil || mspID == "" || v.route.Poll || v.posted() || v.branding != nil && v.branding.mspID == mspID {
		return
	}
	begun := &pending{mspID: mspID, read: make(chan Brand, 1)}
	v.branding = begun
	by, ctx := *v.By, v.R.Context()
	go func() { begun.read <- v.kit.brand(ctx, by, mspID) }()
}

// brand returns what the page shows of the MSP of its place. A page is complete without.
func (v *Visit) brand() Brand {
	mspID := v.place.MSPID
	if v.By == nil || mspID == "" || v.route.Poll {
		return Brand{}
	}
	if v.branding == nil || v.branding.mspID != mspID {
		return v.kit.brand(v.R.Context(), *v.By, mspID)
	}
	brand := <-v.branding.read
	v.branding.read <- brand // for another frame of the page
	return brand
}

// brand reads the brand of an MSP; an empty one if that fails.
func (k *Kit) brand(ctx context.Context, by identity.Principal, mspID string) (brand Brand) {
	defer func() {
		if cause := recover(); cause != nil { // not worth the process
			k.settings.Log.ErrorContext(ctx, "reading the logo failed", "cause", cause)
			brand = Brand{}
		}
	}()
	brand, err := k.brands(ctx, by, mspID)
	if err != nil {
		k.settings.Log.WarnContext(ctx, "a page is shown without the logo", "error", err)
		return Brand{}
	}
	return brand
}

package tenants

import (
	"io"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// logoSettings are what the settings of an MSP show of its logo.
type logoSettings struct {
	// brand is what is shown at present, kept is set if a logo is stored.
	brand kit.Brand
	kept  bool
	// included is set if the MSP's tier has logos, and from is the lowest tier that has.
	included bool
	from     tenant.Tier
	// typed is the address that was refused.
	typed string
}

// BrandOf returns a brand as the pages show it.
func BrandOf(brand tenant.Brand) kit.Brand {
	shown := kit.Brand{Name: brand.Name, URL: brand.URL}
	if brand.Logo != nil {
		shown.Logo = orgs.LogoPath(brand)
		shown.Width, shown.Height = logo.Shown(brand.Logo.Width, brand.Logo.Height)
	}
	return shown
}

// logoOf returns the logo of an MSP for its settings.
func (p Pages) logoOf(v *kit.Visit, msp tenant.MSP) (*logoSettings, error) {
	tiers, err := p.Tenants.Tiers(v.Context(), *v.By)
	if err != nil {
		return nil, err
	}
	shown := &logoSettings{
		kept: msp.Logo != nil, included: tiers.Have(msp.Tier, tenant.CustomLogo), from: tiers.From[tenant.CustomLogo],
	}
	brands, err := p.Tenants.BrandsOf(v.Context(), msp)
	shown.brand = BrandOf(brands[msp.ID])
	return shown, err
}

// uploadLogo gives an MSP the file of a form as its logo.
func (p Pages) uploadLogo(v *kit.Visit) error {
	contents := endpoint.NewFingerprint(v.R.Body, v.R.Header.Get("Content-Type"), kit.CSRFField, kit.OnceField)
	defer func() { _ = contents.Close() }() // closing a pipe for writing never fails
	v.R.Body = io.NopCloser(contents)
	upload, err := uploads.Of(v.W, v.R)
	if err != nil {
		return err
	}
	form := uploads.Form[[]byte]{
		Texts: []string{kit.CSRFField, kit.OnceField}, MaxText: 1 << 10, MaxFiles: 1, Store: uploads.InMemory(logo.MaxBytes),
		Admit: func(texts map[string]string) error { return v.Genuine(texts[kit.CSRFField]) },
	}
	read, err := form.Read(v.Context(), upload)
	if err == nil && len(read.Files) == 0 {
		err = fault.InField("file", "must be chosen")
	}
	if err == nil {
		v.Submit(read.Texts[kit.OnceField], contents.Sum)
		_, err = p.Logos.Change(v.Context(), *v.By, v.Path("msp_id"), read.Files[0])
	}
	if err != nil {
		upload.Drain()
		return p.logoRefused(v, err, "")
	}
	return p.logoChanged(v)
}

// fetchLogo gives an MSP the picture at an address as its logo.
func (p Pages) fetchLogo(v *kit.Visit) error {
	address := v.Line("logo_url")
	if _, err := p.Logos.Fetch(v.Context(), *v.By, v.Path("msp_id"), address); err != nil {
		return p.logoRefused(v, err, address)
	}
	return p.logoChanged(v)
}

func (p Pages) logoChanged(v *kit.Visit) error {
	v.Done(v.T("The logo was changed."))
	return v.GoTo("/msps/" + v.Path("msp_id") + "/settings")
}

// deleteLogo removes the logo of an MSP.
func (p Pages) deleteLogo(v *kit.Visit) error {
	if _, err := p.Logos.Delete(v.Context(), *v.By, v.Path("msp_id")); err != nil {
		return err
	}
	v.Done(v.T("The logo was removed."))
	return v.GoTo("/msps/" + v.Path("msp_id") + "/settings")
}

// logoRefused shows the settings again with why a logo was refused.
func (p Pages) logoRefused(v *kit.Visit, cause error, address string) error {
	shown, err := p.ofMSP(v)
	if err != nil {
		return cause
	}
	shown.logo.typed = address
	refusal := kit.Refusal{Title: v.T("Settings of %s", shown.name), Heading: v.T("The logo was not changed")}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component { return settingsPage(f, shown) })
}

package pages_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// picture returns a PNG of a size.
func picture(width, height int) string {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))) // a buffer takes everything
	return out.String()
}

// hasTier gives the MSP a tier.
func (s *site) hasTier(tier tenant.Tier) {
	s.t.Helper()
	_, err := s.Tenants.ChangeMSP(s.t.Context(), s.Operator(), s.MSP.ID, tenant.MSPChange{Tier: &tier})
	s.check(err)
}

// logo returns the attributes of the logo in the header of a page; nil if there is none.
func (p *page) logo() map[string]string {
	pictures := all(p.document, "img")
	if len(pictures) == 0 || pictures[0].Parent.Parent.Data != "header" {
		return nil
	}
	found := map[string]string{}
	for _, attribute := range pictures[0].Attr {
		found[attribute.Key] = attribute.Val
	}
	return found
}

func TestASuperUserChangesTheLogoThatThePagesShow(t *testing.T) {
	s := newSite(t)
	s.hasTier(tenant.AdvancedTier)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	form := super.get(msp+"/settings").wants(http.StatusOK, "There is none yet.")
	if form.logo() != nil {
		t.Error("a page shows a logo though there is none")
	}
	form.submit(msp+"/logo", nil).wants(http.StatusBadRequest, "The logo was not changed", "File must be chosen.")
	form.submit(msp+"/logo", nil, file{"logo.svg", "<svg/>"}).
		wants(http.StatusBadRequest, "File must be a picture in the format PNG or JPEG.")
	form.submit(msp+"/logo", fields{"csrf": "x"}, file{"logo.png", picture(100, 50)}).wants(http.StatusForbidden)
	form.submit(msp+"/logo", nil, file{"logo.png", picture(600, 96)}).follow().
		wants(http.StatusOK, "The logo was changed.", "Remove the logo")
	for who, path := range map[string]string{
		"the MSP's page": msp, "an organization's": "/orgs/" + s.Org.ID, "a case": s.casePath(),
	} {
		shown := super.get(path).logo()
		if shown["alt"] != s.MSP.Name || shown["width"] != "200" || shown["height"] != "32" ||
			!strings.HasPrefix(shown["src"], "/api/v1/msps/"+s.MSP.ID+"/logo?v=") {
			t.Errorf("%s: the logo is %v", who, shown)
		}
	}
	customer := s.as(s.customer)
	src := customer.get(s.casePath()).logo()["src"]
	got := customer.get(src)
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" ||
		!strings.Contains(got.header.Get("Cache-Control"), "private") ||
		!strings.Contains(got.header.Get("Cache-Control"), "immutable") ||
		got.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(got.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("status %d, %v", got.status, got.header)
	}
	if old := customer.get("/api/v1/msps/" + s.MSP.ID + "/logo?v=old"); old.status != http.StatusOK ||
		strings.Contains(old.header.Get("Cache-Control"), "immutable") {
		t.Errorf("an address of another logo: status %d, %v", old.status, old.header)
	}
	super.get(msp+"/settings").submit(msp+"/logo/delete", nil).follow().wants(http.StatusOK, "The logo was removed.")
	if super.get(msp).logo() != nil {
		t.Error("a page shows the logo that was removed")
	}
}

func TestALogoIsFetchedFromThePage(t *testing.T) {
	s := newSite(t)
	s.hasTier(tenant.AdvancedTier)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	form := super.get(msp + "/settings")
	form.submit(msp+"/logo/address", fields{"logo_url": s.pictures}).follow().wants(http.StatusOK, "The logo was changed.")
	refused := form.submit(msp+"/logo/address", fields{"logo_url": "http://169.254.169.254/latest", "once": ""}).
		wants(http.StatusBadRequest, "Picture's address leads to an address or a port that is not public.")
	if got := refused.value("logo_url"); got != "http://169.254.169.254/latest" {
		t.Errorf("the form forgot what was typed: %q", got)
	}
}

func TestWithoutTheTierTheSettingsSayWhoHasLogos(t *testing.T) {
	s := newSite(t)
	s.hasTier(tenant.AdvancedTier)
	msp := "/msps/" + s.MSP.ID
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	form := super.get(msp + "/settings")
	form.submit(msp+"/settings", fields{"url": "https://adria.example/"}).follow().wants(http.StatusOK, "Web site of "+s.MSP.Name)
	form.submit(msp+"/logo", nil, file{"logo.png", picture(100, 50)}).follow().wants(http.StatusOK)
	s.hasTier(tenant.BaseTier)
	page := super.get(msp+"/settings").wants(http.StatusOK, "A logo is stored.", "Logos come with the tier Advanced.", "Remove the logo")
	if page.logo() != nil || strings.Contains(page.raw, "https://adria.example/") || page.hasForm(msp+"/logo") {
		t.Error("the page shows what the tier does not have")
	}
	form.submit(msp+"/logo", fields{"once": ""}, file{"logo.png", picture(100, 50)}).
		wants(http.StatusForbidden, "The logo was not changed", "come with the advanced tier")
	reader := s.as(s.Person(s.MSP.Place(), identity.Read)).get(msp + "/settings")
	if reader.hasForm(msp+"/logo") || reader.hasForm(msp+"/logo/delete") {
		t.Error("a reader is offered to change the logo")
	}
}

// hasForm reports whether a page has a form that is sent to an address.
func (p *page) hasForm(action string) bool {
	for _, form := range all(p.document, "form") {
		for _, attribute := range form.Attr {
			if attribute == (html.Attribute{Key: "action", Val: action}) {
				return true
			}
		}
	}
	return false
}

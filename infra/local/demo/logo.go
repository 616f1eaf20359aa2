package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/tenantry/tenantry/shared/tenant"
)

// The logo of an MSP, in pixels: a square with waves, and the name beside it in large letters.
const (
	logoHeight  = 96
	letterScale = 3
	letterWide  = 7
	letterHigh  = 13
)

// giveLogo gives an MSP of the tier with logos one, and its web site, as its super user does.
func (b *builder) giveLogo(ctx context.Context, of *msp, domain string) error {
	if of.Tier != tenant.AdvancedTier {
		return nil
	}
	b.pass(time.Minute)
	drawn, err := drawLogo(of.Name)
	if err != nil {
		return err
	}
	if _, err := b.Services.Logos.Change(ctx, of.admin, of.ID, drawn); err != nil {
		return fmt.Errorf("demo: the logo of %s: %w", of.Name, err)
	}
	site := "https://" + domain + "/"
	if _, err := b.Services.Tenants.ChangeMSP(ctx, of.admin, of.ID, tenant.MSPChange{URL: &site}); err != nil {
		return fmt.Errorf("demo: the web site of %s: %w", of.Name, err)
	}
	return nil
}

// drawLogo draws the logo for a name, in PNG.
func drawLogo(name string) ([]byte, error) {
	ink, sea := color.NRGBA{0x12, 0x35, 0x5b, 0xff}, color.NRGBA{0x1f, 0x8a, 0xc0, 0xff}
	letters := image.NewNRGBA(image.Rect(0, 0, letterWide*len(name), letterHigh))
	pen := font.Drawer{
		Dst: letters, Src: image.NewUniform(ink), Face: basicfont.Face7x13, Dot: fixed.P(0, basicfont.Face7x13.Ascent),
	}
	pen.DrawString(name)
	wide, high := letters.Bounds().Dx()*letterScale, letterHigh*letterScale
	logo := image.NewNRGBA(image.Rect(0, 0, logoHeight+logoHeight/4+wide, logoHeight))
	for x := range logoHeight {
		crest := int(6 * math.Sin(float64(x)/logoHeight*4*math.Pi))
		for y := range logoHeight {
			shade := ink
			if (y+crest)/16%2 == 1 {
				shade = sea
			}
			logo.SetNRGBA(x, y, shade)
		}
	}
	at := image.Rect(0, 0, wide, high).Add(image.Pt(logoHeight+logoHeight/4, (logoHeight-high)/2))
	draw.NearestNeighbor.Scale(logo, at, letters, letters.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	err := png.Encode(&out, logo)
	return out.Bytes(), err
}

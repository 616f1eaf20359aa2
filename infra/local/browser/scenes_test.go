//go:build browser

package browser

import (
	"bytes"
	"image"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// scene is a page as somebody sees it after some steps.
type scene struct {
	name, email string
	// steps lead from the first page after the log-in to the scene.
	steps func(b *tab)
}

// scenes are what pictures are taken of. None shows the present time. All people have names in
// scripts that DejaVu has.
func scenes() []scene {
	msp := func(b *tab) { b.press("Adria Networks") }
	console := func(b *tab) { msp(b); b.menu("", "Cases"); b.press("All open cases") }
	org := func(b *tab) { b.press("Rialto Hotels") }
	return []scene{
		{"log-in", "", func(b *tab) { b.open("/login") }},
		{"places", superUser, func(*tab) {}},
		{"msp", superUser, msp},
		{"cases", superUser, console},
		{"cases-selected", superUser, func(b *tab) {
			console(b)
			b.do(chromedp.Click("tbody tr:nth-child(1) input[name=id]"), chromedp.Click("tbody tr:nth-child(2) input[name=id]"))
			b.do(chromedp.Evaluate[chromedp.Void]("scrollTo(0, 0)"))
		}},
		{"case", superUser, func(b *tab) { console(b); b.press("Clients get addresses from an unknown DHCP server") }},
		{"reports", superUser, func(b *tab) { console(b); b.press("Reports") }},
		{"service-levels", superUser, func(b *tab) { msp(b); b.menu("Support", "Service levels") }},
		{"new-case", networkAdmin, func(b *tab) {
			org(b)
			b.menu("", "Cases")
			b.press("Open a case")
			b.press("Open the case")
		}},
		{"organization", administrator, org},
		{"account", networkAdmin, func(b *tab) { b.account("Your account") }},
		{"quarantine", operator, func(b *tab) { b.press("Run the platform"); b.menu("Support", "Quarantine") }},
	}
}

// fixedEstate serves an estate that is the same each time, and that no other test changes.
func fixedEstate(t *testing.T) string {
	t.Helper()
	running, err := serve(program, "demo", "-cases", "80", "-orgs", "8", "-now", "2026-11-30T09:00:00Z",
		"-data", filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.stop)
	return running.portal
}

// enter opens a tab and goes to the scene.
func (s scene) enter(t *testing.T, portal string) *tab {
	t.Helper()
	b := newTabOf(t, portal)
	zone := emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Rome"} // the page for the account names it
	if _, err := chromedp.Call(b.ctx, emulation.SetTimezoneOverride, zone); err != nil {
		t.Fatal(err)
	}
	if s.email != "" {
		b.as(s.email)
	}
	s.steps(b)
	return b
}

// view is a size and a scheme of colours in which a picture is taken.
type view struct {
	name          string
	width, height int64
	dark          bool
}

func views() []view {
	return []view{{"light", 1280, 900, false}, {"dark", 1280, 900, true}, {"phone", 360, 740, false}}
}

// shoot takes a picture of the window, without the footer, which has the number of the request, and
// without a blinking cursor.
func (b *tab) shoot(v view) *image.Paletted {
	b.t.Helper()
	b.look(v.width, v.dark)
	b.do(chromedp.EmulateViewport(v.width, v.height))
	b.do(chromedp.Evaluate[chromedp.Void](`(async () => {
		document.querySelector(".foot")?.remove();
		document.activeElement.style.caretColor = "transparent";
		scrollTo(0, 0);
		await document.fonts.ready;
		await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
	})()`, chromedp.EvalAwaitPromise))
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		b.t.Fatal(err)
	}
	return withFewColours(picture)
}

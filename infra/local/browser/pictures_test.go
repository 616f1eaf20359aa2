//go:build browser

package browser

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// keptPictures are pictures that the pages are compared with, taken by Chromium of the major
// version in keptVersion.
var (
	keptPictures = filepath.Join("testdata", "pictures")
	keptVersion  = filepath.Join(keptPictures, "chromium.txt")
	// newPictures is where the pictures of a run are that differ from those.
	newPictures = filepath.Join("..", "..", "..", "build", "pictures")
)

// mostDiffering is which part of the pixels may differ.
const mostDiffering = 0.001

// TestPagesLookAsBefore compares pages with kept pictures. Another version of Chromium draws
// otherwise: then the test writes its pictures and says so. In any case a page is not blank, and
// looks the same twice.
func TestPagesLookAsBefore(t *testing.T) {
	version, err := os.ReadFile(keptVersion)
	if err != nil {
		t.Fatal(err)
	}
	comparable := strings.TrimSpace(string(version)) == majorVersion(t)
	if !comparable {
		t.Logf("The kept pictures are from Chromium %s, and this is %s. Its pictures are in build/pictures; "+
			"after a look at them, \"make pictures\" keeps new ones.", strings.TrimSpace(string(version)), majorVersion(t))
	}
	portal := fixedEstate(t)
	for _, one := range scenes() {
		t.Run(one.name, func(t *testing.T) {
			b := one.enter(t, portal)
			for _, v := range views() {
				now, name := b.shoot(v), one.name+"-"+v.name+".png"
				if blank(now) {
					t.Errorf("%s is blank", name)
				}
				if again := b.shoot(v); differing(now, again) > mostDiffering {
					t.Errorf("%s does not look the same twice", name)
				}
				if !comparable {
					writePicture(t, filepath.Join(newPictures, name), now)
				} else if part := differing(readPicture(t, filepath.Join(keptPictures, name)), now); part > mostDiffering {
					writePicture(t, filepath.Join(newPictures, name), now)
					t.Errorf("%.2f %% of %s differ. Look at build/pictures/%s: if it shall look like that, "+
						"\"make pictures\" keeps it.", part*100, name, name)
				}
			}
		})
	}
}

// majorVersion is the major version of the browser.
func majorVersion(t *testing.T) string {
	t.Helper()
	got, err := chromedp.Call(chromium, browser.GetVersion, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(`/(\d+)\.`).FindStringSubmatch(got.Product)
	if match == nil {
		t.Fatalf("the browser's version is %q", got.Product)
	}
	return match[1]
}

func TestAPictureDiffersByItsPixels(t *testing.T) {
	grey := func(changed uint8) *image.Paletted {
		picture := image.NewPaletted(image.Rect(0, 0, 10, 10), color.Palette{color.Gray{Y: 100}, color.Gray{Y: changed}})
		picture.SetColorIndex(3, 4, 1)
		return picture
	}
	for changed, want := range map[uint8]float64{100: 0, 116: 0, 84: 0, 117: 0.01, 83: 0.01} {
		if got := differing(grey(100), grey(changed)); got != want {
			t.Errorf("one pixel of a hundred changes from 100 to %d: %v, want %v", changed, got, want)
		}
	}
	if differing(grey(100), image.NewPaletted(image.Rect(0, 0, 10, 11), grey(100).Palette)) != 1 {
		t.Error("pictures of different sizes are the same")
	}
	if !blank(grey(117)) {
		t.Error("a picture with one other pixel is not blank")
	}
}

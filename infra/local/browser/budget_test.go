//go:build browser

package browser

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What the first visit may load at most: the page, the style sheet, two scripts, the pictures, the logo and
// the icon, and what a page asks for when it is there.
const (
	firstVisitBytes    = 48 << 10
	firstVisitRequests = 8
	// laterShare is which part of the first visit's bytes a later one may load.
	laterShare = 0.2
)

// loaded is what a page loaded over the network.
type loaded struct {
	Requests int
	Bytes    float64
	Names    []string
}

const whatWasLoaded = `(() => {
	const over = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
		.filter(entry => entry.transferSize > 0);
	const bytes = over.reduce((sum, entry) => sum + entry.transferSize, 0);
	return {Requests: over.length, Bytes: bytes, Names: over.map(entry => entry.name)};
})()`

func TestAVisitStaysWithinItsBudget(t *testing.T) {
	for _, one := range []struct {
		name, email string
		way         func(b *tab)
		// later is how many requests a later visit makes.
		later int
	}{
		{"log-in", "", func(b *tab) { b.open("/login") }, 1},
		{"cases of an MSP", superUser, func(b *tab) { b.press("Adria Networks"); b.menu("", "Cases") }, 1},
		{"case", superUser, func(b *tab) { b.press("Adria Networks"); b.press("80 ") }, 2}, // and who else reads it
		{"overview of an organization", administrator, func(b *tab) { b.press("Rialto Hotels") }, 1},
		{"account", networkAdmin, func(b *tab) { b.account("Your account") }, 1},
		{"audit log", operator, func(b *tab) { b.press("Run the platform"); b.menu("Administration", "Audit log") }, 1},
	} {
		t.Run(one.name, func(t *testing.T) {
			b := newTab(t)
			if one.email != "" {
				b.as(one.email)
			}
			one.way(b)
			path := b.location()
			if _, err := chromedp.Call(b.ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
				t.Fatal(err)
			}
			first := b.visit(path)
			if first.Requests > firstVisitRequests || first.Bytes > firstVisitBytes {
				t.Errorf("the first visit loads %d files with %.0f bytes: %v", first.Requests, first.Bytes, first.Names)
			}
			later := b.visit(path)
			if later.Requests > one.later || later.Bytes > first.Bytes*laterShare {
				t.Errorf("a later visit loads %d files with %.0f of %.0f bytes: %v", later.Requests, later.Bytes, first.Bytes,
					later.Names)
			}
			t.Logf("first %d files with %.0f bytes, later %d with %.0f",
				first.Requests, first.Bytes, later.Requests, later.Bytes)
		})
	}
}

// visit opens a page, waits until it asks for nothing more, and returns what it loaded.
func (b *tab) visit(path string) loaded {
	b.t.Helper()
	b.open(path)
	now := evaluate[loaded](b, whatWasLoaded)
	for range 50 {
		before := now.Requests
		b.do(chromedp.Evaluate[chromedp.Void](`new Promise(done => setTimeout(done, 100))`, chromedp.EvalAwaitPromise))
		if now = evaluate[loaded](b, whatWasLoaded); now.Requests == before {
			break
		}
	}
	return now
}

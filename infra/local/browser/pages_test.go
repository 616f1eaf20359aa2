//go:build browser

package browser

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// violation is what the accessibility checker found.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// check runs the accessibility checker: WCAG 2.2 A and AA, and its best practices.
func (b *tab) check(where string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	violations := evaluate[[]violation](b, `axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}).then(found => found.violations)`, chromedp.EvalAwaitPromise)
	for _, one := range violations {
		for _, node := range one.Nodes[:min(2, len(one.Nodes))] {
			b.t.Errorf("%s: %s: %s: %s: %s", where, one.ID, one.Help, node.HTML, node.FailureSummary)
		}
	}
}

// ids matches what differs between two pages of the same kind.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// kindOf returns the kind of page that an address leads to: without ids and parameters but for
// those that change what the page is.
func kindOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	for _, parameter := range strings.Split(query, "&") {
		if strings.HasPrefix(parameter, "list=") || strings.HasPrefix(parameter, "time=") {
			path += "?" + parameter
		}
	}
	return ids.ReplaceAllString(path, "{id}")
}

// most is how many kinds of pages each person visits at most.
const most = 80

// crawl visits each kind of page that links lead to, and calls look there.
func (b *tab) crawl(look func(address string)) int {
	b.t.Helper()
	queue, seen := []string{"/"}, map[string]bool{"/": true}
	visited := 0
	for ; len(queue) > 0 && visited < most; visited++ {
		address := queue[0]
		queue = queue[1:]
		b.open(address)
		look(address)
		links := evaluate[[]string](b, `[...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href"))`)
		for _, link := range links {
			link, _, _ = strings.Cut(link, "#")
			if kind := kindOf(link); link != "" && !seen[kind] && !downloads(link) {
				seen[kind] = true
				queue = append(queue, link)
			}
		}
	}
	return visited
}

// downloads reports whether an address leads to a file, or to what has its own tests.
func downloads(link string) bool {
	return strings.Contains(link, "/attachments/") || strings.HasSuffix(link, "/mail") || strings.Contains(link, ".csv") ||
		strings.HasPrefix(link, "/docs") || strings.Contains(link, "/reports/")
}

func TestEveryPageIsAccessibleQuietAndFits(t *testing.T) {
	pages := newSources(t)
	for _, email := range []string{operator, supportAgent, superUser, helpdesk, observer, administrator, networkAdmin} {
		t.Run(email, func(t *testing.T) {
			b := newTab(t).look(1280, false).as(email)
			visited := b.crawl(func(address string) {
				if title := evaluate[string](b, "document.title"); strings.HasPrefix(title, "Page not found") ||
					strings.HasPrefix(title, "Something went wrong") || strings.HasPrefix(title, "Not allowed") {
					t.Errorf("%s leads to %q", address, title)
				}
				pages.add(b, address)
				b.shape(address)
				b.check(address)
				b.look(1280, true).check(address + " (dark)")
				b.look(320, false)
				if width := evaluate[float64](b, "document.documentElement.scrollWidth"); width > 320 {
					t.Errorf("%s is %.0f pixels wide in a window of 320: %s", address, width, evaluate[string](b, widest))
				}
				b.check(address + " (phone)")
				b.look(1280, false)
				b.quiet(address)
			})
			if visited < 8 {
				t.Errorf("only %d pages were reached", visited)
			}
			t.Logf("%d pages", visited)
		})
	}
	pages.check(t)
}

// widest names the elements that are wider than the window.
const widest = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 &&
	!e.closest(".scroll, .popover, .unseen, .skip, #nav")).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")`

func TestThePagesBeforeLogInAreAccessible(t *testing.T) {
	b, pages := newTab(t), newSources(t)
	for _, address := range []string{
		"/login", "/recover", "/recover?sent=1", "/verify/recover?token=x", "/verify/invite?token=x", "/nothing",
	} {
		b.open(address)
		pages.add(b, address)
		b.shape(address)
		b.check(address)
		b.look(320, true).check(address + " (phone, dark)")
		b.look(1280, false)
		b.mutex.Lock()
		b.said = slices.DeleteFunc(b.said, func(text string) bool { return strings.Contains(text, "status of 404") })
		b.mutex.Unlock()
		b.quiet(address)
	}
	pages.check(t)
}

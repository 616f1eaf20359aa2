//go:build browser

package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/tenantry/tenantry/infra/local/demo"
)

// tab is a tab of the browser, in which one person works.
type tab struct {
	t   *testing.T
	ctx context.Context
	// portal is the address of the program that the tab visits.
	portal string

	mutex sync.Mutex
	// said is what pages wrote to the console and the browser to its log, with violations of the
	// policy; elsewhere has the addresses outside the portal that were requested.
	said, elsewhere []string
}

// newTab opens a tab without cookies on the demo estate.
func newTab(t *testing.T) *tab {
	t.Helper()
	return newTabOf(t, portal)
}

// newTabOf opens a tab without cookies on the program at an address.
func newTabOf(t *testing.T, portal string) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first step
		t.Fatal(err)
	}
	b := &tab{t: t, ctx: ctx, portal: portal}
	b.do(chromedp.EmulateViewport(1280, 900))
	messages, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			// Hints to developers, and that the test was in a field before the page had put the focus there.
			hint := message.Type == "debug" || strings.Contains(message.String(), "Autofocus processing was blocked")
			if !hint {
				b.note(&b.said, message.String())
			}
		}
	}()
	go func() {
		for request, err := range requests {
			if err != nil {
				return
			}
			if to := request.Request.URL; !strings.HasPrefix(to, b.portal+"/") && !strings.HasPrefix(to, "data:") {
				b.note(&b.elsewhere, to)
			}
		}
	}()
	return b
}

func (b *tab) note(list *[]string, text string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	*list = append(*list, text)
}

// quiet fails the test if a page wrote to the console, or loaded something from elsewhere.
func (b *tab) quiet(where string) {
	b.t.Helper()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, text := range append(b.said, b.elsewhere...) {
		b.t.Errorf("%s: %s", where, text)
	}
	b.said, b.elsewhere = nil, nil
}

// limit is how long one step may take on a busy machine.
const limit = 30 * time.Second

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, step := range steps {
		ctx, cancel := context.WithTimeout(b.ctx, limit)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			b.t.Fatalf("%v on %s", err, b.location())
		}
	}
}

// evaluate returns the value of an expression in the page.
func evaluate[T any](b *tab, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.t.Fatalf("%v on %s", err, b.location())
	}
	return value
}

func (b *tab) location() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(at, b.portal)
}

// open opens a page of the portal.
func (b *tab) open(path string) *tab {
	b.t.Helper()
	b.do(chromedp.Navigate(b.portal + path))
	return b
}

// as logs in.
func (b *tab) as(email string) *tab {
	b.t.Helper()
	b.open("/login")
	b.do(chromedp.SendKeys("#email", email), chromedp.SendKeys("#password", demo.Password))
	b.press("Log in")
	b.sees("Log out")
	return b
}

// script switches the scripts of pages on or off.
func (b *tab) script(on bool) *tab {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		b.t.Fatal(err)
	}
	return b
}

// look sets the width of the window, and whether the person prefers dark pages.
func (b *tab) look(width int64, dark bool) *tab {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return b
}

// press presses the button, or follows the link, whose text contains words, in the content of the
// page or in what it says was just done, and waits for the next page.
func (b *tab) press(words string) {
	b.t.Helper()
	b.leave(words, fmt.Sprintf(
		`//*[self::main or contains(@class, "flash")]//*[self::a or self::button][contains(normalize-space(.), %q)]`, words))
}

// menu follows a link of the menu beside the content; group is the heading above it, or "".
func (b *tab) menu(group, label string) {
	b.t.Helper()
	link := fmt.Sprintf(`//nav[@id="nav"]//a[normalize-space(.)=%q]`, label)
	if group != "" {
		heading := fmt.Sprintf(`//nav[@id="nav"]//details[not(@open)]/summary[normalize-space(.)=%q]`, group)
		if b.has(heading) {
			b.do(chromedp.Click(heading))
		}
	}
	b.leave(label, link)
}

// place follows a link of the menu that opens below the place in the header.
func (b *tab) place(label string) {
	b.t.Helper()
	b.do(chromedp.Click(`//button[@popovertarget="places"]`))
	b.leave(label, fmt.Sprintf(`//div[@id="places"]//a[normalize-space(.)=%q]`, label))
}

// account follows a link of the menu that opens below the reader's name.
func (b *tab) account(label string) {
	b.t.Helper()
	b.do(chromedp.Click(`//button[@popovertarget="account-menu"]`))
	b.leave(label, fmt.Sprintf(`//div[@id="account-menu"]//*[self::a or self::button][normalize-space(.)=%q]`, label))
}

// has reports whether the page has an element now.
func (b *tab) has(path string) bool {
	b.t.Helper()
	return evaluate[bool](b, fmt.Sprintf(`document.evaluate(%q, document).iterateNext() !== null`, path))
}

// leave clicks on an element, and waits until another page is shown.
func (b *tab) leave(words, path string) {
	b.t.Helper()
	b.leaveBy(fmt.Sprintf("pressing %q", words), chromedp.Click(path))
}

// leaveBy takes a step, and waits until another page is shown.
func (b *tab) leaveBy(what string, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	const document = `document.readyState === "complete" ? performance.timeOrigin : 0`
	before := evaluate[float64](b, document)
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	if err := chromedp.Do(ctx, step); err != nil {
		b.t.Fatalf("%s: %v on %s: %s", what, err, b.location(), b.text())
	}
	for ctx.Err() == nil {
		now, err := chromedp.Run(ctx, chromedp.Evaluate[float64](document))
		if err == nil && now != 0 && now != before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatalf("%s leads nowhere from %s: %s", what, b.location(), b.text())
}

// fill types into the field with an id.
func (b *tab) fill(id, text string) {
	b.t.Helper()
	b.do(chromedp.SetValue("#"+id, text))
}

func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil {
		return err.Error()
	}
	return text
}

// sees waits until the page has a text.
func (b *tab) sees(words string) {
	b.t.Helper()
	deadline := time.Now().Add(limit)
	for ; time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if b.contains(words) {
			return
		}
	}
	b.t.Fatalf("%s lacks %q: %s", b.location(), words, b.text())
}

// contains reports whether the page has a text now.
func (b *tab) contains(words string) bool { return strings.Contains(b.source(), words) }

// source is all text of the page, with what is not shown.
func (b *tab) source() string {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.TextContent("html"))
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text), " ")
}

//go:build browser

package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tenantry/tenantry/infra/local/demo"
)

// TestTheMainJobsAreDoneWithTheKeyboardAlone presses no mouse button, and checks at every stop that
// the focus is on something, can be seen, and is not covered.
func TestTheMainJobsAreDoneWithTheKeyboardAlone(t *testing.T) {
	both(t, func(b *tab) {
		b.focused()
		b.open("/login")
		b.typed("email", superUser)
		b.typed("password", demo.Password)
		b.enter("Log in")

		b.typed("find", "80")
		b.leaveBy("the search", chromedp.KeyEvent(kb.Enter))
		b.sees("Write a comment")
		b.typed("comment", "Written with the keyboard.")
		b.tick("internal")
		b.enter("Send")
		b.sees("Written with the keyboard.")

		b.tabTo("the place", `at.getAttribute("popovertarget") === "places"`)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.enter("Its MSP")
		b.enter("Cases")
		b.tabTo("the queue of all", `at.textContent.trim().endsWith("All open cases")`)
		b.leaveBy("Enter on the queue", chromedp.KeyEvent(kb.Enter))
		b.typed("severity", "2")
		b.enter("Search")
		b.sees("Severity: 2")
		b.enter("Remove filter Severity: 2")

		b.tabTo("a row", `at.name === "id"`)
		b.do(chromedp.KeyEvent(" "))
		b.enter("Tag…")
		b.typed("value", "keyboard")
		b.enter("Go on with one case")
		b.sees("Progress")

		b.signsOut()
	})
}

// signsOut opens the account menu, closes it by Esc and opens it again.
func (b *tab) signsOut() {
	b.t.Helper()
	const button, open = `at.getAttribute("popovertarget") === "account-menu"`,
		`document.querySelector("#account-menu").matches(":popover-open")`
	b.tabTo("the account menu", button)
	b.do(chromedp.KeyEvent(kb.Enter))
	if !evaluate[bool](b, open) {
		b.t.Fatal("Enter does not open the account menu")
	}
	b.stop("in the open menu")
	b.do(chromedp.KeyEvent(kb.Tab))
	b.stop("in the open menu")
	b.do(chromedp.KeyEvent(kb.Escape))
	if evaluate[bool](b, open) {
		b.t.Error("Esc does not close the account menu")
	}
	if !evaluate[bool](b, `(at => `+button+`)(document.activeElement)`) {
		b.t.Error("the focus does not return to the button of the menu")
	}
	b.do(chromedp.KeyEvent(" "))
	b.enter("Log out")
	b.sees("Forgotten your password?")
}

// focused makes the page believe that its window is in front, which the focus needs to be shown.
func (b *tab) focused() {
	b.t.Helper()
	enabled := emulation.SetFocusEmulationEnabledParams{Enabled: true}
	if _, err := chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, enabled); err != nil {
		b.t.Fatal(err)
	}
}

// typed goes to the field with an id, and types. What follows is typed at once, as people do.
func (b *tab) typed(id, text string) {
	b.t.Helper()
	b.tabTo(id, fmt.Sprintf(`at.id === %q`, id))
	b.do(chromedp.KeyEvent(text))
}

// tick goes to the box with an id, and ticks it.
func (b *tab) tick(id string) {
	b.t.Helper()
	b.tabTo(id, fmt.Sprintf(`at.id === %q`, id))
	b.do(chromedp.KeyEvent(" "))
	if !evaluate[bool](b, `document.activeElement.checked`) {
		b.t.Errorf("the space bar does not tick %s", id)
	}
}

// enter goes to the link or button with a text, and presses Enter.
func (b *tab) enter(words string) {
	b.t.Helper()
	b.tabTo(words, fmt.Sprintf(`at.textContent.replace(/✕/, "").replace(/\s+/g, " ").trim() === %q`, words))
	b.leaveBy("Enter on "+words, chromedp.KeyEvent(kb.Enter))
}

// mostStops is how many times Tab is pressed at most to get somewhere.
const mostStops = 150

// tabTo presses Tab until a condition holds for the element with the focus, "at".
func (b *tab) tabTo(what, condition string) {
	b.t.Helper()
	const atTheEnd = `document.activeElement === document.body` // after it, the browser's own buttons follow
	ends := 0
	for range mostStops {
		if evaluate[bool](b, `(at => `+condition+`)(document.activeElement)`) {
			b.stop(what)
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
		if evaluate[bool](b, atTheEnd) && ends == 0 {
			ends++
			continue
		}
		b.stop("on the way to " + what)
	}
	b.t.Fatalf("Tab does not reach %s on %s", what, b.location())
}

// stop checks that the focus is on an element, and that it can be seen there.
func (b *tab) stop(where string) {
	b.t.Helper()
	wrong := ""
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if wrong = evaluate[string](b, unseen); wrong == "" { // scrolling may take a frame
			return
		}
	}
	b.t.Errorf("%s, %s: %s", b.location(), where, wrong)
}

// unseen says why the element with the focus cannot be seen; "" if it can.
const unseen = `(() => {
	const at = document.activeElement, name = at.outerHTML.slice(0, 120);
	if (at === document.body || at === document.documentElement) return "the focus is lost";
	const style = getComputedStyle(at), box = at.getBoundingClientRect();
	if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "no outline: " + name;
	if (box.width === 0 || box.height === 0) return "no size: " + name;
	if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth)
		return "outside of the window: " + name;
	const within = (middle, most) => Math.min(Math.max(middle, 0), most - 1);
	const there = document.elementFromPoint(
		within(box.left + box.width / 2, innerWidth), within(box.top + box.height / 2, innerHeight));
	if (!at.contains(there) && !there?.contains(at)) return "covered by " + there?.outerHTML.slice(0, 80) + ": " + name;
	return "";
})()`

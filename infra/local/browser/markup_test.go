//go:build browser

package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shape checks what every page must have and the checker of HTML does not ask for.
func (b *tab) shape(where string) {
	b.t.Helper()
	for _, wrong := range evaluate[[]string](b, misshapen) {
		b.t.Errorf("%s: %s", where, wrong)
	}
}

// misshapen returns what is wrong with a page: its size, its headings, its forms, and words that
// only screen readers get and that stick to others.
const misshapen = `(() => {
	const wrong = [], all = (selector, root = document) => [...root.querySelectorAll(selector)];
	let level = 0;
	for (const heading of all("h1, h2, h3, h4, h5, h6")) {
		const now = Number(heading.tagName[1]);
		if (now > level + 1) wrong.push("a heading skips a level: " + heading.outerHTML.slice(0, 80));
		level = now;
	}
	if (all("*").length > 1500) wrong.push(all("*").length + " elements, more than 1,500");
	if (all("h1").length !== 1) wrong.push(all("h1").length + " main headings");
	for (const form of all("form")) {
		const changes = form.method === "post", selects = form.hasAttribute("data-selection");
		const name = form.getAttribute("action");
		const csrf = form.querySelector("[name=csrf]")?.value, once = form.querySelector("[name=once]")?.value;
		if (changes && !csrf) wrong.push("a form without csrf: " + name);
		if (changes && !selects && !once) wrong.push("a form without once: " + name);
		if (!changes && (csrf || once)) wrong.push("a form that changes nothing has a token in its address: " + name);
	}
	const near = (node, step) => {
		while (node && (!node.textContent || node.ariaHidden)) node = node[step];
		return node?.textContent ?? " ";
	};
	for (const unseen of all("span.unseen")) {
		const before = near(unseen.previousSibling, "previousSibling"), after = near(unseen.nextSibling, "nextSibling");
		const stick = (one, other) => /\S$/.test(one) && /^[\p{L}\p{N}]/u.test(other);
		if (stick(before, unseen.textContent) || stick(unseen.textContent, after))
			wrong.push("words stick together: " + unseen.parentElement.outerHTML.slice(0, 200));
	}
	return wrong.slice(0, 3);
})()`

// sources collects the pages as the program sends them, for the checker of HTML, which is slow to
// start.
type sources struct {
	folder    string
	addresses []string
}

func newSources(t *testing.T) *sources { return &sources{folder: t.TempDir()} }

// add keeps the page that a tab shows.
func (s *sources) add(b *tab, where string) {
	b.t.Helper()
	html := evaluate[string](b, `fetch(location.href).then(answer => answer.text())`, chromedp.EvalAwaitPromise)
	s.addresses = append(s.addresses, where)
	file := filepath.Join(s.folder, fmt.Sprintf("%d.html", len(s.addresses)-1))
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// check runs the checker over all pages at once.
func (s *sources) check(t *testing.T) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "java", "-jar", checker,
		"--format", "json", "--errors-only", "--html", s.folder)
	var report struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	var output strings.Builder
	command.Stderr = &output // where it writes its report
	err := command.Run()
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		t.Fatalf("the checker of HTML cannot be started: %v", err)
	}
	if err := json.Unmarshal([]byte(output.String()), &report); err != nil {
		t.Fatalf("the checker of HTML: %v: %.2000s", err, output.String())
	}
	said := map[string]bool{}
	for _, message := range report.Messages {
		where := message.URL
		var number int
		if _, err := fmt.Sscanf(filepath.Base(message.URL), "%d.html", &number); err == nil && number < len(s.addresses) {
			where = s.addresses[number]
		}
		if text := message.Message + message.Extract; !said[text] { // the same part of many pages
			said[text] = true
			t.Errorf("%s: %s: %s: %s", where, message.Type, message.Message, message.Extract)
		}
	}
	t.Logf("%d pages were checked", len(s.addresses))
}

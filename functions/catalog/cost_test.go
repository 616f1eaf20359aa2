package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/table"
	"github.com/tenantry/tenantry/shared/table/cost"
)

// costLine is a line of the table: name, requests, read units, write units.
var costLine = regexp.MustCompile("^\\| `([a-z_.]+)` \\| (\\d+) \\| ([\\d.]+) \\| ([\\d.]+) \\|")

// TestNoCallCostsMoreThanIsWrittenDown counts the requests and units of every endpoint's call and compares them with
// docs/costs.md; with -update it writes them there.
func TestNoCallCostsMoreThanIsWrittenDown(t *testing.T) {
	var meter *cost.Meter
	i := newInstallation(t, func(store table.Store) table.Store {
		meter = cost.Count(store)
		return meter
	})
	path := filepath.Join("..", "..", "docs", "costs.md")
	document, err := os.ReadFile(path)
	check(t, err)
	written := map[string][3]float64{}
	for _, line := range strings.Split(string(document), "\n") {
		if match := costLine.FindStringSubmatch(line); match != nil {
			written[match[1]] = [3]float64{number(t, match[2]), number(t, match[3]), number(t, match[4])}
		}
	}
	var rows strings.Builder
	for _, e := range i.endpoints {
		l := lines()[e.Name]
		as := caller(l)
		target := l.path(i)
		i.call(as, "GET", "/self", "", nil) // so that noting the token's use is not counted
		meter.Reset()
		got := i.try(e.About, l, target, as, nil)
		units := meter.Snapshot()
		if l.allowed != "" && got.Code != 200 {
			t.Errorf("%s: status %d: %s", e.Name, got.Code, got.Body)
		}
		if got.Code != 200 {
			continue // a call that needs a session, or a link out of a mail: its cost is not that of a refusal
		}
		now := [3]float64{float64(units.Requests), float64(units.Read), float64(units.Write)}
		fmt.Fprintf(&rows, "| `%s` | %v | %v | %v |\n", e.Name, now[0], now[1], now[2])
		if before, ok := written[e.Name]; !*update && (!ok || now[0] > before[0] || now[1] > before[1] || now[2] > before[2]) {
			t.Errorf("%s: %v requests, %v read and %v write units; written down are %v. Make it cheaper, or run with -update and say why", e.Name, now[0], now[1], now[2], before)
		}
	}
	if !*update {
		return
	}
	begin, end := "<!-- begin costs -->\n", "<!-- end costs -->"
	before, rest, found := strings.Cut(string(document), begin)
	_, after, foundEnd := strings.Cut(rest, end)
	if !found || !foundEnd {
		t.Fatalf("%s has no place for the costs", path)
	}
	head := "| endpoint | requests | read units | write units |\n|---|---:|---:|---:|\n"
	check(t, os.WriteFile(path, []byte(before+begin+head+rows.String()+end+after), 0o600))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	check(t, err)
	return value
}

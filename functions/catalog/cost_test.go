package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
)

// costLine matches a line of the table: name, steps, requests, read units, write units, messages,
// dollars.
var costLine = regexp.MustCompile("^\\| `([a-z_.]+)` \\| (\\d+) \\| (\\d+) \\| ([\\d.]+) \\| ([\\d.]+) \\| (\\d+) \\|")

// The list prices of AWS in us-east-1, in dollars per million, as of November 2026. docs/costs.md
// names their sources.
const (
	gatewayCall  = 1.00
	functionCall = 0.20
	gigabyteHour = 0.0000133334 * 3600 // of a function's memory on arm64
	readUnit     = 0.125
	writeUnit    = 0.625
	queueRequest = 0.40
	// functionTime is the assumed duration of a call in seconds: two or three round trips and some
	// work.
	functionTime = 0.020
	// requestsOfMessage is the number of queue requests for one message: it is sent, received and
	// deleted.
	requestsOfMessage = 3
)

// dollars returns the cost of a million calls, without the mails that they cause.
func dollars(function catalog.Function, units [5]float64) float64 {
	running := float64(function.Memory) / 1024 * functionTime / 3600 * gigabyteHour * 1e6
	messages := units[4] * (requestsOfMessage*queueRequest + 2*functionCall) // the relay and the worker
	return gatewayCall + functionCall + running + units[2]*readUnit + units[3]*writeUnit + messages
}

// countedAs returns under how many keys a call with an API token from a version 4 address is counted.
func countedAs(about endpoint.About) float64 {
	counted := 0.0
	if about.Access != endpoint.Public {
		counted += 2 // the token, and all tokens of the person
	}
	if about.PerHour > 0 {
		counted++ // the address
		if about.Access != endpoint.Public {
			counted++ // the person
		}
	}
	return counted
}

// TestNoCallCostsMoreThanIsWrittenDown counts the requests and units of a call to every endpoint
// and compares them with docs/costs.md; with -update it writes them there.
func TestNoCallCostsMoreThanIsWrittenDown(t *testing.T) {
	var meter *cost.Meter
	var steps *cost.Steps
	i := newInstallation(t, func(store table.Store) table.Store {
		meter = cost.Count(store)
		steps = cost.MeasureSteps(meter)
		return steps
	})
	path := filepath.Join("..", "..", "docs", "costs.md")
	document, err := os.ReadFile(path)
	check(t, err)
	written := map[string][5]float64{}
	for _, line := range strings.Split(string(document), "\n") {
		if match := costLine.FindStringSubmatch(line); match != nil {
			written[match[1]] = [5]float64{
				number(t, match[2]),
				number(t, match[3]),
				number(t, match[4]),
				number(t, match[5]),
				number(t, match[6]),
			}
		}
	}
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	var rows strings.Builder
	repeated := 0 // how many calls were measured again
	for _, e := range i.endpoints {
		l := lineOf(t, e.Name)
		at := slices.IndexFunc(functions, func(f catalog.Function) bool { return f.Name == e.Name })
		if at < 0 {
			continue // not a function of its own
		}
		measure := func(roundTrip time.Duration) (now [5]float64, carriedOut bool) {
			as, target := caller(l), l.path(i)
			i.call(as, "GET", "/self", "", nil)           // so that recording the token's use is not counted
			i.call(as, "GET", "/orgs/"+i.org.ID, "", nil) // nor the visit
			meter.Reset()
			steps.Reset(roundTrip)
			got := i.try(e.About, l, target, as, nil)
			units := meter.Snapshot()
			if l.allowed != "" && got.Code != 200 {
				t.Errorf("%s: status %d: %s", e.Name, got.Code, got.Body)
			}
			taken, messages := steps.Taken()
			now = [5]float64{
				float64(taken),
				float64(units.Requests),
				float64(units.Read),
				float64(units.Write),
				float64(messages),
			}
			if slices.Contains(e.Grants(), grant.Grant{Resource: grant.Derived, Action: grant.Count}) {
				counted := countedAs(e.About) // concurrently with everything else
				now[1] += counted
				now[3] += counted
			}
			return now, got.Code == 200
		}
		now, carriedOut := measure(5 * time.Millisecond)
		if !carriedOut {
			continue // a call that needs a session, or a link from a mail: the cost of its refusal would be misleading
		}
		before, ok := written[e.Name]
		// On a busy machine, concurrent requests may seem to follow one another: that is measured again.
		for again := time.Duration(1); again <= 5 && ok && now[0] > before[0]; again++ {
			next, _ := measure(again * 20 * time.Millisecond)
			now[0] = min(now[0], next[0])
			repeated++
		}
		dearer := func() bool {
			most := before
			most[2] += max(1, before[2]/5) + 2*float64(repeated) // logs and lists grow with what is measured again
			most[3] += float64(int(before[3]) / 16)              // an item may cross a kilobyte, with other random ids
			return slices.ContainsFunc([]int{0, 1, 2, 3, 4}, func(n int) bool { return now[n] > most[n] })
		}
		fmt.Fprintf(&rows, "| `%s` | %v | %v | %v | %v | %v | %.2f |\n",
			e.Name, now[0], now[1], now[2], now[3], now[4], dollars(functions[at], now))
		if !*update && (!ok || dearer()) {
			t.Errorf(
				"%s: %v steps, requests, read and write units, messages, but docs/costs.md has %v. Make it cheaper, "+
					"or run with -update and explain why",
				e.Name,
				now,
				before,
			)
		}
	}
	if !*update {
		return
	}
	begin, end := "<!-- begin costs -->\n", "<!-- end costs -->"
	before, rest, found := strings.Cut(string(document), begin)
	_, after, foundEnd := strings.Cut(rest, end)
	if !found || !foundEnd {
		t.Fatalf("%s has no section for the costs", path)
	}
	head := "| endpoint | steps | requests | read units | write units | messages | $ a million |\n" +
		"|---|---:|---:|---:|---:|---:|---:|\n"
	check(t, os.WriteFile(path, []byte(before+begin+head+rows.String()+end+after), 0o600))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	check(t, err)
	return value
}

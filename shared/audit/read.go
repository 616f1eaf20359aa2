package audit

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// exactTotal is up to how many matches a total is exact.
	exactTotal = 10_000
	// readAtMost is how many entries one call reads; what lies behind them, it does not know.
	readAtMost = 50_000
	readPage   = 1000
)

// reading is one search, while it reads.
type reading struct {
	Search
	exact, most int
	page        Page
	// skip is the number of matches before the page; last is the key of the last entry on it.
	skip int
	last string
	// matched counts entries; counting is set unless a former page told the total.
	matched  int
	counting bool
}

// searchIn searches partitions in the order of reading.
func (l *Log) searchIn(ctx context.Context, partitions []string, search Search) (Page, error) {
	r := reading{Search: search, exact: l.exactTotal, most: l.readAtMost, counting: true}
	r.page.Entries = []change.Entry{}
	after, total, known := strings.Cut(search.After, "|")
	if known {
		if err := r.resume(total); err != nil {
			return Page{}, err
		}
	} else if search.PageNumber > 1 && search.After == "" {
		r.skip = (search.PageNumber - 1) * search.Limit
	}
	if search.SiteID != "" {
		return r.page, nil // nothing concerns a site yet
	}
	done, err := l.each(ctx, partitions, search, after, r.take, r.enough)
	if err != nil {
		return Page{}, err
	}
	if !done {
		r.page.Total = r.totalSoFar()
	}
	if r.page.Next != "" {
		r.page.Next += "|" + strconv.Itoa(r.page.Total)
		if r.page.AtLeast {
			r.page.Next += "+"
		}
	}
	return r.page, nil
}

// resume takes over the total from the cursor of a former page.
func (r *reading) resume(total string) error {
	digits, atLeast := strings.CutSuffix(total, "+")
	number, err := strconv.Atoi(digits)
	if err != nil {
		return fault.InField("search_after", "is not a cursor of this list")
	}
	r.page.Total, r.page.AtLeast, r.counting = number, atLeast, false
	return nil
}

func (r *reading) totalSoFar() int {
	if r.counting {
		return r.matched
	}
	return r.page.Total
}

// take takes a match, and reports whether the search is done.
func (r *reading) take(entry change.Entry, sort string) (done bool) {
	r.matched++
	switch {
	case r.matched <= r.skip:
	case len(r.page.Entries) < r.Limit:
		r.page.Entries, r.last = append(r.page.Entries, entry), sort
	case r.page.Next == "":
		r.page.Next = r.last
	}
	if r.page.Next == "" {
		return false
	}
	if r.counting && r.matched > r.exact {
		r.page.Total, r.page.AtLeast, r.counting = max(r.exact, r.skip+r.Limit), true, false
	}
	return !r.counting
}

// enough reports whether so many entries were read that the search ends, at the key of the last one.
func (r *reading) enough(looked int, at string) (bool, error) {
	if looked < r.most {
		return false, nil
	}
	if len(r.page.Entries) == 0 {
		return true, r.tooMuch(at)
	}
	if r.page.Next == "" {
		r.page.Next = at
	}
	r.page.Total = r.totalSoFar()
	r.page.AtLeast = r.page.AtLeast || r.counting
	return true, nil
}

// tooMuch says how to go on if there are more entries than one search reads, and none for the page.
func (r *reading) tooMuch(at string) error {
	if r.matched > 0 {
		return fault.InField("page", "is more than %d entries away; follow next, or choose a shorter time", r.most)
	}
	var micros int64
	if _, err := fmt.Sscanf(at, "%016d", &micros); err != nil {
		return err
	}
	if r.OldestFirst {
		return fault.InField("start", "none of the first %d entries matches; send start=%d to search on",
			r.most, micros/1_000_000)
	}
	return fault.InField("end", "none of the latest %d entries matches; send end=%d to search on",
		r.most, micros/1_000_000+1)
}

// each reads the entries of partitions that the reader sees and that match, behind a key in the first
// partition. It ends, and reports that it is done, when take or, after each page of the table, enough
// says so.
func (l *Log) each(
	ctx context.Context,
	partitions []string,
	search Search,
	after string,
	take func(entry change.Entry, sort string) bool,
	enough func(looked int, at string) (bool, error),
) (done bool, err error) {
	looked := 0
	for _, partition := range partitions {
		query := table.Query{
			Table: table.Audit, Partition: partition, Descending: !search.OldestFirst, Limit: readPage, After: after,
			From: change.AuditSort(search.Start.UnixMicro(), ""), To: change.AuditSort(search.End.UnixMicro(), ""),
		}
		for {
			stored, err := l.journal.Query(ctx, query)
			if err != nil {
				return false, err
			}
			entries, err := change.DecodePage[change.Entry](stored)
			if err != nil {
				return false, err
			}
			if search.hidden, err = l.hiddenIn(ctx, search, entries); err != nil {
				return false, err
			}
			for i, entry := range entries {
				if search.shows(&entry) && search.matches(entry) && take(entry, stored.Items[i].Sort) {
					return true, nil
				}
			}
			if query.After = stored.Next; stored.Next == "" {
				break
			}
			looked += len(stored.Items)
			if stop, err := enough(looked, stored.Items[len(stored.Items)-1].Sort); stop || err != nil {
				return true, err
			}
		}
		after = ""
	}
	return false, nil
}

// months lists the platform's partitions of a search in the order of reading, from that of its cursor
// on.
func months(search Search) ([]string, error) {
	from, to := search.Start.UTC(), search.End.Add(-time.Microsecond).UTC()
	if search.After != "" {
		var micros int64
		if _, err := fmt.Sscanf(search.After, "%016d", &micros); err != nil {
			return nil, fault.InField("search_after", "is not a cursor of this list")
		}
		if at := time.UnixMicro(micros).UTC(); search.OldestFirst {
			from = at
		} else {
			to = at
		}
	}
	var partitions []string
	month := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; !month.After(to); month = month.AddDate(0, 1, 0) {
		partitions = append(partitions, change.PlatformAudit(month))
	}
	if !search.OldestFirst {
		slices.Reverse(partitions)
	}
	return partitions, nil
}

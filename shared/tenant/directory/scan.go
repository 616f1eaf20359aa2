package directory

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// maxWalked is how many requests a walk over an order takes at most: enough for twice as many
// organizations as an MSP may have.
const maxWalked = 2 * tenant.MaxOrgs / search.MostHits

// errTooLong ends a walk that would read more than it may.
var errTooLong = errors.New("directory: too many organizations to walk over")

// walking is a walk over an order, from a row on.
type walking struct {
	order      string
	descending bool
	after      string
}

// walk calls a function with the keys of an order, up to a thousand at a time, until it returns false.
func (s *Service) walk(
	ctx context.Context, space string, from walking, do func([]search.OrderKey) (more bool, err error),
) error {
	after := from.after
	for range maxWalked {
		keys, next, err := s.index.Keys(ctx, space, from.order, from.descending, search.MostHits, after)
		if err != nil {
			return err
		}
		if more, err := do(keys); err != nil || !more || next == "" {
			return err
		}
		after = next
	}
	return errTooLong
}

// taker takes a page out of the keys of a walk.
type taker struct {
	offset, limit int
	keys          []search.OrderKey
	// more is set if there are further keys after the page.
	more bool
}

func (t *taker) take(key search.OrderKey) {
	switch {
	case t.offset > 0:
		t.offset--
	case len(t.keys) < t.limit:
		t.keys = append(t.keys, key)
	default:
		t.more = true
	}
}

// numbers returns the numbers of the page.
func (t *taker) numbers() []int64 {
	numbers := make([]int64, len(t.keys))
	for i, key := range t.keys {
		numbers[i] = key.Number
	}
	return numbers
}

// next returns the cursor of a scan after the page; "" at the end.
func (t *taker) next(total int64) string {
	if !t.more || len(t.keys) == 0 {
		return ""
	}
	last := t.keys[len(t.keys)-1]
	text, err := json.Marshal(scanned{Scan: true, After: last.SortAfter(), Total: total})
	if err != nil {
		return "" // cannot happen: texts and numbers have a JSON form
	}
	return string(text)
}

// scanned is the cursor of a walk. The index has cursors of another form.
type scanned struct {
	Scan  bool   `json:"scan"`
	After string `json:"after"`
	// Total is how many there are, as counted for the first page.
	Total int64 `json:"total"`
}

func scanOf(after string) (cursor scanned) {
	if json.Unmarshal([]byte(after), &cursor) != nil {
		return scanned{}
	}
	return cursor
}

func isScan(after string) bool { return scanOf(after).Scan }

// scan returns a page of the organizations with a part of a name by looking at all names, which are the
// keys of the order by name. It counts all on the first page.
func (s *Service) scan(ctx context.Context, space string, query Query) (found, error) {
	has := func(int64) bool { return true }
	if where := query.where(); len(where) > 0 {
		set, err := s.index.Matching(ctx, space, where)
		if err != nil {
			return found{}, err
		}
		has = set.Has
	}
	cursor := scanOf(query.After)
	order, descending := query.order()
	taking := taker{limit: query.Limit}
	if query.After == "" {
		taking.offset = query.Offset
	}
	from := walking{order: order, descending: descending, after: cursor.After}
	named := walking{order: ByName}
	if order == ByName {
		named = from
	}
	total := cursor.Total
	matching := map[int64]bool{}
	err := s.walk(ctx, space, named, func(keys []search.OrderKey) (bool, error) {
		matches, err := s.named(ctx, space, keys, search.Fold(query.Name))
		if err != nil {
			return false, err
		}
		for i, key := range keys {
			if !matches[i] || !has(key.Number) {
				continue
			}
			if query.After == "" {
				total++
			}
			if order == ByName {
				taking.take(key)
			} else {
				matching[key.Number] = true
			}
		}
		return order != ByName || query.After == "" || !taking.more, nil
	})
	if err == nil && order != ByName && query.Limit > 0 {
		err = s.walk(ctx, space, from, func(keys []search.OrderKey) (bool, error) {
			for _, key := range keys {
				if matching[key.Number] {
					taking.take(key)
				}
			}
			return !taking.more, nil
		})
	}
	if errors.Is(err, errTooLong) {
		err = fault.InField("name", "is part of too many names: look for more of the name")
	}
	if err != nil {
		return found{}, err
	}
	hits, err := s.index.Documents(ctx, space, taking.numbers())
	return found{hits: hits, total: total, exact: true, next: taking.next(total)}, err
}

// named reports of each key of the order by name whether the name has a part. Very long names are not whole
// in their keys, and are read.
func (s *Service) named(ctx context.Context, space string, keys []search.OrderKey, part string) ([]bool, error) {
	matches := make([]bool, len(keys))
	places := map[int64]int{}
	var long []int64
	for i, key := range keys {
		if matches[i] = strings.Contains(key.Value, part); !matches[i] && key.Cut() {
			long, places[key.Number] = append(long, key.Number), i
		}
	}
	if len(long) == 0 {
		return matches, nil
	}
	hits, err := s.index.Documents(ctx, space, long)
	if err != nil {
		return nil, err
	}
	for _, hit := range hits {
		var listed entry
		if err := json.Unmarshal(hit.Data, &listed); err != nil {
			return nil, err
		}
		matches[places[hit.Number]] = strings.Contains(search.Fold(listed.Name), part)
	}
	return matches, nil
}

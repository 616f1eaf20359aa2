package search

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The fields that the faults of Find name; the caller's input has the same names.
const (
	PhraseField = "search"
	OrderField  = "sort"
	AfterField  = "cursor"
)

const (
	// MostHits is how many hits a page has at the most.
	MostHits = 1000
	// MostValues is how many values all conditions of a query have together at the most.
	MostValues = 100
)

// Condition holds for the documents that have a term of the field with any of the values.
// Without values it holds for none.
type Condition struct {
	Field  string
	Values []string
}

// Query says which documents are wanted and in which order.
type Query struct {
	// Where are conditions that all hold.
	Where []Condition
	// Phrase is to stand in the text, in any form that Fold makes the same: a part of a
	// word, or several words as they follow each other. Empty: every text is right.
	Phrase string
	// Order is the name of an order; empty is that of the numbers.
	Order      string
	Descending bool
	// Limit is how many hits the page has at the most, from 1 to MostHits.
	Limit int
	// After is the Next of the page before. It goes with the same query only.
	After string
}

// Hit is a document found.
type Hit struct {
	Number int64
	Data   []byte
}

// Page is a part of what was found.
type Page struct {
	// Hits may be fewer than asked for, even none, although there is a Next: where much had
	// to be read to find little, the following call goes on.
	Hits []Hit
	// Total is how many documents there are in all, if Exact, and a number that they are
	// not fewer than if not. It is exact without a phrase. With one it is where all that
	// may have it was seen, up to this page. It was counted for the first page.
	Total int64
	Exact bool
	// Next is empty where nothing follows.
	Next string
	// Indexed is the latest Changed of the documents that were in the index before the page was read, in microseconds.
	Indexed int64
}

// cursor is where a page goes on.
type cursor struct {
	Number int64  `json:"number,omitempty"` // behind this number
	Sort   string `json:"sort,omitempty"`   // behind this row of the order
	Total  int64  `json:"total"`            // as the first page counted
	Exact  bool   `json:"exact"`
	Seen   int64  `json:"seen,omitempty"` // hits on the pages before
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // numbers and valid texts can be written
	}
	return string(text)
}

func parseCursor(after string) (*cursor, error) {
	if after == "" {
		return nil, nil
	}
	c := new(cursor)
	if err := json.Unmarshal([]byte(after), c); err != nil {
		return nil, fault.InField(AfterField, "is not one that was given out.")
	}
	return c, nil
}

func (q Query) check() error {
	values := 0
	for _, condition := range q.Where {
		values += len(condition.Values)
	}
	if q.Limit < 1 || q.Limit > MostHits || values > MostValues || len(q.Where) > MostValues {
		return fmt.Errorf("%w: a limit of %d, %d conditions with %d values",
			table.ErrBadRequest, q.Limit, len(q.Where), values)
	}
	return CheckPhrase(q.Phrase)
}

// valid returns the conditions in the form in which terms are stored, each value once.
func (c Condition) valid() Condition {
	normal := Condition{Field: valid(Term{Field: c.Field}).Field}
	for _, value := range c.Values {
		normal.Values = append(normal.Values, valid(Term{Value: value}).Value)
	}
	slices.Sort(normal.Values)
	normal.Values = slices.Compact(normal.Values)
	return normal
}

// holds reports whether all conditions hold for a document.
func holds(where []Condition, r *record) bool {
	for _, condition := range where {
		if !slices.ContainsFunc(r.Terms, func(term Term) bool {
			return term.Field == condition.Field && slices.Contains(condition.Values, term.Value)
		}) {
			return false
		}
	}
	return true
}

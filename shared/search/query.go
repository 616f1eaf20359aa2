package search

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The input fields that faults of Find name.
const (
	PhraseField = "search"
	OrderField  = "sort"
	AfterField  = "cursor"
)

const (
	// MostHits is the maximum number of hits on a page.
	MostHits = 1000
	// MostValues is the maximum number of values in all conditions of a query.
	MostValues = 100
)

// Condition matches the documents that have a term with the field and any of the values. Without
// values it matches none.
type Condition struct {
	Field  string
	Values []string
}

// Query selects documents and their order.
type Query struct {
	// Where lists the conditions; all must match.
	Where []Condition
	// Phrase must occur in the text; both are folded. It may be part of a word or several
	// consecutive words. An empty phrase matches every text.
	Phrase string
	// Order is the name of an order. If it is empty, documents are ordered by number.
	Order      string
	Descending bool
	// Limit is the maximum number of hits on the page, from 1 to MostHits.
	Limit int
	// After is the Next of the previous page of the same query, or empty for the first page.
	After string
}

// Hit is a matching document.
type Hit struct {
	Number int64
	Data   []byte
}

// Page is a page of the results of a query.
type Page struct {
	// Hits may be fewer than the limit, even none, although Next is set: if a search reads much and
	// finds little, it stops early and the next call continues.
	Hits []Hit
	// Total is the number of matching documents if Exact is set, and a lower bound if not. Without
	// a phrase, it is counted for the first page and repeated on the others, and is exact unless
	// counting took too many requests. With a phrase, it is exact if the documents are sorted by an
	// order; by number, it counts the hits up to this page and is exact on the last one.
	Total int64
	Exact bool
	// Next is the After of the next page; it is empty on the last page.
	Next string
	// Indexed is the latest Changed of the documents that were in the index when the page was read,
	// in microseconds since 1970.
	Indexed int64
}

// cursor is where a page continues.
type cursor struct {
	Number int64  `json:"number,omitempty"` // after this number
	Sort   string `json:"sort,omitempty"`   // after this row of the order
	Total  int64  `json:"total"`            // as counted for the first page
	Exact  bool   `json:"exact"`
	Seen   int64  `json:"seen,omitempty"` // hits on the previous pages
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // cannot happen: the fields are numbers and strings
	}
	return string(text)
}

func parseCursor(after string) (*cursor, error) {
	if after == "" {
		return nil, nil
	}
	c := new(cursor)
	if err := json.Unmarshal([]byte(after), c); err != nil {
		return nil, fault.InField(AfterField, "is not a cursor of this list.")
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

// valid returns the condition with its field and values as terms store them, each value once.
func (c Condition) valid() Condition {
	normal := Condition{Field: valid(Term{Field: c.Field}).Field}
	for _, value := range c.Values {
		normal.Values = append(normal.Values, valid(Term{Value: value}).Value)
	}
	slices.Sort(normal.Values)
	normal.Values = slices.Compact(normal.Values)
	return normal
}

// holds reports whether all conditions match a document.
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

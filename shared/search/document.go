package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Term is a field and one of its values.
type Term struct {
	Field string `json:"f"`
	Value string `json:"v"`
}

func compareTerms(a, b Term) int {
	return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value))
}

// Document is an entry of the index.
type Document struct {
	// Number identifies the document in its space. It is at least 1.
	Number int64
	// Version is at least 1 and grows with each change. A Put of the same or an older version
	// changes nothing, so messages may arrive twice and in any order.
	Version int64
	// Changed is when the document was changed, in microseconds since 1970. State reports the
	// latest.
	Changed int64
	// Terms are the values to filter and count by. A field may have several values.
	Terms []Term
	// Counted are values to count by only. A field used here must not be used in Terms by any
	// document of the space.
	Counted []Term
	// Orders maps the name of an order to the value to sort by; there are at most MostOrders.
	// Values are compared by their first 300 bytes, and documents with equal values by number. A
	// list in an order contains only the documents that have a value in it, so each document should
	// have a value in every order.
	Orders map[string]string
	// Text is the text to search; it is folded first. Only about the first 380,000 bytes of the
	// folded text are kept.
	Text string
	// Data is the JSON that a list returns.
	Data []byte
}

// The limits of a document.
const (
	MostOrders = 12
	MostTerms  = 1000 // Terms and Counted together
)

// maxTextBytes is the size of the longest text stored.
const maxTextBytes = 380_000

func (d Document) check() error {
	switch {
	case d.Number < 1 || d.Version < 1:
		return fmt.Errorf("%w: document %d of version %d", table.ErrBadRequest, d.Number, d.Version)
	case len(d.Orders) > MostOrders:
		return fmt.Errorf("%w: document %d has %d orders", table.ErrBadRequest, d.Number, len(d.Orders))
	case len(d.Terms)+len(d.Counted) > MostTerms:
		return fmt.Errorf("%w: document %d has %d terms", table.ErrBadRequest, d.Number, len(d.Terms)+len(d.Counted))
	case slices.ContainsFunc(d.Counted, func(counted Term) bool {
		return slices.ContainsFunc(d.Terms, func(term Term) bool { return term.Field == counted.Field })
	}):
		return fmt.Errorf("%w: document %d uses a field in both Terms and Counted", table.ErrBadRequest, d.Number)
	case !json.Valid(d.Data):
		return fmt.Errorf("%w: the data of document %d is not JSON", table.ErrBadRequest, d.Number)
	}
	return nil
}

// record is a document as it is stored. It holds all that is needed to remove the document from the
// index.
type record struct {
	Version int64             `json:"version"`
	Terms   []Term            `json:"terms,omitempty"`
	Counted []Term            `json:"counted,omitempty"` // those that are not in Terms
	Orders  map[string]string `json:"orders,omitempty"`
	// Text is the hash of the folded text, or empty if there is none. TextVersion is the version of
	// the row of the text, so that the row can be replaced without reading it.
	Text        string          `json:"text,omitempty"`
	TextVersion int64           `json:"textVersion,omitempty"`
	Data        json.RawMessage `json:"data"`
}

// recordOf returns the record to store and the folded text.
func recordOf(d Document) (record, string) {
	folded := storable(foldBy(Form, d.Text))
	r := record{Version: d.Version, Orders: map[string]string{}, Text: hashOf(folded), Data: slices.Clone(d.Data)}
	uses := map[Term]use{}
	for _, term := range d.Counted {
		uses[valid(term)] = counted
	}
	for _, term := range d.Terms {
		uses[valid(term)] = filtered
	}
	r.setUses(uses)
	for name, value := range d.Orders {
		r.Orders[strings.ToValidUTF8(name, "\uFFFD")] = cut(strings.ToValidUTF8(value, "\uFFFD"), maxOrderBytes)
	}
	return r, folded
}

func valid(term Term) Term {
	return Term{strings.ToValidUTF8(term.Field, "\uFFFD"), strings.ToValidUTF8(term.Value, "\uFFFD")}
}

// use is how a document uses a term.
type use uint8

const (
	none     use = iota
	counted      // counted by only
	filtered     // counted and filtered by
)

func (r *record) uses() map[Term]use {
	uses := make(map[Term]use, len(r.Terms)+len(r.Counted))
	for _, term := range r.Counted {
		uses[term] = counted
	}
	for _, term := range r.Terms {
		uses[term] = filtered
	}
	return uses
}

func (r *record) setUses(uses map[Term]use) {
	r.Terms, r.Counted = nil, nil
	for term, use := range uses {
		switch use {
		case filtered:
			r.Terms = append(r.Terms, term)
		case counted:
			r.Counted = append(r.Counted, term)
		case none:
		}
	}
	slices.SortFunc(r.Terms, compareTerms)
	slices.SortFunc(r.Counted, compareTerms)
}

func hashOf(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

// storable cuts a folded text so that it fits in a row as a JSON string.
func storable(folded string) string {
	if 2*len(folded) <= maxTextBytes {
		return folded
	}
	size := 0
	for i, letter := range folded {
		size += len(string(letter))
		if letter == '"' || letter == '\\' {
			size++
		}
		if size > maxTextBytes {
			return strings.TrimRight(folded[:i], " ")
		}
	}
	return folded
}

// encode returns the JSON of value, without escapes for HTML.
func encode(value any) ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("search: encode: %w", err)
	}
	return []byte(strings.TrimSuffix(text.String(), "\n")), nil
}

func decode[T any](item table.Item) (value T, err error) {
	if err := json.Unmarshal(item.Data, &value); err != nil {
		return value, fmt.Errorf("search: decode row %q %q: %w", item.Partition, item.Sort, err)
	}
	return value, nil
}

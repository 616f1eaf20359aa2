package search

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Term is a field with one of its values.
type Term struct {
	Field string `json:"f"`
	Value string `json:"v"`
}

func compareTerms(a, b Term) int {
	if by := strings.Compare(a.Field, b.Field); by != 0 {
		return by
	}
	return strings.Compare(a.Value, b.Value)
}

// Document is what is found.
type Document struct {
	// Number is from 1 on, and one document's alone in its space.
	Number int64
	// Version is from 1 on and grows with each change. A Put of an older or equal version
	// changes nothing, so messages may come twice and in any order.
	Version int64
	// Changed is when the document was changed, in microseconds since 1970; State tells
	// the latest.
	Changed int64
	// Terms are what the document can be filtered by, and is counted by; a field may have
	// several values.
	Terms []Term
	// Counted are what the document is only counted by. Their fields are others than those
	// of the terms, in all documents of a space.
	Counted []Term
	// Orders are the sort values by the name of the order, up to MostOrders. The order of
	// their bytes is the order, of the first 300 bytes; then that of the numbers. A list in
	// an order has only the documents that have a value in it, so each should have all.
	Orders map[string]string
	// Text is what is searched, in the form of Fold; of a very long text only the
	// beginning, of 380,000 bytes or so.
	Text string
	// Data is the JSON that a list shows.
	Data []byte
}

// The limits of a document.
const (
	MostOrders = 12
	MostTerms  = 1000 // terms and counted together
)

// longestText is how many bytes a stored text has.
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
		return fmt.Errorf("%w: document %d is counted by a field of its terms", table.ErrBadRequest, d.Number)
	case !json.Valid(d.Data):
		return fmt.Errorf("%w: the data of document %d is not JSON", table.ErrBadRequest, d.Number)
	}
	return nil
}

// record is a document as it is stored: all that must be known to take it out of the
// index again.
type record struct {
	Version int64             `json:"version"`
	Terms   []Term            `json:"terms,omitempty"`
	Counted []Term            `json:"counted,omitempty"` // those that are not among the terms
	Orders  map[string]string `json:"orders,omitempty"`
	// Text is the hash of the folded text, empty where there is none; TextVersion is the
	// version of its row, so that it need not be read to be replaced.
	Text        string          `json:"text,omitempty"`
	TextVersion int64           `json:"textVersion,omitempty"`
	Data        json.RawMessage `json:"data"`
}

// recordOf returns what is to be stored, and the folded text.
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

// use is what a document's term is for.
type use uint8

const (
	none     use = iota
	counted      // counted only
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

// storable cuts a folded text to what fits a row as a JSON string.
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

// encode writes a value as JSON, without the escapes that are for pages only.
func encode(value any) ([]byte, error) {
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("search: encode: %w", err)
	}
	return []byte(strings.TrimSuffix(written.String(), "\n")), nil
}

func decode[T any](item table.Item) (value T, err error) {
	if err := json.Unmarshal(item.Data, &value); err != nil {
		return value, fmt.Errorf("search: row %q %q: %w", item.Partition, item.Sort, err)
	}
	return value, nil
}

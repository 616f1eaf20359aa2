package search

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

// world is an index on a store of its own.
type world struct {
	*Index
	clock *tabletest.Clock
	meter *cost.Meter
}

// tester is the common part of testing.T and rapid.T.
type tester interface {
	Helper()
	Fatal(arguments ...any)
	Fatalf(format string, arguments ...any)
}

func newStore(t testing.TB, now func() time.Time) table.Store {
	t.Helper()
	database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	store, err := sqlite.New(t.Context(), database, sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func newWorld(t testing.TB) *world {
	t.Helper()
	clock := tabletest.NewClock()
	meter := cost.Count(newStore(t, clock.Now))
	x := New(meter, clock.Now)
	x.grace = 0
	return &world{x, clock, meter}
}

// small lowers the limits, so that a few documents fill many blocks and packs.
func (w *world) small() *world {
	w.layout = layout{Terms: 64, Grams: 128, Regions: 512, Buckets: 2}
	w.packSize, w.maxFresh, w.maxPostings, w.maxCounters, w.partSize = 5, 12, 400, 7, 20
	return w
}

func (w *world) must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// doc returns a document with a text and terms of the form field=value. Its data is its number.
func doc(number, version int64, text string, terms ...string) Document {
	d := Document{
		Number:  number,
		Version: version,
		Text:    text,
		Data:    fmt.Appendf(nil, `%d`, number),
		Orders:  map[string]string{},
	}
	for _, term := range terms {
		field, value, _ := strings.Cut(term, "=")
		d.Terms = append(d.Terms, Term{field, value})
	}
	return d
}

// pages returns the numbers of all pages of a query, and its first page.
func (w *world) pages(t tester, space string, query Query) (numbers []int64, first Page) {
	t.Helper()
	for page := 0; ; page++ {
		got, err := w.Find(context.Background(), space, query)
		if err != nil {
			t.Fatalf("%+v: %v", query, err)
		}
		if page == 0 {
			first = got
		}
		if len(got.Hits) > query.Limit {
			t.Fatalf("%+v: %d hits", query, len(got.Hits))
		}
		for _, hit := range got.Hits {
			if string(hit.Data) != fmt.Sprint(hit.Number) {
				t.Fatalf("document %d has the data %s", hit.Number, hit.Data)
			}
			numbers = append(numbers, hit.Number)
		}
		if got.Next == "" {
			return numbers, first
		}
		if query.After = got.Next; page > 2000 {
			t.Fatalf("%+v: too many pages", query)
		}
	}
}

// model is a plain map with the documents that the index should have.
type model map[int64]Document

func (m model) find(query Query) []int64 {
	var matches []Document
	phrase := Fold(query.Phrase)
	for _, doc := range m {
		if !strings.Contains(Fold(doc.Text), phrase) {
			continue
		}
		if !slices.ContainsFunc(query.Where, func(c Condition) bool {
			return !slices.ContainsFunc(doc.Terms, func(term Term) bool {
				return term.Field == c.Field && slices.Contains(c.Values, term.Value)
			})
		}) {
			matches = append(matches, doc)
		}
	}
	slices.SortFunc(matches, func(a, b Document) int {
		if query.Descending {
			a, b = b, a
		}
		order := 0
		if query.Order != "" {
			order = strings.Compare(a.Orders[query.Order], b.Orders[query.Order])
		}
		return cmp.Or(order, cmp.Compare(a.Number, b.Number))
	})
	var numbers []int64
	for _, doc := range matches {
		numbers = append(numbers, doc.Number)
	}
	return numbers
}

func (m model) counts(field string) map[string]int64 {
	counts := map[string]int64{}
	for _, doc := range m {
		seen := map[Term]bool{}
		for _, term := range slices.Concat(doc.Terms, doc.Counted) {
			if term.Field == field && !seen[term] {
				seen[term] = true
				counts[term.Value]++
			}
		}
	}
	return counts
}

func (w *world) counts(t tester, space, field string) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for after := ""; ; {
		page, next, err := w.Totals(context.Background(), space, field, 7, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, count := range page {
			counts[count.Value] = count.Count
		}
		if after = next; next == "" {
			return counts
		}
	}
}

// Numbers returns the numbers of all documents, five at a time; the model is a Source.
func (m model) Numbers(_ context.Context, cursor string) (numbers []int64, next string, err error) {
	all := slices.Sorted(maps.Keys(m))
	from := 0
	if cursor != "" {
		last, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, "", err
		}
		from = position(all, last+1)
	}
	all = all[from:]
	if len(all) <= 5 {
		return all, "", nil
	}
	return all[:5], strconv.FormatInt(all[4], 10), nil
}

// Documents returns the documents with the numbers, in no order.
func (m model) Documents(_ context.Context, numbers []int64) (docs []Document, err error) {
	for _, number := range numbers {
		if doc, ok := m[number]; ok {
			docs = append(docs, doc)
		}
	}
	slices.Reverse(docs)
	return docs, nil
}

// sourceFunc is a source that calls a function before it returns the documents of a model.
type sourceFunc struct {
	model
	before func(numbers []int64) error
}

// Documents calls the function and returns the documents.
func (s sourceFunc) Documents(ctx context.Context, numbers []int64) ([]Document, error) {
	if err := s.before(numbers); err != nil {
		return nil, err
	}
	return s.model.Documents(ctx, numbers)
}

func (m model) all() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		for _, number := range slices.Sorted(maps.Keys(m)) {
			if !yield(m[number]) {
				return
			}
		}
	}
}

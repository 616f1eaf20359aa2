package search

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/table/cost"
)

// usual returns a document with as many fields as a support case.
func usual(number int64) Document {
	text := fmt.Sprintf("word%d of case %d and what else was written by common%d", number%500, number, number%2)
	d := doc(number, 1, text)
	d.Data = fmt.Appendf(nil, `{"number":%d,"subject":"word%d of case %d"}`, number, number%500, number)
	for i := range 12 {
		d.Terms = append(d.Terms, Term{fmt.Sprintf("field%d", i), fmt.Sprint(number % int64(i+2))})
	}
	for i := range 3 {
		d.Counted = append(d.Counted, Term{fmt.Sprintf("open/%d", i), fmt.Sprint(number % 3)})
	}
	for i := range 6 {
		d.Orders[fmt.Sprint(i)] = fmt.Sprint(number*7919%10_000, i)
	}
	return d
}

// fill rebuilds the index with the given number of documents.
func (w *world) fill(t *testing.T, documents int64) {
	t.Helper()
	m := model{}
	for number := int64(1); number <= documents; number++ {
		m[number] = usual(number)
	}
	w.must(t, w.Rebuild(t.Context(), "ORG#1", m))
}

// filled is the number of documents that the tests of costs start with.
const filled = 1000

// within fails the test if something costs more than its limit. The limits are the present costs,
// so that any increase is deliberate.
func within(t *testing.T, name string, limit, got cost.Units) {
	t.Helper()
	t.Logf("%-40s %+v", name, got)
	if got.Requests > limit.Requests || got.Read > limit.Read || got.Write > limit.Write {
		t.Errorf("%s costs %+v, more than %+v", name, got, limit)
	}
}

func TestAPutCostsNoMoreThanItsRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(t, filled)
	changed := usual(100)
	changed.Version, changed.Terms[0].Value, changed.Counted[0].Value, changed.Orders["0"] = 2, "9", "9", "later"
	shown := usual(200)
	shown.Version, shown.Data = 2, []byte(`{"number":200}`)
	reworded := usual(300)
	reworded.Version, reworded.Text = 2, "another text"
	var ten []Document
	for number := int64(filled + 2); number < filled+12; number++ {
		ten = append(ten, usual(number))
	}
	put := func(documents ...Document) func() error {
		return func() error { return w.PutAll(t.Context(), "ORG#1", documents) }
	}
	for _, test := range []struct {
		name  string
		limit cost.Units
		do    func() error
	}{
		{"a new document", cost.Units{Requests: 4, Read: 31, Write: 74}, put(usual(filled + 1))},
		{"a changed status", cost.Units{Requests: 4, Read: 10, Write: 20}, put(changed)},
		{"changed data", cost.Units{Requests: 3, Read: 4, Write: 4}, put(shown)},
		{"a changed text", cost.Units{Requests: 3, Read: 4, Write: 8}, put(reworded)},
		{"an old version", cost.Units{Requests: 2, Read: 4}, put(usual(100))},
		{"a removed document", cost.Units{Requests: 4, Read: 31, Write: 74}, func() error {
			return w.Remove(t.Context(), "ORG#1", 400, 2)
		}},
		{"ten new documents", cost.Units{Requests: 20, Read: 365, Write: 730}, put(ten...)},
	} {
		w.meter.Reset()
		w.must(t, test.do())
		within(t, test.name, test.limit, w.meter.Snapshot())
	}
}

func TestFindAndTotalsCostNoMoreThanAPageAndItsSets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(t, filled)
	one := []Condition{{"field0", []string{"1"}}}
	two := []Condition{{"field0", []string{"1"}}, {"field1", []string{"2"}}}
	few := []Condition{{"field10", []string{"1"}}, {"field11", []string{"2"}}}
	for _, test := range []struct {
		name  string
		limit cost.Units
		query Query
	}{
		{"list by number", cost.Units{Requests: 2, Read: 9}, Query{}},
		{"list by an order", cost.Units{Requests: 3, Read: 52}, Query{Order: "3"}},
		{"filter by one field", cost.Units{Requests: 4, Read: 53}, Query{Where: one}},
		{"filter by two fields", cost.Units{Requests: 4, Read: 53}, Query{Where: two}},
		{"filter by two fields in an order", cost.Units{Requests: 5, Read: 60}, Query{Where: two, Order: "3"}},
		{"filter that finds few, in an order", cost.Units{Requests: 4, Read: 9}, Query{Where: few, Order: "3"}},
		{"search a rare word", cost.Units{Requests: 4, Read: 11}, Query{Phrase: "word77 of"}},
		{"search a common word", cost.Units{Requests: 7, Read: 113}, Query{Phrase: "common1"}},
		{"search a common word in a filter", cost.Units{Requests: 9, Read: 115}, Query{Phrase: "common1", Where: two}},
		{"search two letters", cost.Units{Requests: 5, Read: 108}, Query{Phrase: "om"}},
		{"search a missing word", cost.Units{Requests: 2, Read: 6}, Query{Phrase: "quixotic"}},
		{"search in an order", cost.Units{Requests: 4, Read: 11}, Query{Phrase: "word77 of", Order: "3"}},
	} {
		test.query.Limit, test.query.Descending = 50, true
		w.meter.Reset()
		_, err := w.Find(t.Context(), "ORG#1", test.query)
		w.must(t, err)
		within(t, test.name, test.limit, w.meter.Snapshot())
	}
	w.meter.Reset()
	_, _, err := w.Totals(t.Context(), "ORG#1", "field9", 100, "")
	w.must(t, err)
	within(t, "totals", cost.Units{Requests: 2, Read: 2}, w.meter.Snapshot())
	w.meter.Reset()
	_, err = w.State(t.Context(), "ORG#1")
	w.must(t, err)
	within(t, "state", cost.Units{Requests: 1, Read: 1}, w.meter.Snapshot())
}

func TestFreshTextsAreReadInOneRequestAndPackedTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(t, filled)
	last := filled + int64(w.packSize)
	var fresh []Document
	for number := int64(filled + 1); number < last; number++ {
		fresh = append(fresh, usual(number))
	}
	w.must(t, w.PutAll(t.Context(), "ORG#1", fresh))
	w.meter.Reset()
	_, err := w.Find(t.Context(), "ORG#1", Query{Phrase: "word77 of", Limit: 50})
	w.must(t, err)
	within(t, "a search among fresh texts", cost.Units{Requests: 5, Read: 21}, w.meter.Snapshot())
	w.meter.Reset()
	w.must(t, w.Put(t.Context(), "ORG#1", usual(last)))
	limit := cost.Units{Requests: 60, Read: 2162, Write: 4323}
	within(t, "a new document and packing 256 texts", limit, w.meter.Snapshot())
	state, err := w.State(t.Context(), "ORG#1")
	w.must(t, err)
	if diff := cmp.Diff(State{Generation: 1, Documents: last}, state); diff != "" {
		t.Error(diff)
	}
}

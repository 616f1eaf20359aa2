package search

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/table/cost"
)

// usual is a document with as many fields as a support case has.
func usual(number int64) Document {
	d := doc(
		number,
		1,
		fmt.Sprintf("word%d of case %d and what else was written by common%d", number%500, number, number%2),
	)
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

func (w *world) fill(t *testing.T, documents int64) {
	t.Helper()
	w.must(t, w.Rebuild(t.Context(), "ORG#1", func(yield func(Document, error) bool) {
		for number := int64(1); number <= documents && yield(usual(number), nil); number++ {
		}
	}))
}

// filled is how many documents there are.
const filled = 1000

// within fails where something costs more than it may. The bounds are what it costs, so
// that they must be raised with open eyes.
func within(t *testing.T, name string, most, got cost.Units) {
	t.Helper()
	t.Logf("%-40s %+v", name, got)
	if got.Requests > most.Requests || got.Read > most.Read || got.Write > most.Write {
		t.Errorf("%s costs %+v, more than %+v", name, got, most)
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
	for _, test := range []struct {
		name string
		do   func() error
		most cost.Units
	}{
		{"a new document", func() error { return w.Put(t.Context(), "ORG#1", usual(filled+1)) }, cost.Units{Requests: 4, Read: 31, Write: 74}},
		{"a changed status", func() error { return w.Put(t.Context(), "ORG#1", changed) }, cost.Units{Requests: 4, Read: 10, Write: 20}},
		{"changed data", func() error { return w.Put(t.Context(), "ORG#1", shown) }, cost.Units{Requests: 3, Read: 4, Write: 4}},
		{"a changed text", func() error { return w.Put(t.Context(), "ORG#1", reworded) }, cost.Units{Requests: 3, Read: 4, Write: 8}},
		{"an old version", func() error { return w.Put(t.Context(), "ORG#1", usual(100)) }, cost.Units{Requests: 2, Read: 4}},
		{"a removed document", func() error { return w.Remove(t.Context(), "ORG#1", 400, 2) }, cost.Units{Requests: 4, Read: 31, Write: 74}},
		{"ten new documents", func() error { return w.PutAll(t.Context(), "ORG#1", ten) }, cost.Units{Requests: 20, Read: 365, Write: 730}},
	} {
		w.meter.Reset()
		w.must(t, test.do())
		within(t, test.name, test.most, w.meter.Snapshot())
	}
}

func TestFindingAndCountingCostsNoMoreThanAPageAndItsSets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(t, filled)
	one, two := []Condition{
		{"field0", []string{"1"}},
	}, []Condition{
		{"field0", []string{"1"}},
		{"field1", []string{"2"}},
	}
	for _, test := range []struct {
		name  string
		query Query
		most  cost.Units
	}{
		{"list by number", Query{}, cost.Units{Requests: 2, Read: 9}},
		{"list by an order", Query{Order: "3"}, cost.Units{Requests: 3, Read: 52}},
		{"filter by one field", Query{Where: one}, cost.Units{Requests: 4, Read: 53}},
		{"filter by two fields", Query{Where: two}, cost.Units{Requests: 4, Read: 53}},
		{"filter by two fields in an order", Query{Where: two, Order: "3"}, cost.Units{Requests: 5, Read: 60}},
		{"filter that finds few, in an order", Query{Where: []Condition{{"field10", []string{"1"}}, {"field11", []string{"2"}}}, Order: "3"}, cost.Units{Requests: 4, Read: 9}},
		{"search a rare word", Query{Phrase: "word77 of"}, cost.Units{Requests: 4, Read: 11}},
		{"search a common word", Query{Phrase: "common1"}, cost.Units{Requests: 7, Read: 113}},
		{"search a common word in a filter", Query{Phrase: "common1", Where: two}, cost.Units{Requests: 9, Read: 115}},
		{"search two letters", Query{Phrase: "om"}, cost.Units{Requests: 5, Read: 108}},
		{"search what is nowhere", Query{Phrase: "quixotic"}, cost.Units{Requests: 2, Read: 6}},
		{"search in an order", Query{Phrase: "word77 of", Order: "3"}, cost.Units{Requests: 4, Read: 11}},
	} {
		test.query.Limit, test.query.Descending = 50, true
		w.meter.Reset()
		_, err := w.Find(t.Context(), "ORG#1", test.query)
		w.must(t, err)
		within(t, test.name, test.most, w.meter.Snapshot())
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

func TestFreshTextsAreReadInOneRequestAndPackedForAboutTheirRows(t *testing.T) {
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
	within(
		t,
		"a new document and packing 256 texts",
		cost.Units{Requests: 60, Read: 2162, Write: 4323},
		w.meter.Snapshot(),
	)
	state, err := w.State(t.Context(), "ORG#1")
	w.must(t, err)
	if diff := cmp.Diff(State{Generation: 1, Documents: last}, state); diff != "" {
		t.Error(diff)
	}
}

package search

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
)

// words are few, similar, and of many scripts, so that phrases often match.
var words = []string{
	"printer", "Printers", "print", "Straße", "STRASSE", "café", "CAFE\u0301", "naïve",
	"ﬁle", "file", "東京都", "京都", "プリンタ", "ﾌﾟﾘﾝﾀ", "か", "が", "한국어", "한국", "ภาษาไทย", "ไทย",
	"العربية", "عَرَبِي", "שָׁלוֹם", "שלום", "Привет", "ПРИВЕТ", "ёлка", "елка", "Ελλάς",
	"ΕΛΛΑΣ", "हिन्दी", "हिन", "👍🏽", "👍", "👨‍👩‍👧", "𝔘𝔫𝔦", "uni", "#42", "%", "\"", "\\",
	"a\x00b", "x", "\u0301",
}

// drawText returns up to most words.
func drawText(t *rapid.T, name string, most int) string {
	parts := rapid.SliceOfN(rapid.SampledFrom(words), 0, most).Draw(t, name)
	return strings.Join(parts, rapid.SampledFrom([]string{" ", " ", "\n\t ", ""}).Draw(t, name+" joined by"))
}

// drawPhrase returns a part of a text.
func drawPhrase(t *rapid.T) string {
	text := []rune(drawText(t, "phrase", 3))
	if len(text) < 2 {
		return string(text)
	}
	from := rapid.IntRange(0, len(text)-2).Draw(t, "from")
	return string(text[from:rapid.IntRange(from+2, len(text)).Draw(t, "to")])
}

// values are those of the terms.
var values = rapid.SampledFrom([]string{"", "1", "2", "a#b", "%23", "long" + strings.Repeat("é", 300)})

var (
	orders      = []string{"title", "time"}
	orderValues = rapid.SampledFrom([]string{"", "a", "a ", "a!", "a\x00", "A", "ab", "é", "🌍", "10", "9"})
)

// drawDocument returns a document with one of the numbers.
func drawDocument(t *rapid.T, numbers *rapid.Generator[int64]) Document {
	d := doc(numbers.Draw(t, "number"), rapid.Int64Range(1, 6).Draw(t, "version"), drawText(t, "text", 5))
	for _, field := range []string{"state", "a#b", "tag"} {
		for _, value := range rapid.SliceOfNDistinct(values, 0, 2, rapid.ID).Draw(t, field) {
			d.Terms = append(d.Terms, Term{field, value})
		}
	}
	for _, value := range rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "open/high"}), 0, 2).Draw(t, "counted") {
		d.Counted = append(d.Counted, Term{"open/tag", value})
	}
	for _, order := range orders {
		d.Orders[order] = orderValues.Draw(t, order)
	}
	return d
}

// drawQuery returns a query, which may have an invalid phrase.
func drawQuery(t *rapid.T) Query {
	q := Query{
		Order:      rapid.SampledFrom([]string{"", "", "title", "time"}).Draw(t, "order"),
		Descending: rapid.Bool().Draw(t, "descending"),
		Limit:      rapid.SampledFrom([]int{1, 2, 3, 7, 1000}).Draw(t, "limit"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		q.Where = append(q.Where, Condition{
			Field:  rapid.SampledFrom([]string{"state", "a#b", "tag", "none"}).Draw(t, "field"),
			Values: rapid.SliceOfN(values, 0, 3).Draw(t, "values"),
		})
	}
	if rapid.Bool().Draw(t, "with a phrase") {
		q.Phrase = drawPhrase(t)
	}
	return q
}

func TestFindAgreesWithAPlainScan(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	space := 0
	rapid.Check(t, func(t *rapid.T) {
		space++
		space := fmt.Sprintf("ORG#%d", space)
		w.maxRequests = rapid.SampledFrom([]int{2, 60}).Draw(t, "requests")
		m, removed := model{}, map[int64]int64{} // removed holds versions
		numbers := rapid.Int64Range(1, 100)
		request := 1000 // so that they all have the same length
		if rapid.Bool().Draw(t, "sparse") {
			numbers = rapid.SampledFrom([]int64{1, 63, 64, 127, 128, 129, 4096, 1 << 20, 1<<40 + 1, 1<<40 + 2})
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				document := rapid.Custom(func(t *rapid.T) Document { return drawDocument(t, numbers) })
				docs := rapid.SliceOfN(document, 1, 4).Draw(t, "documents")
				if err := w.PutAll(t.Context(), space, docs); err != nil {
					t.Fatal(err)
				}
				first := map[int64]int64{}
				for _, d := range docs {
					// The first of several documents with the same version wins.
					if d.Version > m[d.Number].Version && d.Version > removed[d.Number] && d.Version > first[d.Number] {
						m[d.Number], first[d.Number] = d, d.Version
					}
				}
			},
			"remove": func(t *rapid.T) {
				number, version := numbers.Draw(t, "number"), rapid.Int64Range(1, 6).Draw(t, "version")
				if err := w.Remove(t.Context(), space, number, version); err != nil {
					t.Fatal(err)
				}
				if version > m[number].Version {
					delete(m, number)
					removed[number] = max(removed[number], version)
				}
			},
			"rebuild": func(t *rapid.T) {
				if rapid.IntRange(0, 2).Draw(t, "rebuild") > 0 {
					return
				}
				until := w.clock.Now() // over after one part, so that other changes come in between
				if rapid.Bool().Draw(t, "at once") {
					until = until.Add(time.Hour)
				}
				done, err := w.Advance(t.Context(), space, fmt.Sprint(request), m, until)
				if err != nil {
					t.Fatal(err)
				}
				if done || rapid.IntRange(0, 9).Draw(t, "given up") == 0 {
					request++
				}
			},
			"find": func(t *rapid.T) { w.compare(t, space, m, drawQuery(t)) },
			"count": func(t *rapid.T) {
				for _, field := range []string{"state", "a#b", "tag", "none", "open/tag"} {
					if diff := cmp.Diff(m.counts(field), w.counts(t, space, field)); diff != "" {
						t.Fatalf("counts of %s (-want +got):\n%s", field, diff)
					}
				}
				state, err := w.State(t.Context(), space)
				if err != nil || state.Documents != int64(len(m)) {
					t.Fatalf("%+v (%v), want %d documents", state, err, len(m))
				}
			},
		})
	})
}

// compare compares the result of a query with that of the model.
func (w *world) compare(t *rapid.T, space string, m model, q Query) {
	if CheckPhrase(q.Phrase) != nil {
		if _, err := w.Find(t.Context(), space, q); !fault.Is(err, fault.Invalid) {
			t.Fatalf("an invalid phrase %q: %v", q.Phrase, err)
		}
		return
	}
	if _, err := w.Find(t.Context(), space, q); w.maxRequests < 10 && q.Order != "" && fault.Is(err, fault.Invalid) {
		return // too few requests to sort so many documents
	}
	want := m.find(q)
	got, first := w.pages(t, space, q)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%+v (-want +got):\n%s", q, diff)
	}
	if first.Exact && first.Total != int64(len(want)) || first.Total > int64(len(want)) {
		t.Fatalf("%+v: total %d, exact %v, want %d", q, first.Total, first.Exact, len(want))
	}
	if !first.Exact && w.maxRequests > 10 && (q.Phrase == "" || first.Next == "") {
		t.Fatalf("%+v: the total is not exact", q)
	}
	if q.Limit == 1000 && w.maxRequests > 10 && first.Next != "" {
		t.Fatalf("%+v: a second page", q)
	}
}

package search

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

func TestUnusualValuesStayDistinctInTermsAndOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	values := []string{
		"", "#", "##", "a#1", "a%231", "%", "%~", "\x00", "\x7f", "a\nb", "é", "e\u0301", "🌍", "\uffff", "\ufffd",
		" ", "a ", "STATE",
		strings.Repeat("x", 10_000),
		strings.Repeat("x", 10_000) + "y",
		strings.Repeat("#", 100),
		strings.Repeat("é", 101),
	}
	m := model{}
	for i, value := range values {
		d := doc(int64(i+1), 1, value)
		d.Terms = []Term{{"value", value}, {value, "field"}}
		d.Orders["title"] = value
		m[d.Number] = d
		w.must(t, w.Put(t.Context(), "ORG#1", d))
	}
	check := func() {
		t.Helper()
		for i, value := range values {
			for _, condition := range []Condition{{"value", []string{value}}, {value, []string{"field"}}} {
				numbers, first := w.pages(t, "ORG#1", Query{Where: []Condition{condition}, Limit: 10})
				if diff := cmp.Diff([]int64{int64(i + 1)}, numbers); diff != "" || first.Total != 1 {
					t.Errorf("%.20q: total %d, %s", value, first.Total, diff)
				}
			}
			if got := w.counts(t, "ORG#1", value); got["field"] != 1 || value != "value" && len(got) != 1 {
				t.Errorf("counts of %.20q: %v", value, got)
			}
		}
		if diff := cmp.Diff(m.counts("value"), w.counts(t, "ORG#1", "value")); diff != "" {
			t.Error(diff)
		}
		for _, descending := range []bool{false, true} {
			query := Query{Order: "title", Descending: descending, Limit: 4}
			if numbers, _ := w.pages(t, "ORG#1", query); len(numbers) != len(values) {
				t.Errorf("%d documents in order, want %d", len(numbers), len(values))
			}
		}
	}
	check()
	w.must(t, w.Rebuild(t.Context(), "ORG#1", m))
	check()
	for number := range m {
		w.must(t, w.Remove(t.Context(), "ORG#1", number, 2))
	}
	if numbers, first := w.pages(t, "ORG#1", Query{Limit: 10}); len(numbers) > 0 || first.Total != 0 {
		t.Errorf("documents %v of %d are left", numbers, first.Total)
	}
}

func TestTheLongestTextsAreFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	letters := []rune("abcdefghijklmnopqrstuvwxyz0123456789東京日本語мир🌍")
	long := make([]rune, 65_536)
	for i := range long {
		long[i] = letters[(i*i+i/7)%len(letters)]
	}
	texts := []string{
		string(long),
		strings.Repeat("🌍", 65_530) + "finish",
		strings.Repeat(`"\`, 32_768),
		strings.Repeat("\x00", 65_535) + "x end",
		strings.Repeat("\ufdfa", 65_536),
		strings.Repeat("e\u0301", 32_768),
		strings.Repeat("ก\u0e34", 32_768),
	}
	for i, text := range texts {
		start := time.Now()
		w.must(t, w.Put(t.Context(), "ORG#1", doc(int64(i+1), 1, text)))
		t.Logf("text %d: %v", i+1, time.Since(start))
	}
	for phrase, want := range map[string]int64{
		string(long[65_000:65_100]):    1,
		"🌍finish":                      2,
		`\"\"\`:                        3,
		"x end":                        4,
		strings.Repeat("eE\u0301", 50): 6,
		strings.Repeat("กิ", 90):       7,
	} {
		for range 2 {
			numbers, _ := w.pages(t, "ORG#1", Query{Phrase: phrase, Limit: 10})
			if len(numbers) != 1 || numbers[0] != want {
				t.Errorf("%.20q: found %v, want %d", phrase, numbers, want)
			}
			_, err := w.packFresh(t.Context(), root{space: "ORG#1"})
			w.must(t, err)
		}
	}
}

func TestASearchStaysWithinItsBudgetOfRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.layout, w.maxRequests = layout{Terms: 64, Grams: 64, Regions: 1024, Buckets: 2}, 10
	m := model{}
	for number := int64(1); number <= 2000; number++ {
		// All texts have the n-grams of the phrase, but only one has the phrase.
		text := "abcab cabca bcabcd xabc"
		if number == 1000 {
			text += " abcabcabcabcabcd"
		}
		m[number] = doc(number, 1, text, "state=open", fmt.Sprintf("half=%d", number%2))
		m[number].Orders["title"] = fmt.Sprint(number * 7919 % 2000)
	}
	w.must(t, w.Rebuild(t.Context(), "ORG#1", m))
	for _, query := range []Query{
		{Phrase: "abcabcabcabcabcd"},
		{Phrase: "abcabcabcabcabcd", Descending: true, Where: []Condition{{"half", []string{"0", "1"}}}},
		{Phrase: "dabc"},
		{Where: []Condition{{"state", []string{"open"}}, {"half", []string{"1"}}}, Order: "title"},
		{Where: []Condition{{"half", []string{"1", "2"}}}},
	} {
		query.Limit = 5
		var numbers []int64
		for pages := 1; ; pages++ {
			w.meter.Reset()
			page, err := w.Find(t.Context(), "ORG#1", query)
			w.must(t, err)
			if used := w.meter.Snapshot().Requests; used > 60 {
				t.Fatalf("%+v: %d requests", query, used)
			}
			for _, hit := range page.Hits {
				numbers = append(numbers, hit.Number)
			}
			if query.After = page.Next; page.Next == "" {
				break
			}
		}
		query.After = ""
		if diff := cmp.Diff(m.find(query), numbers); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", query, diff)
		}
	}
	_, err := w.Find(t.Context(), "ORG#1", Query{Phrase: "abca", Order: "title", Limit: 5})
	if !fault.Is(err, fault.Invalid) || err.(*fault.Error).Fields[0].Name != OrderField {
		t.Errorf("sorting 2000 candidates: %v", err)
	}
}

func TestInvalidQueriesAndDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, q := range []Query{
		{},
		{Limit: MostHits + 1},
		{Limit: 1, Where: []Condition{{"a", make([]string, MostValues+1)}}},
	} {
		if _, err := w.Find(t.Context(), "ORG#1", q); err == nil {
			t.Errorf("%+v is accepted", q)
		}
	}
	if _, err := w.Find(t.Context(), "ORG#1", Query{Limit: 1, After: "x"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a made-up cursor: %v", err)
	}
	many := doc(1, 1, "")
	for i := range MostOrders + 1 {
		many.Orders[fmt.Sprint(i)] = ""
	}
	both := doc(1, 1, "", "state=open")
	both.Counted = []Term{{"state", "closed"}}
	for _, d := range []Document{
		many, both, {}, {Number: 1, Version: 1}, {Number: 1, Data: []byte("1")}, {Version: 1, Data: []byte("1")},
	} {
		if err := w.Put(t.Context(), "ORG#1", d); err == nil {
			t.Errorf("%+v is accepted", d)
		}
	}
	if err := w.Remove(t.Context(), "ORG#1", 0, 1); err == nil {
		t.Error("document 0 can be removed")
	}
	if _, _, err := w.Totals(t.Context(), "ORG#1", "state", table.MaxPage+1, ""); err == nil {
		t.Error("a page of totals may be too large")
	}
	page, err := w.Find(t.Context(), "ORG#1", Query{Limit: 1, Phrase: "nothing"})
	if err != nil || !page.Exact || len(page.Hits) > 0 {
		t.Errorf("in an empty space: %+v (%v)", page, err)
	}
}

package tabletest

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/store/table"
)

// scripts are sort keys whose order by bytes differs from other orders: ignoring case, by language,
// by UTF-16 units.
var scripts = []string{
	"\t", " ", "#", "0", "10", "9", "A", "B", "Z", "_", "a", "a\x01", "a b", "a#", "aa", "a~", "a\x7f", "aÿ", "b", "z",
	"\x7f", "\u0080", "é", "éa", "ê", "ÿ", "Ā", "я", "世", "\ud7ff", "\ue000", "\ufffd", "\uffff", "𝒳", "🌍",
	"\U0010ffff", "\U0010ffffa",
}

func queryRules() []rule {
	return []rule{
		{"AQueryHasTheOrderOfTheSortKeysBytesBothWays", byteOrder},
		{"FromIsInclusiveAndToIsExclusive", rangeEnds},
		{"APrefixFindsAllThatBeginWithItAndNothingElse", prefixes},
		{"PagesFollowEachOtherWithoutGapsAndNextIsEmptyOnlyAtTheEnd", pages},
		{"AfterOutsideTheRangeCutsNothingOrEverything", afterOutside},
		{"AQueryStaysInItsPartition", partitionsApart},
	}
}

func byteOrder(f *fixture) {
	f.fill(scripts...)
	want := slices.Sorted(slices.Values(scripts))
	query := f.query()
	f.wantSorts(query, want...)
	slices.Reverse(want)
	query.Descending = true
	f.wantSorts(query, want...)
}

func rangeEnds(f *fixture) {
	f.fill("a", "b", "b1", "c", "d")
	for _, test := range []struct {
		from, to string
		want     []string
	}{
		{"", "", []string{"a", "b", "b1", "c", "d"}},
		{"b", "", []string{"b", "b1", "c", "d"}},
		{"", "c", []string{"a", "b", "b1"}},
		{"b", "c", []string{"b", "b1"}},
		{"b", "b1", []string{"b"}},
		{"b\x00", "c\x00", []string{"b1", "c"}},
		{"c1", "c2", nil},
		{"", "a", nil},
		{"d\x00", "", nil},
		// The ends of a range need not be UTF-8.
		{"b\xff", "c\xff", []string{"c"}},
		{"\x80", "", nil},
		{"", "\xff", []string{"a", "b", "b1", "c", "d"}},
	} {
		query := f.query()
		query.From, query.To = test.from, test.to
		f.wantSorts(query, test.want...)
		query.Descending = true
		slices.Reverse(test.want)
		f.wantSorts(query, test.want...)
	}
}

func prefixes(f *fixture) {
	f.fill(scripts...)
	sorted := slices.Sorted(slices.Values(scripts))
	for _, prefix := range append([]string{"a\x7f", "nothing"}, scripts...) {
		var want []string
		for _, sort := range sorted {
			if len(sort) >= len(prefix) && sort[:len(prefix)] == prefix {
				want = append(want, sort)
			}
		}
		f.wantSorts(table.WithPrefix(table.Core, f.partition, prefix), want...)
	}
}

func pages(f *fixture) {
	f.fill("0", "a", "b", "c", "d", "é", "z")
	for _, ends := range [][2]string{{"", ""}, {"a", "z"}, {"a", ""}, {"", "z"}} {
		for _, descending := range []bool{false, true} {
			query := f.query()
			query.From, query.To, query.Descending = ends[0], ends[1], descending
			want, _ := f.sorts(query)
			for limit := 1; limit <= len(want)+1; limit++ {
				f.walk(query, limit, want)
			}
		}
	}
}

// walk reads all pages of a query and compares their items, sizes and ends.
func (f *fixture) walk(query table.Query, limit int, want []string) {
	f.Helper()
	query.Limit = limit
	for start := 0; start < len(want); start += limit {
		end := min(start+limit, len(want))
		got, next := f.sorts(query)
		if diff := cmp.Diff(want[start:end], got, cmpopts.EquateEmpty()); diff != "" {
			f.Errorf("%+v (-want +got):\n%s", query, diff)
		}
		wantNext := ""
		if end < len(want) {
			wantNext = want[end-1]
		}
		if next != wantNext {
			f.Errorf("%+v: Next %q, want %q", query, next, wantNext)
			return
		}
		query.After = next
	}
}

func afterOutside(f *fixture) {
	f.fill("a", "b", "c", "d", "e")
	for _, test := range []struct {
		after      string
		descending bool
		want       []string
	}{
		{"0", false, []string{"b", "c"}},
		{"a", false, []string{"b", "c"}},
		{"b", false, []string{"c"}},
		{"bb", false, []string{"c"}},
		{"c", false, nil},
		{"d", false, nil},
		{"e", false, nil},
		{"z", true, []string{"c", "b"}},
		{"d", true, []string{"c", "b"}},
		{"cc", true, []string{"c", "b"}},
		{"c", true, []string{"b"}},
		{"b", true, nil},
		{"a", true, nil},
		{"0", true, nil},
	} {
		query := f.query()
		query.From, query.To, query.After, query.Descending = "b", "d", test.after, test.descending
		f.wantSorts(query, test.want...)
	}
}

func partitionsApart(f *fixture) {
	f.fill("a")
	for _, name := range []string{f.partition + "1", f.partition[:len(f.partition)-1], f.partition + "\x00"} {
		f.do(table.Create(table.Item{Key: table.Key{Partition: name, Sort: "b"}, Data: []byte(`{}`)}))
	}
	f.wantSorts(f.query(), "a")
}

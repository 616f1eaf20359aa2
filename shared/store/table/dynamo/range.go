package dynamo

import (
	"sort"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/store/table"
)

// sortRange is what is left of a query's range, in terms that the service accepts: all three keys
// are UTF-8, and after lies between from and to.
type sortRange struct {
	from  string // inclusive; empty: from the beginning
	to    string // exclusive; empty: to the end
	after string // exclusive, in the order of the query; empty: none
	empty bool   // nothing is left
}

// rangeOf reports false if nothing is left.
func rangeOf(query table.Query) (left sortRange, some bool) {
	left.from, some = leastText(query.From)
	if !some {
		return left, false
	}
	if query.To != "" {
		left.to, _ = leastText(query.To) // empty if every text is below
	}
	if query.After != "" {
		left.startBehind(query.After, query.Descending)
	}
	return left, !left.empty && (left.to == "" || left.from < left.to)
}

// startBehind narrows the range. The service accepts only a starting point that is a valid key
// within the range.
func (r *sortRange) startBehind(after string, descending bool) {
	edge, some := leastText(after)
	switch {
	case descending && (!some || r.to != "" && after >= r.to), !descending && after < r.from:
		// After lies before the beginning of the range: all of it is left.
	case descending && after <= r.from, !descending && (!some || r.to != "" && after >= r.to):
		r.empty = true // After lies behind the end of the range.
	case edge == after:
		r.after = after
	case descending:
		r.to = edge
	default:
		r.from = edge
	}
}

// leastText returns the first UTF-8 text, by bytes, that is not below bound, or false if there is
// none. No text lies between the two, so they bound the same texts.
func leastText(bound string) (string, bool) {
	valid := 0
	for valid < len(bound) {
		letter, size := utf8.DecodeRuneInString(bound[valid:])
		if letter == utf8.RuneError && size == 1 {
			break
		}
		valid += size
	}
	if valid == len(bound) {
		return bound, true
	}
	before, rest := bound[:valid], bound[valid:]
	for {
		if letter, ok := letterAbove(rest); ok {
			return before + string(letter), true
		}
		if before == "" {
			return "", false
		}
		_, size := utf8.DecodeLastRuneInString(before)
		before, rest = before[:len(before)-size], before[len(before)-size:]
	}
}

// letterAbove returns the first character whose bytes lie above rest. UTF-8 preserves the order of
// code points; surrogates are not characters.
func letterAbove(rest string) (rune, bool) {
	const surrogates, afterSurrogates = 0xd800, 0xe000
	letterAt := func(i int) rune {
		if i >= surrogates {
			i += afterSurrogates - surrogates
		}
		return rune(i)
	}
	count := int(utf8.MaxRune) + 1 - (afterSurrogates - surrogates)
	index := sort.Search(count, func(i int) bool { return string(letterAt(i)) > rest })
	return letterAt(index), index < count
}

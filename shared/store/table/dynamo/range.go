package dynamo

import (
	"sort"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/store/table"
)

// sortRange is the part of a partition that is left of a query, in terms that the
// service takes: all three are UTF-8, and after lies within from and to.
type sortRange struct {
	from  string // inclusive; empty: from the beginning
	to    string // exclusive; empty: to the end
	after string // exclusive, in the order asked for; empty: none
	empty bool   // nothing is left
}

// rangeOf reports false where nothing is left.
func rangeOf(query table.Query) (left sortRange, some bool) {
	left.from, some = leastText(query.From)
	if !some {
		return left, false
	}
	if query.To != "" {
		left.to, _ = leastText(query.To) // empty where every text lies below
	}
	if query.After != "" {
		left.startBehind(query.After, query.Descending)
	}
	return left, !left.empty && (left.to == "" || left.from < left.to)
}

// startBehind narrows the range. The service takes a starting point only within the
// range, and only of a key's form.
func (r *sortRange) startBehind(after string, descending bool) {
	edge, some := leastText(after)
	switch {
	case descending && (!some || r.to != "" && after >= r.to), !descending && after < r.from:
		// After lies before the range's beginning: all of it is left.
	case descending && after <= r.from, !descending && (!some || r.to != "" && after >= r.to):
		r.empty = true // After lies behind the range's end.
	case edge == after:
		r.after = after
	case descending:
		r.to = edge
	default:
		r.from = edge
	}
}

// leastText returns the first UTF-8 text, by bytes, that is not below bound, and false where there
// is none. Between bound and it there is no text, so it bounds the same.
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

// letterAbove returns the first letter whose bytes lie above those of rest. UTF-8 keeps the order
// of the code points; the surrogates among these are no letters.
func letterAbove(rest string) (rune, bool) {
	const surrogates, afterSurrogates = 0xd800, 0xe000
	letterAt := func(i int) rune {
		if i >= surrogates {
			i += afterSurrogates - surrogates
		}
		return rune(i)
	}
	count := int(utf8.MaxRune) + 1 - (afterSurrogates - surrogates)
	found := sort.Search(count, func(i int) bool { return string(letterAt(i)) > rest })
	return letterAt(found), found < count
}

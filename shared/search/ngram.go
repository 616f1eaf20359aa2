package search

import (
	"slices"
	"strconv"
)

// ngram is two, three or four letters that stand beside each other in a folded text. Two and
// three are kept as they are, 21 bits each, the last one lowest; four as a hash with the
// highest bit set. That two kinds of four may be one does no harm, as all that is found is
// compared with the text. Phrases of four letters and more are sought by fours alone: few
// texts have them, so little is read.
type ngram uint64

const (
	letterBits = 21
	letterMask = 1<<letterBits - 1
	fours      = 1 << 63
	// spread is an odd number whose multiples go over all bits (Knuth, The Art of Computer
	// Programming, 6.4).
	spread = 0x9e3779b97f4a7c15
)

func newNgram(letters ...rune) ngram {
	if len(letters) == 4 {
		var hash uint64
		for _, letter := range letters {
			hash = (hash ^ uint64(letter)) * spread
			hash ^= hash >> 29
		}
		return ngram(hash | fours)
	}
	var packed ngram
	for _, letter := range letters {
		packed = packed<<letterBits | ngram(letter)
	}
	return packed
}

// text returns a gram's name in keys.
func (g ngram) text() string {
	if g&fours != 0 {
		return "~" + strconv.FormatUint(uint64(g&^fours), 36)
	}
	var letters []rune
	for ; g != 0; g >>= letterBits {
		letters = append(letters, rune(g&letterMask))
	}
	slices.Reverse(letters)
	return string(letters)
}

// gramsOf calls visit for each gram of a folded text; many come more than once.
func eachNgram(folded string, visit func(ngram)) {
	var third, second, first rune // the letters before this one; folded text has no NUL
	for _, letter := range folded {
		if first != 0 {
			visit(newNgram(first, letter))
		}
		if second != 0 {
			visit(newNgram(second, first, letter))
		}
		if third != 0 {
			visit(newNgram(third, second, first, letter))
		}
		third, second, first = second, first, letter
	}
}

// gramsOfPhrase returns the grams by which a folded phrase is sought, the longest there are: all
// texts with the phrase have them all.
func phraseNgrams(folded string) []ngram {
	letters := []rune(folded)
	length := min(4, len(letters))
	var grams []ngram
	for i := range len(letters) - length + 1 {
		if next := newNgram(letters[i : i+length]...); !slices.Contains(grams, next) {
			grams = append(grams, next)
		}
	}
	return grams
}

// spreadOver returns some of the grams, spread over all.
func spreadOver(grams []ngram, most int) []ngram {
	if len(grams) <= most {
		return grams
	}
	some := make([]ngram, most)
	for i := range some {
		some[i] = grams[i*(len(grams)-1)/(most-1)]
	}
	return some
}

package search

import (
	"slices"
	"strconv"
)

// ngram is two, three or four consecutive letters of a folded text. Two or three letters are
// packed, 21 bits each, the last one lowest. Four letters are hashed, and the highest bit is set.
// Hash collisions do no harm, because every candidate is compared with its text. Phrases of four
// letters or more are searched by four-letter n-grams alone: few texts contain them, so little is
// read.
type ngram uint64

const (
	letterBits = 21
	letterMask = 1<<letterBits - 1
	hashed     = 1 << 63
	// spread is an odd multiplier that distributes its products over all bits (Knuth, The Art of
	// Computer Programming, 6.4).
	spread = 0x9e3779b97f4a7c15
)

func newNgram(letters ...rune) ngram {
	if len(letters) == 4 {
		var hash uint64
		for _, letter := range letters {
			hash = (hash ^ uint64(letter)) * spread
			hash ^= hash >> 29
		}
		return ngram(hash | hashed)
	}
	var packed ngram
	for _, letter := range letters {
		packed = packed<<letterBits | ngram(letter)
	}
	return packed
}

// text returns the name of the n-gram in keys.
func (g ngram) text() string {
	if g&hashed != 0 {
		return "~" + strconv.FormatUint(uint64(g&^hashed), 36)
	}
	var letters []rune
	for ; g != 0; g >>= letterBits {
		letters = append(letters, rune(g&letterMask))
	}
	slices.Reverse(letters)
	return string(letters)
}

// eachNgram calls visit for each n-gram of a folded text. Repeated n-grams are visited again.
func eachNgram(folded string, visit func(ngram)) {
	var third, second, first rune // the preceding letters; folded text has no NUL
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

// phraseNgrams returns the distinct n-grams of a folded phrase, of the greatest length possible.
// Every text that contains the phrase contains all of them.
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

// spreadOver returns up to most of the n-grams, spread evenly over all of them.
func spreadOver(grams []ngram, most int) []ngram {
	if len(grams) <= most {
		return grams
	}
	selected := make([]ngram, most)
	for i := range selected {
		selected[i] = grams[i*(len(grams)-1)/(most-1)]
	}
	return selected
}

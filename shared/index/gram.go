package index

import "slices"

// gram is two or three letters that stand beside each other in a folded text: 21 bits
// each, the last one lowest.
type gram uint64

const (
	letterBits = 21
	letterMask = 1<<letterBits - 1
)

func (g gram) text() string {
	var letters []rune
	for ; g != 0; g >>= letterBits {
		letters = append(letters, rune(g&letterMask))
	}
	slices.Reverse(letters)
	return string(letters)
}

// gramsOf calls visit for each gram of a folded text; many come more than once.
func gramsOf(folded string, visit func(gram)) {
	var before, last gram // the two letters before this one; folded text has no NUL
	for _, letter := range folded {
		if last != 0 {
			visit(last<<letterBits | gram(letter))
		}
		if before != 0 {
			visit(before<<(2*letterBits) | last<<letterBits | gram(letter))
		}
		before, last = last, gram(letter)
	}
}

// gramsOfPhrase gives the grams by which a folded phrase is sought: all texts with the
// phrase have them all. Those of three letters tell more than those of two; of many, some
// that are spread over the phrase are enough.
func gramsOfPhrase(folded string, most int) []gram {
	letters := []rune(folded)
	length := min(3, len(letters))
	var grams []gram
	for i := range len(letters) - length + 1 {
		var next gram
		for _, letter := range letters[i : i+length] {
			next = next<<letterBits | gram(letter)
		}
		if !slices.Contains(grams, next) {
			grams = append(grams, next)
		}
	}
	if len(grams) <= most {
		return grams
	}
	some := make([]gram, most)
	for i := range some {
		some[i] = grams[i*(len(grams)-1)/(most-1)]
	}
	return some
}

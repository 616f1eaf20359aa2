package password

import "slices"

// shortestWord excludes single letters.
const shortestWord = 2

// findWords records words of the lists and words that the attacker knows: in any case, with signs
// for letters, and reversed.
func findWords(raw []rune, known context, parts pieces) {
	lower := lowered(raw)
	for _, read := range readings(lower) {
		text, back := newLine(read), newLine(reversed(read))
		for from := range raw {
			for to := from + shortestWord; to <= len(raw); to++ {
				guesses := known.guesses(text.part(from, to))
				if backwards := 2 * known.guesses(
					back.part(len(raw)-to, len(raw)-from),
				); backwards > 0 &&
					(guesses == 0 || backwards < guesses) {
					guesses = backwards
				}
				if guesses > 0 {
					parts.add(from, to, guesses*capitals(raw[from:to])*replacements(lower[from:to], read[from:to]))
				}
			}
		}
	}
}

// guesses returns the guesses for a lower-case word: its rank in what the attacker knows or in the
// lists; 0 if it is in neither.
func (c context) guesses(word string) float64 {
	guesses, there := c[word]
	if rank, listed := ranks()[word]; listed && (!there || float64(rank) < guesses) {
		guesses = float64(rank)
	}
	return guesses
}

// line is a text that can be sliced by character without copying.
type line struct {
	text   string
	starts []int
}

func newLine(text []rune) line {
	l := line{text: string(text)}
	for at := range l.text {
		l.starts = append(l.starts, at)
	}
	l.starts = append(l.starts, len(l.text))
	return l
}

func (l line) part(from, to int) string { return l.text[l.starts[from]:l.starts[to]] }

func reversed(text []rune) []rune {
	back := slices.Clone(text)
	slices.Reverse(back)
	return back
}

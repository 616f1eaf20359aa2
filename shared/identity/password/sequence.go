package password

import "unicode"

const (
	shortestRun = 3
	// widestStep is how far the characters of a sequence lie from each other at most: 5 in "05 10
	// 15".
	widestStep = 5
)

// findSequences finds characters that follow each other at equal steps, in any script: "abcdef",
// "97531", "жзик".
func findSequences(raw []rune, found pieces) {
	lower := lowered(raw)
	for from := range lower {
		if from+1 == len(lower) {
			return
		}
		step := lower[from+1] - lower[from]
		if step == 0 || step > widestStep || step < -widestStep {
			continue
		}
		for to := from + 2; to <= len(lower) && lower[to-1]-lower[to-2] == step; to++ {
			if to-from >= shortestRun {
				found.add(from, to, sequence(lower[from], step, to-from)*capitals(raw[from:to]))
			}
		}
	}
}

// sequence is how many guesses a sequence takes: its beginning, its direction and its length are
// guessed.
func sequence(first, step rune, length int) float64 {
	guesses := 26.0
	switch first {
	case 'a', 'z', '0', '1', '9':
		guesses = 4 // where most begin
	default:
		if unicode.IsDigit(first) {
			guesses = 10
		}
	}
	if step < 0 {
		guesses *= 2
	}
	return guesses * float64(length)
}

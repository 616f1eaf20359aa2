package password

import "unicode"

const (
	shortestRun = 3
	// widestStep is the maximum difference between adjacent characters of a sequence, as in "05 10
	// 15".
	widestStep = 5
)

// findSequences records sequences of characters at a constant step, in any script: "abcdef",
// "97531", "жзик".
func findSequences(raw []rune, parts pieces) {
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
				parts.add(from, to, sequence(lower[from], step, to-from)*capitals(raw[from:to]))
			}
		}
	}
}

// sequence returns the guesses for a sequence: its first character, its direction and its length.
func sequence(first, step rune, length int) float64 {
	guesses := 26.0
	switch first {
	case 'a', 'z', '0', '1', '9':
		guesses = 4 // the most common first characters
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

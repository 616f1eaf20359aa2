package password

import "unicode"

const (
	// perLetter and perOther are the guesses for a character outside of any pattern. perOther is
	// lower because people use a few of the many symbols far more often than the others.
	perLetter, perOther = 26, 10
)

// findCharacters records the guesses of a brute-force attack on each part.
func findCharacters(raw []rune, parts pieces) {
	for from := range raw {
		guesses := 1.0
		for to := from + 1; to <= len(raw); to++ {
			if unicode.IsLetter(raw[to-1]) {
				guesses *= perLetter
			} else {
				guesses *= perOther
			}
			parts.add(from, to, guesses)
		}
	}
}

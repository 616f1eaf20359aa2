package password

import "unicode"

const (
	// perLetter and perOther are how many guesses a character takes that belongs to no pattern. Of
	// the many signs people choose a few far more often than the others.
	perLetter, perOther = 26, 10
)

// findCharacters notes what it takes to try all characters.
func findCharacters(raw []rune, found pieces) {
	for from := range raw {
		guesses := 1.0
		for to := from + 1; to <= len(raw); to++ {
			if unicode.IsLetter(raw[to-1]) {
				guesses *= perLetter
			} else {
				guesses *= perOther
			}
			found.add(from, to, guesses)
		}
	}
}

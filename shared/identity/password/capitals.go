package password

import "unicode"

// lowered returns a text in lower case, rune by rune.
func lowered(text []rune) []rune {
	lower := make([]rune, len(text))
	for i, r := range text {
		lower[i] = unicode.ToLower(r)
	}
	return lower
}

// capitals returns the factor by which capital letters in a word multiply its guesses.
func capitals(word []rune) float64 {
	large, small := 0, 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			large++
		case unicode.IsLower(r):
			small++
		}
	}
	usual := large == 1 && (unicode.IsUpper(word[0]) || unicode.IsUpper(word[len(word)-1]))
	if usual {
		return 2
	}
	return variations(large, small)
}

// variations returns the number of ways to change up to as many characters as were changed: 1 if
// none was changed, 2 if all were.
func variations(changed, plain int) float64 {
	switch {
	case changed == 0:
		return 1
	case plain == 0:
		return 2
	}
	sum, choices := 0.0, 1.0
	for i := 1; i <= min(changed, plain); i++ {
		choices = choices * float64(changed+plain-i+1) / float64(i)
		sum += choices
	}
	return sum
}

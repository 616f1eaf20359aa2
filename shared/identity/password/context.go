package password

import (
	"strings"
	"unicode"
)

// context maps what an attacker knows about the person to its rank among the first guesses.
type context map[string]float64

// newContext splits and joins the known words: "Anna.Smith@example.com" adds "anna.smith", "anna",
// "smith" and "annasmith" too.
func newContext(known []string) context {
	c := context{}
	for _, text := range known {
		c.add(text)
		for half := range strings.SplitSeq(text, "@") {
			parts := strings.FieldsFunc(half, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			c.add(half)
			c.add(strings.Join(parts, ""))
			for _, part := range parts {
				c.add(part)
			}
		}
	}
	return c
}

// add adds a word, also without accents. Only the first maxLength characters count.
func (c context) add(text string) {
	raw := composed(text)
	lower := lowered(raw[:min(len(raw), maxLength)])
	plain := make([]rune, len(lower))
	for i, r := range lower {
		plain[i] = withoutAccent(r)
	}
	for _, word := range []string{string(lower), string(plain)} {
		if _, there := c[word]; !there && len(lower) > 1 {
			c[word] = float64(len(c) + 1)
		}
	}
}

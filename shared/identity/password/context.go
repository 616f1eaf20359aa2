package password

import (
	"strings"
	"unicode"
)

// context is what the attacker knows of the person, by its place among what is tried first.
type context map[string]float64

// newContext takes known words as they are, by their parts, and with the parts joined: of
// "Anna.Smith@example.com" also "anna", "smith" and "annasmith".
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

// add takes a word, and the same with plain letters. A word longer than what is judged counts by
// its beginning.
func (c context) add(text string) {
	raw := composed(text)
	lower := lowered(raw[:min(len(raw), judged)])
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

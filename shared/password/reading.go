package password

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters are what people write instead of a letter. The first three stand for either of two.
var letters = strings.NewReplacer()

// composed is a text in its composed form, in which an accent is part of its letter.
func composed(text string) []rune { return []rune(norm.NFC.String(text)) }

// withoutAccent is the letter of the alphabet that a letter is made of, or the letter itself.
func withoutAccent(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if base, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r))); base < utf8.RuneSelf {
		return base
	}
	return r
}

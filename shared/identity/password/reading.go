package password

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// signs lists the characters that people write in place of letters, as in "p@ssw0rd". Some can
// stand for two letters.
var signs = [...]struct {
	sign    rune
	letters string
}{
	{
		'4',
		"a",
	},
	{'@', "a"},
	{'8', "b"},
	{'(', "c"},
	{'{', "c"},
	{'[', "c"},
	{'<', "c"},
	{'3', "e"},
	{'€', "e"},
	{'6', "g"},
	{'9', "g"},
	{
		'!',
		"i",
	},
	{'1', "il"},
	{'|', "il"},
	{'0', "o"},
	{'$', "s"},
	{'5', "s"},
	{'+', "t"},
	{'7', "tl"},
	{'%', "x"},
	{'2', "z"},
}

// readings returns the texts that a lower-case text may stand for: itself, and each version without
// accents and with letters in place of signs. The same sign stands for the same letter throughout a
// version.
func readings(lower []rune) [][]rune {
	texts := [][]rune{make([]rune, len(lower))}
	for i, r := range lower {
		texts[0][i] = withoutAccent(r)
	}
	for _, s := range signs {
		if !slices.Contains(lower, s.sign) {
			continue
		}
		var next [][]rune
		for _, letter := range s.letters {
			for _, text := range texts {
				next = append(next, replaced(text, s.sign, letter))
			}
		}
		texts = next
	}
	if len(texts) == 1 && slices.Equal(texts[0], lower) {
		return texts
	}
	return append(texts, lower)
}

func replaced(text []rune, old, with rune) []rune {
	text = slices.Clone(text)
	for i, r := range text {
		if r == old {
			text[i] = with
		}
	}
	return text
}

// replacements returns the factor by which signs and accents multiply the guesses for a word: two
// for each kind of replacement.
func replacements(written, read []rune) float64 {
	factor := 1.0
	for i, r := range written {
		if r != read[i] && !slices.Contains(written[:i], r) {
			factor *= 2
		}
	}
	return factor
}

// composed returns a text in Unicode composed form, in which an accent is part of its letter.
func composed(text string) []rune { return []rune(norm.NFC.String(text)) }

// withoutAccent returns the ASCII letter that a letter is based on, or the letter itself.
func withoutAccent(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if base, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r))); base < utf8.RuneSelf {
		return base
	}
	return r
}

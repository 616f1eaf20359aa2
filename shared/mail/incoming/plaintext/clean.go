package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// directs reports whether a character changes the direction of writing, with which "exe.txt" can be
// made to look like "txt.exe".
func directs(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// CleanText returns text that is fit to be stored and shown: valid UTF-8, line feeds only, no
// control characters except tabs.
func CleanText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\r\n", "\n"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\f' || r == '\v':
			return '\n'
		case unicode.IsControl(r), directs(r), r == '\ufeff':
			return -1
		}
		return r
	}, text)
}

// OneLine returns text as a single line of at most limit characters, without marks of direction.
func OneLine(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '\u00a0':
			return ' '
		case unicode.IsControl(r), directs(r), r == '\u200e', r == '\u200f', r == '\u061c', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.TrimSpace(FirstRunes(strings.Join(strings.Fields(text), " "), limit))
}

// FirstRunes cuts text after limit characters.
func FirstRunes(text string, limit int) string {
	for i := range text {
		if limit == 0 {
			return text[:i]
		}
		limit--
	}
	return text
}

// FirstBytes cuts text to at most limit bytes, between two characters.
func FirstBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// Visible reports whether there is anything to read besides white space and invisible characters.
func Visible(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool { return blankRune(r) }) != ""
}

// blankRune reports whether a character is invisible.
func blankRune(r rune) bool {
	switch r {
	case ' ',
		'\t',
		'\n',
		'\r',
		'\u00a0',
		'\u00ad',
		'\u034f',
		'\u061c',
		'\u115f',
		'\u1160',
		'\u17b4',
		'\u17b5',
		'\u180e',
		'\u2800',
		'\u3000',
		'\u3164',
		'\ufeff',
		'\uffa0',
		'\ufffc':
		return true
	}
	return r >= '\u2000' && r <= '\u200f' || r >= '\u2028' && r <= '\u202f' || r >= '\u205f' && r <= '\u206f' ||
		r >= '\ufe00' && r <= '\ufe0f'
}

// MaxText is the maximum length of a mail's text that is kept, in bytes.
const MaxText = 256 << 10

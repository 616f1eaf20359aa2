package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/tenantry/tenantry/shared/fault"
)

// LongestPhrase is the maximum length of a phrase, in characters.
const LongestPhrase = 200

// Form is the number of the current folding rules. An index records the form its texts were folded
// by, and uses that form until it is rebuilt. Form 0 did not unify quotes, dashes and the dotless
// i. Form 1 folded as form 2 does: its number changed so that cases indexed before are found by when
// they are due.
const Form = 2

// Fold returns text in the form in which it is searched. It unifies compatible characters (full and
// half width, ligatures), upper and lower case (full Unicode case folding), letters with and
// without accents, the i with and without a dot, straight and curly quotes, apostrophes, hyphens
// and dashes, and the ellipsis and three full stops. It removes invisible characters, replaces each
// run of white space and control characters by one space, and trims the ends. The result is valid
// UTF-8 in composed form, so that a Hangul syllable is one letter. Fold is idempotent.
func Fold(text string) string { return foldBy(Form, text) }

// foldBy folds text by the given form.
func foldBy(form int, text string) string {
	if folded, ok := foldASCII(form, text); ok {
		return folded
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	// Folding may produce a letter that can be decomposed, and the reverse. The Unicode Standard
	// (3.13, NFKC_Casefold) repeats the steps for the same reason.
	for range 4 {
		folded := foldOnce(form, text)
		if folded == text {
			break
		}
		text = folded
	}
	return text
}

func foldOnce(form int, text string) string {
	if form > 0 {
		// Map before the decomposition, which turns some of these characters into a space and a
		// mark, and after it, because it produces others.
		text = strings.Map(typewritten, norm.NFKD.String(strings.Map(typewritten, text)))
	}
	text = withoutMarks(norm.NFKD.String(text))
	text = withoutMarks(norm.NFKD.String(cases.Fold().String(text)))
	return oneSpace(norm.NFC.String(text))
}

// typewritten returns the ASCII character for quotes and dashes that word processors put in its
// place, and i for the dotless i.
func typewritten(letter rune) rune {
	switch letter {
	case '`', '\u00b4', '\u02bb', '\u02bc', '\u02bd', '\u2018', '\u2019', '\u201a', '\u201b', '\u2032', '\u2035',
		'\u2039', '\u203a':
		return '\''
	case '\u00ab', '\u00bb', '\u201c', '\u201d', '\u201e', '\u201f', '\u2033', '\u2036':
		return '"'
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212':
		return '-'
	case '\u0131':
		return 'i'
	}
	return letter
}

// foldASCII folds text without table lookups if it is ASCII, as most texts are. It reports whether
// it is.
func foldASCII(form int, text string) (string, bool) {
	folded := make([]byte, 0, len(text))
	gap := false
	for i := range len(text) {
		letter := text[i]
		switch {
		case letter >= utf8.RuneSelf:
			return "", false
		case letter <= ' ' || letter == 0x7f:
			gap = len(folded) > 0
			continue
		case 'A' <= letter && letter <= 'Z':
			letter += 'a' - 'A'
		case letter == '`' && form > 0:
			letter = '\''
		}
		if gap {
			folded = append(folded, ' ')
			gap = false
		}
		folded = append(folded, letter)
	}
	return string(folded), true
}

// voicedMarks distinguish Japanese syllables (か and が), so they are not accents.
var voicedMarks = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3099, Hi: 0x309a, Stride: 1}}}

// accent reports whether a search ignores a mark. It ignores the inherited marks, which are the
// accents of Latin, Greek and Cyrillic, the vowel points of Arabic, and the variation selectors of
// emoji. It keeps the marks of Indic scripts, Thai and related scripts, which are vowels.
func accent(letter rune) bool {
	return unicode.Is(unicode.Mn, letter) && !unicode.Is(voicedMarks, letter) &&
		unicode.In(letter, unicode.Inherited, unicode.Arabic, unicode.Hebrew, unicode.Syriac,
			unicode.Greek, unicode.Cyrillic, unicode.Latin)
}

// invisible reports whether a character only controls the display of others: joiners, directions,
// soft hyphens.
func invisible(letter rune) bool { return unicode.Is(unicode.Cf, letter) }

func withoutMarks(text string) string {
	return strings.Map(func(letter rune) rune {
		if accent(letter) || invisible(letter) {
			return -1
		}
		return letter
	}, text)
}

func oneSpace(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(letter rune) bool {
		return unicode.IsSpace(letter) || unicode.IsControl(letter)
	}), " ")
}

// CheckPhrase returns a fault about the field "search" if Find does not accept the phrase: it is
// not valid UTF-8, is longer than LongestPhrase characters, or has fewer than two letters, not
// counting marks and spaces. An empty phrase is valid and matches every text.
func CheckPhrase(phrase string) error {
	switch {
	case phrase == "":
		return nil
	case !utf8.ValidString(phrase):
		return fault.InField(PhraseField, "must be valid UTF-8.")
	case utf8.RuneCountInString(phrase) > LongestPhrase:
		return fault.InField(PhraseField, "must not be longer than %d characters.", LongestPhrase)
	}
	letters := 0
	for _, letter := range Fold(phrase) {
		if letter != ' ' && !unicode.IsMark(letter) {
			letters++
		}
	}
	if letters < 2 {
		return fault.InField(PhraseField, "must have at least two letters.")
	}
	return nil
}

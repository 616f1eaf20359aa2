package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/tenantry/tenantry/shared/fault"
)

// LongestPhrase is how many characters a phrase may have.
const LongestPhrase = 200

// Form is the number of the form that Fold gives. What an index holds was folded when it was
// made, so each says by which form, and is written and searched by that one until it is rebuilt. Form
// 0 told quotes and dashes apart, and the dotless i from the others.
const Form = 1

// Fold returns the form of a text in which it is searched: compatible characters are one (full and
// half width, ligatures), so are upper and lower case (Unicode's full case folding), letters with
// and without accents, the i with and without a dot, straight and curly quotes, apostrophes, hyphens
// and dashes, an ellipsis and three full stops, and all white space and control characters, of which a run is one space, and
// none stands at the ends. Invisible characters are taken out. The result is valid UTF-8 in the
// composed form, so that a Hangul syllable is one letter; folding it again changes nothing.
func Fold(text string) string { return foldBy(Form, text) }

// foldBy returns the form of a text with a number.
func foldBy(form int, text string) string {
	if folded, ok := foldASCII(form, text); ok {
		return folded
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	// A folded letter may have a decomposition again, and the other way round; Unicode's
	// own definition (The Unicode Standard, 3.13, NFKC_Casefold) repeats it likewise.
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
		// Before the decomposition, which makes a space and a mark of some, and after it, which
		// makes some of others.
		text = strings.Map(typewritten, norm.NFKD.String(strings.Map(typewritten, text)))
	}
	text = withoutMarks(norm.NFKD.String(text))
	text = withoutMarks(norm.NFKD.String(cases.Fold().String(text)))
	return oneSpace(norm.NFC.String(text))
}

// typewritten returns the character of a typewriter for those that type and word processors put in
// its place, and the i for the one without a dot.
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

// foldASCII folds a text that is ASCII, which most are, without looking anything up.
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

// voicedMarks tell Japanese syllables apart (か and が), so they are no accents.
var voicedMarks = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3099, Hi: 0x309a, Stride: 1}}}

// accent reports whether a mark may be left out in a search. Those of no script of their
// own (Inherited) are the accents of Latin, Greek and Cyrillic, the vowel points of Arabic,
// and what chooses an emoji's picture. The marks of Indic scripts, Thai and their
// relatives are vowels and stay.
func accent(letter rune) bool {
	return unicode.Is(unicode.Mn, letter) && !unicode.Is(voicedMarks, letter) &&
		unicode.In(letter, unicode.Inherited, unicode.Arabic, unicode.Hebrew, unicode.Syriac,
			unicode.Greek, unicode.Cyrillic, unicode.Latin)
}

// invisible characters only steer how others are shown: joiners, directions, soft hyphens.
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

// CheckPhrase returns a fault about the field "search" for a phrase that Find does not take:
// one of fewer than two letters (marks and spaces are none), of more than LongestPhrase
// characters, or one that is not UTF-8. An empty phrase asks for nothing and is right.
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

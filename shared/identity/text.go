package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

// invisible reports whether a character shows nothing: spaces, what only steers how others are shown,
// and letters without a picture.
func invisible(r rune) bool {
	const brailleBlank, replacedObject = '\u2800', '\ufffc'
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == brailleBlank || r == replacedObject ||
		unicode.In(r, unicode.Cf, unicode.Zs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// blank reports whether there is nothing to read in a text.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !invisible(r) })
}

// hollow reports whether a text that is not empty only looks so: it has invisible characters other
// than white space, and nothing else.
func hollow(text string) bool { return strings.TrimSpace(text) != "" && blank(text) }

// overrides reports whether a character turns the direction of what follows, whatever it is, by which
// "exe.txt" is made to look like "txt.exe" (Unicode Standard Annex 9, 2.2).
func overrides(r rune) bool { return r == '\u202d' || r == '\u202e' }

// CheckText returns a fault if a one-line text is shorter or longer than allowed, counted in
// characters, has control characters, characters that turn the direction of writing or invalid UTF-8,
// or is made of invisible characters alone.
func CheckText(field, text string, shortest, longest int) error {
	if !utf8.ValidString(text) {
		return fault.InField(field, "must be valid UTF-8")
	}
	for _, r := range text {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return fault.InField(field, "must be one line without control characters")
		}
	}
	switch length := utf8.RuneCountInString(text); {
	case shortest > 0 && blank(text) || hollow(text):
		return fault.InField(field, "must not be blank")
	case length < shortest:
		return fault.InField(field, "must have at least %d characters", shortest)
	case length > longest:
		return fault.InField(field, "must have at most %d characters, has %d", longest, length)
	}
	return nil
}

// CheckParagraphs returns a fault of code Invalid if a text of several lines is shorter or longer
// than allowed, in characters, is not UTF-8, or has control characters other than line breaks and
// tabs.
func CheckParagraphs(field, text string, shortest, longest int) error {
	if !utf8.ValidString(text) {
		return fault.InField(field, "must be valid UTF-8")
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return fault.InField(field, "must not have control characters other than line breaks and tabs")
		}
		if overrides(r) {
			return fault.InField(field, "must not have the invisible character %U, which turns the direction of writing", r)
		}
	}
	switch length := utf8.RuneCountInString(text); {
	case shortest > 0 && blank(text) || hollow(text):
		return fault.InField(field, "must not be empty")
	case length > longest:
		return fault.InField(field, "must have at most %d characters, has %d", longest, length)
	}
	return nil
}

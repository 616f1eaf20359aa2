package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

// invisible reports whether a character displays nothing: spaces, formatting characters, and
// letters without a glyph.
func invisible(r rune) bool {
	const brailleBlank, replacedObject = '\u2800', '\ufffc'
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == brailleBlank || r == replacedObject ||
		unicode.In(r, unicode.Cf, unicode.Zs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// blank reports whether a text has no visible characters.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !invisible(r) })
}

// hollow reports whether a text looks empty but is not: it consists of invisible characters, and
// not of white space alone.
func hollow(text string) bool { return strings.TrimSpace(text) != "" && blank(text) }

// overrides reports whether a character overrides the direction of the text after it, so that
// "exe.txt" can be made to look like "txt.exe" (Unicode Standard Annex 9, 2.2).
func overrides(r rune) bool { return r == '\u202d' || r == '\u202e' }

// CheckText returns a fault if a one-line text is shorter or longer than allowed, counted in
// characters, has control characters, direction overrides or invalid UTF-8, or consists of
// invisible characters.
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

// CheckName is like CheckText, for names that stand in our mails. It also refuses links: whoever can
// name something would otherwise send them to others in our name. The mails make sure that a name like
// a domain, such as Booking.com, is not taken for a link.
func CheckName(field, name string, shortest, longest int) error {
	if err := CheckText(field, name, shortest, longest); err != nil {
		return err
	}
	lower := strings.ToLower(name)
	if strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(lower, "mailto:") {
		return fault.InField(field, "must be a name without a link")
	}
	return nil
}

// CheckParagraphs returns a fault of code Invalid if a text of several lines is shorter or longer
// than allowed, counted in characters, is not UTF-8, or has control characters other than line
// breaks and tabs.
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

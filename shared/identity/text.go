package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

// CheckText returns a fault if a one-line text is shorter or longer than allowed, counted in
// characters, or has control characters or invalid UTF-8.
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
	case shortest > 0 && strings.TrimSpace(text) == "":
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
	}
	switch length := utf8.RuneCountInString(text); {
	case shortest > 0 && strings.TrimSpace(text) == "":
		return fault.InField(field, "must not be empty")
	case length > longest:
		return fault.InField(field, "must have at most %d characters, has %d", longest, length)
	}
	return nil
}

// Package spreadsheet makes text safe for files that people open with a spreadsheet program.
package spreadsheet

import (
	"strings"
	"unicode"
)

// Disarmed returns a cell that a spreadsheet does not take for a formula (owasp.org, "CSV
// Injection"): it puts a quote before one that looks like it. Some spreadsheets leave out what shows nothing before they look for a formula.
func Disarmed(cell string) string {
	visible := strings.TrimLeftFunc(cell, showsNothing)
	begins := visible != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(visible)[0])
	if begins || cell != "" && strings.ContainsRune("\t\r\n", rune(cell[0])) {
		cell = "'" + cell
	}
	// Opening the file with a different separator would reveal a formula behind it.
	var safe strings.Builder
	behind := false // a separator, with nothing to see since
	for _, r := range cell {
		if behind && strings.ContainsRune("=+-@", r) {
			safe.WriteByte('\'')
		}
		safe.WriteRune(r)
		behind = strings.ContainsRune(",;\t|", r) || behind && r != ' ' && showsNothing(r)
	}
	return safe.String()
}

// showsNothing reports whether a character is a space, or is not shown at all.
func showsNothing(r rune) bool {
	const brailleBlank = '\u2800'
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == brailleBlank ||
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

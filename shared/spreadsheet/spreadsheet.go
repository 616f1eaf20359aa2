// Package spreadsheet makes text safe for files that people open with a spreadsheet program.
package spreadsheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Disarmed returns a cell that a spreadsheet does not take for a formula (owasp.org, "CSV
// Injection"): it puts a quote before one that looks like it. Some spreadsheets leave out what shows nothing before they look for a formula.
func Disarmed(cell string) string {
	if harmless(cell) {
		return cell
	}
	return disarmed(cell)
}

// disarmed is Disarmed for any cell.
func disarmed(cell string) string {
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

// harmless reports whether a cell has ASCII only, and nothing that Disarmed changes. Most have: it saves them
// the copy.
func harmless(cell string) bool {
	if cell != "" && strings.IndexByte("\t\r\n", cell[0]) >= 0 {
		return false
	}
	first, behind := true, false
	for i := range len(cell) {
		switch one := cell[i]; {
		case one >= utf8.RuneSelf:
			return false
		case strings.IndexByte("=+-@", one) >= 0 && (first || behind), strings.IndexByte("%|", one) >= 0 && first:
			return false
		case strings.IndexByte(",;\t|", one) >= 0:
			first, behind = first && one == '\t', true
		case one == ' ':
			behind = false
		case one < ' ' || one == 0x7f: // shows nothing, and stays behind what it follows
		default:
			first, behind = false, false
		}
	}
	return true
}

// showsNothing reports whether a character is a space, or is not shown at all.
func showsNothing(r rune) bool {
	const brailleBlank = '\u2800'
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == brailleBlank ||
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

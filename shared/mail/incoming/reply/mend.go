package reply

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fewestWrapped is the minimum length of a quoted line that a program wraps, in characters.
const fewestWrapped = 56

// mend repairs lines that programs break when they wrap quotes, and returns all lines and the
// repaired ones. It handles a '>' at the start of a line that closes the address of the line above,
// and the unmarked rest of a wrapped quoted line.
func mend(all []string) (mended, changed []string) {
	for i := 1; i < len(all); i++ {
		above, line := all[i-1], all[i]
		if mended != nil {
			above = mended[i-1]
		}
		switch {
		case opensAddress(above) && strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">>"):
			mended = ownLines(mended, all)
			mended[i-1], mended[i] = above+">", line[1:]
			changed = append(changed, mended[i-1], mended[i])
		case i+1 < len(all) && wrappedRest(above, line, all[i+1]):
			mended = ownLines(mended, all)
			mended[i] = "> " + line
			changed = append(changed, mended[i])
		}
	}
	return mended, changed
}

func ownLines(mended, all []string) []string {
	if mended == nil {
		return slices.Clone(all)
	}
	return mended
}

// opensAddress reports whether the line ends inside the angle brackets of an address.
func opensAddress(line string) bool {
	line = strings.TrimRight(line, " \t")
	open := strings.LastIndexByte(line, '<')
	return !quoted(line) && open >= 0 && len(line)-open < 330 && strings.Contains(line[open:], "@") &&
		!strings.ContainsAny(line[open:], "> ")
}

// wrappedRest reports whether an unmarked line is the rest of the quoted line above it: that line
// is as long as programs make them and ends inside a sentence, and the quote continues below.
func wrappedRest(above, line, below string) bool {
	if !quoted(above) || quoted(line) || EmptyLine(line) || !quoted(below) {
		return false
	}
	above = strings.TrimRight(above, " \t")
	return utf8.RuneCountInString(above) >= fewestWrapped && utf8.RuneCountInString(line) < utf8.RuneCountInString(above) &&
		!strings.ContainsAny(above[len(above)-1:], ".?!:;")
}

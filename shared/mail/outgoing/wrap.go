package outgoing

import (
	"strings"
	"unicode/utf8"
)

// columns is the maximum width of the text of a mail: programs that show plain text do not wrap it,
// and each answer that quotes it adds two columns.
const columns = 76

// wrapped breaks the lines of a text at spaces. The lines that it adds begin with indent, and with the
// indentation of the line that they continue. A word that is longer than a line stays whole: it may be
// an address.
func wrapped(text, indent string) string {
	var out strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteByte('\n')
		}
		if utf8.RuneCountInString(line) <= columns {
			out.WriteString(line)
			continue
		}
		wrapLine(&out, line, indent)
	}
	return out.String()
}

func wrapLine(out *strings.Builder, line, indent string) {
	margin := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if utf8.RuneCountInString(margin) > columns/2 {
		margin = ""
	}
	out.WriteString(margin)
	width, first := utf8.RuneCountInString(margin), true
	for word := range strings.SplitSeq(strings.TrimLeft(line, " \t"), " ") {
		length := utf8.RuneCountInString(word)
		switch {
		case first:
		case width+1+length > columns:
			out.WriteString("\n" + margin + indent)
			width = utf8.RuneCountInString(margin + indent)
		default:
			out.WriteByte(' ')
			width++
		}
		out.WriteString(word)
		width, first = width+length, false
	}
}

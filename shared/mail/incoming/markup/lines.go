package markup

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// lines writes text line by line: it collapses white space as HTML requires, keeps at most one
// empty line between paragraphs, and begins quoted lines with '>'.
type lines struct {
	out strings.Builder
	// depth is the number of open quotes; quotes says for each open element whether it is one.
	depth  int
	quotes []bool
	// begun is set if the current line has text, pending if a space precedes the next word; breaks
	// is the number of line ends before the next text.
	begun, pending bool
	breaks         int
	any            bool
}

func (l *lines) text(text string, preformatted bool) {
	if preformatted {
		for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
			if i > 0 {
				l.newLine()
			}
			l.write(line)
		}
		return
	}
	for text != "" {
		word := strings.TrimLeft(text, " \t\r\n\f\u00a0")
		if len(word) < len(text) {
			l.space()
		}
		end := strings.IndexAny(word, " \t\r\n\f\u00a0")
		if end < 0 {
			end = len(word)
		}
		l.write(word[:end])
		text = word[end:]
	}
}

// write writes text to the current line.
func (l *lines) write(text string) {
	if text == "" {
		return
	}
	if l.any {
		l.out.WriteString(strings.Repeat("\n", min(l.breaks, 2)))
	}
	if !l.begun || l.breaks > 0 {
		if shown := min(l.depth, maxShownDepth); shown > 0 {
			l.out.WriteString(strings.Repeat(">", shown) + " ")
		}
	} else if l.pending {
		l.out.WriteByte(' ')
	}
	l.out.WriteString(text)
	l.begun, l.any, l.pending, l.breaks = true, true, false, 0
}

func (l *lines) space() { l.pending = l.begun }

// newLine ends the line, even if it is empty.
func (l *lines) newLine() {
	l.breaks++
	l.begun, l.pending = false, false
}

// block begins a new line unless the current one is empty.
func (l *lines) block() {
	l.breaks = max(l.breaks, 1)
	l.begun, l.pending = false, false
}

// paragraph ends the line and leaves an empty one.
func (l *lines) paragraph() {
	l.breaks = max(l.breaks, 2)
	l.begun, l.pending = false, false
}

func (l *lines) quote(step int) { l.depth = max(l.depth+step, 0) }

func (l *lines) String() string { return plaintext.CleanText(l.out.String()) }

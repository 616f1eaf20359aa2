package reply

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// Mail is what is known of the mail that an answer is read from. Empty fields are not known.
type Mail struct {
	// Subject tells the headers of the mail that was answered from headers that somebody pasted.
	Subject string
	// Name and Address are those of the sender, who signs with them.
	Name, Address string
}

// Trim cuts quoted text and the signature off a plain-text answer. Answers that stand between quotes
// are kept together with the quotes, so that they can be understood. What would leave nothing is not
// cut. It takes time in proportion to the text.
//
// Where the line that begins all our mails is in the text, the quote begins there, and the rest of
// the text is kept whatever it looks like. Where it is not, what programs write above quotes tells
// where they begin.
func Trim(text string, mail Mail) string {
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if mended, changed := mend(all); len(changed) > 0 {
		if reply := mail.trim(mended); reply != "" && !containsLine(reply, changed) {
			return reply
		}
	}
	if reply := mail.trim(all); reply != "" {
		return reply
	}
	return text
}

func (m Mail) trim(all []string) string {
	marker := markerLine(all)
	if marker < 0 {
		return m.written(all)
	}
	switch {
	case quoted(all[marker]) && m.answeredBelow(all[marker+1:]):
		return m.answer(all)
	case answersBelow(all[:marker]):
		if quoted(all[marker]) {
			return strings.Trim(strings.Join(all, "\n"), "\n")
		}
		return m.answer(all)
	}
	if reply := m.aboveMarker(all, marker); reply != "" {
		return reply
	}
	return m.written(all)
}

// written returns what the sender wrote above a quote that is not marked as ours; empty if that is
// nothing. A mail that is passed on belongs to it.
func (m Mail) written(all []string) string {
	begin := m.quoteBegin(all)
	if begin < len(all) && ForwardMark(all[begin]) {
		passedOn := strings.Trim(strings.Join(all[begin:], "\n"), "\n")
		return strings.TrimLeft(m.answer(all[:begin])+"\n\n"+passedOn, "\n")
	}
	if begin < len(all) && answersBelow(all[:begin]) {
		begin = len(all)
	}
	return m.answer(all[:begin])
}

// quoteBegin finds the line from which on everything is quoted without '>' in front: a separator, a
// block of headers, or a line such as "On … wrote:" with an address in it and unmarked text behind
// it; or the line above a mail that is passed on. It gives len(all) if there is none.
func (m Mail) quoteBegin(all []string) int {
	for i, line := range all {
		if EmptyLine(line) || quoted(line) {
			continue
		}
		if ForwardMark(line) {
			return i
		}
		if separator(line) || headerBlock(all[i:]) && m.answers(all[i:]) {
			return withoutRules(all, i)
		}
		if size := attribution(all[i:]); size > 0 && strings.Contains(strings.Join(all[i:i+size], " "), "@") {
			next := i + size
			for next < len(all) && EmptyLine(all[next]) {
				next++
			}
			if next == len(all) || !quoted(all[next]) {
				return i
			}
		}
	}
	return len(all)
}

// fewestOfSubject is how long subjects are, in bytes, that tell one mail from another.
const fewestOfSubject = 3

var (
	bracketedTag  = plaintext.Pattern(`\[[^\]]{0,60}\]`)
	subjectPrefix = plaintext.Pattern(`^(\pL{1,12}(\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*)+`)
)

// bare returns a subject without tags in brackets and what programs put before it.
func bare(subject string) string {
	subject = strings.Join(strings.Fields(bracketedTag().ReplaceAllString(subject, " ")), " ")
	return strings.ToLower(subjectPrefix().ReplaceAllString(subject, ""))
}

// answers reports whether the headers may be those of the mail that this one answers: their subject
// is the same, as far as both have one. Programs cut long subjects.
func (m Mail) answers(block []string) bool {
	mine := bare(m.Subject)
	for _, line := range block[:min(len(block), maxBlock)] {
		if fieldOf(line) != subjectField {
			continue
		}
		_, their, _ := strings.Cut(strings.ReplaceAll(line, "：", ":"), ":")
		their = bare(strings.TrimLeft(their, "* \t\u00a0")) // stars around the label
		return min(len(mine), len(their)) < fewestOfSubject || strings.HasPrefix(mine, their) ||
			strings.HasPrefix(their, mine)
	}
	return true
}

// EmptyLine reports whether a line shows nothing.
func EmptyLine(line string) bool { return strings.TrimSpace(line) == "" }

// quoted reports whether the line is marked as a quote.
func quoted(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") }

func containsQuote(some []string) bool {
	for _, line := range some {
		if quoted(line) {
			return true
		}
	}
	return false
}

// Rule reports whether the line only separates.
func Rule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 4 &&
		(strings.Trim(line, "_") == "" || strings.Trim(line, "-") == "" || strings.Trim(line, "=") == "")
}

// withoutEmpty leaves out the empty lines at the end.
func withoutEmpty(all []string) []string {
	for len(all) > 0 && EmptyLine(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	return all
}

package reply

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// Mail describes the mail that an answer is read from. Empty fields are unknown.
type Mail struct {
	// Subject distinguishes the headers of the mail that was answered from pasted ones.
	Subject string
	// Name and Address are the sender's, for recognizing the signature.
	Name, Address string
}

// Trim removes quoted text and the signature from a plain-text answer. Answers between quotes are
// kept together with the quotes, so that they can be understood. If nothing would remain, the text
// is returned unchanged. The time it takes is proportional to the length of the text.
//
// If the first line of our own mails is in the text, the quote begins there, and everything above
// its introduction is kept, whatever it looks like. Otherwise, the quote is recognized by what
// programs write above it.
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

// written returns what the sender wrote above a quote that does not have our marker; empty if that
// is nothing. A forwarded mail is part of it.
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

// quoteBegin returns the index of the line from which everything is quoted without a '>': a
// separator, a block of headers, an attribution with an address that unmarked text follows, or the
// line above a forwarded mail. It returns len(all) if there is none.
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

// fewestOfSubject is the minimum length in bytes of subjects that are compared.
const fewestOfSubject = 3

var (
	bracketedTag  = plaintext.Pattern(`\[[^\]]{0,60}\]`)
	subjectPrefix = plaintext.Pattern(`^(\pL{1,12}(\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*)+`)
)

// bare returns a subject without tags in brackets and without prefixes such as "Re:", in lower
// case.
func bare(subject string) string {
	subject = strings.Join(strings.Fields(bracketedTag().ReplaceAllString(subject, " ")), " ")
	return strings.ToLower(subjectPrefix().ReplaceAllString(subject, ""))
}

// answers reports whether headers may be those of the mail that was answered: their subjects match,
// if both have one. Programs shorten long subjects.
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

// EmptyLine reports whether a line has only white space.
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

// Rule reports whether the line is only a separator.
func Rule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 4 &&
		(strings.Trim(line, "_") == "" || strings.Trim(line, "-") == "" || strings.Trim(line, "=") == "")
}

// withoutEmpty removes the empty lines at the end.
func withoutEmpty(all []string) []string {
	for len(all) > 0 && EmptyLine(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	return all
}

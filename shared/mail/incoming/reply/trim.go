package reply

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// Trim cuts quoted text and the signature off a plain-text answer. Answers that
// stand between quotes are kept together with the quotes, so that they can be
// understood. What would leave nothing is not cut. It takes time in proportion to the
// text.
func Trim(text string) string {
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if marker := markerLine(all); marker >= 0 {
		above := written(all[:marker])
		if reply := withoutLabels(above); reply != "" {
			return reply
		}
		if above != "" {
			return above
		}
	}
	if reply := written(all); reply != "" {
		return reply
	}
	return text
}

var labelled = plaintext.Pattern(`^[*\s]{0,3}\pL[^:：]{0,30}[:：][*\s]{0,3}\S`)

// withoutLabels takes the headers of a mail away from the end: lines with a label in a
// language that is not known, three at least, with an address or a time among them. Only
// right above our own marker can they be nothing else.
func withoutLabels(text string) string {
	all := strings.Split(text, "\n")
	begin := len(all)
	for begin > 0 && len(all[begin-1]) < maxAttribution && labelled().MatchString(all[begin-1]) {
		begin--
	}
	if len(all)-begin < 3 || !dated(all[begin:]) {
		return text
	}
	return answer(all[:begin])
}

// markerLine finds the line that every mail about a case begins with. Where it is marked
// as quoted, so is all of the mail, and answers among it are seen without it.
func markerLine(all []string) int {
	for i, line := range all {
		if strings.Contains(line, outgoing.ReplyMarker) {
			if quoted(line) || answersBelow(all[:i]) {
				return -1
			}
			return i
		}
	}
	return -1
}

// written returns what the sender wrote; empty if that is nothing. A mail that is passed on belongs
// to it.
func written(all []string) string {
	begin := quoteBegin(all)
	if begin < len(all) && ForwardMark(all[begin]) {
		passedOn := strings.Trim(strings.Join(all[begin:], "\n"), "\n")
		return strings.TrimLeft(answer(all[:begin])+"\n\n"+passedOn, "\n")
	}
	if begin < len(all) && answersBelow(all[:begin]) {
		begin = len(all)
	}
	return answer(all[:begin])
}

// maxTails is how many things are taken away from the end: lines of programs, signatures,
// quotes.
const maxTails = 200

// answer takes away what programs put above and below an answer.
func answer(all []string) string {
	for range maxTails {
		before := len(all)
		if all = withoutTail(all); len(all) == before {
			break
		}
	}
	all = withoutHead(all)
	return strings.Trim(strings.Join(all, "\n"), "\n")
}

// quoteBegin finds the line from which on everything is quoted without '>' in front:
// a separator, a block of headers, or a line such as "On … wrote:" with unmarked text
// behind it; or the line above a mail that is passed on. It gives len(all) if there is
// none.
func quoteBegin(all []string) int {
	for i, line := range all {
		if EmptyLine(line) || quoted(line) {
			continue
		}
		if ForwardMark(line) {
			return i
		}
		if separator(line) || headerBlock(all[i:]) {
			return withoutRules(all, i)
		}
		if size := attribution(all[i:]); size > 0 && dated(all[i:i+size]) {
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

// withoutTail takes one thing away from the end, if there is one that is no answer:
// empty lines, quoted lines, the line that introduces them, a signature.
func withoutTail(all []string) []string {
	end := len(all)
	for end > 0 && EmptyLine(all[end-1]) {
		end--
	}
	if end > 0 && quoted(all[end-1]) {
		for end > 0 && (quoted(all[end-1]) || EmptyLine(all[end-1])) {
			end--
		}
		return withoutAttribution(all[:end])
	}
	if end > 0 && (sentFrom(all[end-1]) || Rule(all[end-1])) {
		return all[:end-1]
	}
	return all[:min(signature(all[:end]), listFooter(all[:end]))]
}

// withoutAttribution takes the line that introduces a quote away, which may be broken
// into up to three.
func withoutAttribution(all []string) []string {
	most := min(maxAttributionLines, len(all))
	for size := most; size > 0; size-- {
		if attribution(all[len(all)-size:]) == size {
			return all[:len(all)-size]
		}
	}
	for size := 1; size <= most; size++ {
		begin := len(all) - size
		if EmptyLine(all[begin]) || quoted(all[begin]) {
			break
		}
		if introduces(all[begin:]) {
			return all[:begin]
		}
	}
	return all
}

// withoutHead takes away a quote at the beginning if the answer is all below it.
func withoutHead(all []string) []string {
	begin := 0
	for begin < len(all) && EmptyLine(all[begin]) {
		begin++
	}
	if size := attribution(all[begin:]); size > 0 {
		begin += size
	}
	answer := begin
	for answer < len(all) && (quoted(all[answer]) || EmptyLine(all[answer])) {
		answer++
	}
	if answer == begin || answer == len(all) || !containsQuote(all[begin:answer]) || containsQuote(all[answer:]) {
		return all
	}
	return all[answer:]
}

// withoutRules moves a cut up over the line of dashes or underscores that some programs
// draw above it.
func withoutRules(all []string, cut int) int {
	above := cut
	for above > 0 && EmptyLine(all[above-1]) {
		above--
	}
	if above > 0 && Rule(all[above-1]) {
		return above - 1
	}
	return cut
}

func containsQuote(some []string) bool {
	for _, line := range some {
		if quoted(line) {
			return true
		}
	}
	return false
}

// EmptyLine reports whether a line shows nothing.
func EmptyLine(line string) bool { return strings.TrimSpace(line) == "" }

// quoted reports whether the line is marked as a quote.
func quoted(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">")
}

// Rule reports whether the line only separates.
func Rule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 5 &&
		(strings.Trim(line, "_") == "" || strings.Trim(line, "-") == "" || strings.Trim(line, "=") == "")
}

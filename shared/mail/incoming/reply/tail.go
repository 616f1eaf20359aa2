package reply

import (
	"slices"
	"strings"
)

// maxTails is the maximum number of things that are removed from the end: lines of programs,
// signatures, quotes.
const maxTails = 200

// answer removes what programs put above and below an answer.
func (m Mail) answer(all []string) string {
	signed, introduced := false, false
	for range maxTails {
		before := len(all)
		all = m.withoutProgramLines(all, &signed)
		if !introduced {
			if short, attributed := withoutQuote(all); len(short) < len(all) {
				all, introduced, signed = short, attributed, false
			}
		}
		if len(all) == before {
			break
		}
	}
	return strings.Trim(strings.Join(withoutHead(all), "\n"), "\n")
}

// withoutPrograms removes signatures and the lines that programs add from the end, but no quotes.
func (m Mail) withoutPrograms(all []string) []string {
	signed := false
	for range maxTails {
		before := len(all)
		if all = m.withoutProgramLines(all, &signed); len(all) == before {
			break
		}
	}
	return all
}

// withoutProgramLines removes empty lines and one further thing from the end: a line that a program
// adds to every mail, a rule, the footer of a list, or the signature, once.
func (m Mail) withoutProgramLines(all []string, signed *bool) []string {
	all = withoutEmpty(all)
	if len(all) == 0 {
		return all
	}
	if last := all[len(all)-1]; sentFrom(last) || Rule(last) {
		return all[:len(all)-1]
	}
	if footer := listFooter(all); footer < len(all) {
		return all[:footer]
	}
	if *signed {
		return all
	}
	begin := m.signature(all)
	*signed = begin < len(all)
	return all[:begin]
}

// withoutQuote removes quoted lines from the end, with the line that introduces them, and reports
// whether there was one. Lines that a sentence announces ("The console shows:") are not a quote.
func withoutQuote(all []string) (short []string, attributed bool) {
	begin := len(all)
	for begin > 0 && (quoted(all[begin-1]) || EmptyLine(all[begin-1])) {
		begin--
	}
	if !containsQuote(all[begin:]) {
		return all, false
	}
	above := withoutAttribution(all[:begin])
	attributed = len(above) < begin
	if !attributed && begin > 0 && colonAtEnd(all[begin-1]) {
		return all, false
	}
	return above, attributed
}

// withoutAttribution removes an attribution of up to three lines from the end.
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

// withoutHead removes a quote at the beginning if the whole answer follows it.
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

// withoutRules moves a cut above the rule that some programs draw there.
func withoutRules(all []string, cut int) int {
	above := len(withoutEmpty(all[:cut]))
	if above > 0 && Rule(all[above-1]) {
		return above - 1
	}
	return cut
}

func containsLine(text string, lines []string) bool {
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return slices.Contains(lines, line) })
}

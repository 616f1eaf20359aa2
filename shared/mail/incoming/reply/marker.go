package reply

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// Marked reports whether the text has the line that every mail about a case begins with.
func Marked(text string) bool { return strings.Contains(text, outgoing.ReplyMarker) }

// markerLine finds the line that every mail about a case begins with; -1 if it is not there. The
// preview above it, which most programs do not quote, belongs to the mail, too.
func markerLine(all []string) int {
	for i, line := range all {
		if Marked(line) {
			for above := i - 1; above >= max(0, i-maxPreviewLines); above-- {
				if strings.Contains(all[above], outgoing.PreheaderMark) {
					i = above
				}
			}
			return i
		}
	}
	return -1
}

// maxPreviewLines is over how many lines programs wrap the preview, with an empty one around it.
const maxPreviewLines = 6

// answeredBelow reports whether somebody wrote among or below the quoted lines of our mail.
func (m Mail) answeredBelow(below []string) bool {
	for _, line := range m.withoutPrograms(below) {
		if !EmptyLine(line) && !quoted(line) {
			return true
		}
	}
	return false
}

// aboveMarker returns what stands above our own mail, without the lines by which the program
// introduces it. All else is the sender's, also what looks like a quote.
func (m Mail) aboveMarker(all []string, marker int) string {
	begin := marker
	if quoted(all[marker]) {
		for begin > 0 && quoted(all[begin-1]) {
			begin--
		}
	}
	above := withoutEmpty(all[:begin])
	short := m.withoutIntroduction(above)
	if len(short) == len(above) && !quoted(all[marker]) {
		short = m.withoutBanner(above)
	}
	above = m.withoutPrograms(short)
	return strings.Trim(strings.Join(above, "\n"), "\n")
}

// withoutIntroduction takes away what a program wrote directly above our mail: a line such as
// "On … wrote:", or the headers.
func (m Mail) withoutIntroduction(all []string) []string {
	if len(all) == 0 {
		return all
	}
	if quoted(all[len(all)-1]) {
		return withoutQuotedAttribution(all)
	}
	if above := withoutAttribution(all); len(above) < len(all) {
		return withoutSeparators(above)
	}
	if begin := headersAbove(all); begin < len(all) {
		return withoutSeparators(all[:begin])
	}
	if separator(all[len(all)-1]) || ForwardMark(all[len(all)-1]) {
		return withoutSeparators(all)
	}
	if above := withoutLabels(all); len(above) < len(all) {
		return withoutSeparators(above)
	}
	return all
}

// withoutQuotedAttribution takes away an attribution that is marked as quoted itself.
func withoutQuotedAttribution(all []string) []string {
	for size := min(maxAttributionLines, len(all)); size > 0; size-- {
		var lines []string
		for _, line := range all[len(all)-size:] {
			lines = append(lines, strings.TrimLeft(line, "> \t"))
		}
		if attribution(lines) == size {
			return all[:len(all)-size]
		}
	}
	return all
}

// withoutSeparators takes away the lines of dashes and the like at the end, with words between them
// or without.
func withoutSeparators(all []string) []string {
	for {
		all = withoutEmpty(all)
		if len(all) == 0 {
			return all
		}
		if last := all[len(all)-1]; !separator(last) && !ForwardMark(last) && !Rule(last) {
			return all
		}
		all = all[:len(all)-1]
	}
}

// headersAbove finds where the headers begin that stand at the end, with nothing behind them; len(all)
// if none do. The nearest count: what stands above them may be pasted headers.
func headersAbove(all []string) int {
	for begin := len(all) - 2; begin >= max(0, len(all)-maxHeaderLines); begin-- {
		if fieldOf(all[begin]) == noField || !headerBlock(all[begin:]) {
			continue
		}
		for i := begin + 1; i < len(all); i++ {
			if EmptyLine(all[i-1]) && !EmptyLine(all[i]) && fieldOf(all[i]) == noField {
				return len(all) // text of somebody, below other headers
			}
		}
		for begin > 0 && fieldOf(all[begin-1]) != noField && fieldOf(all[begin-1]) != fromField {
			begin--
		}
		return begin
	}
	return len(all)
}

// maxHeaderLines is how far above our mail its headers may begin.
const maxHeaderLines = 30

var labelled = plaintext.Pattern(`^[*\s]{0,3}\pL[^:：]{0,30}[:：][*\s]{0,3}\S`)

// withoutLabels takes the headers of a mail away from the end: lines with a label in a language that
// is not known, three at least, with an address or a time among them. Only right above our own marker
// can they be nothing else.
func withoutLabels(all []string) []string {
	begin := len(all)
	for begin > 0 && len(all[begin-1]) < maxAttribution && labelled().MatchString(all[begin-1]) {
		begin--
	}
	if len(all)-begin < 3 || !dated(all[begin:]) {
		return all
	}
	return all[:begin]
}

// maxBanner is how many lines may stand between the introduction and our mail: a mail server's warning
// that the mail came from outside, or what a list of mails shows of ours.
const maxBanner = 4

// withoutBanner takes away an introduction with a few lines behind it, if it is surely that of a mail
// answered: it has the same subject, or the address of the sender.
func (m Mail) withoutBanner(all []string) []string {
	behind := 0
	for i := len(all) - 1; i >= 0 && behind <= maxBanner; i-- {
		size := attribution(all[i:])
		if size > 0 && i+size < len(all) && strings.Contains(strings.Join(all[i:i+size], " "), "@") {
			return withoutSeparators(all[:i])
		}
		if m.Subject != "" && headerBlock(all[i:]) && m.answers(all[i:]) {
			return withoutSeparators(all[:i])
		}
		if !EmptyLine(all[i]) && fieldOf(all[i]) == noField {
			behind++
		}
	}
	return all
}

package reply

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// Marked reports whether the text contains the first line of our mails about cases, in any language.
func Marked(text string) bool {
	return slices.ContainsFunc(outgoing.ReplyMarkers(), func(marker string) bool {
		return strings.Contains(text, marker)
	})
}

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

// answeredBelow reports whether there is unquoted text among or below the quoted lines of our mail.
func (m Mail) answeredBelow(below []string) bool {
	for _, line := range m.withoutPrograms(below) {
		if !EmptyLine(line) && !quoted(line) {
			return true
		}
	}
	return false
}

// aboveMarker returns the text above our own mail, without the introduction that the program added.
// Everything else was written by the sender, even if it looks like a quote.
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

// withoutIntroduction removes what a program wrote directly above our mail: an attribution such as
// "On … wrote:", or headers.
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

// withoutQuotedAttribution removes an attribution that is itself marked as quoted.
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

// withoutSeparators removes lines of dashes and the like at the end, with or without words in them.
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

// headersAbove returns the index at which the headers at the end begin; len(all) if the text does
// not end in headers. Only the last block counts: earlier ones may have been pasted.
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

// maxHeaderLines is the maximum number of lines from the beginning of the headers to our mail.
const maxHeaderLines = 30

var labelled = plaintext.Pattern(`^[*\s]{0,3}\pL[^:：]{0,30}[:：][*\s]{0,3}\S`)

// withoutLabels removes headers in an unknown language from the end: at least three lines with
// labels, with an address or a time among them. This is only safe directly above our own marker.
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

// maxBanner is the maximum number of lines between the introduction and our mail: a warning that
// the mail is from outside, or a preview of our mail.
const maxBanner = 4

// withoutBanner removes an introduction that a few lines follow, if it is certainly that of the
// mail answered: it has the same subject, or an address.
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

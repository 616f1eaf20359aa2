package outgoing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// oneLine cleans text for a header or a single line: valid UTF-8, no line breaks, no control or
// formatting characters, and at most limit characters.
func oneLine(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c' {
			return -1
		}
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text)
	return cut(strings.Join(strings.Fields(text), " "), limit)
}

// cut shortens text to limit characters; shortened text ends with an ellipsis.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// plain cleans text for a body: valid UTF-8, line feeds only, no control characters except tabs.
func plain(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
}

// visible reports whether text is free of spaces and control characters.
func visible(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// token reports whether text is a name that never needs quoting.
func token(text string) bool {
	return text != "" && len(text) <= 200 && !strings.ContainsFunc(text, func(r rune) bool {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)
		return !plain
	})
}

// indented keeps the leading spaces of a line, which HTML would collapse: logs and settings in a
// comment need their indentation.
func indented(line string) string {
	body := strings.TrimLeft(line, " \t")
	margin := strings.ReplaceAll(line[:len(line)-len(body)], "\t", "    ")
	return strings.ReplaceAll(margin, " ", "\u00a0") + body
}

// Name cleans a name for a mail: one line without anything that mail programs make a link of. A dot
// between two words gets a space behind it, so that Booking.com becomes "Booking. com"; what begins
// like a web address loses that. An address of a participant, alone, stays as it is.
func Name(text string) string {
	text = oneLine(text, maxName)
	if at := strings.IndexByte(text, '@'); at > 0 && visible(text) && !strings.ContainsAny(text, "/:") {
		return text
	}
	for {
		before, after, found := strings.Cut(text, "://")
		if !found {
			break
		}
		text = strings.TrimRightFunc(before, unicode.IsLetter) + after
	}
	var out strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		out.WriteRune(r)
		if isDot(r) && i > 0 && inWord(runes[i-1]) && i+2 < len(runes) &&
			unicode.IsLetter(runes[i+1]) && unicode.IsLetter(runes[i+2]) {
			out.WriteByte(' ')
		}
	}
	return out.String()
}

// isDot reports whether programs read a character as the dot of a domain (RFC 3490, 3.1).
func isDot(r rune) bool { return strings.ContainsRune(".\u3002\uff0e\uff61", r) }

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' }

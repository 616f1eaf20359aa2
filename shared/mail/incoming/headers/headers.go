package headers

import (
	"net/mail"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// MaxSubject and the other limits bound what is kept of a header, in characters or entries.
	MaxSubject = 300 // characters
	// MaxReferences is how many ids are kept.
	MaxReferences = 50
	// MaxID is how long a message id may be, in characters.
	MaxID = 500
)

var bracketed = plaintext.Pattern(`<\s*([^<>\s]+@[^<>\s]+)\s*>`)

// ids returns the message IDs in a header. Some programs separate them with commas, some omit the
// brackets.
func ids(value string) []string {
	var list []string
	take := func(id string) {
		if id = plaintext.OneLine(id, MaxID); id != "" && !strings.Contains(id, " ") {
			list = append(list, id)
		}
	}
	if matches := bracketed().FindAllStringSubmatch(value, -1); len(matches) > 0 {
		for _, match := range matches {
			take(match[1])
		}
		return list
	}
	for field := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(" \t\r\n,<>", r) }) {
		if strings.Contains(field, "@") {
			take(field)
		}
	}
	return list
}

// FirstID returns the first message id in a header, or "" if there is none.
func FirstID(value string) string {
	if list := ids(value); len(list) > 0 {
		return list[0]
	}
	// A Message-ID without '@' breaks the rules, but it is still the mail's name.
	if field := strings.Trim(strings.TrimSpace(value), "<>"); field != "" && !strings.ContainsAny(field, " \t<>") {
		return plaintext.OneLine(field, MaxID)
	}
	return ""
}

// References returns the first ID, which is the root of the conversation, and the nearest ones.
func References(values []string) []string {
	list := ids(strings.Join(values, " "))
	if len(list) > MaxReferences {
		list = append(list[:1:1], list[len(list)-MaxReferences+1:]...)
	}
	return list
}

// Date parses the Date header; zero for implausible years.
func Date(value string) time.Time {
	parsed, err := mail.ParseDate(strings.TrimSpace(value))
	if err != nil || parsed.Year() < 1985 || parsed.Year() > 2099 {
		return time.Time{}
	}
	return parsed.UTC()
}

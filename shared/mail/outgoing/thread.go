package outgoing

import (
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// maxHalf is how many characters an id may have before its '@', and behind it: far below the 998
// that a line may have (RFC 5322, 2.1.1).
const maxHalf = 250

// isMessageID reports whether the text is the part of an id between the angle brackets, as far as
// it is safe to repeat it in our own headers: visible ASCII.
func isMessageID(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	for _, half := range []string{local, domain} {
		if half == "" || len(half) > maxHalf ||
			strings.ContainsFunc(
				half,
				func(r rune) bool { return r < '!' || r > '~' || strings.ContainsRune("<>@", r) },
			) {
			return false
		}
	}
	return true
}

// setThread writes Message-ID, In-Reply-To and References.
func (l Message) setThread(message *gomail.Msg) error {
	if !isMessageID(l.MessageID) {
		return fmt.Errorf("letter: %q is not a message id", l.MessageID)
	}
	message.SetMessageIDWithValue(l.MessageID)
	if isMessageID(l.InReplyTo) {
		message.SetGenHeader(gomail.HeaderInReplyTo, "<"+l.InReplyTo+">")
	}
	if chain := ancestors(l.References); len(chain) > 0 {
		message.SetGenHeader(gomail.HeaderReferences, "<"+strings.Join(chain, "> <")+">")
	}
	return nil
}

// ancestors keeps the root, by which every mail of a case is tied together, and the
// nearest ids; long chains would outgrow what some servers accept.
func ancestors(references []string) []string {
	var fit []string
	seen := make(map[string]bool, len(references))
	for _, id := range references {
		if isMessageID(id) && !seen[id] {
			seen[id] = true
			fit = append(fit, id)
		}
	}
	if len(fit) <= keptAncestors+1 {
		return fit
	}
	return append([]string{fit[0]}, fit[len(fit)-keptAncestors:]...)
}

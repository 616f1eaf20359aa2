package outgoing

import (
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// maxHalf is the maximum number of characters of an ID before and after its '@': far below the line
// limit of 998 (RFC 5322, 2.1.1).
const maxHalf = 250

// isMessageID reports whether the text is a message ID without its angle brackets that is safe to
// repeat in our headers: visible ASCII.
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
func (m Message) setThread(message *gomail.Msg) error {
	if !isMessageID(m.MessageID) {
		return fmt.Errorf("outgoing: %q is not a message ID", m.MessageID)
	}
	message.SetMessageIDWithValue(m.MessageID)
	if isMessageID(m.InReplyTo) {
		message.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.InReplyTo+">")
	}
	if chain := ancestors(m.References); len(chain) > 0 {
		message.SetGenHeader(gomail.HeaderReferences, "<"+strings.Join(chain, "> <")+">")
	}
	return nil
}

// ancestors returns the root, which ties the mails of a case together, and the nearest IDs; some
// servers reject longer chains.
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

package outgoing

import (
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// List says that a mail is one of several that somebody may filter or stop. Its zero value is that of a
// mail which belongs to no list.
type List struct {
	// ID identifies the list (RFC 2919), in the form of a domain; Name is shown with it.
	ID, Name string
	// Unsubscribe is the https address that ends the mails (RFC 2369). Mail programs post to it when the
	// reader presses their button, without asking further (RFC 8058).
	Unsubscribe string
}

// oneClick is the body of the request that mail programs send (RFC 8058).
const oneClick = "List-Unsubscribe=One-Click"

// set writes List-Id, List-Unsubscribe and List-Unsubscribe-Post.
func (l List) set(message *gomail.Msg) error {
	if l.ID != "" {
		if !token(l.ID) || !strings.Contains(l.ID, ".") {
			return fmt.Errorf("outgoing: %q cannot identify a list", l.ID)
		}
		// A phrase is written like the name before an address, which net/mail encodes.
		phrase, _, _ := strings.Cut((&mail.Address{Name: Name(l.Name), Address: "list@" + l.ID}).String(), "<")
		message.SetGenHeader("List-Id", phrase+"<"+l.ID+">")
	}
	if l.Unsubscribe == "" {
		return nil
	}
	if err := checkLink(l.Unsubscribe); err != nil || !strings.HasPrefix(l.Unsubscribe, "https://") ||
		strings.ContainsAny(l.Unsubscribe, "<>") {
		return fmt.Errorf("outgoing: %q is not an https link to end mails with", l.Unsubscribe)
	}
	message.SetGenHeader("List-Unsubscribe", "<"+l.Unsubscribe+">")
	message.SetGenHeader("List-Unsubscribe-Post", oneClick)
	return nil
}

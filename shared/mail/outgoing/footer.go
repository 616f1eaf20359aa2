package outgoing

import "github.com/tenantry/tenantry/shared/mail/wording"

// Footer says at the end of a mail why the recipient gets it, how to get no more such mails, and whose
// portal sent it.
type Footer struct {
	// Reason is a sentence, as in "You watch this case."
	Reason string
	// Ways lead to where such mails can be stopped.
	Ways []Way
	// Stop says in a sentence how to stop the mails, or why that cannot be done.
	Stop string
	// Sender is a sentence about the portal that sent the mail, and who runs it.
	Sender string
}

// Way is a link with what it is for.
type Way struct{ Label, URL string }

// sentences returns the sentences of the footer that have no link, in order.
func (f Footer) sentences() []string {
	var all []string
	for _, text := range []string{f.Reason, f.Stop, f.Sender} {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

// links returns the addresses of the footer.
func (f Footer) links() []string {
	all := make([]string, len(f.Ways))
	for i, way := range f.Ways {
		all[i] = way.URL
	}
	return all
}

// addFooter adds a footer to the text of a mail.
func (s *sheet) addFooter(f Footer) {
	for _, text := range f.sentences() {
		s.add("%s", text)
	}
	for _, way := range f.Ways {
		s.link(way.Label, way.URL)
	}
}

// PortalSender returns the sentence about the portal that sent a mail: provider is who looks after
// place, both "" if nobody does.
func PortalSender(l wording.Language, portal, provider, place string) string {
	if provider == "" || place == "" {
		return l.T("This mail is from the portal at %s.", portal)
	}
	return l.T("%[1]s looks after %[2]s in the portal at %[3]s.", Name(provider), Name(place), portal)
}

package outgoing

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ReplyMarker is the first line of every mail about a case. It ends up in the quoted text of
// replies, and mail/incoming cuts replies there.
const ReplyMarker = "##- Reply above this line to answer -##"

// maxComment is the maximum number of a comment's characters in a mail; the case has all of them.
const maxComment = 20_000

// maxListed is the maximum number of attachments listed.
const maxListed = 20

// CaseNotification notifies of an event on a case.
type CaseNotification struct {
	// Happened is a sentence such as "Ana Novak answered case 1042".
	Happened     string
	Number       string
	Subject      string
	Organization string
	Status       string
	Severity     string
	// Author wrote Comment; both may be empty.
	Author  string
	Comment string
	// Attachments are the names of the files that came with the comment.
	Attachments []string
	// URL is the button's target, usually the page of the case; Button is its label, if not the
	// usual one.
	URL, Button string
}

// fact is one line of the short table under the headline.
type fact struct{ Name, Value string }

func (n CaseNotification) facts() []fact {
	var facts []fact
	for _, f := range []fact{
		{"Case", n.Number}, {"Subject", n.Subject}, {"Organization", n.Organization},
		{"Status", n.Status}, {"Severity", n.Severity},
	} {
		if f.Value = oneLine(f.Value, maxSubject); f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// comment returns the text to show, and whether it was cut.
func (n CaseNotification) comment() (string, bool) {
	text := strings.Trim(plain(n.Comment), "\n")
	if utf8.RuneCountInString(text) <= maxComment {
		return text, false
	}
	return string([]rune(text)[:maxComment]), true
}

const cutNote = "The text is longer. Open the case to read all of it."

// files returns the attachment names to show.
func (n CaseNotification) files() []string {
	var names []string
	for i, name := range n.Attachments {
		if i == maxListed {
			return append(names, fmt.Sprintf("and %d more", len(n.Attachments)-maxListed))
		}
		names = append(names, oneLine(name, 120))
	}
	return names
}

func (n CaseNotification) button() string { return cmp.Or(n.Button, "Open the case") }

// Text is the mail as plain text.
func (n CaseNotification) Text() string {
	var out sheet
	out.add("%s", ReplyMarker)
	out.add("%s", oneLine(n.Happened, 300))
	var lines []string
	for _, f := range n.facts() {
		lines = append(lines, fmt.Sprintf("%-14s%s", f.Name+":", f.Value))
	}
	out.add("%s", strings.Join(lines, "\n"))
	if text, shortened := n.comment(); text != "" {
		if n.Author != "" {
			out.add("%s wrote:", oneLine(n.Author, maxName))
		}
		out.add("%s", text)
		if shortened {
			out.add("[%s]", cutNote)
		}
	}
	if files := n.files(); len(files) > 0 {
		out.add("Attachments:\n- %s", strings.Join(files, "\n- "))
	}
	out.add("%s: %s", n.button(), n.URL)
	return out.String()
}

// HTML is the mail as a document.
func (n CaseNotification) HTML(ctx context.Context) (string, error) {
	return render(ctx, casePage(n), n.URL)
}

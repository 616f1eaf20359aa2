package outgoing

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

// ReplyMarker is the first visible line of every English mail about a case that can be answered. Replies
// quote it, and mail/incoming cuts them there.
const ReplyMarker = "##- Reply above this line to answer -##"

// germanMarker is that line in German.
const germanMarker = "##- Zum Antworten bitte über dieser Zeile schreiben -##"

// ReplyMarkers returns the first lines of mails that can be answered, in all languages.
func ReplyMarkers() []string { return []string{ReplyMarker, germanMarker} }

// PreheaderMark begins and ends the hidden preview of a mail, which comes before the marker. Some
// mail programs quote hidden text too; mail/incoming recognizes the line by the mark.
const PreheaderMark = "\u2063"

const (
	// maxComments is the maximum number of characters of all comments in a mail, and maxCommentBytes
	// that of their bytes in HTML; the case has the full text. Gmail cuts what is longer than 102 KB.
	maxComments     = 20_000
	maxCommentBytes = 30_000
	// commentBytes is what the HTML around a comment takes, and lineBytes that of a line break.
	commentBytes, lineBytes = 350, 5
	// maxListed is the maximum number of attachments listed, maxChanges that of changes.
	maxListed, maxChanges = 20, 12
	// maxValue is the maximum number of characters of a value before or after a change, maxFile that of
	// the name of a file.
	maxValue, maxFile = 100, 60
	// maxHeadline is the maximum number of characters of a headline.
	maxHeadline = 300
	// maxPreheader is the number of characters that mail programs show in their lists.
	maxPreheader = 90
)

// CaseNotification notifies somebody of one or more events on a case.
type CaseNotification struct {
	Language wording.Language
	// Headline says in a sentence what happened and who did it, as in "Ana Novak answered case 1042".
	Headline string
	// Changes are the facts that changed, Remarks further sentences about what happened.
	Changes  []FieldChange
	Remarks  []string
	Comments []CaseComment
	// Attachments are the names of the files that came with the comments.
	Attachments []string
	// Facts are what is known of the case. Those that changed are shown with the changes only.
	Facts []Fact
	// URL is the page that the button leads to, and Button its text; "" for "Open the case". RatingURL,
	// if not empty, is the page to rate the help on, which the button leads to then.
	URL, Button, RatingURL string
	Footer                 Footer
	// Logo is that of the provider; nil for none.
	Logo *Logo
	// Guest leaves the page out: the recipient has no account to open it with.
	Guest bool
	// Unanswerable leaves the reply marker out: a reply would not reach the case.
	Unanswerable bool
}

// Fact is a fact about a case, with its name in the reader's language.
type Fact struct{ Name, Value string }

// FieldChange is a fact that changed, with its name in the reader's language.
type FieldChange struct{ Name, Before, After string }

// CaseComment is a comment shown in a mail.
type CaseComment struct {
	Author, Text string
	// Note is set for an internal note.
	Note bool
	// cut is set if the text was shortened.
	cut bool
}

// wrote returns the line that introduces a comment.
func (n CaseNotification) wrote(c CaseComment) string {
	if c.Note {
		return n.Language.T("%s wrote (internal note):", Name(c.Author))
	}
	return n.Language.T("%s wrote:", Name(c.Author))
}

// headline returns the first sentence.
func (n CaseNotification) headline() string { return oneLine(n.Headline, maxHeadline) }

// facts returns the facts that did not change.
func (n CaseNotification) facts() []Fact {
	changed := make(map[string]bool, len(n.Changes))
	for _, change := range n.Changes {
		changed[change.Name] = true
	}
	var facts []Fact
	for _, f := range n.Facts {
		if f.Value = oneLine(f.Value, maxSubject); f.Value != "" && !changed[f.Name] {
			facts = append(facts, f)
		}
	}
	return facts
}

// comments returns the comments to show, shortened to the size limits of a mail.
func (n CaseNotification) comments() []CaseComment {
	characters, bytes := maxComments, maxCommentBytes
	comments := make([]CaseComment, 0, len(n.Comments))
	for _, comment := range n.Comments {
		comment.Text = strings.Trim(plain(comment.Text), "\n")
		if comment.Text == "" {
			continue
		}
		bytes -= commentBytes
		for _, r := range n.wrote(comment) {
			bytes -= htmlBytes(r)
		}
		if bytes <= 0 {
			return append(comments, CaseComment{cut: true})
		}
		for at, r := range comment.Text {
			size := htmlBytes(r)
			if characters == 0 || size > bytes {
				comment.Text, comment.cut = comment.Text[:at], true
				return append(comments, comment)
			}
			characters, bytes = characters-1, bytes-size
		}
		comments = append(comments, comment)
	}
	return comments
}

// htmlBytes returns how many bytes a character of a comment takes in HTML at most.
func htmlBytes(r rune) int {
	switch r {
	case '\n':
		return lineBytes
	case '\t':
		return 4 * utf8.RuneLen('\u00a0')
	case ' ':
		return utf8.RuneLen('\u00a0')
	case '<', '>', '&', '"', '\'':
		return len(html.EscapeString(string(r)))
	}
	return utf8.RuneLen(r)
}

// files returns the attachment names to show.
func (n CaseNotification) files() []string {
	var names []string
	for i, name := range n.Attachments {
		if i == maxListed {
			return append(names, n.Language.T("and %d more", len(n.Attachments)-maxListed))
		}
		names = append(names, oneLine(name, maxFile))
	}
	return names
}

// changes returns the changes to show, and remarks the remarks; the case has those that do not fit.
func (n CaseNotification) changes() []FieldChange {
	changes := make([]FieldChange, min(len(n.Changes), maxChanges))
	for i := range changes {
		one := n.Changes[i]
		changes[i] = FieldChange{oneLine(one.Name, maxName), oneLine(one.Before, maxValue), oneLine(one.After, maxValue)}
	}
	return changes
}

func (n CaseNotification) remarks() []string {
	remarks := make([]string, min(len(n.Remarks), maxChanges))
	for i := range remarks {
		remarks[i] = oneLine(n.Remarks[i], maxHeadline)
	}
	return remarks
}

// became returns a change as one line.
func (n CaseNotification) became(c FieldChange) string {
	return n.Language.T("%[1]s: was %[2]s → now %[3]s", c.Name, c.Before, c.After)
}

// preheader returns the preview that mail programs show next to the subject: what is new, which is not
// what the headline says.
func (n CaseNotification) preheader() string {
	text := ""
	if comments := n.comments(); len(comments) > 0 {
		text = comments[len(comments)-1].Text
	}
	if changes := n.changes(); text == "" && len(changes) > 0 {
		text = n.became(changes[0])
	}
	text = cmp.Or(text, strings.Join(n.remarks(), " "), strings.Join(n.files(), ", "))
	if facts := n.facts(); text == "" && len(facts) > 0 {
		text = facts[0].Value
	}
	return PreheaderMark + strings.ReplaceAll(oneLine(text, maxPreheader), PreheaderMark, "") + PreheaderMark
}

// marker returns the reply marker; "" for a mail that cannot be answered.
func (n CaseNotification) marker() string {
	switch {
	case n.Unanswerable:
		return ""
	case n.Language == wording.German:
		return germanMarker
	}
	return ReplyMarker
}

// cutNote returns what stands after a text that was shortened.
func (n CaseNotification) cutNote() string {
	if n.Guest {
		return n.Language.T("The text is longer than what is sent by mail.")
	}
	return n.Language.T("The text is longer. Open the case to read all of it.")
}

// button returns the text of the link to the page.
func (n CaseNotification) button() string { return cmp.Or(n.Button, n.Language.T("Open the case")) }

func (n CaseNotification) rateButton() string { return n.Language.T("Rate our help") }

func (n CaseNotification) rateQuestion() string {
	return n.Language.T("Was our help good? Your answer takes a moment and needs no log-in.")
}

// Text returns the mail as plain text.
func (n CaseNotification) Text() string {
	var out sheet
	if marker := n.marker(); marker != "" {
		out.add("%s", marker)
	}
	out.add("%s", n.headline())
	for _, text := range n.remarks() {
		out.add("%s", text)
	}
	var lines []string
	for _, change := range n.changes() {
		lines = append(lines, n.became(change))
	}
	out.list(lines, "  ")
	for _, comment := range n.comments() {
		if comment.Author != "" {
			out.add("%s", n.wrote(comment))
		}
		if comment.Text != "" {
			out.add("%s", comment.Text)
		}
		if comment.cut {
			out.add("[%s]", n.cutNote())
		}
	}
	if files := n.files(); len(files) > 0 {
		out.list(append([]string{n.Language.T("Files:")}, prefixed("- ", files)...), "  ")
	}
	if n.RatingURL != "" {
		out.add("%s", n.rateQuestion())
		out.link(n.rateButton(), n.RatingURL)
	}
	if !n.Guest {
		out.link(n.button(), n.URL)
	}
	out.list(n.table(), strings.Repeat(" ", n.margin()))
	out.addFooter(n.Footer)
	return out.String()
}

// margin is the width of the names of the facts.
func (n CaseNotification) margin() int {
	widest := 0
	for _, f := range n.facts() {
		widest = max(widest, utf8.RuneCountInString(f.Name))
	}
	return widest + len(": ")
}

// table returns the facts as lines, with the values below each other.
func (n CaseNotification) table() []string {
	var lines []string
	for _, f := range n.facts() {
		lines = append(lines, fmt.Sprintf("%-*s%s", n.margin(), f.Name+":", f.Value))
	}
	return lines
}

func prefixed(prefix string, lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = prefix + line
	}
	return all
}

// HTML returns the mail as an HTML document.
func (n CaseNotification) HTML(ctx context.Context) (string, error) {
	links := append([]string{n.URL}, n.Footer.links()...)
	if n.RatingURL != "" {
		links = append(links, n.RatingURL)
	}
	return render(ctx, casePage(n), links...)
}

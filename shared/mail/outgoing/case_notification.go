package outgoing

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ReplyMarker is the first visible line of every mail about a case that can be answered. Replies quote it, and
// mail/incoming cuts them there.
const ReplyMarker = "##- Reply above this line to answer -##"

// PreheaderMark begins and ends the hidden preview of a mail, which comes before the marker. Some
// mail programs quote hidden text too; mail/incoming recognizes the line by the mark.
const PreheaderMark = "\u2063"

const (
	// maxComments is the maximum number of characters of all comments in a mail; the case has the
	// full text.
	maxComments = 20_000
	// maxListed is the maximum number of attachments listed.
	maxListed = 20
	// maxPreheader is the number of characters that mail programs show in their lists.
	maxPreheader = 140
)

// CaseNotification notifies somebody of one or more events on a case.
type CaseNotification struct {
	// Headline is a sentence such as "Ana Novak answered case 1042".
	Headline string
	Comments []CaseComment
	// Changes are lines such as "Status: open → solved".
	Changes []string
	// Attachments are the names of the files that came with the comments.
	Attachments                                     []string
	Number, Subject, Organization, Status, Severity string
	// Reason is a sentence that says why the recipient gets the mail.
	Reason string
	// URL is the page of the case. RatingURL, if not empty, is the page to rate the help on.
	URL, RatingURL string
	// Guest leaves the page out: the recipient has no account to open it with.
	Guest bool
	// Unanswerable leaves the reply marker out: a reply would not reach the case.
	Unanswerable bool
}

// CaseComment is a comment shown in a mail.
type CaseComment struct {
	Author, Text string
	// Note is set for an internal note.
	Note bool
	// cut is set if the text was shortened.
	cut bool
}

const (
	cutNote      = "The text is longer. Open the case to read all of it."
	cutForGuests = "The text is longer than what is sent by mail."
	noteLabel    = "internal note"
	openButton   = "Open the case"
	rateButton   = "Rate our help"
	rateQuestion = "Was our help good? Your answer takes a moment and needs no log-in."
)

// wrote returns the line that introduces a comment.
func (c CaseComment) wrote() string {
	if c.Note {
		return fmt.Sprintf("%s wrote (%s):", Name(c.Author), noteLabel)
	}
	return fmt.Sprintf("%s wrote:", Name(c.Author))
}

// fact is a line of the table below the text.
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

// comments returns the comments to show, shortened to the size limit of a mail.
func (n CaseNotification) comments() []CaseComment {
	room := maxComments
	comments := make([]CaseComment, 0, len(n.Comments))
	for _, comment := range n.Comments {
		comment.Text = strings.Trim(plain(comment.Text), "\n")
		if comment.Text == "" {
			continue
		}
		length := utf8.RuneCountInString(comment.Text)
		if length > room {
			comment.Text, comment.cut = string([]rune(comment.Text)[:room]), true
		}
		room -= min(length, room)
		comments = append(comments, comment)
	}
	return comments
}

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

// changes returns the lines of the changes.
func (n CaseNotification) changes() []string {
	lines := make([]string, len(n.Changes))
	for i, line := range n.Changes {
		lines[i] = oneLine(line, 300)
	}
	return lines
}

// preheader returns the preview that mail programs show next to the subject: what is new.
func (n CaseNotification) preheader() string {
	text := ""
	if comments := n.comments(); len(comments) > 0 {
		text = comments[len(comments)-1].Text
	}
	text = oneLine(cmp.Or(text, strings.Join(n.Changes, ", "), n.Headline), maxPreheader)
	return PreheaderMark + strings.ReplaceAll(text, PreheaderMark, "") + PreheaderMark
}

// marker returns the reply marker; "" for a mail that cannot be answered.
func (n CaseNotification) marker() string {
	if n.Unanswerable {
		return ""
	}
	return ReplyMarker
}

// cutNote returns what stands after a text that was shortened.
func (n CaseNotification) cutNote() string {
	if n.Guest {
		return cutForGuests
	}
	return cutNote
}

// Text returns the mail as plain text.
func (n CaseNotification) Text() string {
	var out sheet
	if marker := n.marker(); marker != "" {
		out.add("%s", marker)
	}
	out.add("%s", oneLine(n.Headline, 300))
	for _, comment := range n.comments() {
		if comment.Author != "" {
			out.add("%s", comment.wrote())
		}
		if comment.Text != "" {
			out.add("%s", comment.Text)
		}
		if comment.cut {
			out.add("[%s]", n.cutNote())
		}
	}
	if files := n.files(); len(files) > 0 {
		out.add("Attachments:\n- %s", strings.Join(files, "\n- "))
	}
	if changes := n.changes(); len(changes) > 0 {
		out.add("%s", strings.Join(changes, "\n"))
	}
	if n.RatingURL != "" {
		out.add("%s\n%s: %s", rateQuestion, rateButton, n.RatingURL)
	}
	var lines []string
	for _, f := range n.facts() {
		lines = append(lines, fmt.Sprintf("%-14s%s", f.Name+":", f.Value))
	}
	out.add("%s", strings.Join(lines, "\n"))
	if !n.Guest {
		out.add("%s: %s", openButton, n.URL)
	}
	if n.Reason != "" {
		out.add("%s", n.Reason)
	}
	return out.String()
}

// HTML returns the mail as an HTML document.
func (n CaseNotification) HTML(ctx context.Context) (string, error) {
	links := []string{n.URL}
	if n.RatingURL != "" {
		links = append(links, n.RatingURL)
	}
	return render(ctx, casePage(n), links...)
}

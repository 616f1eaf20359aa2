package support

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// NoticeCase is the Kind of a Notice.
const NoticeCase = "case"

// Event says what happened to a case.
type Event string

// The events that people are told of.
const (
	Created   Event = "created"
	Commented Event = "commented"
	Changed   Event = "changed"
	Attached  Event = "attached"
	// Warned and Breached are told to those who work on the case: a promised time is running out, or is over.
	Warned   Event = "warned"
	Breached Event = "breached"
	// AskRating asks the submitter whether the help was good.
	AskRating Event = "ask_rating"
)

// Notice is the body of a message that makes the mail worker tell one person what happened to a case.
type Notice struct {
	Kind   string `json:"kind"`
	Event  Event  `json:"event"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// UserID is who is told; ActorName who did it.
	UserID    string `json:"user_id"`
	ActorName string `json:"actor_name"`
	CommentID string `json:"comment_id,omitempty"`
	Internal  bool   `json:"internal,omitempty"`
	// Fields are those that were changed.
	Fields   map[string]Difference `json:"fields,omitempty"`
	FileName string                `json:"file_name,omitempty"`
	// Promise is what comes due: "first_answer" or "solution".
	Promise string `json:"promise,omitempty"`
}

// Letter is all that a mail about a case says.
type Letter struct {
	Notice    Notice
	Recipient identity.Person
	Case      Case
	OrgName   string
	// Sender is the name that the mail is from: the MSP's, or the platform's.
	Sender string
	// Text is the description of a new case, or the new comment.
	Text  string
	Files []File
	// From, ReplyTo and Bounce are our addresses: whom the mail is from, where an answer goes, where a
	// report of failed delivery goes.
	From, ReplyTo, Bounce string
	// Root is the id that all mails of the case refer to; References are the latest mails
	// exchanged with the recipient, the last one at the end. All without angle brackets.
	Root       string
	References []string
	// RatingToken is the token of the link by which the help is rated, where that is asked.
	RatingToken string
}

// Letter gathers what a notice's mail says. It returns a fault of code NotFound if the recipient is not to be
// told (any more): the account or the access is gone, or the notice is about an internal note.
func (d *Desk) Letter(ctx context.Context, notice Notice) (Letter, error) {
	person, by, err := d.recipient(ctx, notice)
	if err != nil {
		return Letter{}, err
	}
	extra := []string{descriptionSort, threadMark + person.ID}
	if notice.CommentID != "" {
		extra = append(extra, commentSort+notice.CommentID)
	}
	found, items, err := d.open(ctx, by, notice.OrgID, notice.CaseID, identity.SeeCases, extra...)
	if fault.Is(err, fault.Forbidden) || err == nil && notice.Internal && !found.agent {
		return Letter{}, fault.Missing()
	}
	if err != nil {
		return Letter{}, err
	}
	if !found.agent && len(notice.Fields) > 0 {
		if notice.Fields = withoutInner(notice.Fields); len(notice.Fields) == 0 {
			return Letter{}, fault.Missing()
		}
	}
	letter := Letter{
		Notice: notice, Recipient: person, Case: view(by, found.place, found.Case), OrgName: found.org.Name,
		From: d.SupportAddress(), Root: d.rootID(found.Case),
	}
	if err := letter.read(items); err != nil {
		return Letter{}, err
	}
	if letter.Sender, err = d.senderName(ctx, found.org); err != nil {
		return Letter{}, err
	}
	if notice.Event == AskRating {
		if letter.RatingToken, err = d.ratingToken(found.Case); err != nil {
			return Letter{}, err
		}
	}
	t := token{number: found.Number, userID: person.ID, kind: replyKind}
	if notice.Internal {
		t.kind = noteKind
	}
	letter.ReplyTo = d.address(replyLocal, t)
	t.kind = bounceKind
	letter.Bounce = d.address(bounceLocal, t)
	return letter, nil
}

// recipient finds who is told: somebody with an account, or somebody whom the case names without one.
func (d *Desk) recipient(ctx context.Context, notice Notice) (identity.Person, identity.Principal, error) {
	person, err := d.accounts.Person(ctx, notice.UserID)
	if err == nil && person.MailFailed > 0 {
		return identity.Person{}, identity.Principal{}, fault.Missing() // mail does not reach the address
	}
	if err == nil || !fault.Is(err, fault.NotFound) {
		return person, person.Principal("mail", ""), err
	}
	found, err := d.other(ctx, notice.OrgID, notice.CaseID, "case_id")
	if err != nil {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	person, by, known := found.guest(notice.UserID, "")
	if !known || slices.ContainsFunc(found.CC, func(p Party) bool { return p.ID == notice.UserID && p.MailFailure != "" }) {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	return person, by, nil
}

// read takes the texts and the thread from the items that were read along with the case.
func (l *Letter) read(items []table.Item) error {
	var thread mailThread
	if items[1].Version > 0 {
		if err := change.Decode(items[1], &thread); err != nil {
			return err
		}
	}
	l.References = thread.IDs
	if len(items) == 3 {
		if items[2].Version == 0 {
			return fault.Missing()
		}
		var comment Comment
		err := change.Decode(items[2], &comment)
		l.Text, l.Files = comment.Text, comment.Files
		return err
	}
	if l.Notice.Event != Created {
		return nil
	}
	var first description
	err := change.Decode(items[0], &first)
	l.Text = first.Text
	return err
}

func (d *Desk) senderName(ctx context.Context, org tenant.Org) (string, error) {
	if org.MSPID == "" {
		return "Support", nil
	}
	names, err := d.tenants.Names(ctx, []string{org.MSPID}, nil)
	if err != nil {
		return "", err
	}
	return names[org.MSPID], nil
}

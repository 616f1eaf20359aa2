package notification

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Notification is the content of a mail about a case.
type Notification struct {
	Notice    support.Notice
	Recipient identity.Person
	Case      support.Case
	OrgName   string
	// Sender is the display name of the sender: the MSP's, or the platform's.
	Sender string
	// Text is the description of a new case, or the new comment.
	Text  string
	Files []attachment.File
	// From, ReplyTo and Bounce are our addresses: the sender, the address for replies, and the
	// envelope sender for reports of failed delivery.
	From, ReplyTo, Bounce string
	// Root is the ID that all mails of the case refer to; References are the latest mails exchanged
	// with the recipient, the latest at the end. All are without angle brackets.
	Root       string
	References []string
	// RatingToken is the token of the link to the rating page, if the notice asks for a rating.
	RatingToken string
}

// Compose collects the content of a notice's mail. It returns a fault of code NotFound if the
// recipient must not be notified (any more): the account or the access is gone, or the notice is
// about an internal note.
func (s *Service) Compose(ctx context.Context, notice support.Notice) (Notification, error) {
	person, by, err := s.recipient(ctx, notice)
	if err != nil {
		return Notification{}, err
	}
	extra := []string{support.DescriptionSort, support.ThreadMark + person.ID}
	if notice.CommentID != "" {
		extra = append(extra, support.CommentSort+notice.CommentID)
	}
	opened, items, err := s.cases.Open(ctx, by, notice.OrgID, notice.CaseID, identity.SeeCases, extra...)
	if fault.Is(err, fault.Forbidden) || err == nil && notice.Internal && !opened.Agent {
		return Notification{}, fault.Missing()
	}
	if err != nil {
		return Notification{}, err
	}
	if !opened.Agent && len(notice.Fields) > 0 {
		if notice.Fields = support.WithoutInternal(notice.Fields); len(notice.Fields) == 0 {
			return Notification{}, fault.Missing()
		}
	}
	letter := Notification{
		Notice: notice, Recipient: person, Case: support.View(by, opened.Place, opened.Case), OrgName: opened.Org.Name,
		From: s.threads.SupportAddress(), Root: s.threads.RootID(opened.Case),
	}
	if err := letter.read(items); err != nil {
		return Notification{}, err
	}
	if letter.Sender, err = s.senderName(ctx, opened.Org); err != nil {
		return Notification{}, err
	}
	if notice.Event == support.AskRating {
		if letter.RatingToken, err = s.ratings.RatingToken(opened.Case); err != nil {
			return Notification{}, err
		}
	}
	t := mailthread.Token{Number: opened.Number, UserID: person.ID, Kind: mailthread.ReplyKind}
	if notice.Internal {
		t.Kind = mailthread.NoteKind
	}
	letter.ReplyTo = s.threads.Address(mailthread.ReplyLocal, t)
	t.Kind = mailthread.BounceKind
	letter.Bounce = s.threads.Address(mailthread.BounceLocal, t)
	return letter, nil
}

// recipient returns the person to notify: somebody with an account, or a participant of the case
// without one.
func (s *Service) recipient(ctx context.Context, notice support.Notice) (identity.Person, identity.Principal, error) {
	person, err := s.accounts.Person(ctx, notice.UserID)
	if err == nil && person.MailFailed > 0 {
		return identity.Person{}, identity.Principal{}, fault.Missing() // mail does not reach the address
	}
	if err == nil || !fault.Is(err, fault.NotFound) {
		return person, person.Principal("mail", ""), err
	}
	c, err := s.cases.Find(ctx, notice.OrgID, notice.CaseID, "case_id")
	if err != nil {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	person, by, known := c.Guest(notice.UserID, "")
	if !known ||
		slices.ContainsFunc(
			c.CC,
			func(p support.Party) bool { return p.ID == notice.UserID && p.MailFailure != "" },
		) {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	return person, by, nil
}

// read decodes the texts and the thread from the items read along with the case.
func (l *Notification) read(items []table.Item) error {
	var thread mailthread.MailThread
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
		var comment support.Comment
		err := change.Decode(items[2], &comment)
		l.Text, l.Files = comment.Text, comment.Files
		return err
	}
	if l.Notice.Event != support.Created {
		return nil
	}
	var first support.Description
	err := change.Decode(items[0], &first)
	l.Text = first.Text
	return err
}

func (s *Service) senderName(ctx context.Context, org tenant.Org) (string, error) {
	if org.MSPID == "" {
		return "Support", nil
	}
	names, err := s.tenants.Names(ctx, []string{org.MSPID}, nil)
	if err != nil {
		return "", err
	}
	return names[org.MSPID], nil
}

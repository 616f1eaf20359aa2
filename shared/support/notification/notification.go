package notification

import (
	"cmp"
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

// Entry is one event that a notification is about.
type Entry struct {
	support.Notice
	// Text is the description of a new case, or the new comment.
	Text  string
	Files []attachment.File
}

// Notification is the content of a mail about a case.
type Notification struct {
	// Entries are the events, oldest first; at least one.
	Entries   []Entry
	Recipient identity.Person
	Case      support.Case
	OrgName   string
	// Sender is the display name of the sender: the MSP's, or the platform's. Provider is the name of the
	// MSP that looks after the organization; "" if none does.
	Sender, Provider string
	// MSPID is that MSP, for a mail that has its logo.
	MSPID string
	// Reason is why the recipient gets the mail.
	Reason Reason
	// Guest is set if the recipient has no account: AdmitGuest says whether the mail may be sent now.
	Guest bool
	// From, ReplyTo and Bounce are our addresses: the sender, the address for replies, and the
	// envelope sender for reports of failed delivery. ReplyTo is empty if replies are not accepted.
	From, ReplyTo, Bounce string
	// Root is the ID that all mails of the case refer to; References are the latest mails exchanged
	// with the recipient, the latest last. All are without angle brackets.
	Root       string
	References []string
	// RatingToken is the token of the link to the rating page, if an entry asks for a rating.
	RatingToken string
	// WatchToken is the token of the link that ends the watching of the case; "" for a recipient who has a
	// part in the case.
	WatchToken string
	// Revisions are the changes of the case that the entries are about, oldest first; none if they are
	// not known.
	Revisions []int64
	// More is set if the recipient has further notices.
	More bool
}

// Note reports whether an entry is an internal note. Replies are notes then, so that none is shown
// to the customer by mistake.
func (n Notification) Note() bool {
	return slices.ContainsFunc(n.Entries, func(e Entry) bool { return e.Internal && e.CommentID != "" })
}

// Sent returns the record of the notification's mail, which was sent with a message ID.
func (n Notification) Sent(messageID string) mailthread.SentMail {
	return mailthread.SentMail{
		OrgID: n.Case.OrgID, CaseID: n.Case.ID, UserID: n.Recipient.ID,
		MessageID: messageID, Note: n.Note(), Revision: n.latest(),
	}
}

// latest returns the latest change that the entries are about; 0 if it is not known.
func (n Notification) latest() int64 {
	if len(n.Revisions) == 0 {
		return 0
	}
	return n.Revisions[len(n.Revisions)-1]
}

// Compose collects the content of a notice's mail. It returns a fault of code NotFound if the
// recipient must not be notified: the account or the access is gone, or the notice is about an
// internal note that they may not see.
func (s *Service) Compose(ctx context.Context, notice support.Notice) (Notification, error) {
	r, err := s.open(ctx, notice.OrgID, notice.CaseID, notice.UserID)
	if err != nil {
		return Notification{}, err
	}
	return s.compose(ctx, r, pending{notices: []support.Notice{notice}})
}

// reader is a recipient with the case that they may see.
type reader struct {
	person identity.Person
	support.Opened
	view   support.Case
	first  table.Item // the description
	thread mailthread.MailThread
}

// open opens a case for a recipient.
func (s *Service) open(ctx context.Context, orgID, caseID, userID string) (reader, error) {
	person, by, err := s.recipient(ctx, orgID, caseID, userID)
	if err != nil {
		return reader{}, err
	}
	opened, items, err := s.cases.Open(
		ctx, by, orgID, caseID, identity.SeeCases, support.DescriptionSort, support.ThreadMark+person.ID,
	)
	if fault.Is(err, fault.Forbidden) {
		return reader{}, fault.Missing()
	}
	if err != nil {
		return reader{}, err
	}
	r := reader{person: person, Opened: opened, view: support.View(by, opened.Place, opened.Case), first: items[0]}
	if items[1].Version > 0 {
		err = change.Decode(items[1], &r.thread)
	}
	return r, err
}

// compose returns the notification of some notices, without what the recipient may not see. It
// returns a fault of code NotFound if nothing remains.
func (s *Service) compose(
	ctx context.Context, r reader, what pending,
) (Notification, error) {
	n := Notification{
		Recipient: r.person, Case: r.view, OrgName: r.Org.Name, MSPID: r.Org.MSPID, Reason: reasonOf(r),
		From: s.threads.SupportAddress(), Root: s.threads.RootID(r.Case), References: r.thread.IDs,
		Revisions: what.revisions, More: what.more,
	}
	for _, notice := range what.notices {
		if notice, shown := visible(r, notice); shown {
			notice = r.masked(notice)
			n.Entries = append(n.Entries, Entry{Notice: notice})
		}
	}
	if err := s.readTexts(ctx, r, &n); err != nil {
		return Notification{}, err
	}
	if len(n.Entries) == 0 {
		return Notification{}, fault.Missing()
	}
	_, _, n.Guest = r.Guest(r.person.ID, "")
	var err error
	if n.Provider, err = s.providerName(ctx, r.Org); err != nil {
		return Notification{}, err
	}
	n.Sender = cmp.Or(n.Provider, "Support")
	if n.WatchToken, err = s.watchToken(r); err != nil {
		return Notification{}, err
	}
	if slices.ContainsFunc(n.Entries, func(e Entry) bool { return e.Event == support.AskRating }) {
		if n.RatingToken, err = s.ratings.RatingToken(r.Case); err != nil {
			return Notification{}, err
		}
	}
	token := mailthread.Token{Number: r.Number, UserID: r.person.ID, Kind: mailthread.ReplyKind}
	if n.Note() {
		token.Kind = mailthread.NoteKind
	}
	n.ReplyTo = s.threads.Address(mailthread.ReplyLocal, token)
	token.Kind = mailthread.BounceKind
	n.Bounce = s.threads.Address(mailthread.BounceLocal, token)
	return n, nil
}

// visible returns a notice as a recipient may see it, and whether they may.
func visible(r reader, notice support.Notice) (support.Notice, bool) {
	if r.Agent {
		return notice, true
	}
	if notice.Internal {
		return notice, false
	}
	if len(notice.Fields) > 0 {
		notice.Fields = support.WithoutInternal(notice.Fields)
		return notice, len(notice.Fields) > 0
	}
	return notice, true
}

// masked returns a notice with the names of the organization's people as the recipient sees them.
func (r reader) masked(notice support.Notice) support.Notice {
	if !r.Reader.Masked {
		return notice
	}
	if notice.ActorSide != support.SupportSide && notice.ActorName != support.PlatformPrincipal().Name() {
		notice.ActorName = identity.MaskName(notice.ActorName)
	}
	notice.Fields = r.Reader.Fields(notice.Fields, r.Case)
	return notice
}

// readTexts reads the texts of the entries, in one request. It drops entries about comments that no
// longer exist.
func (s *Service) readTexts(ctx context.Context, r reader, n *Notification) error {
	var keys []table.Key
	for _, entry := range n.Entries {
		if entry.CommentID != "" {
			keys = append(keys, support.CaseKey(r.OrgID, r.ID, support.CommentSort+entry.CommentID))
		}
	}
	var items []table.Item
	if len(keys) > 0 {
		var err error
		if items, err = s.journal.BatchGet(ctx, keys); err != nil {
			return err
		}
	}
	entries := n.Entries[:0]
	for _, entry := range n.Entries {
		switch {
		case entry.CommentID != "":
			item := items[0]
			if items = items[1:]; item.Version == 0 {
				continue
			}
			var comment support.Comment
			if err := change.Decode(item, &comment); err != nil {
				return err
			}
			entry.Text, entry.Files = comment.Text, comment.Files
		case entry.Event == support.Created:
			var first support.Description
			if err := change.Decode(r.first, &first); err != nil {
				return err
			}
			entry.Text = first.Text
		}
		entries = append(entries, entry)
	}
	n.Entries = entries
	return nil
}

// recipient returns the person to notify: a person with an account, or a participant of the case
// without one.
func (s *Service) recipient(
	ctx context.Context, orgID, caseID, userID string,
) (identity.Person, identity.Principal, error) {
	person, err := s.accounts.Person(ctx, userID)
	if err == nil && person.MailFailed > 0 {
		return identity.Person{}, identity.Principal{}, fault.Missing() // mail does not reach the address
	}
	if err == nil || !fault.Is(err, fault.NotFound) {
		return person, person.Principal("mail", ""), err
	}
	c, err := s.cases.Find(ctx, orgID, caseID, "case_id")
	if err != nil {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	person, by, known := c.Guest(userID, "")
	if !known ||
		slices.ContainsFunc(
			c.CC,
			func(p support.Party) bool { return p.ID == userID && p.MailFailure != "" },
		) {
		return identity.Person{}, identity.Principal{}, fault.Missing()
	}
	return person, by, nil
}

// providerName returns the name of the MSP that looks after an organization; "" for a direct customer.
func (s *Service) providerName(ctx context.Context, org tenant.Org) (string, error) {
	if org.MSPID == "" {
		return "", nil
	}
	names, err := s.tenants.Names(ctx, []string{org.MSPID}, nil)
	if err != nil {
		return "", err
	}
	return names[org.MSPID], nil
}

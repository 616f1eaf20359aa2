package support

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/table"
)

// Mail is a mail that came in, as far as a case takes it over.
type Mail struct {
	Received
	// From is the address in the From header, in lower case; FromCount how many there were.
	From      string
	FromCount int
	Subject   string
	MessageID string
	// Text is all of the readable text; Reply the same without quoted text and signature.
	Text, Reply string
	// Automatic is set for what a program wrote by itself, Bounce for reports of failed delivery, Loop for
	// what this installation sent.
	Automatic, Bounce, Loop bool
	Attachments             []MailAttachment
}

// MailAttachment is a file that came with a mail.
type MailAttachment struct {
	Name        string
	ContentType string
	Inline      bool
	Content     []byte
}

// Outcome says what became of a mail.
type Outcome struct {
	// Kind is "comment", "case", "duplicate" or "quarantine".
	Kind   string
	CaseID string
	Reason Reason
}

// refusal is a reason to keep a mail out.
type refusal struct {
	reason Reason
	detail string
}

// Error names the reason.
func (r refusal) Error() string { return string(r.reason) + ": " + r.detail }

func refuse(reason Reason, format string, arguments ...any) error {
	return refusal{reason: reason, detail: fmt.Sprintf(format, arguments...)}
}

// seenFor is how long a mail is remembered, so that it is not taken in twice.
const seenFor = 90 * 24 * time.Hour

// Intake decides what a mail becomes: a comment, a case, or an entry in the quarantine. The same
// mail a second time changes nothing. An error means that it could not be decided
// now: the mail must be given again later.
func (d *Desk) Intake(ctx context.Context, mail Mail) (Outcome, error) {
	outcome, err := d.decide(ctx, mail)
	refused, ok := errors.AsType[refusal](err)
	if !ok {
		return outcome, err
	}
	return Outcome{Kind: "quarantine", Reason: refused.reason}, d.Quarantine(ctx, Quarantined{
		ID: mail.ID, Reason: refused.reason, Detail: refused.detail, From: mail.From, Recipients: mail.Recipients,
		Subject: mail.Subject, Size: mail.Size, Received: mail.Time, Mail: mail.Received,
	})
}

func (d *Desk) decide(ctx context.Context, mail Mail) (Outcome, error) {
	if err := mail.Verdicts.check(); err != nil {
		return Outcome{}, err
	}
	to := d.destinationOf(mail.Recipients)
	switch {
	case mail.Loop:
		return Outcome{}, refuse(FromOurselves, "the mail carries this installation's own mark")
	case mail.Bounce || to.bounce && len(to.replies) == 0 && !to.support:
		return Outcome{}, refuse(FailedDelivery, "a report about a mail that was not delivered")
	case mail.FromCount > 1:
		return Outcome{}, refuse(OtherSender, "the mail names %d senders", mail.FromCount)
	case len(to.replies) > 0:
		return d.takeAnswers(ctx, mail, to.replies)
	case to.forged:
		return Outcome{}, refuse(ForgedToken, "the token in the recipient's address was not made here")
	case to.support && mail.Automatic:
		return Outcome{}, refuse(AutoWithout, "an automatic mail opens no case")
	case to.support:
		return d.takeRequest(ctx, mail, to.orgID)
	}
	return Outcome{}, refuse(NoDestination, "none of the recipients is an address that takes mail in")
}

// takeAnswers makes a mail a comment of every case whose address it was sent to. One that is not taken keeps the mail
// out, so that somebody looks at it; let in again, it changes nothing where it was taken.
func (d *Desk) takeAnswers(ctx context.Context, mail Mail, tokens []token) (Outcome, error) {
	var outcome Outcome
	var refused error
	for _, t := range tokens {
		one, err := d.takeAnswer(ctx, mail, t)
		if _, ok := errors.AsType[refusal](err); ok {
			refused = err
			continue
		}
		if err != nil {
			return Outcome{}, err
		}
		outcome = one
	}
	return outcome, refused
}

// takeAnswer makes an answer to a notice a comment, if it is from the person whom the notice was for.
func (d *Desk) takeAnswer(ctx context.Context, mail Mail, t token) (Outcome, error) {
	person, err := d.accounts.Person(ctx, t.userID)
	if fault.Is(err, fault.NotFound) {
		return Outcome{}, refuse(UnknownSender, "the account that the address was made for is gone")
	}
	if err != nil {
		return Outcome{}, err
	}
	if mail.From != person.Email {
		return Outcome{}, refuse(OtherSender, "the address was made for somebody else than the sender")
	}
	var where numberEntry
	_, err = d.journal.Get(ctx, numberKey(t.number), &where)
	if errors.Is(err, table.ErrAbsent) {
		return Outcome{}, refuse(UnknownCase, "there is no case %d", t.number)
	}
	if err != nil {
		return Outcome{}, err
	}
	by := person.Principal("mail", mail.SourceAddress)
	from, err := d.origin(ctx, by, mail, where.OrgID, strconv.FormatInt(t.number, 10))
	if err != nil {
		return Outcome{}, err
	}
	wanted := NewComment{Text: shown(mail.Reply), Internal: t.kind == noteKind}
	c, _, err := d.addComment(ctx, by, where.OrgID, where.CaseID, wanted, from)
	if err != nil {
		return d.notTaken(err, from, where.CaseID)
	}
	return Outcome{Kind: "comment", CaseID: c.ID}, d.Threaded(ctx, c.OrgID, c.ID, person.ID, mail.MessageID)
}

// takeRequest makes a mail to the support address a case of the sender's organization.
func (d *Desk) takeRequest(ctx context.Context, mail Mail, orgID string) (Outcome, error) {
	person, err := d.accounts.PersonByEmail(ctx, mail.From)
	if fault.Is(err, fault.NotFound) {
		return Outcome{}, refuse(UnknownSender, "nobody has an account with the sender's address")
	}
	if err != nil {
		return Outcome{}, err
	}
	by := person.Principal("mail", mail.SourceAddress)
	if orgID == "" {
		if orgID, err = ownOrg(by); err != nil {
			return Outcome{}, err
		}
	}
	from, err := d.origin(ctx, by, mail, orgID, supportLocal)
	if err != nil {
		return Outcome{}, err
	}
	wanted := NewCase{Description: shown(mail.Text)}
	if wanted.Subject = mail.Subject; strings.TrimSpace(wanted.Subject) == "" {
		wanted.Subject = "(no subject)"
	}
	from.whole = "" // the description is the whole text
	c, err := d.createCase(ctx, by, orgID, wanted, from)
	if err != nil {
		return d.notTaken(err, from, "")
	}
	return Outcome{Kind: "case", CaseID: c.ID}, d.Threaded(ctx, c.OrgID, c.ID, person.ID, mail.MessageID)
}

// ownOrg finds the one organization for which a person opens cases.
func ownOrg(by identity.Principal) (string, error) {
	var ids []string
	for _, privilege := range by.Privileges {
		place := identity.Place{Scope: identity.OrgScope, OrgID: privilege.OrgID}
		if privilege.Scope == identity.OrgScope && by.May(identity.OpenCases, place) {
			ids = append(ids, privilege.OrgID)
		}
	}
	switch len(ids) {
	case 0:
		return "", refuse(NoOrg, "the sender opens cases for no organization")
	case 1:
		return ids[0], nil
	}
	return "", refuse(ManyOrgs, "the sender opens cases for %d organizations; a mail to support+<organization id>@… names one", len(ids))
}

// shown is as much of a mail's text as a case shows; origin keeps the whole of a longer one as a file.
func shown(text string) string {
	const more = "\n[…]"
	switch {
	case text == "":
		return "(no text)"
	case tooLong(text):
		return string([]rune(text)[:MaxText-utf8.RuneCountInString(more)]) + more
	}
	return text
}

func tooLong(text string) bool { return utf8.RuneCountInString(text) > MaxText }

// notTaken sorts the faults of a commit: what comes from the mail itself keeps it out, a mail
// that was seen before is done, and anything else is tried again later.
func (d *Desk) notTaken(err error, from origin, caseID string) (Outcome, error) {
	for _, write := range from.writes {
		if table.ConflictAt(err, write.Item.Key) {
			return Outcome{Kind: "duplicate", CaseID: caseID}, nil
		}
	}
	if found, ok := errors.AsType[*fault.Error](err); ok && found.Present == 0 { // a lost race is tried again
		switch found.Code {
		case fault.NotFound, fault.Forbidden:
			return Outcome{}, refuse(NotPermitted, "%s", found.Message)
		case fault.Invalid:
			return Outcome{}, refuse(Unreadable, "%s", found.Message)
		case fault.Conflict, fault.TooLarge:
			return Outcome{}, refuse(TooMuch, "%s", found.Message)
		}
	}
	return Outcome{}, err
}

// origin stores a mail's attachments and makes the note by which the mail is known when it comes again.
func (d *Desk) origin(ctx context.Context, by identity.Principal, mail Mail, orgID, destination string) (origin, error) {
	if _, err := d.tenants.Org(ctx, by, orgID, identity.OpenCases); err != nil {
		return d.refuseOrigin(err)
	}
	hash := mail.hash(destination)
	item, err := change.Encode(table.Key{Partition: "ORG#" + orgID, Sort: mailSort + hash}, map[string]string{"id": mail.ID})
	if err != nil {
		return origin{}, err
	}
	item.Expires = d.journal.Now().Add(seenFor).Unix()
	from := origin{
		action: "mail.receive", writes: []table.Write{table.Create(item)}, automatic: mail.Automatic, rawKey: mail.RawKey,
	}
	attachments := mail.Attachments
	if tooLong(mail.Text) {
		attachments = append(slices.Clip(attachments), MailAttachment{Name: "mail.txt", ContentType: "text/plain", Content: []byte(mail.Text)})
	} else if mail.Reply != mail.Text {
		from.whole = mail.Text
	}
	if len(mail.Attachments) > maxMailFiles {
		return origin{}, refuse(TooMuch, "the mail has %d attachments, more than %d", len(mail.Attachments), maxMailFiles)
	}
	for i, attachment := range attachments {
		// The key is the same when the mail comes again, so that no copy is left over.
		key := fmt.Sprintf("attachments/%s/%s-%d", orgID, hash[:40], i)
		file, err := d.putFile(ctx, d.journal.NewID(), key, attachment.Name, attachment.ContentType, bytes.NewReader(attachment.Content))
		if fault.Is(err, fault.TooLarge) {
			return origin{}, refuse(TooMuch, "the attachment %s is larger than %d MiB", SafeName(attachment.Name), MaxFileBytes>>20)
		}
		if err != nil {
			return origin{}, err
		}
		file.Inline = attachment.Inline
		from.files = append(from.files, file)
	}
	return from, nil
}

// maxMailFiles is how many attachments one mail can have; with the other writes they fit one transaction.
const maxMailFiles = 60

func (d *Desk) refuseOrigin(err error) (origin, error) {
	_, err = d.notTaken(err, origin{}, "")
	return origin{}, err
}

// hash names a mail by where it goes, its sender, its id and its content. The content counts because some filters give
// different mails the same id; what is added on the way (Received and the like) does not.
func (m Mail) hash(destination string) string {
	sum := sha256.New()
	for _, part := range []string{destination, m.From, m.MessageID, m.Subject, m.Text} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	for _, attachment := range m.Attachments {
		content := sha256.Sum256(attachment.Content)
		fmt.Fprintf(sum, "%d:%s%x", len(attachment.Name), attachment.Name, content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

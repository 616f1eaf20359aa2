package support

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxMailFiles is how many attachments one mail can have, where few people are told of it.
	maxMailFiles = 60
	// otherWrites is how many writes a mail causes at the most beside its files, its pictures and what people are told.
	otherWrites = 32
	// maxPictures is how many pictures of one mail are made known by their content.
	maxPictures = 10
)

// room is how many files and pictures fit the transaction with a mail of which so many people are told.
func room(told int) int { return table.MaxWrites - otherWrites - told }

// most is how many people are told at the most of what happens to the case.
func (c Case) most() int {
	told := 2 + len(c.Watchers) + len(c.CC)
	if c.Assignee == nil {
		told += MaxDeskIDs
	}
	return told
}

// fits refuses a mail whose attachments do not fit the transaction.
func (m Mail) fits(told int) error {
	if files, most := len(m.Attachments), min(maxMailFiles, room(told)-1); files > most {
		return refuse(TooMuch, "the mail has %d attachments, more than %d", files, most)
	}
	return nil
}

// origin stores a mail's attachments and makes the note by which the mail is known when it comes again. Pictures of the text that
// the case has already are not stored again.
func (d *Desk) origin(ctx context.Context, mail Mail, orgID, destination string, pictures map[string]File) (origin, error) {
	hash := mail.hash(destination)
	item, err := change.Encode(table.Key{Partition: "ORG#" + orgID, Sort: mailSort + hash}, map[string]string{"id": mail.ID})
	if err != nil {
		return origin{}, err
	}
	item.Expires = d.journal.Now().Add(seenFor).Unix()
	from := origin{
		action: "mail.receive", writes: []table.Write{table.Create(item)}, seen: item.Key, automatic: mail.Automatic, rawKey: mail.RawKey,
	}
	attachments := mail.Attachments
	if tooLong(mail.Text) {
		attachments = append(slices.Clip(attachments), MailAttachment{Name: "mail.txt", ContentType: "text/plain", Content: []byte(mail.Text)})
	} else if mail.Reply != mail.Text {
		from.whole = mail.Text
	}
	already := map[string]bool{}
	for i, attachment := range attachments {
		if attachment.Inline {
			sum := attachment.sum()
			known, stored := pictures[sum]
			if stored && !already[sum] {
				from.repeated = append(from.repeated, known)
			}
			if stored || already[sum] {
				already[sum] = true
				continue
			}
			already[sum] = true
		}
		// The key is the same when the mail comes again, so that no copy is left over.
		key := fmt.Sprintf("attachments/%s/%s-%d", orgID, hash[:40], i)
		file, err := d.putFile(ctx, d.journal.NewID(), key, attachment.Name, attachment.ContentType, bytes.NewReader(attachment.Content))
		if fault.Is(err, fault.TooLarge) {
			return origin{}, refuse(TooMuch, "the attachment %s is larger than %d MiB", SafeName(attachment.Name), MaxFileBytes>>20)
		}
		if err != nil {
			return origin{}, err
		}
		if file.Inline = attachment.Inline; attachment.Suspicious {
			file = file.suspect()
		}
		from.files = append(from.files, file)
	}
	return from, nil
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

func (a MailAttachment) sum() string {
	sum := sha256.Sum256(a.Content)
	return hex.EncodeToString(sum[:])
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

// countMail makes the writes that go with every mail that is taken in: it counts for its sender, and is known by its id.
func (d *Desk) countMail(mail Mail, k known, where Reference, note bool) ([]table.Write, error) {
	counted, err := k.sender.write(d.journal.Now())
	if err != nil {
		return nil, err
	}
	writes := []table.Write{counted}
	// An id of our own domain is not the sender's to give: it would stand in the way of ours.
	if !usableID(mail.MessageID) || strings.EqualFold(domainPart(mail.MessageID), d.mailDomain) || k.items[messageKey(mail.MessageID)].Version > 0 {
		return writes, nil
	}
	item, err := d.record(mail.MessageID, mailRecord{OrgID: where.OrgID, CaseID: where.CaseID, Note: note})
	return append(writes, table.Create(item)), err
}

package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

const (
	// maxMailFiles is the maximum number of attachments of one mail.
	maxMailFiles = 60
	// otherWrites is the maximum number of writes for a mail besides its files and pictures.
	otherWrites = 37
	// maxPictures is the maximum number of pictures of a mail indexed by their content.
	maxPictures = 10
)

// room is the number of files and pictures that fit in the transaction of a mail.
const room = table.MaxWrites - otherWrites

// fitted refuses a mail whose attachments do not fit in the transaction. If an operator overruled
// that, it removes the attachments that do not fit.
func (m Mail) fitted() (Mail, error) {
	files, most := len(m.Attachments), min(maxMailFiles, room-1)
	if files <= most {
		return m, nil
	}
	if !overruled(m.Mail, TooMuch) {
		return m, refuse(TooMuch, "the mail has %d attachments, more than %d", files, most)
	}
	return m.without(m.Attachments[most:], "there is room for %d files", most), nil
}

// withoutOversized returns the mail without files that are too large for a case. The text names
// them, and the raw mail contains them.
func (m Mail) withoutOversized() Mail {
	var large []MailAttachment
	for _, file := range m.Attachments {
		if len(file.Content) > attachment.MaxFileBytes {
			large = append(large, file)
		}
	}
	if len(large) == 0 {
		return m
	}
	return m.without(large, "a file may have %d MiB", attachment.MaxFileBytes>>20)
}

// without returns the mail without some of its files, which are named in its text.
func (m Mail) without(leftOut []MailAttachment, why string, arguments ...any) Mail {
	var names []string
	for _, file := range leftOut {
		names = append(names, fmt.Sprintf("%s (%s)", attachment.SafeName(file.Name), size(len(file.Content))))
	}
	m = m.remarked(fmt.Sprintf("Left out, because %s: %s", fmt.Sprintf(why, arguments...), strings.Join(names, ", ")))
	m.Attachments = slices.DeleteFunc(slices.Clone(m.Attachments), func(file MailAttachment) bool {
		return slices.ContainsFunc(leftOut, func(other MailAttachment) bool {
			return other.Name == file.Name && len(other.Content) == len(file.Content)
		})
	})
	return m
}

// size formats a number of bytes.
func size(bytes int) string {
	const kib, mib = 1 << 10, 1 << 20
	if bytes >= mib {
		return fmt.Sprintf("%.1f MiB", float64(bytes)/mib)
	}
	return fmt.Sprintf("%d KiB", (bytes+kib-1)/kib)
}

// origin stores the attachments of a mail and prepares the record that identifies the mail if it
// arrives again. It does not store inline pictures that the case already has.
func (s *Service) origin(
	ctx context.Context, mail Mail, orgID, destination string, pictures map[string]attachment.File,
) (support.Origin, error) {
	hash := mail.hash(destination)
	item, err := change.Encode(table.Key{Partition: "ORG#" + orgID, Sort: support.MailSort + hash},
		map[string]string{"id": mail.ID})
	if err != nil {
		return support.Origin{}, err
	}
	item.Expires = s.journal.Now().Add(seenFor).Unix()
	from := support.Origin{
		Action:    "mail.receive",
		Writes:    []table.Write{table.Create(item), flow.Count(flow.Accepted, s.journal.Now())},
		Seen:      item.Key,
		Automatic: mail.Automatic,
		NoReceipt: mail.List,
		RawKey:    mail.RawKey,
		RawSize:   mail.Size,
		Forced:    mail.light,
	}
	if mail.light {
		from.RawKey, from.RawSize = "", 0
	}
	attachments := mail.Attachments
	if tooLong(mail.Text) {
		attachments = append(slices.Clip(attachments),
			MailAttachment{Name: "mail.txt", ContentType: "text/plain", Content: []byte(mail.Text)})
	} else if mail.Reply != mail.Text {
		from.Whole = mail.Text
	}
	already := map[string]bool{}
	for i, sent := range attachments {
		if sent.Inline {
			sum := sent.sum()
			existing, stored := pictures[sum]
			if stored && !already[sum] {
				from.Repeated = append(from.Repeated, existing)
			}
			if stored || already[sum] {
				already[sum] = true
				continue
			}
			already[sum] = true
		}
		// The key is the same if the mail arrives again, so that no copy is left behind.
		key := fmt.Sprintf("attachments/%s/%s-%d", orgID, hash[:40], i)
		file, err := s.attachments.Store(ctx, s.journal.NewID(), key, sent.Name, sent.ContentType,
			bytes.NewReader(sent.Content))
		if fault.Is(err, fault.TooLarge) {
			return support.Origin{}, refuse(TooMuch, "the attachment %s is larger than %d MiB",
				attachment.SafeName(sent.Name), attachment.MaxFileBytes>>20)
		}
		if err != nil {
			return support.Origin{}, err
		}
		if file.Inline = sent.Inline; sent.Suspicious {
			file = file.Suspect()
		}
		from.Files = append(from.Files, file)
	}
	return from, nil
}

// hash identifies a mail by its destination, sender, message ID and content. The content is
// included because some filters give different mails the same ID; headers added in transit, such as
// Received, are not. Mails without ID and date are different if they arrive on different days.
func (m Mail) hash(destination string) string {
	if m.original != nil {
		return m.original.hash(destination)
	}
	sum := sha256.New()
	if m.Undated {
		destination += time.Unix(m.Time, 0).UTC().Format(" 2006-01-02")
	}
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

// shown returns the part of a mail's text that a case shows; origin stores the full text of a
// longer mail as a file.
func shown(text string) string {
	const more = "\n[…]"
	switch {
	case text == "":
		return "(no text)"
	case tooLong(text):
		return string([]rune(text)[:desk.MaxText-utf8.RuneCountInString(more)]) + more
	}
	return text
}

func tooLong(text string) bool { return utf8.RuneCountInString(text) > desk.MaxText }

// countMail returns the writes common to all accepted mails: the rate of the sender, and the record
// of the message ID.
func (s *Service) countMail(mail Mail, k known, where support.Reference, note bool) ([]table.Write, error) {
	counted, err := k.sender.write(s.journal.Now())
	if err != nil {
		return nil, err
	}
	writes := []table.Write{counted}
	// Ignore IDs in our own domain, which would collide with ours.
	if !mailthread.UsableID(mail.MessageID) || strings.EqualFold(domainPart(mail.MessageID), s.mailDomain) ||
		k.items[mailthread.MessageKey(mail.MessageID)].Version > 0 {
		return writes, nil
	}
	item, err := s.threads.Record(mail.MessageID,
		mailthread.MailRecord{OrgID: where.OrgID, CaseID: where.CaseID, Note: note})
	return append(writes, table.Create(item), table.Create(mailthread.Listed(item, where))), err
}

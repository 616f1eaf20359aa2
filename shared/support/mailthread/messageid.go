package mailthread

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// MailRecord is what is stored about a mail under its Message-ID: the case it was about. A reply
// that lost its address finds the case this way. The record does not say who may write to the case.
type MailRecord struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// Own is set for mail we sent, Root for the artificial ID that all mails of a case refer to,
	// Note if the mail was, or was about, an internal note.
	Own  bool `json:"own,omitempty"`
	Root bool `json:"root,omitempty"`
	Note bool `json:"note,omitempty"`
}

const (
	// maxMessageID is the maximum length of an ID that is stored or looked up.
	maxMessageID = 250
	// recordedFor is how long mails are remembered: longer than a closed case can be reopened.
	recordedFor = 400 * 24 * time.Hour
	// recordedAnew is the age at which the record of a case's root is renewed, so that it lasts as
	// long as there is mail.
	recordedAnew  = recordedFor / 2
	messageSort   = "MARK#CASE"
	messagePrefix = "MESSAGE#"
)

// MessageKey returns the key of a mail's record. The partition is a hash, because IDs can be of any
// length.
func MessageKey(id string) table.Key {
	sum := sha256.Sum256([]byte(id))
	return table.Key{Partition: messagePrefix + hex.EncodeToString(sum[:20]), Sort: messageSort}
}

// listSort is the prefix of the sort keys of a case's list of its mails' records, by which they are found
// when it is purged.
const listSort = "MARK#MESSAGE#"

// Listed returns the item that lists a mail's record with its case.
func Listed(record table.Item, where support.Reference) table.Item {
	hash := strings.TrimPrefix(record.Partition, messagePrefix)
	return table.Item{
		Key: support.CaseKey(where.OrgID, where.CaseID, listSort+hash), Data: []byte("{}"), Expires: record.Expires,
	}
}

// RecordsOf returns the keys of the mails' records that an item of a case's partition names: an entry of
// the list of them, or somebody's thread.
func RecordsOf(item table.Item) ([]table.Key, error) {
	if hash, ok := strings.CutPrefix(item.Sort, listSort); ok {
		return []table.Key{{Partition: messagePrefix + hash, Sort: messageSort}}, nil
	}
	if !strings.HasPrefix(item.Sort, support.ThreadMark) {
		return nil, nil
	}
	var thread MailThread
	if err := change.Decode(item, &thread); err != nil {
		return nil, err
	}
	keys := make([]table.Key, len(thread.IDs))
	for i, id := range thread.IDs {
		keys[i] = MessageKey(id)
	}
	return keys, nil
}

// RootKey returns the key of the record of a case's root.
func (s *Service) RootKey(c support.Case) table.Key { return MessageKey(s.rootOf(c.ID)) }

// UsableID reports whether a Message-ID is stored and looked up: it is not empty and not too long.
func UsableID(id string) bool { return id != "" && len(id) <= maxMessageID }

// Record returns the item of a mail's record.
func (s *Service) Record(id string, record MailRecord) (table.Item, error) {
	item, err := change.Encode(MessageKey(id), record)
	item.Expires = s.journal.Now().Add(recordedFor).Unix()
	return item, err
}

// RootID returns the artificial message ID that is first in the References of every mail about a
// case, so that mail programs show them as one thread whatever happens to the other IDs.
func (s *Service) RootID(c support.Case) string { return s.rootOf(c.ID) }

func (s *Service) rootOf(caseID string) string {
	return fmt.Sprintf("case-%s@%s", caseID, s.mailDomain)
}

// MailThread are the latest mails exchanged with one person about a case.
type MailThread struct {
	IDs []string `json:"ids"`
	// Notified is the latest revision of the case that the person was notified of.
	Notified int64 `json:"notified,omitempty"`
}

// threadLength is how many mails of a thread are remembered: as many as a References header should
// have.
const threadLength = 6

// With returns the thread with one more id at its end; the oldest ones drop out.
func (t MailThread) With(id string) MailThread {
	ids := append(slices.Clip(t.IDs), id)
	return MailThread{IDs: ids[max(0, len(ids)-threadLength):], Notified: t.Notified}
}

// SentMail is a mail that was sent to a person about a case.
type SentMail struct {
	OrgID, CaseID, UserID string
	MessageID             string
	// Note is set if the mail was about an internal note.
	Note bool
	// Revision is the latest revision of the case that the mail was about; 0 if it is not known.
	Revision int64
}

// Sent records a mail: the recipient's next mail refers to it, its ID identifies a reply, and the
// recipient is not notified of the same revisions again.
func (s *Service) Sent(ctx context.Context, mail SentMail) error {
	threadKey := support.CaseKey(mail.OrgID, mail.CaseID, support.ThreadMark+mail.UserID)
	root := s.rootOf(mail.CaseID)
	where := support.Reference{OrgID: mail.OrgID, CaseID: mail.CaseID}
	keys := []table.Key{threadKey}
	if UsableID(mail.MessageID) {
		own := table.Item{Key: MessageKey(mail.MessageID)}
		keys = append(keys, own.Key, MessageKey(root), Listed(own, where).Key)
	}
	return s.journal.MarkAll(ctx, keys, func(items []table.Item) ([]table.Item, error) {
		marks, err := mail.threadMark(items[0], threadKey)
		if err != nil || len(items) == 1 {
			return marks, err
		}
		record := MailRecord{OrgID: mail.OrgID, CaseID: mail.CaseID, Own: true}
		if items[1].Version == 0 {
			record := record
			record.Note = mail.Note
			item, err := s.Record(mail.MessageID, record)
			if err != nil {
				return nil, err
			}
			listed := Listed(item, where)
			listed.Version = items[3].Version
			marks = append(marks, item, listed)
		}
		if items[2].Version == 0 || items[2].Expires < s.journal.Now().Add(recordedAnew).Unix() {
			record.Root = true
			item, err := s.Record(root, record)
			if err != nil {
				return nil, err
			}
			item.Version = items[2].Version
			marks = append(marks, item)
		}
		return marks, nil
	})
}

// threadMark returns the item of the recipient's thread with the mail added; none if it has the
// mail already.
func (m SentMail) threadMark(stored table.Item, key table.Key) ([]table.Item, error) {
	var thread MailThread
	if stored.Version > 0 {
		if err := change.Decode(stored, &thread); err != nil {
			return nil, err
		}
	}
	known := !UsableID(m.MessageID) || slices.Contains(thread.IDs, m.MessageID)
	if known && thread.Notified >= m.Revision {
		return nil, nil
	}
	if !known {
		thread = thread.With(m.MessageID)
	}
	thread.Notified = max(thread.Notified, m.Revision)
	item, err := change.Encode(key, thread)
	item.Version = stored.Version
	return []table.Item{item}, err
}

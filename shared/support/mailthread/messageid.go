package mailthread

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
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
	recordedAnew = recordedFor / 2
	messageSort  = "MARK#CASE"
)

// MessageKey returns the key of a mail's record. The partition is a hash, because IDs can be of any
// length.
func MessageKey(id string) table.Key {
	sum := sha256.Sum256([]byte(id))
	return table.Key{Partition: "MESSAGE#" + hex.EncodeToString(sum[:20]), Sort: messageSort}
}

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
}

// threadLength is how many mails of a thread are remembered: as many as a References header should
// have.
const threadLength = 6

// With returns the thread with one more id at its end; the oldest ones drop out.
func (t MailThread) With(id string) MailThread {
	ids := append(slices.Clip(t.IDs), id)
	return MailThread{IDs: ids[max(0, len(ids)-threadLength):]}
}

// Sent records the message ID of a notice's mail: the recipient's next mail refers to it, and it
// identifies a reply.
func (s *Service) Sent(ctx context.Context, notice support.Notice, messageID string) error {
	if !UsableID(messageID) {
		return nil
	}
	threadKey := support.CaseKey(notice.OrgID, notice.CaseID, support.ThreadMark+notice.UserID)
	root := s.rootOf(notice.CaseID)
	return s.journal.MarkAll(
		ctx,
		[]table.Key{threadKey, MessageKey(messageID), MessageKey(root)},
		func(items []table.Item) ([]table.Item, error) {
			var marks []table.Item
			var thread MailThread
			if items[0].Version > 0 {
				if err := change.Decode(items[0], &thread); err != nil {
					return nil, err
				}
			}
			if !slices.Contains(thread.IDs, messageID) {
				item, err := change.Encode(threadKey, thread.With(messageID))
				if err != nil {
					return nil, err
				}
				item.Version = items[0].Version
				marks = append(marks, item)
			}
			where := MailRecord{OrgID: notice.OrgID, CaseID: notice.CaseID, Own: true}
			if items[1].Version == 0 {
				where := where
				where.Note = notice.Internal
				item, err := s.Record(messageID, where)
				if err != nil {
					return nil, err
				}
				marks = append(marks, item)
			}
			if items[2].Version == 0 || items[2].Expires < s.journal.Now().Add(recordedAnew).Unix() {
				where.Root = true
				item, err := s.Record(root, where)
				if err != nil {
					return nil, err
				}
				item.Version = items[2].Version
				marks = append(marks, item)
			}
			return marks, nil
		},
	)
}

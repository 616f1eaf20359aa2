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

// MailRecord is what is known of a mail by its Message-ID: on which case it was. An answer that has
// lost its address finds the case by it. It says nothing about who may write there.
type MailRecord struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// Own is set for what we sent, Root for the made-up id that stands first in all mails of a
	// case, Note where the mail was about an internal note, or is one.
	Own  bool `json:"own,omitempty"`
	Root bool `json:"root,omitempty"`
	Note bool `json:"note,omitempty"`
}

const (
	// maxMessageID is how long an id is at the most that is kept or looked for.
	maxMessageID = 250
	// recordedFor is how long mails are known: longer than a closed case can be opened again.
	recordedFor = 400 * 24 * time.Hour
	// recordedAnew is when the record of a case's root is written anew, so that it lasts as long as
	// there is mail.
	recordedAnew = recordedFor / 2
	messageSort  = "MARK#CASE"
)

// messageKey is that of a mail's record. The partition is a hash, as ids are as long as their
// writers like.
func MessageKey(id string) table.Key {
	sum := sha256.Sum256([]byte(id))
	return table.Key{Partition: "MESSAGE#" + hex.EncodeToString(sum[:20]), Sort: messageSort}
}

func UsableID(id string) bool { return id != "" && len(id) <= maxMessageID }

// Record makes the item of a mail's record.
func (s *Service) Record(id string, record MailRecord) (table.Item, error) {
	item, err := change.Encode(MessageKey(id), record)
	item.Expires = s.journal.Now().Add(recordedFor).Unix()
	return item, err
}

// RootID is the made-up message id that stands first in the References of every mail about a
// case, so that mail programs show them together whatever happens to the other ids.
func (s *Service) RootID(c support.Case) string { return s.rootOf(c.ID) }

func (s *Service) rootOf(caseID string) string {
	return fmt.Sprintf("case-%s@%s", caseID, s.mailDomain)
}

// MailThread is the latest mails exchanged with one person about a case.
type MailThread struct {
	IDs []string `json:"ids"`
}

// threadLength is how many mails of a thread are kept: what a References header should hold.
const threadLength = 6

func (t MailThread) With(id string) MailThread {
	ids := append(slices.Clip(t.IDs), id)
	return MailThread{IDs: ids[max(0, len(ids)-threadLength):]}
}

// Sent notes under which id the mail of a notice went out: the recipient's next one refers to it,
// and an answer is known by it.
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
			var made []table.Item
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
				made = append(made, item)
			}
			where := MailRecord{OrgID: notice.OrgID, CaseID: notice.CaseID, Own: true}
			if items[1].Version == 0 {
				where := where
				where.Note = notice.Internal
				item, err := s.Record(messageID, where)
				if err != nil {
					return nil, err
				}
				made = append(made, item)
			}
			if items[2].Version == 0 || items[2].Expires < s.journal.Now().Add(recordedAnew).Unix() {
				where.Root = true
				item, err := s.Record(root, where)
				if err != nil {
					return nil, err
				}
				item.Version = items[2].Version
				made = append(made, item)
			}
			return made, nil
		},
	)
}

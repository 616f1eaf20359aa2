package support

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// mailRecord is what is known of a mail by its Message-ID: on which case it was. An answer that has lost its address finds the
// case by it. It says nothing about who may write there.
type mailRecord struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// Own is set for what we sent, Root for the made-up id that stands first in all mails of a case, Note where
	// the mail was about an internal note, or is one.
	Own  bool `json:"own,omitempty"`
	Root bool `json:"root,omitempty"`
	Note bool `json:"note,omitempty"`
}

const (
	// maxMessageID is how long an id is at the most that is kept or looked for.
	maxMessageID = 250
	// recordedFor is how long mails are known: longer than a closed case can be opened again.
	recordedFor = 400 * 24 * time.Hour
	// recordedAnew is when the record of a case's root is written anew, so that it lasts as long as there is mail.
	recordedAnew = recordedFor / 2
	messageSort  = "MARK#CASE"
)

// messageKey is that of a mail's record. The partition is a hash, as ids are as long as their writers like.
func messageKey(id string) table.Key {
	sum := sha256.Sum256([]byte(id))
	return table.Key{Partition: "MESSAGE#" + hex.EncodeToString(sum[:20]), Sort: messageSort}
}

func usableID(id string) bool { return id != "" && len(id) <= maxMessageID }

// record makes the item of a mail's record.
func (d *Desk) record(id string, what mailRecord) (table.Item, error) {
	item, err := change.Encode(messageKey(id), what)
	item.Expires = d.journal.Now().Add(recordedFor).Unix()
	return item, err
}

// rootID is the made-up message id that stands first in the References of every mail about a
// case, so that mail programs show them together whatever happens to the other ids.
func (d *Desk) rootID(c Case) string { return d.rootOf(c.ID) }

func (d *Desk) rootOf(caseID string) string { return fmt.Sprintf("case-%s@%s", caseID, d.mailDomain) }

// mailThread is the latest mails exchanged with one person about a case.
type mailThread struct {
	IDs []string `json:"ids"`
}

// threadLength is how many mails of a thread are kept: what a References header should hold.
const threadLength = 6

func (t mailThread) with(id string) mailThread {
	ids := append(slices.Clip(t.IDs), id)
	return mailThread{IDs: ids[max(0, len(ids)-threadLength):]}
}

// Sent notes under which id the mail of a notice went out: the recipient's next one refers to it, and an answer is known by it.
func (d *Desk) Sent(ctx context.Context, notice Notice, messageID string) error {
	if !usableID(messageID) {
		return nil
	}
	threadKey := caseKey(notice.OrgID, notice.CaseID, threadMark+notice.UserID)
	root := d.rootOf(notice.CaseID)
	return d.journal.MarkAll(ctx, []table.Key{threadKey, messageKey(messageID), messageKey(root)}, func(items []table.Item) ([]table.Item, error) {
		var made []table.Item
		var thread mailThread
		if items[0].Version > 0 {
			if err := change.Decode(items[0], &thread); err != nil {
				return nil, err
			}
		}
		if !slices.Contains(thread.IDs, messageID) {
			item, err := change.Encode(threadKey, thread.with(messageID))
			if err != nil {
				return nil, err
			}
			item.Version = items[0].Version
			made = append(made, item)
		}
		where := mailRecord{OrgID: notice.OrgID, CaseID: notice.CaseID, Own: true}
		if items[1].Version == 0 {
			where := where
			where.Note = notice.Internal
			item, err := d.record(messageID, where)
			if err != nil {
				return nil, err
			}
			made = append(made, item)
		}
		if items[2].Version == 0 || items[2].Expires < d.journal.Now().Add(recordedAnew).Unix() {
			where.Root = true
			item, err := d.record(root, where)
			if err != nil {
				return nil, err
			}
			item.Version = items[2].Version
			made = append(made, item)
		}
		return made, nil
	})
}

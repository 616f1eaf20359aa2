package support

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// NoticeCase is the Kind of a Notice.
const NoticeCase = "case"

// Event is what happened to a case.
type Event string

// The events that people are notified of.
const (
	Created   Event = "created"
	Commented Event = "commented"
	Changed   Event = "changed"
	Attached  Event = "attached"
	// Warned and Breached notify agents that a promised time is running out, or has passed.
	Warned   Event = "warned"
	Breached Event = "breached"
	// Unassigned notifies agents that the assignee no longer works on the case.
	Unassigned Event = "unassigned"
	// AskRating asks the submitter to rate the help.
	AskRating Event = "ask_rating"
)

// Notice is the body of a message that makes the mail worker notify one person of an event on a
// case.
type Notice struct {
	Kind   string `json:"kind"`
	Event  Event  `json:"event"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// UserID is the recipient; ActorName is who caused the event.
	UserID    string `json:"user_id"`
	ActorName string `json:"actor_name"`
	// ActorSide is whose side the one who caused it is on; "" for the platform, and in messages of
	// earlier releases.
	ActorSide Side   `json:"actor_side,omitempty"`
	CommentID string `json:"comment_id,omitempty"`
	Internal  bool   `json:"internal,omitempty"`
	// NoReceipt is set if the author of a new case is not notified.
	NoReceipt bool `json:"no_receipt,omitempty"`
	// Fields are the changed fields.
	Fields   map[string]Difference `json:"fields,omitempty"`
	FileName string                `json:"file_name,omitempty"`
	// Promise is the service level target: "first_answer" or "solution".
	Promise string `json:"promise,omitempty"`
}

// Announcement is what a change of a case stores about whom to notify. It is committed with the
// change; the mail worker reads it and adds the recipients.
type Announcement struct {
	// ActorID is who made the change: a person, a participant without an account, or "" for
	// Tenantry itself.
	ActorID string   `json:"actor_id,omitempty"`
	Notices []Notice `json:"notices"`
	// Created is in microseconds since 1970.
	Created int64 `json:"created"`
	// Addressed is set once Recipients is filled in.
	Addressed  bool        `json:"addressed,omitempty"`
	Recipients []Recipient `json:"recipients,omitempty"`
}

// Recipient is a person to notify of a change.
type Recipient struct {
	// ID is the ID of a person or of a participant without an account.
	ID string `json:"id"`
	// Notices are the indexes of the recipient's notices in the announcement.
	Notices []int `json:"notices"`
	// Operator is set for an operator who is only notified that nobody else of the provider can be
	// reached. Operators do not see cases.
	Operator bool `json:"operator,omitempty"`
}

// NoticeTask is the body of a message about the announcement of one change, identified by Revision.
// Without UserID, the mail worker chooses the recipients; with UserID, it notifies that recipient.
type NoticeTask struct {
	Kind   string `json:"kind"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// Revision is Case.Stored after the change; notes increment it too.
	Revision int64  `json:"revision"`
	UserID   string `json:"user_id,omitempty"`
	// Alone limits the mail to this change. It is set once a mail about several changes was refused,
	// so that one change that cannot be mailed does not hold up the others.
	Alone bool `json:"alone,omitempty"`
}

// Message returns the queue message of the task.
func (t NoticeTask) Message() (queue.Message, error) {
	t.Kind = NoticeCase
	body, err := json.Marshal(t)
	return queue.Message{Queue: queue.MailSend, Group: "ORG#" + t.OrgID, Body: body}, err
}

// AnnouncementKey is the key of the announcement of the change that led to a revision of a case.
func AnnouncementKey(orgID, caseID string, revision int64) table.Key {
	return CaseKey(orgID, caseID, fmt.Sprintf("%s%012d", AnnouncementMark, revision))
}

// announcedFor is how long announcements are kept: longer than a message stays on its queue.
const announcedFor = 15 * 24 * time.Hour

// announce adds the announcement of a change and its task to a record, if there is anybody to
// notify. c is the case as stored.
func (s *Service) announce(record *change.Record, by identity.Principal, u Update, c Case) error {
	announcement := Announcement{ActorID: by.UserID, Created: s.journal.Now().UnixMicro(), Notices: u.notices()}
	if len(announcement.Notices) == 0 {
		return nil
	}
	item, err := change.Encode(AnnouncementKey(c.OrgID, c.ID, c.Stored), announcement)
	if err != nil {
		return err
	}
	item.Expires = s.journal.Now().Add(announcedFor).Unix()
	message, err := NoticeTask{OrgID: c.OrgID, CaseID: c.ID, Revision: c.Stored}.Message()
	record.Writes = append(record.Writes, table.Create(item))
	record.Messages = append(record.Messages, message)
	return err
}

// notices returns the notices of a change.
func (u Update) notices() []Notice {
	var notices []Notice
	if u.Notice.Event != "" {
		notices = append(notices, u.Notice)
	}
	notices = append(notices, u.also...)
	if u.askedNow() {
		notices = append(notices, Notice{Event: AskRating, ActorName: PlatformPrincipal().Name()})
	}
	return notices
}

// AnnouncedRevision returns the revision that an announcement's key names.
func AnnouncedRevision(key table.Key) (int64, error) {
	revision, err := strconv.ParseInt(strings.TrimPrefix(key.Sort, AnnouncementMark), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("support: %q is not the key of an announcement: %w", key.Sort, err)
	}
	return revision, nil
}

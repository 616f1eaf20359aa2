package notification

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

const (
	// maxPending is the maximum number of changes that one mail is about.
	maxPending = 50
	// maxCollected is the maximum time for which successive changes are collected before they are
	// sent.
	maxCollected = time.Minute
)

// ErrUnreachable is the cause of the fault that Pending returns if the recipient can no longer be
// notified: AddressAgain looks for somebody else.
var ErrUnreachable = errors.New("the recipient can no longer be notified")

// Pending returns the notification of everything that a recipient has not been notified of, in the
// order of the changes. It returns a fault of code NotFound if there is nothing to send: the
// recipient must not be notified any more, was notified already, or will be by the task of a later
// change.
func (s *Service) Pending(ctx context.Context, task support.NoticeTask) (Notification, error) {
	announcement, recipient, err := s.recipientOf(ctx, task)
	if err != nil {
		return Notification{}, err
	}
	if recipient.Operator {
		return s.unattended(ctx, task)
	}
	r, err := s.open(ctx, task.OrgID, task.CaseID, task.UserID)
	if fault.Is(err, fault.NotFound) {
		return Notification{}, fault.Wrap(ErrUnreachable, fault.NotFound, "The recipient cannot be notified.")
	}
	if err != nil {
		return Notification{}, err
	}
	if task.Alone {
		return s.compose(ctx, r, pending{notices: noticesOf(announcement, recipient)})
	}
	if r.thread.Notified >= task.Revision {
		return Notification{}, fault.Missing()
	}
	found, err := s.pendingOf(ctx, task, r.thread.Notified)
	if err != nil {
		return Notification{}, err
	}
	return s.compose(ctx, r, found)
}

// noticesOf returns a recipient's notices of an announcement.
func noticesOf(announcement support.Announcement, recipient support.Recipient) []support.Notice {
	notices := make([]support.Notice, len(recipient.Notices))
	for i, at := range recipient.Notices {
		notices[i] = announcement.Notices[at]
	}
	return notices
}

// recipientOf reads the announcement of a task's change, and the task's recipient in it.
func (s *Service) recipientOf(
	ctx context.Context, task support.NoticeTask,
) (support.Announcement, support.Recipient, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		support.CaseKey(task.OrgID, task.CaseID, support.CaseSort),
		support.AnnouncementKey(task.OrgID, task.CaseID, task.Revision),
	})
	if err != nil {
		return support.Announcement{}, support.Recipient{}, err
	}
	announcement, err := decodeAnnouncement(items[0], items[1])
	if err != nil {
		return support.Announcement{}, support.Recipient{}, err
	}
	recipient, found := recipientIn(announcement, task.UserID)
	if !found {
		return support.Announcement{}, support.Recipient{}, fault.Missing()
	}
	return announcement, recipient, nil
}

// decodeAnnouncement reads the announcement of a change of a case. It returns a fault of code NotFound
// if the case is gone, and one of code Invalid if the announcement alone has expired, so that a
// message that is replayed too late does not vanish.
func decodeAnnouncement(c, announced table.Item) (support.Announcement, error) {
	var announcement support.Announcement
	switch {
	case c.Version == 0:
		return announcement, fault.Missing()
	case announced.Version == 0:
		return announcement, fault.New(fault.Invalid,
			"The change is too old to notify of: what is needed for that is kept for 15 days.")
	}
	return announcement, change.Decode(announced, &announcement)
}

func recipientIn(announcement support.Announcement, userID string) (support.Recipient, bool) {
	at := slices.IndexFunc(announcement.Recipients, func(r support.Recipient) bool { return r.ID == userID })
	if at < 0 {
		return support.Recipient{}, false
	}
	return announcement.Recipients[at], true
}

// pending are a recipient's notices that are to be sent together.
type pending struct {
	notices []support.Notice
	// revisions are the changes that they are about, oldest first.
	revisions []int64
	// more is set if there are further notices.
	more bool
}

// pendingOf reads a recipient's notices after a revision, oldest first, at most those of maxPending
// changes. It returns a fault of code NotFound if the task of a later change sends them.
func (s *Service) pendingOf(ctx context.Context, task support.NoticeTask, after int64) (pending, error) {
	query := table.WithPrefix(
		table.Core, support.CasePartition(task.OrgID, task.CaseID), support.AnnouncementMark,
	)
	query.From = support.AnnouncementKey(task.OrgID, task.CaseID, after+1).Sort
	var found pending
	var oldest int64
	for {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return pending{}, err
		}
		for _, item := range page.Items {
			revision, err := support.AnnouncedRevision(item.Key)
			if err != nil {
				return pending{}, err
			}
			var announcement support.Announcement
			if err := change.Decode(item, &announcement); err != nil {
				return pending{}, err
			}
			if !announcement.Addressed {
				if revision > task.Revision { // its own task sends it, and what follows
					return found, found.leave(task, oldest, s.journal.Now())
				}
				earlier := support.NoticeTask{OrgID: task.OrgID, CaseID: task.CaseID, Revision: revision}
				if announcement.Recipients, err = s.Address(ctx, earlier); err != nil {
					return pending{}, err
				}
			}
			recipient, concerned := recipientIn(announcement, task.UserID)
			if !concerned {
				continue
			}
			if found.more = len(found.revisions) == maxPending; found.more {
				return found, nil // too many to wait for others
			}
			if oldest == 0 {
				oldest = announcement.Created
			}
			found.notices = append(found.notices, noticesOf(announcement, recipient)...)
			found.revisions = append(found.revisions, revision)
		}
		if query.After = page.Next; page.Next == "" {
			return found, found.leave(task, oldest, s.journal.Now())
		}
	}
}

// leave returns a fault of code NotFound if the task of a later change is to send the notices.
func (p pending) leave(task support.NoticeTask, oldest int64, now time.Time) error {
	if len(p.revisions) > 0 && p.revisions[len(p.revisions)-1] > task.Revision &&
		now.Sub(time.UnixMicro(oldest)) < maxCollected {
		return fault.Missing()
	}
	return nil
}

// unattended returns the notification that tells an operator that nobody else of the provider can
// be notified of a case. It contains nothing that operators may not see.
func (s *Service) unattended(ctx context.Context, task support.NoticeTask) (Notification, error) {
	person, err := s.accounts.Person(ctx, task.UserID)
	if err != nil {
		return Notification{}, err
	}
	if !isReachableOperator(person) {
		return Notification{}, fault.Missing()
	}
	org, err := s.tenants.Org(ctx, person.Principal("mail", ""), task.OrgID, identity.SeeOrg)
	if err != nil {
		return Notification{}, err
	}
	c, err := s.cases.Find(ctx, task.OrgID, task.CaseID, "case_id")
	if err != nil {
		return Notification{}, err
	}
	return Notification{
		Entries:   []Entry{{}},
		Recipient: person,
		Case:      support.Case{ID: c.ID, OrgID: c.OrgID, MSPID: c.MSPID, Number: c.Number},
		OrgName:   org.Name, Sender: "Tenantry", Reason: Unattended,
		From: s.threads.SupportAddress(), Root: s.threads.RootID(c),
	}, nil
}

package notification

import (
	"context"
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

// Pending returns the notification of everything that a recipient has not been notified of, up to
// the change of the task. It returns a fault of code NotFound if there is nothing to send: the
// recipient must no longer be notified, was notified already, or will be notified by the task of a
// later change.
func (s *Service) Pending(ctx context.Context, task support.NoticeTask) (Notification, error) {
	recipient, err := s.recipientOf(ctx, task)
	if err != nil {
		return Notification{}, err
	}
	if recipient.Operator {
		return s.unattended(ctx, task)
	}
	r, err := s.open(ctx, task.OrgID, task.CaseID, task.UserID)
	if err != nil {
		return Notification{}, err
	}
	if r.thread.Notified >= task.Revision {
		return Notification{}, fault.Missing()
	}
	notices, latest, err := s.pendingNotices(ctx, task, r.thread.Notified)
	if err != nil {
		return Notification{}, err
	}
	return s.compose(ctx, r, notices, latest)
}

// recipientOf reads the recipient of a task from the announcement.
func (s *Service) recipientOf(ctx context.Context, task support.NoticeTask) (support.Recipient, error) {
	items, err := s.journal.BatchGet(
		ctx, []table.Key{support.AnnouncementKey(task.OrgID, task.CaseID, task.Revision)},
	)
	if err != nil {
		return support.Recipient{}, err
	}
	if items[0].Version == 0 {
		return support.Recipient{}, fault.Missing()
	}
	var announcement support.Announcement
	if err := change.Decode(items[0], &announcement); err != nil {
		return support.Recipient{}, err
	}
	recipient, ok := recipientIn(announcement, task.UserID)
	if !ok {
		return support.Recipient{}, fault.Missing()
	}
	return recipient, nil
}

func recipientIn(announcement support.Announcement, userID string) (support.Recipient, bool) {
	at := slices.IndexFunc(announcement.Recipients, func(r support.Recipient) bool { return r.ID == userID })
	if at < 0 {
		return support.Recipient{}, false
	}
	return announcement.Recipients[at], true
}

// pendingNotices reads a recipient's notices after a revision, oldest first, and the latest
// revision that they are about. It returns none if the task of a later change sends them.
func (s *Service) pendingNotices(
	ctx context.Context, task support.NoticeTask, after int64,
) ([]support.Notice, int64, error) {
	query := table.WithPrefix(
		table.Core, support.CasePartition(task.OrgID, task.CaseID), support.AnnouncementMark,
	)
	query.Limit, query.Descending = maxPending, true
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return nil, 0, err
	}
	slices.Reverse(page.Items)
	var notices []support.Notice
	var oldest, latest int64
	for _, item := range page.Items {
		revision, err := support.AnnouncedRevision(item.Key)
		if err != nil {
			return nil, 0, err
		}
		if revision <= after {
			continue
		}
		var announcement support.Announcement
		if err := change.Decode(item, &announcement); err != nil {
			return nil, 0, err
		}
		if !announcement.Addressed {
			if revision > task.Revision {
				break // sent by its own task, with what follows
			}
			earlier := support.NoticeTask{OrgID: task.OrgID, CaseID: task.CaseID, Revision: revision}
			if announcement.Recipients, err = s.Address(ctx, earlier); err != nil {
				return nil, 0, err
			}
		}
		recipient, concerned := recipientIn(announcement, task.UserID)
		if !concerned {
			continue
		}
		for _, i := range recipient.Notices {
			notices = append(notices, announcement.Notices[i])
		}
		if latest = revision; oldest == 0 {
			oldest = announcement.Created
		}
	}
	young := s.journal.Now().Sub(time.UnixMicro(oldest)) < maxCollected
	if latest > task.Revision && young {
		return nil, 0, fault.Missing()
	}
	return notices, max(latest, task.Revision), nil
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
		From: s.threads.SupportAddress(), Root: s.threads.RootID(c), Revision: task.Revision,
	}, nil
}

package notification

import (
	"context"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Address chooses the recipients of the announcement of a change, stores them with it, and returns
// them. They are the participants who can be reached now. An event that concerns the provider
// reaches somebody who works there, if anybody can be reached: the assignee, or else the desk, or
// else the super users or support agents of the provider, or else the operators. It returns no
// recipients if the announcement or the case is gone.
func (s *Service) Address(ctx context.Context, task support.NoticeTask) ([]support.Recipient, error) {
	key := support.AnnouncementKey(task.OrgID, task.CaseID, task.Revision)
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(task.OrgID), support.CaseKey(task.OrgID, task.CaseID, support.CaseSort), key,
	})
	if err != nil {
		return nil, err
	}
	announcement, err := decodeAnnouncement(items[1], items[2])
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || announcement.Addressed {
		return announcement.Recipients, err
	}
	recipients, err := s.choose(ctx, items, announcement)
	if err != nil {
		return nil, err
	}
	return s.storeRecipients(ctx, key, recipients)
}

// AddressAgain chooses the recipients of a change anew, because one of them can no longer be notified,
// and returns those who were not chosen before, for instance the desk in place of an assignee who
// left. It stores them with the announcement.
func (s *Service) AddressAgain(ctx context.Context, task support.NoticeTask) ([]support.Recipient, error) {
	key := support.AnnouncementKey(task.OrgID, task.CaseID, task.Revision)
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(task.OrgID), support.CaseKey(task.OrgID, task.CaseID, support.CaseSort), key,
	})
	if err != nil {
		return nil, err
	}
	announcement, err := decodeAnnouncement(items[1], items[2])
	if err != nil {
		return nil, err
	}
	recipients, err := s.choose(ctx, items, announcement)
	if err != nil {
		return nil, err
	}
	var added []support.Recipient
	err = s.journal.MarkAll(ctx, []table.Key{key}, func(items []table.Item) ([]table.Item, error) {
		added = nil
		if items[0].Version == 0 {
			return nil, nil
		}
		var announcement support.Announcement
		if err := change.Decode(items[0], &announcement); err != nil {
			return nil, err
		}
		for _, recipient := range recipients {
			if _, present := recipientIn(announcement, recipient.ID); !present {
				added = append(added, recipient)
			}
		}
		if len(added) == 0 {
			return nil, nil
		}
		announcement.Recipients = append(announcement.Recipients, added...)
		item, err := change.Encode(key, announcement)
		item.Version, item.Expires = items[0].Version, items[0].Expires
		return []table.Item{item}, err
	})
	return added, err
}

// choose chooses the recipients of an announcement; items are its organization and its case. There
// are none if these are gone.
func (s *Service) choose(
	ctx context.Context, items []table.Item, announcement support.Announcement,
) ([]support.Recipient, error) {
	org, orgErr := tenant.DecodeOrg(items[0], s.journal.Now())
	c, caseErr := support.DecodeCase(items[1])
	if fault.Is(orgErr, fault.NotFound) || fault.Is(caseErr, fault.NotFound) || c.Deleted > 0 {
		return nil, nil
	}
	if err := errors.Join(orgErr, caseErr); err != nil {
		return nil, err
	}
	return s.recipients(ctx, org, c, announcement)
}

// storeRecipients stores the recipients of an announcement. If another worker stored some in the
// meantime, it returns those.
func (s *Service) storeRecipients(
	ctx context.Context, key table.Key, recipients []support.Recipient,
) ([]support.Recipient, error) {
	err := s.journal.MarkAll(ctx, []table.Key{key}, func(items []table.Item) ([]table.Item, error) {
		if items[0].Version == 0 {
			recipients = nil
			return nil, nil
		}
		var announcement support.Announcement
		if err := change.Decode(items[0], &announcement); err != nil {
			return nil, err
		}
		if announcement.Addressed {
			recipients = announcement.Recipients
			return nil, nil
		}
		announcement.Addressed, announcement.Recipients = true, recipients
		item, err := change.Encode(key, announcement)
		item.Version, item.Expires = items[0].Version, items[0].Expires
		return []table.Item{item}, err
	})
	return recipients, err
}

// recipients chooses the recipients of an announcement.
func (s *Service) recipients(
	ctx context.Context, org tenant.Org, c support.Case, announcement support.Announcement,
) ([]support.Recipient, error) {
	people, err := s.participants(ctx, org.Place(), c, announcement.ActorID)
	if err != nil {
		return nil, err
	}
	var list recipientList
	chosen := map[preference.Kind][]support.Recipient{}
	for i, notice := range announcement.Notices {
		for _, id := range people.concerned(notice) {
			list.add(id, i)
		}
		if !people.needsProvider(notice) {
			continue
		}
		provider, asked := chosen[kindOf(notice)]
		if !asked {
			if provider, err = s.provider(ctx, org, c, kindOf(notice)); err != nil {
				return nil, err
			}
			chosen[kindOf(notice)] = provider
		}
		for _, recipient := range provider {
			if recipient.ID == announcement.ActorID {
				continue
			}
			participant := slices.ContainsFunc(list, func(other support.Recipient) bool {
				return other.ID == recipient.ID && !other.Operator
			})
			added := list.add(recipient.ID, i)
			added.Operator = recipient.Operator && !participant
		}
	}
	return list, nil
}

// recipientList collects the notices of each recipient, in order.
type recipientList []support.Recipient

func (l *recipientList) add(id string, notice int) *support.Recipient {
	for i := range *l {
		recipient := &(*l)[i]
		if recipient.ID != id {
			continue
		}
		if last := recipient.Notices[len(recipient.Notices)-1]; last != notice {
			recipient.Notices = append(recipient.Notices, notice)
		}
		return recipient
	}
	*l = append(*l, support.Recipient{ID: id, Notices: []int{notice}})
	return &(*l)[len(*l)-1]
}

// maxFallback is the maximum number of people notified in place of an assignee or a desk.
const maxFallback = 10

// provider returns the people to notify of an event if the assignee is missing or cannot be reached.
// Who wants no mails of its kind counts as somebody who cannot be reached, so that somebody learns of
// it; operators, who are the last, learn of it whatever they want.
func (s *Service) provider(
	ctx context.Context, org tenant.Org, c support.Case, kind preference.Kind,
) ([]support.Recipient, error) {
	place := org.Place()
	answers := func(person identity.Person) bool {
		return person.GetsMail() && person.Preferences.Wants(kind) && person.Principal("mail", "").May(identity.AnswerCases, place)
	}
	setting, err := s.desk.Load(ctx, c.MSPID)
	if err != nil {
		return nil, err
	}
	members, err := s.accounts.People(ctx, support.Distinct(setting.DeskIDs))
	if err != nil {
		return nil, err
	}
	var reachable []support.Recipient
	for _, person := range members {
		if answers(person) {
			reachable = append(reachable, support.Recipient{ID: person.ID})
		}
	}
	if len(reachable) > 0 {
		return reachable, nil
	}
	staff := identity.ThePlatform()
	permission := identity.AnswerCases
	if org.MSPID != "" {
		staff = identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID}
		permission |= identity.ChangeDesk // super users
	}
	people, err := s.accounts.PeopleAt(ctx, staff, maxFallback, func(person identity.Person) bool {
		return answers(person) && person.Principal("mail", "").May(permission, place)
	})
	if err != nil || len(people) > 0 {
		return recipientsOf(people, false), err
	}
	people, err = s.accounts.PeopleAt(ctx, identity.ThePlatform(), maxFallback, isReachableOperator)
	return recipientsOf(people, true), err
}

func isReachableOperator(person identity.Person) bool {
	return person.GetsMail() && person.Principal("mail", "").May(identity.RunPlatform, identity.ThePlatform())
}

func recipientsOf(people []identity.Person, operators bool) []support.Recipient {
	recipients := make([]support.Recipient, len(people))
	for i, person := range people {
		recipients[i] = support.Recipient{ID: person.ID, Operator: operators}
	}
	return recipients
}

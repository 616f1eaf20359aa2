package life

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// maxTold is the maximum number of administrators who are told of a deletion or restoration.
const maxTold = 40

// tell enqueues the mails to an organization's own administrators, and to its contact, about its deletion
// or restoration. The mails have the same IDs each time that a task comes, so that nobody is told twice.
func (s *Service) tell(ctx context.Context, task Task, org tenant.Org) error {
	notice := identity.Notice{
		Scope: identity.OrgScope, ScopeID: org.ID, PlaceName: org.Name, Event: identity.OrgRestored,
	}
	at := cmp.Or(task.Restored, org.Modified)
	if org.Deleted != nil {
		at, notice.Event = org.Deleted.At, identity.OrgDeleted
		notice.Until, notice.ByName = org.Deleted.Ends().Unix(), org.Deleted.ByName
	}
	people, err := s.Accounts.PeopleAt(ctx, org.Place(), maxTold, func(person identity.Person) bool {
		return person.GetsMail() && person.Principal("", "").OwnAdministrator(org.Place())
	})
	if err != nil {
		return err
	}
	contact, err := s.Tenants.LoadContact(ctx, org)
	if err != nil {
		return err
	}
	var messages []queue.Message
	add := func(to string, one identity.Notice) error {
		message, err := identity.DeletionMail(one)
		text := fmt.Sprint("org life ", org.ID, notice.Event, at, to)
		message.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
		messages = append(messages, message)
		return err
	}
	known := map[string]bool{}
	for _, person := range people {
		one := notice
		one.RecipientID, known[identity.NormalEmail(person.Email)] = person.ID, true
		if err := add(person.ID, one); err != nil {
			return err
		}
	}
	for _, address := range contact.Emails {
		if known[identity.NormalEmail(address)] {
			continue
		}
		one := notice
		one.Email = address
		if err := add(address, one); err != nil {
			return err
		}
	}
	if len(messages) == 0 {
		return nil
	}
	err = s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.tell", Message: "Told the administrators and the contact of the organization", Internal: true,
		OrgID: org.ID, Messages: messages,
	})
	if _, told := errors.AsType[*table.ConflictError](err); told {
		return nil // another worker put the same messages into the outbox
	}
	return err
}

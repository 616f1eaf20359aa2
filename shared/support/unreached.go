package support

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// notNotified is the field of an internal history entry about who was not notified.
const notNotified = "not_notified"

// notNotifiedWords are behind the name in what the entry says.
const notNotifiedWords = " was not notified: "

// unreached returns a sentence that says why the submitter of a case will not be notified of an
// answer; "" if they will be.
func (s *Service) unreached(ctx context.Context, opened Opened) (string, error) {
	if opened.Submitter.Agent {
		return "", nil
	}
	person, err := s.accounts.Person(ctx, opened.Submitter.ID)
	if fault.Is(err, fault.NotFound) {
		if _, guest := opened.Copied(opened.Submitter.Email); guest {
			return "", nil
		}
		return fmt.Sprintf("%s"+notNotifiedWords+"the account does not exist any more.", opened.Submitter.Name), nil
	}
	switch {
	case err != nil:
		return "", err
	case !person.Principal("mail", "").May(identity.SeeCases, opened.Place):
		return fmt.Sprintf("%s"+notNotifiedWords+"the account has no access to the case any more.",
			opened.Submitter.Name), nil
	case !person.GetsMail():
		return fmt.Sprintf("%s"+notNotifiedWords+"mail does not reach the address.", opened.Submitter.Name), nil
	}
	return "", nil
}

// internalEntry returns the write of a history entry by Tenantry that only agents see.
func (s *Service) internalEntry(c Case, fields map[string]Difference) (table.Write, error) {
	entry := HistoryEntry{
		ID:       s.journal.NewID(),
		Author:   Party{Name: PlatformPrincipal().Name()},
		Internal: true,
		Created:  s.journal.Now().UnixMicro(),
		Fields:   fields,
	}
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, HistorySort+entry.ID), entry)
	return table.Create(item), err
}

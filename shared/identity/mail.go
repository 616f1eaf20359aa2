package identity

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
)

// MailFails marks a person's address as unreachable by mail. No mail about cases is sent until
// MailWorks clears the mark. The caller must know that the report is about a mail sent to this
// person: anybody can forge reports.
func (a *Accounts) MailFails(ctx context.Context, userID, failure string) error {
	_, err := a.changePerson(ctx, change.ByPlatform(), userID, func(p *profile) (change.Record, error) {
		p.MailFailed, p.MailFailure = a.journal.Now().Unix(), failure
		return change.Record{
			Action:  "accounts.mail_fails",
			Message: "Mail does not reach the address",
			UserLog: p.ID,
			Target:  "user:" + p.ID,
			After:   map[string]any{"mail_failure": failure},
		}, nil
	})
	return err
}

// MailWorks clears the mark that mail does not reach a person's address: the person wrote from it,
// or says that it works. Without a mark it changes nothing.
func (a *Accounts) MailWorks(ctx context.Context, by change.Actor, userID string) error {
	person, err := a.Person(ctx, userID)
	if err != nil || person.MailFailed == 0 {
		return err
	}
	_, err = a.changePerson(ctx, by, userID, func(p *profile) (change.Record, error) {
		before := p.MailFailure
		p.MailFailed, p.MailFailure = 0, ""
		return change.Record{
			Action:  "accounts.mail_works",
			Message: "Mail reaches the address again",
			UserLog: p.ID,
			Target:  "user:" + p.ID,
			Before:  map[string]any{"mail_failure": before},
		}, nil
	})
	return err
}

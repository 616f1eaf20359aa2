package identity

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

// SelfChange is a request to change one's own account; nil fields stay as they are.
type SelfChange struct {
	FirstName, LastName *string
	// Password is the new password; CurrentPassword is required with it.
	Password, CurrentPassword *string
	// MailWorks, if true, clears the mark that mail does not reach the address.
	MailWorks bool
	// SecurityNotices turns mails about security events on or off.
	SecurityNotices *bool
}

// Self reads the principal's own account.
func (a *Accounts) Self(ctx context.Context, by Principal) (Person, error) {
	return a.Person(ctx, by.UserID)
}

// ChangeSelf changes the principal's own names or password, all of it or nothing. A new password ends
// all sessions, API tokens and pending recoveries; the returned Session then replaces the present one.
func (a *Accounts) ChangeSelf(ctx context.Context, by Principal, request SelfChange) (Person, *Session, error) {
	if request.FirstName != nil {
		if err := checkPersonName("first_name", *request.FirstName); err != nil {
			return Person{}, nil, err
		}
	}
	if request.LastName != nil {
		if err := checkPersonName("last_name", *request.LastName); err != nil {
			return Person{}, nil, err
		}
	}
	if request.Password != nil {
		if err := a.checkCurrent(ctx, by, request); err != nil {
			return Person{}, nil, err
		}
	}
	if request.Password == nil && !request.renames() && request.SecurityNotices == nil {
		if request.MailWorks {
			if err := a.MailWorks(ctx, by.Actor(), by.UserID); err != nil {
				return Person{}, nil, err
			}
		}
		person, err := a.Self(ctx, by)
		return person, nil, err
	}
	var fresh *Session
	person, err := a.changePerson(ctx, by.Actor(), by.UserID, func(p *profile) (change.Record, error) {
		record := request.apply(p)
		if request.Password == nil {
			return record, nil
		}
		session, err := a.setPassword(ctx, p, *request.Password, by.SourceAddress, viaPassword, &record)
		fresh = &session
		return record, err
	})
	if err != nil {
		return Person{}, nil, err
	}
	return person, fresh, nil
}

func (c SelfChange) renames() bool { return c.FirstName != nil || c.LastName != nil }

// apply makes the changes that need no password, and returns the record of all of the request.
func (c SelfChange) apply(p *profile) change.Record {
	type state struct {
		FirstName   string `json:"first_name,omitempty"`
		LastName    string `json:"last_name,omitempty"`
		MailFailure string `json:"mail_failure,omitempty"`
		Notices     *bool  `json:"security_notices,omitempty"`
	}
	var before, after state
	var changed []string
	if c.Password != nil {
		changed = append(changed, "the password")
	}
	if c.renames() {
		before.FirstName, before.LastName = p.FirstName, p.LastName
		if c.FirstName != nil {
			p.FirstName = *c.FirstName
		}
		if c.LastName != nil {
			p.LastName = *c.LastName
		}
		after.FirstName, after.LastName = p.FirstName, p.LastName
		changed = append(changed, "their own name")
	}
	if c.SecurityNotices != nil {
		was := p.SecurityNotices
		p.SecurityNotices = *c.SecurityNotices
		before.Notices, after.Notices = &was, c.SecurityNotices
		changed = append(changed, "whether security events are told by mail")
	}
	record := change.Record{
		Action: "accounts.change_self", Message: "Changed " + strings.Join(changed, " and "),
		UserLog: p.ID, Target: "user:" + p.ID,
	}
	if c.MailWorks && p.MailFailed > 0 {
		before.MailFailure = p.MailFailure
		p.MailFailed, p.MailFailure = 0, ""
		record.Message += "; mail reaches the address again"
	}
	if before != (state{}) {
		record.Before, record.After = before, after
	}
	return record
}

// checkCurrent requires the present password before a new one is set, so that an unattended session
// or a stolen token is not enough to take over the account.
func (a *Accounts) checkCurrent(ctx context.Context, by Principal, request SelfChange) error {
	if by.Kind != change.Person {
		return fault.New(fault.Forbidden, "An API token cannot change the password: log in to change it.")
	}
	if request.CurrentPassword == nil {
		return fault.InField("current_password", "is needed to set a new password")
	}
	stored, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return err
	}
	return a.checkPassword(ctx, by, stored, "current_password", *request.CurrentPassword)
}

// checkPassword returns a fault in a field unless a password is the person's. A wrong one counts as a
// failed log-in.
func (a *Accounts) checkPassword(ctx context.Context, by Principal, stored profile, field, password string) error {
	match, err := a.passwords.matches(ctx, password, stored.PasswordHash)
	if err != nil {
		return err
	}
	if match && !stored.locked(by.SourceAddress, a.journal.Now().Unix()) {
		return nil
	}
	if err := a.failLogin(ctx, by.Actor(), by.UserID, match); !fault.Is(err, fault.Invalid) {
		return err
	}
	return fault.InField(field, "is wrong, or the account is locked temporarily after too many failures")
}

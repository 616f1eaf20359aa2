package identity

import (
	"context"

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
}

// Self reads the principal's own account.
func (a *Accounts) Self(ctx context.Context, by Principal) (Person, error) {
	return a.Person(ctx, by.UserID)
}

// ChangeSelf changes the principal's own names or password. A new password ends all sessions, API
// tokens and pending recoveries; the returned Session replaces the present one.
func (a *Accounts) ChangeSelf(ctx context.Context, by Principal, request SelfChange) (Person, *Session, error) {
	if request.FirstName != nil {
		if err := CheckName("first_name", *request.FirstName); err != nil {
			return Person{}, nil, err
		}
	}
	if request.LastName != nil {
		if err := CheckName("last_name", *request.LastName); err != nil {
			return Person{}, nil, err
		}
	}
	var fresh *Session
	if request.Password != nil {
		if err := a.checkCurrent(ctx, by, request); err != nil {
			return Person{}, nil, err
		}
		session, err := a.setPassword(
			ctx,
			by.Actor(),
			by.UserID,
			*request.Password,
			by.SourceAddress,
			"accounts.change_self",
			"Changed the password",
			func(*profile) error { return nil },
		)
		if err != nil {
			return Person{}, nil, err
		}
		fresh = &session
	}
	if request.MailWorks {
		if err := a.MailWorks(ctx, by.Actor(), by.UserID); err != nil {
			return Person{}, fresh, err
		}
	}
	if request.FirstName == nil && request.LastName == nil {
		person, err := a.Self(ctx, by)
		return person, fresh, err
	}
	type names struct {
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	}
	person, err := a.changePerson(ctx, by.Actor(), by.UserID, func(p *profile) (change.Record, error) {
		before := names{p.FirstName, p.LastName}
		if request.FirstName != nil {
			p.FirstName = *request.FirstName
		}
		if request.LastName != nil {
			p.LastName = *request.LastName
		}
		return change.Record{
			Action: "accounts.change_self", Message: "Changed their own name", UserLog: p.ID, Target: "user:" + p.ID,
			Before: before, After: names{p.FirstName, p.LastName},
		}, nil
	})
	return person, fresh, err
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
	if match && stored.LockedUntil <= a.journal.Now().Unix() {
		return nil
	}
	if err := a.failLogin(ctx, by.Actor(), by.UserID, match); !fault.Is(err, fault.Invalid) {
		return err
	}
	return fault.InField(field, "is wrong, or the account is locked temporarily after too many failures")
}

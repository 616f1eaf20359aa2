package identity

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/preference"
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
	// Email, if not nil, must be the present address: a change needs proof, which this is not.
	Email *string
	// Phone and Phone2 are telephone numbers, as people write them; empty for none.
	Phone, Phone2 *string
	// Preferences changes what the person prefers.
	Preferences preference.Change
	// Extension has fields that Tenantry does not know; nulls remove them.
	Extension extension.Fields
}

// longestPhone is the maximum number of characters of a telephone number.
const longestPhone = 64

// check returns a fault of code Invalid if a field breaks a rule that needs no stored state.
func (c SelfChange) check(by Principal) error {
	if c.Email != nil && NormalEmail(*c.Email) != by.Email {
		return fault.InField("email", "cannot be changed by this call: leave it out, or send the present address")
	}
	for _, name := range []struct {
		field string
		value *string
	}{{"first_name", c.FirstName}, {"last_name", c.LastName}} {
		if name.value == nil {
			continue
		}
		if err := checkPersonName(name.field, *name.value); err != nil {
			return err
		}
	}
	for _, number := range []struct {
		field string
		value *string
	}{{"phone", c.Phone}, {"phone2", c.Phone2}} {
		if number.value == nil {
			continue
		}
		if err := CheckText(number.field, *number.value, 0, longestPhone); err != nil {
			return err
		}
	}
	return c.Preferences.Views.Texts(
		func(name string) error {
			return CheckText("preferences.case_views.name", name, 1, preference.LongestViewName)
		},
		func(value string) error {
			return CheckText("preferences.case_views.parameters", value, 0, preference.LongestParameter)
		})
}

// Self reads the principal's own account.
func (a *Accounts) Self(ctx context.Context, by Principal) (Person, error) {
	return a.Person(ctx, by.UserID)
}

// ChangeSelf changes the principal's own names or password, all of it or nothing. A new password ends
// all sessions, API tokens and pending recoveries; the returned Session then replaces the present one.
func (a *Accounts) ChangeSelf(ctx context.Context, by Principal, request SelfChange) (Person, *Session, error) {
	if err := request.check(by); err != nil {
		return Person{}, nil, err
	}
	if request.Password != nil {
		if err := a.checkCurrent(ctx, by, request); err != nil {
			return Person{}, nil, err
		}
	}
	if request.MailWorks && request.Password == nil && !request.describes() {
		if err := a.MailWorks(ctx, by.Actor(), by.UserID); err != nil {
			return Person{}, nil, err
		}
		person, err := a.Self(ctx, by)
		return person, nil, err
	}
	var fresh *Session
	person, err := a.changePerson(ctx, by.Actor(), by.UserID, func(p *profile) (change.Record, error) {
		record, err := request.apply(p)
		if err != nil || request.Password == nil {
			return record, err
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

// describes reports whether the request has anything that a person says of themselves.
func (c SelfChange) describes() bool {
	return c.FirstName != nil || c.LastName != nil || c.Phone != nil || c.Phone2 != nil ||
		c.SecurityNotices != nil || !c.Preferences.IsZero() || len(c.Extension) > 0
}

// selfState is what the audit log shows of a person's own change.
type selfState struct {
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Phone2      string `json:"phone2,omitempty"`
	MailFailure string `json:"mail_failure,omitempty"`
	Notices     *bool  `json:"security_notices,omitempty"`
	// Preferences has all of them if one changed.
	Preferences *preference.Preferences `json:"preferences,omitempty"`
	Extension   extension.Fields        `json:"extension,omitempty"`
}

// apply makes the changes that need no password, and returns the record of all of the request. It
// returns errUnchanged if there is nothing to change, and a fault of code Invalid if a field breaks a
// rule.
func (c SelfChange) apply(p *profile) (change.Record, error) {
	var before, after selfState
	var changed []string
	if c.Password != nil {
		changed = append(changed, "the password")
	}
	first, last := p.FirstName, p.LastName
	setText(&p.FirstName, c.FirstName)
	setText(&p.LastName, c.LastName)
	if p.FirstName != first || p.LastName != last {
		before.FirstName, before.LastName = first, last
		after.FirstName, after.LastName = p.FirstName, p.LastName
		changed = append(changed, "their own name")
	}
	if c.SecurityNotices != nil && *c.SecurityNotices != p.SecurityNotices {
		was := p.SecurityNotices
		p.SecurityNotices = *c.SecurityNotices
		before.Notices, after.Notices = &was, c.SecurityNotices
		changed = append(changed, "whether security events are told by mail")
	}
	phone, phone2 := p.Phone, p.Phone2
	setText(&p.Phone, c.Phone)
	setText(&p.Phone2, c.Phone2)
	if p.Phone != phone || p.Phone2 != phone2 {
		before.Phone, before.Phone2, after.Phone, after.Phone2 = phone, phone2, p.Phone, p.Phone2
		changed = append(changed, "their own telephone numbers")
	}
	preferences, err := c.Preferences.Apply(p.Preferences)
	if err != nil {
		return change.Record{}, err
	}
	if !preferences.Equal(p.Preferences) {
		was := p.Preferences
		before.Preferences, after.Preferences = &was, &preferences
		p.Preferences = preferences
		changed = append(changed, "what they prefer")
	}
	fields, err := p.Extension.With(c.Extension, extension.Small)
	if err != nil {
		return change.Record{}, err
	}
	if !fields.Equal(p.Extension) {
		before.Extension, after.Extension = p.Extension, fields
		p.Extension = fields
		changed = append(changed, "other fields of their own account")
	}
	clears := c.MailWorks && p.MailFailed > 0
	if len(changed) == 0 && !clears {
		return change.Record{}, errUnchanged
	}
	record := change.Record{
		Action: "accounts.change_self", Message: "Changed " + strings.Join(changed, " and "),
		UserLog: p.ID, Target: "user:" + p.ID,
	}
	if clears {
		before.MailFailure = p.MailFailure
		p.MailFailed, p.MailFailure = 0, ""
		record.Message = strings.TrimPrefix(record.Message+"; mail reaches the address again", "Changed ; ")
	}
	if c.describes() || clears {
		record.Before, record.After = before, after
	}
	return record, nil
}

func setText(into, value *string) {
	if value != nil {
		*into = *value
	}
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

package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Person is someone with an account.
type Person struct {
	ID         string      `json:"id"`
	Email      string      `json:"email"`
	FirstName  string      `json:"first_name"`
	LastName   string      `json:"last_name"`
	Privileges []Privilege `json:"privileges"`
	// Created, Modified and PasswordModified are in epoch seconds.
	Created          int64 `json:"created_time"`
	Modified         int64 `json:"modified_time"`
	PasswordModified int64 `json:"password_modified_time"`
	// MailFailed is since when mail has failed to reach the address, in epoch seconds; 0 if mail
	// works. MailFailure is the reason.
	MailFailed  int64  `json:"mail_failed_time,omitempty"`
	MailFailure string `json:"mail_failure,omitempty"`
	// SecurityNotices is set if the person wants mails about security events of the places where they
	// have the highest role.
	SecurityNotices bool `json:"security_notices,omitempty"`
	// Phone and Phone2 are the person's telephone numbers, as they wrote them.
	Phone  string `json:"phone,omitempty"`
	Phone2 string `json:"phone2,omitempty"`
	// Preferences are what the person prefers.
	Preferences preference.Preferences `json:"preferences,omitzero"`
	// Extension has the fields that clients stored with the account and Tenantry does not know.
	Extension extension.Fields `json:"extension,omitempty"`
	// LastLogin is the day on which the person logged in last, in epoch seconds; 0 for never.
	LastLogin int64 `json:"-"`
}

// profile is a person as stored.
type profile struct {
	Person
	// PasswordHash is argon2id in the PHC string format.
	PasswordHash string `json:"password_hash"`
	// SessionEpoch is incremented to end all sessions; a session of an older epoch is void.
	SessionEpoch int64 `json:"session_epoch"`
	// TokenEpoch is incremented to end all API tokens; a token of an older epoch is void.
	TokenEpoch int64 `json:"token_epoch,omitempty"`
	// The embedded attempts count those from all networks that are not in Networks.
	attempts
	// Networks are those from which the person has logged in, the latest first.
	Networks []network `json:"networks,omitempty"`
	// LockTold is when the person was last told of a lock, and FailureTold when failures were last
	// recorded in the logs of the person's places, both in epoch seconds.
	LockTold    int64 `json:"lock_told_time,omitempty"`
	FailureTold int64 `json:"failure_told_time,omitempty"`
	version     int64
}

// endCredentials ends everything that gives access without the password: all sessions, API tokens
// and pending recoveries. All changes that end credentials call it.
func (p *profile) endCredentials() {
	p.SessionEpoch++
	p.TokenEpoch++
}

// MaxPrivileges is the maximum number of privileges of one person. They are stored with the person,
// so that a request reads them together.
const MaxPrivileges = 100

// Principal returns the person as a principal.
func (p Person) Principal(door, sourceAddress string) Principal {
	return Principal{
		Kind: change.Person, UserID: p.ID, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName,
		Privileges: p.Privileges, Preferences: p.Preferences, SourceAddress: sourceAddress, Door: door,
	}
}

// ForJob returns the person as a principal in the job that they created. What an organization requires
// of API tokens holds for the job of a token too.
func (p Person) ForJob(creator change.Actor) Principal {
	by := p.Principal("job", creator.SourceAddress)
	by.Kind, by.TokenID = creator.Kind, creator.TokenID
	return by
}

// NormalEmail returns the normal form of an address, which is part of keys: trimmed, in lower case,
// and with the ASCII form of an international domain (RFC 5891). The normal form of a normal form
// is itself. A domain without an ASCII form stays as it is.
func NormalEmail(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	domain := address[at+1:]
	if at < 0 || !strings.ContainsFunc(domain, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return address
	}
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return address[:at+1] + ascii
	}
	return address
}

// CheckEmail returns a fault if Tenantry cannot send mail to the normal form of the address.
func CheckEmail(field, address string) error {
	address = NormalEmail(address)
	local, domain, ok := strings.Cut(address, "@")
	bad := !ok || local == "" || len(local) > 64 || !strings.Contains(domain, ".") || len(address) > 254 ||
		strings.ContainsAny(
			address,
			" \t\r\n<>()[],;:\\\"",
		) || strings.Contains(domain, "@") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".")
	for _, r := range address {
		bad = bad || r < 0x21 || r > 0x7e
	}
	if bad {
		return fault.InField(field, "must be one plain e-mail address, as in anna@example.com")
	}
	return nil
}

// checkPersonName returns a fault if a person's name is empty, too long, or has control characters or
// a link.
func checkPersonName(field, name string) error {
	return CheckName(field, name, 1, 64)
}

// loadProfile reads a person; a fault of code NotFound if there is none.
func (a *Accounts) loadProfile(ctx context.Context, userID string) (profile, error) {
	var stored profile
	version, err := a.journal.Get(ctx, profileKey(userID), &stored)
	if errors.Is(err, table.ErrAbsent) {
		return profile{}, fault.Missing()
	}
	stored.version, stored.LastLogin = version, stored.lastLogin()
	return stored, err
}

// lastLogin returns when the person logged in last, in epoch seconds, to a day; 0 for never.
func (p *profile) lastLogin() int64 {
	var last int64
	for _, one := range p.Networks {
		last = max(last, one.Used)
	}
	return last
}

// Person reads a person by ID; a fault of code NotFound if there is none.
func (a *Accounts) Person(ctx context.Context, userID string) (Person, error) {
	stored, err := a.loadProfile(ctx, userID)
	return stored.Person, err
}

// People reads up to 100 people in one request; missing ones are left out.
func (a *Accounts) People(ctx context.Context, userIDs []string) ([]Person, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(userIDs))
	for i, id := range userIDs {
		keys[i] = profileKey(id)
	}
	items, err := a.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	people := make([]Person, 0, len(items))
	for _, item := range items {
		if item.Version == 0 {
			continue
		}
		var stored profile
		if err := change.Decode(item, &stored); err != nil {
			return nil, err
		}
		stored.LastLogin = stored.lastLogin()
		people = append(people, stored.Person)
	}
	return people, nil
}

// PeopleByEmail finds the accounts of up to 100 addresses, in two requests; addresses without an
// account are left out.
func (a *Accounts) PeopleByEmail(ctx context.Context, emails []string) ([]Person, error) {
	var keys []table.Key
	for _, email := range emails {
		if email = NormalEmail(email); email != "" && len(email) <= 254 && !slices.Contains(keys, emailKey(email)) {
			keys = append(keys, emailKey(email))
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	items, err := a.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range items {
		if item.Version == 0 {
			continue
		}
		var pointer emailPointer
		if err := change.Decode(item, &pointer); err != nil {
			return nil, err
		}
		ids = append(ids, pointer.UserID)
	}
	return a.People(ctx, ids)
}

// PersonByEmail finds an account by its address; a fault of code NotFound if there is none.
func (a *Accounts) PersonByEmail(ctx context.Context, email string) (Person, error) {
	stored, err := a.profileByEmail(ctx, email)
	return stored.Person, err
}

func (a *Accounts) profileByEmail(ctx context.Context, email string) (profile, error) {
	if NormalEmail(email) == "" || len(email) > 254 {
		return profile{}, fault.Missing()
	}
	var pointer emailPointer
	_, err := a.journal.Get(ctx, emailKey(NormalEmail(email)), &pointer)
	if errors.Is(err, table.ErrAbsent) {
		return profile{}, fault.Missing()
	}
	if err != nil {
		return profile{}, err
	}
	return a.loadProfile(ctx, pointer.UserID)
}

// storeProfile returns the write that replaces a person.
func storeProfile(p profile) (table.Write, error) {
	item, err := change.Encode(profileKey(p.ID), p)
	if err != nil {
		return table.Write{}, err
	}
	if p.version == 0 {
		return table.Create(item), nil
	}
	item.Version = p.version
	return table.Update(item), nil
}

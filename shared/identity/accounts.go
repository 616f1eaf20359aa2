package identity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Accounts stores the people and their credentials. It is safe for concurrent use.
type Accounts struct {
	journal   *change.Journal
	keyring   *seal.Keyring
	passwords *passwords
	limits    budget.Limits
	log       *slog.Logger
	// isSetUp is set once it is known that there is an operator, which stays so.
	isSetUp atomic.Bool
}

// NewAccounts returns the service for a journal with the usual budgets; keyring seals links.
func NewAccounts(journal *change.Journal, keyring *seal.Keyring, log *slog.Logger) *Accounts {
	return NewAccountsWithin(budget.Usual(), journal, keyring, log)
}

// NewAccountsWithin returns the service with the budgets of an installation.
func NewAccountsWithin(
	limits budget.Limits, journal *change.Journal, keyring *seal.Keyring, log *slog.Logger,
) *Accounts {
	return &Accounts{
		journal: journal, keyring: keyring, passwords: newPasswords(limits.PasswordQueue), limits: limits, log: log,
	}
}

// retries is the maximum number of retries of a change of one person after concurrent changes.
const retries = 8

// errUnchanged says that a change would change nothing.
var errUnchanged = errors.New("identity: nothing changes")

// changePerson reads a person, lets edit change it and prepare the rest of the change, and commits;
// it starts over if the person changed in the meantime. If edit returns errUnchanged, it writes nothing
// and returns the person as stored.
func (a *Accounts) changePerson(
	ctx context.Context,
	by change.Actor,
	userID string,
	edit func(*profile) (change.Record, error),
) (Person, error) {
	for range retries {
		stored, err := a.loadProfile(ctx, userID)
		if err != nil {
			return Person{}, err
		}
		record, err := edit(&stored)
		if errors.Is(err, errUnchanged) {
			return stored.Person, nil
		}
		if err != nil {
			return Person{}, err
		}
		stored.Modified = a.journal.Now().Unix()
		write, err := storeProfile(stored)
		if err != nil {
			return Person{}, err
		}
		record.Writes = append(record.Writes, write)
		err = a.journal.Commit(ctx, by, record)
		if conflict, ok := errors.AsType[*table.ConflictError](err); ok &&
			(conflict.Key.Sort == profileSort || conflict.Key.Sort == orgSort ||
				strings.HasPrefix(conflict.Key.Sort, sessionSort)) {
			continue
		}
		return stored.Person, err
	}
	return Person{}, fault.New(fault.Unavailable, "Others are changing the account. Try again.")
}

// newProfile returns a person who can log in, with a password that keeps the rules.
func (a *Accounts) newProfile(
	ctx context.Context, email, firstName, lastName, password string, rules passwordRules,
) (profile, error) {
	if err := CheckEmail("email", email); err != nil {
		return profile{}, err
	}
	if err := checkPersonName("first_name", firstName); err != nil {
		return profile{}, err
	}
	if err := checkPersonName("last_name", lastName); err != nil {
		return profile{}, err
	}
	hash, err := a.passwords.hash(ctx, password, rules, email, firstName, lastName)
	if err != nil {
		return profile{}, err
	}
	now := a.journal.Now().Unix()
	return profile{
		Person: Person{
			ID: a.journal.NewID(), Email: NormalEmail(email), FirstName: firstName, LastName: lastName,
			Created: now, Modified: now, PasswordModified: now,
		},
		PasswordHash: hash, SessionEpoch: 1,
	}, nil
}

// createWrites returns the writes for a new person: the profile, the address, and the entries of
// the privileges.
func createWrites(p profile) ([]table.Write, error) {
	write, err := storeProfile(p)
	if err != nil {
		return nil, err
	}
	pointer, err := change.Encode(emailKey(p.Email), emailPointer{UserID: p.ID})
	if err != nil {
		return nil, err
	}
	writes := []table.Write{write, table.Create(pointer)}
	for _, privilege := range p.Privileges {
		entries, err := createEntries(p.ID, privilege)
		if err != nil {
			return nil, err
		}
		writes = append(writes, entries...)
	}
	return writes, nil
}

// createEntries returns the writes that add a privilege to the lists of administrators.
func createEntries(userID string, privilege Privilege) ([]table.Write, error) {
	var writes []table.Write
	for _, key := range adminKeys(userID, privilege) {
		item, err := change.Encode(key, administrator{
			UserID: userID, OrgID: privilege.OrgID, LabelID: privilege.LabelID,
		})
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// dropEntries returns the writes that remove a privilege from the lists. Entries are never updated,
// so their version is always 1.
func dropEntries(userID string, privilege Privilege) []table.Write {
	var writes []table.Write
	for _, key := range adminKeys(userID, privilege) {
		writes = append(writes, table.Delete(key, 1))
	}
	return writes
}

// describe names a person for the audit log.
func describe(p Person) string {
	return fmt.Sprintf("%s %s %s", p.FirstName, p.LastName, p.Email)
}

// in returns the time after d from now, in epoch seconds.
func (a *Accounts) in(d time.Duration) int64 { return a.journal.Now().Add(d).Unix() }

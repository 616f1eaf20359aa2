package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	failuresToLock = 5
	lockTime       = 15 * time.Minute
	// logsPerLogin is the maximum number of scopes whose logs record a log-in.
	logsPerLogin = 10
)

// wrongLogin returns the error for every failed log-in. It does not reveal which part was wrong.
func wrongLogin() error {
	return fault.New(
		fault.Invalid,
		"The e-mail address or the password is wrong, or the account is locked temporarily after too many failures.",
	)
}

// Login checks an address and a password and starts a session. A failed log-in returns a fault of
// code Invalid that does not reveal what was wrong; five in a row lock the account for 15 minutes.
func (a *Accounts) Login(ctx context.Context, email, password, source string) (Session, Person, error) {
	stored, err := a.profileByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) {
		if _, err := a.passwords.matches(ctx, password, ""); err != nil {
			return Session{}, Person{}, err
		}
		// Write as much as for a wrong password, so that both take the same time. Do not log the
		// address: it may be a password typed into the wrong field.
		by := change.Actor{Kind: change.Stranger, SourceAddress: source, Door: "api"}
		if err := a.journal.Refuse(
			ctx,
			by,
			change.Record{Action: "accounts.login", Message: "Log-in failed: no such account"},
		); err != nil {
			return Session{}, Person{}, err
		}
		return Session{}, Person{}, wrongLogin()
	}
	if err != nil {
		return Session{}, Person{}, err
	}
	match, err := a.passwords.matches(ctx, password, stored.PasswordHash)
	if err != nil {
		return Session{}, Person{}, err
	}
	by, hash := stored.Principal("api", source).Actor(), stored.PasswordHash
	for range retries {
		// Checking a password takes so long that many guesses can run concurrently: check the lock
		// again on the present state of the account.
		if stored, err = a.loadProfile(ctx, stored.ID); err != nil {
			return Session{}, Person{}, err
		}
		match = match && stored.PasswordHash == hash
		if !match || stored.LockedUntil > a.journal.Now().Unix() {
			return Session{}, Person{}, a.failLogin(ctx, by, stored.ID, match)
		}
		session, person, err := a.beginSession(ctx, by, stored, source)
		if !table.ConflictAt(err, profileKey(stored.ID)) {
			return session, person, err
		}
	}
	return Session{}, Person{}, fault.New(fault.Unavailable, "Others are changing the account. Try again.")
}

// failLogin counts a failure and locks the account at the fifth. The request that failed is not carried
// out by that.
func (a *Accounts) failLogin(ctx context.Context, by change.Actor, userID string, match bool) error {
	by.Kind = change.Stranger
	_, err := a.changePerson(change.WithoutOnce(ctx), by, userID, func(p *profile) (change.Record, error) {
		message := "Log-in failed: wrong password"
		now := a.journal.Now().Unix()
		switch {
		case p.LockedUntil > now:
			message = "Log-in refused: the account is locked"
		case !match:
			p.Failures++
			if p.Failures >= failuresToLock {
				p.Failures, p.LockedUntil = 0, now+int64(lockTime/time.Second)
				message = fmt.Sprintf("Log-in failed: wrong password; locked after %d failures", failuresToLock)
			}
		}
		return change.Record{Action: "accounts.login", Message: message, UserLog: p.ID, Target: "user:" + p.ID}, nil
	})
	if err != nil {
		return err
	}
	return wrongLogin()
}

// beginSession stores a session; a *table.ConflictError if the account changed in the meantime. The
// log-in is recorded in the person's own log and in those of the scopes where the person has
// privileges.
func (a *Accounts) beginSession(
	ctx context.Context,
	by change.Actor,
	stored profile,
	source string,
) (Session, Person, error) {
	session, write, err := a.newSession(stored, source)
	if err != nil {
		return Session{}, Person{}, err
	}
	writes := []table.Write{write}
	if stored.Failures > 0 || stored.LockedUntil > 0 {
		stored.Failures, stored.LockedUntil = 0, 0
		reset, err := storeProfile(stored)
		if err != nil {
			return Session{}, Person{}, err
		}
		writes = append(writes, reset)
	} else {
		writes = append(writes, table.Require(profileKey(stored.ID), stored.version))
	}
	record := change.Record{
		Action: "accounts.login", Message: "Logged in", UserLog: stored.ID, Target: "user:" + stored.ID, Writes: writes,
	}
	for _, privilege := range stored.Privileges[:min(len(stored.Privileges), logsPerLogin)] {
		switch privilege.Scope {
		case PlatformScope:
			record.PlatformLog = true
		case MSPScope:
			record.AlsoMSPs = append(record.AlsoMSPs, privilege.MSPID)
		case OrgScope:
			record.AlsoOrgs = append(record.AlsoOrgs, privilege.OrgID)
		}
	}
	return session, stored.Person, a.journal.Commit(ctx, by, record)
}

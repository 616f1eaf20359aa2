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
	// logsPerLogin bounds in how many scopes' logs one log-in stands.
	logsPerLogin = 10
)

// wrongLogin is the one answer for every log-in that fails: it does not say which part was wrong.
func wrongLogin() error {
	return fault.New(
		fault.Invalid,
		"The e-mail address or the password is wrong, or the account is locked for a while after too many failures.",
	)
}

// Login checks an address and a password and begins a session. A failed one gives a fault
// of code Invalid that does not say what was wrong; five in a row lock the account for 15 minutes.
func (a *Accounts) Login(ctx context.Context, email, password, source string) (Session, Person, error) {
	found, err := a.profileByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) {
		if _, err := a.passwords.matches(ctx, password, ""); err != nil {
			return Session{}, Person{}, err
		}
		// As much is written as for a wrong password, so that both take the same time. The address
		// is left out: it may be a password, typed into the wrong field.
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
	match, err := a.passwords.matches(ctx, password, found.PasswordHash)
	if err != nil {
		return Session{}, Person{}, err
	}
	by, hash := found.Principal("api", source).Actor(), found.PasswordHash
	for range retries {
		// Checking a password takes its time, in which many guesses can be under way: only the
		// account as it is now counts.
		if found, err = a.loadProfile(ctx, found.ID); err != nil {
			return Session{}, Person{}, err
		}
		match = match && found.PasswordHash == hash
		if !match || found.LockedUntil > a.journal.Now().Unix() {
			return Session{}, Person{}, a.failLogin(ctx, by, found.ID, match)
		}
		session, person, err := a.beginSession(ctx, by, found, source)
		if !table.ConflictAt(err, profileKey(found.ID)) {
			return session, person, err
		}
	}
	return Session{}, Person{}, fault.New(fault.Unavailable, "The account is being changed by others. Try again.")
}

// failLogin counts a failure and locks the account at the fifth.
func (a *Accounts) failLogin(ctx context.Context, by change.Actor, userID string, match bool) error {
	by.Kind = change.Stranger
	_, err := a.changePerson(ctx, by, userID, func(p *profile) (change.Record, error) {
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

// beginSession stores a session; a *table.ConflictError if the account was changed meanwhile. The
// log-in stands in the person's own log and in those of the scopes where the person has privileges.
func (a *Accounts) beginSession(
	ctx context.Context,
	by change.Actor,
	found profile,
	source string,
) (Session, Person, error) {
	made, write, err := a.newSession(found, source)
	if err != nil {
		return Session{}, Person{}, err
	}
	writes := []table.Write{write}
	if found.Failures > 0 || found.LockedUntil > 0 {
		found.Failures, found.LockedUntil = 0, 0
		reset, err := storeProfile(found)
		if err != nil {
			return Session{}, Person{}, err
		}
		writes = append(writes, reset)
	} else {
		writes = append(writes, table.Require(profileKey(found.ID), found.version))
	}
	done := change.Record{
		Action: "accounts.login", Message: "Logged in", UserLog: found.ID, Target: "user:" + found.ID, Writes: writes,
	}
	for _, privilege := range found.Privileges[:min(len(found.Privileges), logsPerLogin)] {
		switch privilege.Scope {
		case PlatformScope:
			done.PlatformLog = true
		case MSPScope:
			done.AlsoMSPs = append(done.AlsoMSPs, privilege.MSPID)
		case OrgScope:
			done.AlsoOrgs = append(done.AlsoOrgs, privilege.OrgID)
		}
	}
	return made, found.Person, a.journal.Commit(ctx, by, done)
}

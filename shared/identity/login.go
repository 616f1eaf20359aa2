package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// logsPerLogin is the maximum number of scopes whose logs record a log-in.
const logsPerLogin = 10

// wrongLogin returns the error for every failed log-in. It does not reveal which part was wrong.
func wrongLogin() error {
	return fault.New(
		fault.Invalid,
		"The e-mail address or the password is wrong, or the account is locked temporarily after too many failures.",
	)
}

// Login checks an address and a password and starts a session. A failed log-in returns a fault of
// code Invalid that does not reveal what was wrong; five in a row lock the account for 15 minutes, for
// the network that the person uses or for all others.
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
		if !match || stored.locked(source, a.journal.Now().Unix()) {
			return Session{}, Person{}, a.failLogin(ctx, by, stored.ID, match)
		}
		session, person, err := a.beginSession(ctx, by, stored, source)
		conflict, lost := errors.AsType[*table.ConflictError](err)
		if !lost || conflict.Key.Sort != profileSort && !strings.HasPrefix(conflict.Key.Sort, sessionSort) {
			return session, person, err
		}
	}
	return Session{}, Person{}, fault.New(fault.Unavailable, "Others are changing the account. Try again.")
}

// failLogin counts a failure and locks at the fifth. The request that failed is not carried out by
// that. The places of the person have failures in their logs once an hour at most, and locks as the
// person is told of them, so that a stranger cannot fill a log or a mailbox.
func (a *Accounts) failLogin(ctx context.Context, by change.Actor, userID string, match bool) error {
	by.Kind = change.Stranger
	_, err := a.changePerson(change.WithoutOnce(ctx), by, userID, func(p *profile) (change.Record, error) {
		record := change.Record{
			Action: "accounts.login", Message: "Log-in failed: wrong password", UserLog: p.ID, Target: "user:" + p.ID,
		}
		now := a.journal.Now().Unix()
		switch {
		case p.locked(by.SourceAddress, now):
			record.Message = "Log-in refused: the account is locked"
		case match:
		case p.failed(by.SourceAddress, now):
			record.Message = fmt.Sprintf("Log-in failed: wrong password; locked after %d failures", failuresToLock)
			if now-p.LockTold >= int64(lockTold/time.Second) {
				p.LockTold, p.FailureTold = now, now
				p.alsoPlaces(&record)
				return record, lockNotices(&record, p.ID, by.SourceAddress)
			}
		case now-p.FailureTold >= int64(failureTold/time.Second):
			p.FailureTold = now
			p.alsoPlaces(&record)
		}
		return record, nil
	})
	if err != nil {
		return err
	}
	return wrongLogin()
}

// failureTold is how often failed log-ins of a person are recorded in the logs of the person's places.
const failureTold = time.Hour

// lockNotices adds the messages that tell of a lock.
func lockNotices(record *change.Record, userID, source string) error {
	own, err := Notice{Kind: NoticeLocked, UserID: userID, Source: source}.message("USER#" + userID)
	if err != nil {
		return err
	}
	event, err := SecurityMessage(AccountLocked, Notice{UserID: userID, Source: source})
	record.Messages = append(record.Messages, own, event)
	return err
}

// alsoPlaces adds the logs of the person's places to a record.
func (p *profile) alsoPlaces(record *change.Record) {
	for _, privilege := range p.Privileges[:min(len(p.Privileges), logsPerLogin)] {
		switch privilege.Scope {
		case PlatformScope:
			record.PlatformLog = true
		case MSPScope, LabelScope:
			record.AlsoMSPs = append(record.AlsoMSPs, privilege.MSPID)
		case OrgScope:
			record.AlsoOrgs = append(record.AlsoOrgs, privilege.OrgID)
		}
	}
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
	session, write, err := a.newSession(ctx, stored, source, viaPassword)
	if err != nil {
		return Session{}, Person{}, err
	}
	old, err := a.replaced(ctx)
	if err != nil {
		return Session{}, Person{}, err
	}
	writes := append(old, write)
	if stored.entered(source, a.journal.Now().Unix()) {
		changed, err := storeProfile(stored)
		if err != nil {
			return Session{}, Person{}, err
		}
		writes = append(writes, changed)
	} else {
		writes = append(writes, table.Require(profileKey(stored.ID), stored.version))
	}
	record := change.Record{
		Action: "accounts.login", Message: "Logged in", UserLog: stored.ID, Target: "user:" + stored.ID, Writes: writes,
	}
	stored.alsoPlaces(&record)
	return session, stored.Person, a.journal.Commit(ctx, by, record)
}

package identity

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The ways in which a session starts.
const (
	viaPassword = "password"
	viaRecovery = "recovery"
)

// maxSessions is the maximum number of sessions that are listed, the newest ones.
const maxSessions = 200

// OwnSession is a session as its owner sees it.
type OwnSession struct {
	ID string
	// Created and LastUsed are in epoch seconds; LastUsed is precise to a few minutes.
	Created, LastUsed int64
	// Source is the network address that the session was started from, and UserAgent what the client
	// said about itself.
	Source, UserAgent string
	// Via is how it started: "password" or "recovery".
	Via string
	// Current is set for the session that asks.
	Current bool
}

// Sessions lists the principal's own sessions, the newest first.
func (a *Accounts) Sessions(ctx context.Context, by Principal) ([]OwnSession, error) {
	owner, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	query := table.WithPrefix(table.Core, userKey(by.UserID, "").Partition, sessionSort)
	query.Descending, query.Limit = true, maxSessions
	page, err := a.journal.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	used := table.WithPrefix(table.Derived, userKey(by.UserID, "").Partition, sessionMark)
	used.Descending, used.Limit = true, maxSessions
	marks, err := a.journal.Query(ctx, used)
	if err != nil {
		return nil, err
	}
	last := map[string]int64{}
	for _, item := range marks.Items {
		var use tokenUse
		if err := change.Decode(item, &use); err != nil {
			return nil, err
		}
		last[strings.TrimPrefix(item.Sort, sessionMark)] = use.LastUsed
	}
	var own []OwnSession
	for _, item := range page.Items {
		var stored session
		if err := change.Decode(item, &stored); err != nil {
			return nil, err
		}
		id := strings.TrimPrefix(item.Sort, sessionSort)
		if stored.Epoch != owner.SessionEpoch {
			continue // it has ended
		}
		own = append(own, OwnSession{
			ID: id, Created: stored.Created, LastUsed: max(stored.Created, last[id]), Source: stored.Source,
			UserAgent: stored.UserAgent, Via: cmp.Or(stored.Via, viaPassword), Current: id == by.SessionID,
		})
	}
	slices.SortStableFunc(own, func(x, y OwnSession) int { return cmp.Compare(y.Created, x.Created) })
	return own, nil
}

// EndSession ends one of the principal's own sessions; a fault of code NotFound if there is none.
func (a *Accounts) EndSession(ctx context.Context, by Principal, id string) error {
	key := userKey(by.UserID, sessionSort+id)
	var stored session
	version, err := a.journal.Get(ctx, key, &stored)
	if errors.Is(err, table.ErrAbsent) {
		return fault.Missing()
	}
	if err == nil {
		err = checkPersonally(by)
	}
	if err != nil {
		return err
	}
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.delete_session", Message: "Ended a session", UserLog: by.UserID, Target: "user:" + by.UserID,
		Before: map[string]any{"src_ip": stored.Source, "user_agent": stored.UserAgent},
		Writes: []table.Write{table.Delete(key, version)},
	})
	if table.ConflictAt(err, key) {
		return fault.Missing()
	}
	return err
}

// checkPersonally refuses API tokens: who finds one must not be able to lock its owner out.
func checkPersonally(by Principal) error {
	if by.Kind != change.Person {
		return fault.New(fault.Forbidden, "An API token cannot end sessions: log in to do it.")
	}
	return nil
}

// EndOthers ends all sessions of the principal but the present one, and pending recoveries. API tokens
// stay.
func (a *Accounts) EndOthers(ctx context.Context, by Principal) error {
	if err := checkPersonally(by); err != nil {
		return err
	}
	_, err := a.changePerson(ctx, by.Actor(), by.UserID, func(p *profile) (change.Record, error) {
		p.SessionEpoch++
		record := change.Record{
			Action: "accounts.delete_sessions", Message: "Ended all other sessions", UserLog: p.ID, Target: "user:" + p.ID,
		}
		key := userKey(by.UserID, sessionSort+by.SessionID)
		items, err := a.journal.BatchGet(ctx, []table.Key{key})
		if err != nil {
			return change.Record{}, err
		}
		if items[0].Version == 0 {
			return change.Record{}, unknown()
		}
		var present session
		if err := change.Decode(items[0], &present); err != nil {
			return change.Record{}, err
		}
		present.Epoch = p.SessionEpoch
		item, err := change.Encode(key, present)
		item.Version, item.Expires = items[0].Version, items[0].Expires
		record.Writes = []table.Write{table.Update(item)}
		return record, err
	})
	return err
}

// EndEverything ends all that gives access to the principal's own account without the password: all
// sessions, the present one too, all API tokens, and pending recoveries.
func (a *Accounts) EndEverything(ctx context.Context, by Principal) error {
	if err := checkPersonally(by); err != nil {
		return err
	}
	return a.endEverything(ctx, by, by.UserID, func(*profile) (change.Record, error) {
		return change.Record{Action: "accounts.delete_sessions"}, nil
	})
}

// EndAccess ends all that gives access to somebody's account without the password, for those who
// administer every place where the person has a privilege. The person is told by mail, and can log in
// again.
func (a *Accounts) EndAccess(ctx context.Context, by Principal, place Place, userID string) error {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return err
	}
	withheld, err := a.withheld(ctx, by, place, ChangeAdministrators)
	if err != nil {
		return err
	}
	return a.endEverything(ctx, by, userID, func(p *profile) (change.Record, error) {
		inside := len(within(p.Person, place, withheld).Privileges)
		if place.Scope == PlatformScope {
			inside = len(p.Privileges) // all places are inside the platform
		}
		switch inside {
		case 0:
			return change.Record{}, fault.Missing()
		case len(p.Privileges):
		default:
			return change.Record{}, fault.New(fault.Forbidden,
				"This person has a role elsewhere too: an administrator of all their places must do this.")
		}
		return change.Record{Action: place.action("delete_sessions"), OrgID: place.OrgID, MSPID: place.MSPID}, nil
	})
}

func (a *Accounts) endEverything(
	ctx context.Context, by Principal, userID string, describe func(*profile) (change.Record, error),
) error {
	_, err := a.changePerson(ctx, by.Actor(), userID, func(p *profile) (change.Record, error) {
		described, err := describe(p)
		if err != nil {
			return change.Record{}, err
		}
		p.endCredentials()
		record, err := endedNotice(p.ID, by)
		record.Action, record.OrgID, record.MSPID = described.Action, described.OrgID, described.MSPID
		record.Message = "Ended all sessions and API tokens of " + p.Email
		return record, err
	})
	return err
}

// StepUp makes the principal's session fresh again with the password.
func (a *Accounts) StepUp(ctx context.Context, by Principal, password string) error {
	if by.SessionID == "" {
		return fault.New(fault.Invalid, "There is no session: calls with an API token need no step-up.")
	}
	stored, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return err
	}
	if err := a.checkPassword(ctx, by, stored, "password", password); err != nil {
		return err
	}
	key := userKey(by.UserID, sessionSort+by.SessionID)
	items, err := a.journal.BatchGet(ctx, []table.Key{key})
	if err != nil {
		return err
	}
	if items[0].Version == 0 {
		return unknown()
	}
	var present session
	if err := change.Decode(items[0], &present); err != nil {
		return err
	}
	present.Proven = a.journal.Now().Unix()
	item, err := change.Encode(key, present)
	if err != nil {
		return err
	}
	item.Version, item.Expires = items[0].Version, items[0].Expires
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.step_up", Message: "Gave the password again", UserLog: by.UserID, Target: "user:" + by.UserID,
		Writes: []table.Write{table.Update(item)},
	})
	if table.ConflictAt(err, key) {
		return fault.New(fault.Unavailable, "The session changed in the meantime. Try again.")
	}
	return err
}

package identity

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// SessionLife is how long a session lasts after log-in.
const SessionLife = 24 * time.Hour

// sessionUsedEvery is how precisely the last use of a session is recorded.
const sessionUsedEvery = 5 * time.Minute

// session is a log-in as stored.
type session struct {
	Hash    string `json:"hash"`
	Epoch   int64  `json:"epoch"`
	Created int64  `json:"created_time"`
	Source  string `json:"src_ip"`
	// UserAgent is what the client said about itself, and Via how the session started.
	UserAgent string `json:"user_agent,omitempty"`
	Via       string `json:"via,omitempty"`
	// Proven is when the password was last given again, in epoch seconds; 0 if only at log-in.
	Proven int64 `json:"proven_time,omitempty"`
}

// proven returns when the person last proved who they are, in epoch seconds.
func (s session) proven() int64 { return max(s.Created, s.Proven) }

// Session is what a client stores after log-in.
type Session struct {
	// Cookie is the secret value of the cookie sessionid.
	Cookie string
	// CSRF is the value of the readable cookie csrftoken; unsafe requests repeat it in a header.
	CSRF string
}

// newSession returns a session and the write that stores it.
func (a *Accounts) newSession(ctx context.Context, p profile, source, via string) (Session, table.Write, error) {
	c := newCredential(p.ID, a.journal.NewID())
	item, err := change.Encode(userKey(p.ID, sessionSort+c.id), session{
		Hash: c.hash(), Epoch: p.SessionEpoch, Created: a.journal.Now().Unix(), Source: source,
		UserAgent: deviceOf(clientOf(ctx).UserAgent), Via: via,
	})
	if err != nil {
		return Session{}, table.Write{}, err
	}
	item.Expires = a.in(SessionLife)
	return Session{Cookie: c.text(), CSRF: a.csrf(c.id)}, table.Create(item), nil
}

// csrf derives a session's csrftoken, so that it need not be stored.
func (a *Accounts) csrf(sessionID string) string {
	return base64.RawURLEncoding.EncodeToString(a.keyring.Sign("csrf", sessionID))
}

// CSRFValid reports whether value is the csrftoken of the session.
func (a *Accounts) CSRFValid(by Principal, value string) bool {
	signature, err := base64.RawURLEncoding.DecodeString(value)
	return err == nil && len(signature) == 32 && a.keyring.Signed(signature, "csrf", by.SessionID)
}

// CSRF returns the csrftoken of the principal's session.
func (a *Accounts) CSRF(by Principal) string { return a.csrf(by.SessionID) }

// unknown returns the same fault for every rejected credential.
func unknown() error {
	return fault.New(fault.Unauthenticated, "Authentication credentials were not provided or are no longer valid.")
}

// BySession returns the principal of a session cookie, in one read; a fault of code Unauthenticated
// if it is not valid.
func (a *Accounts) BySession(ctx context.Context, cookie, source string) (Principal, error) {
	shown, ok := parseCredential(cookie)
	if !ok {
		return Principal{}, unknown()
	}
	mark := sessionUseKey(shown.userID, shown.id)
	items, err := a.journal.BatchGet(
		ctx,
		[]table.Key{profileKey(shown.userID), userKey(shown.userID, sessionSort+shown.id), mark},
	)
	if err != nil {
		return Principal{}, err
	}
	if items[0].Version == 0 || items[1].Version == 0 {
		return Principal{}, unknown()
	}
	var stored profile
	var record session
	if err := errors.Join(change.Decode(items[0], &stored), change.Decode(items[1], &record)); err != nil {
		return Principal{}, err
	}
	if !shown.has(record.Hash) || record.Epoch != stored.SessionEpoch {
		return Principal{}, unknown()
	}
	var use tokenUse
	if items[2].Version > 0 {
		if err := change.Decode(items[2], &use); err != nil {
			return Principal{}, err
		}
	}
	now := a.journal.Now().Unix()
	idle := now - max(use.LastUsed, record.Created)
	longest := max(use.Idle, idle)
	if idle >= int64(sessionUsedEvery/time.Second) {
		if err := a.journal.Note(ctx, mark, tokenUse{LastUsed: now, Idle: longest}, items[1].Expires); err != nil {
			a.log.WarnContext(ctx, "the session's last use was not recorded", "session", shown.id, "error", err)
		}
	}
	principal := stored.Principal("api", source)
	principal.SessionID, principal.Proven = shown.id, record.proven()
	principal.SessionAge = a.journal.Now().Sub(time.Unix(record.Created, 0))
	principal.SessionIdle = time.Duration(longest) * time.Second
	principal.PasswordAge = a.journal.Now().Sub(time.Unix(cmp.Or(stored.PasswordModified, stored.Created), 0))
	return principal, nil
}

// Logout ends the principal's session.
func (a *Accounts) Logout(ctx context.Context, by Principal) error {
	if by.SessionID == "" {
		return fault.New(fault.Invalid, "There is no session to end: this call used an API token.")
	}
	key := userKey(by.UserID, sessionSort+by.SessionID)
	var present session
	version, err := a.journal.Get(ctx, key, &present)
	if errors.Is(err, table.ErrAbsent) {
		return nil // already ended
	}
	if err != nil {
		return err
	}
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.logout", Message: "Logged out", UserLog: by.UserID, Target: "user:" + by.UserID,
		Writes: []table.Write{table.Delete(key, version)},
	})
	if table.ConflictAt(err, key) {
		return nil // already ended
	}
	return err
}

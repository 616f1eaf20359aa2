package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxRecoveries is the maximum number of unused recoveries of one account.
const maxRecoveries = 4

// RecoveryLife is how long the link of a password recovery is valid.
const RecoveryLife = 15 * time.Minute

// Notice is the body of a message that makes the mail worker send a mail about an account.
type Notice struct {
	// Kind is one of the kinds below.
	Kind string `json:"kind"`
	// Email is the address that a recovery was requested for.
	Email string `json:"email,omitempty"`
	// UserID is the person whose password changed, or who created a token.
	UserID string `json:"user_id,omitempty"`
	// Scope, ScopeID, InviteID and Generation identify an invitation as it was sent.
	Scope      ScopeKind `json:"scope,omitempty"`
	ScopeID    string    `json:"scope_id,omitempty"`
	InviteID   string    `json:"invite_id,omitempty"`
	Generation int       `json:"generation,omitempty"`
	// Token is the name of a new API token, Source the network address that it was created from.
	Token  string `json:"token,omitempty"`
	Source string `json:"source,omitempty"`
	// RecipientID is the administrator who is told of UserID, who got Role at the scope.
	RecipientID string `json:"recipient_id,omitempty"`
	Role        Role   `json:"role,omitempty"`
	PlaceName   string `json:"place_name,omitempty"`
	// Consent, Grantee, Until and Reason are what ByName asks an organization for.
	Consent ConsentKind `json:"consent,omitempty"`
	Grantee Grantee     `json:"grantee,omitempty"`
	Until   int64       `json:"until,omitempty"`
	Reason  string      `json:"reason,omitempty"`
	ByName  string      `json:"by_name,omitempty"`
	// Event is what a security notice tells of, and Granted whether a changed consent was given.
	Event   SecurityEvent `json:"event,omitempty"`
	Granted bool          `json:"granted,omitempty"`
	// Ending are the consents that end soon, or have just ended.
	Ending []EndingConsent `json:"ending,omitempty"`
	// ByProvider is set if ByName works for the provider.
	ByProvider bool `json:"by_provider,omitempty"`
	// OrgName is the organization that came to an MSP or left it. ProviderName is the new MSP of an
	// organization; "" if it has none.
	OrgName      string `json:"org_name,omitempty"`
	ProviderName string `json:"provider_name,omitempty"`
}

// The kinds of notice.
const (
	NoticeRecovery = "recovery"
	NoticeInvite   = "invite"
	NoticePassword = "password"
	NoticeToken    = "token"
	// NoticeAdministrator tells an administrator of a place that there is a new one.
	NoticeAdministrator = "administrator"
	// NoticeConsentRequest tells an own administrator that the provider asks for a consent.
	NoticeConsentRequest = "consent_request"
	// NoticeEnded tells a person that somebody ended all their sessions and tokens, and NoticeLocked
	// that wrong passwords locked the account for other networks than theirs, or for the one in
	// Source.
	NoticeEnded  = "ended"
	NoticeLocked = "locked"
	// NoticeSecurity asks for the mails about a security event to those who want them, and
	// NoticeSecurityMail for one of them.
	NoticeSecurity     = "security"
	NoticeSecurityMail = "security_mail"
	// NoticeDeletion tells an administrator or a contact address that their organization was deleted, and
	// until when it can be restored, or that it was restored.
	NoticeDeletion = "deletion"
)

func (n Notice) message(group string) (queue.Message, error) {
	body, err := json.Marshal(n)
	return queue.Message{Queue: queue.MailSend, Group: group, Body: body}, err
}

// recovery is a password recovery as stored.
type recovery struct {
	// Epoch is the session epoch when the recovery was requested: if it is unchanged, the password
	// was not set since.
	Epoch   int64 `json:"epoch"`
	Created int64 `json:"created_time"`
	// Used is when the recovery set a password, in epoch seconds; 0 before.
	Used int64 `json:"used_time,omitempty"`
}

// usedFor is how long a used recovery is remembered, so that a redelivered message does not make
// the link work again: longer than any queue keeps a message.
const usedFor = 15 * 24 * time.Hour

// Recover requests a link for the address if it has an account. The mail worker looks up the
// account, so that the caller cannot find out whether there is one, not even by timing.
func (a *Accounts) Recover(ctx context.Context, email, source string) error {
	if err := CheckEmail("email", email); err != nil {
		return err
	}
	message, err := Notice{Kind: NoticeRecovery, Email: NormalEmail(email)}.message("PLATFORM")
	if err != nil {
		return err
	}
	by := change.Actor{Kind: change.Stranger, Email: NormalEmail(email), SourceAddress: source, Door: "api"}
	return a.journal.Commit(ctx, by, change.Record{
		Action: "accounts.recover", Message: "Requested a password recovery", Messages: []queue.Message{message},
	})
}

// StartRecovery starts the recovery that a message requests, and returns the recipient and the
// token of the link; a fault of code NotFound if the address has no account. A redelivered message
// starts the same recovery again.
func (a *Accounts) StartRecovery(ctx context.Context, messageID, email string) (Person, string, error) {
	stored, err := a.profileByEmail(ctx, email)
	if err != nil {
		return Person{}, "", err
	}
	key := userKey(stored.ID, recoverySort+messageID)
	open, err := a.journal.Query(ctx, table.WithPrefix(table.Core, key.Partition, recoverySort))
	if err != nil {
		return Person{}, "", err
	}
	unused, err := unusedRecoveries(open.Items)
	if err != nil {
		return Person{}, "", err
	}
	if unused >= maxRecoveries &&
		!slices.ContainsFunc(open.Items, func(item table.Item) bool { return item.Key == key }) {
		return Person{}, "", fault.Missing() // do not let anybody flood the mailbox
	}
	item, err := change.Encode(key, recovery{Created: a.journal.Now().Unix(), Epoch: stored.SessionEpoch})
	if err != nil {
		return Person{}, "", err
	}
	item.Expires = a.in(RecoveryLife)
	err = a.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action:  "mail.send",
		Message: "Created a password recovery link",
		UserLog: stored.ID,
		Target:  "user:" + stored.ID,
		Writes:  []table.Write{table.Create(item)},
	})
	if err != nil && !table.ConflictAt(err, key) {
		return Person{}, "", err
	}
	return stored.Person, a.recoveryToken(stored.ID, messageID), nil
}

// unusedRecoveries returns the number of recoveries that did not set a password; used ones are
// stored for longer.
func unusedRecoveries(items []table.Item) (int, error) {
	unused := 0
	for _, item := range items {
		var stored recovery
		if err := change.Decode(item, &stored); err != nil {
			return 0, err
		}
		if stored.Used == 0 {
			unused++
		}
	}
	return unused, nil
}

// recoveryToken returns the token of a recovery's link. It is derived, so that no queue or table
// holds it.
func (a *Accounts) recoveryToken(userID, recoveryID string) string {
	user, id := uuid.MustParse(userID), uuid.MustParse(recoveryID)
	return base64.RawURLEncoding.EncodeToString(
		append(append(user[:], id[:]...), a.keyring.Sign("recovery", userID, recoveryID)[:24]...),
	)
}

// invalidLink returns the fault for a link that is forged, used or expired.
func invalidLink() error {
	return fault.New(
		fault.Invalid,
		"This link is not valid: it was already used, has expired, or is incomplete. Request a new one.",
	)
}

// FinishRecovery sets a new password with the token of a recovery. The token works once, and only
// while the password was not set in another way; all sessions and API tokens end, and a new session
// starts.
func (a *Accounts) FinishRecovery(ctx context.Context, token, password, source string) (Session, error) {
	data, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(data) != 16+16+24 {
		return Session{}, invalidLink()
	}
	userID, recoveryID := uuid.UUID(data[:16]).String(), uuid.UUID(data[16:32]).String()
	if !a.keyring.Signed(data[32:], "recovery", userID, recoveryID) {
		return Session{}, invalidLink()
	}
	key := userKey(userID, recoverySort+recoveryID)
	var stored recovery
	version, err := a.journal.Get(ctx, key, &stored)
	if errors.Is(err, table.ErrAbsent) {
		return Session{}, invalidLink()
	}
	if err != nil {
		return Session{}, err
	}
	if stored.Used > 0 {
		return Session{}, invalidLink()
	}
	stored.Used = a.journal.Now().Unix()
	used, err := change.Encode(key, stored)
	if err != nil {
		return Session{}, err
	}
	used.Version, used.Expires = version, a.in(usedFor)
	by := change.Actor{Kind: change.Person, ID: userID, SourceAddress: source, Door: "api"}
	var session Session
	_, err = a.changePerson(ctx, by, userID, func(p *profile) (change.Record, error) {
		if p.SessionEpoch != stored.Epoch {
			// The password was set in another way: somebody else may have requested this link.
			return change.Record{}, invalidLink()
		}
		record := change.Record{
			Action: "accounts.finish_recovery", Message: "Set a new password with a recovery link",
			UserLog: p.ID, Target: "user:" + p.ID, Writes: []table.Write{table.Update(used)},
		}
		session, err = a.setPassword(ctx, p, password, source, viaRecovery, &record)
		return record, err
	})
	if table.ConflictAt(err, key) {
		return Session{}, invalidLink()
	}
	return session, err
}

// setPassword gives a person a new password, ends all credentials of before and starts a new session. It
// adds to the record what must be written and sent for that.
func (a *Accounts) setPassword(
	ctx context.Context,
	p *profile,
	password, source, via string,
	record *change.Record,
) (Session, error) {
	rules, err := a.passwordRules(ctx, p.Privileges)
	if err != nil {
		return Session{}, err
	}
	hash, err := a.passwords.hash(ctx, password, rules, p.Email, p.FirstName, p.LastName)
	if err != nil {
		return Session{}, err
	}
	p.PasswordHash, p.PasswordModified = hash, a.journal.Now().Unix()
	p.attempts = attempts{}
	for i := range p.Networks {
		p.Networks[i].attempts = attempts{}
	}
	p.endCredentials()
	session, write, err := a.newSession(ctx, *p, source, via)
	if err != nil {
		return Session{}, err
	}
	old, err := a.replaced(ctx)
	if err != nil {
		return Session{}, err
	}
	record.Writes = append(record.Writes, old...)
	notice, err := Notice{Kind: NoticePassword, UserID: p.ID}.message("USER#" + p.ID)
	if err != nil {
		return Session{}, err
	}
	record.Writes = append(record.Writes, write)
	record.Messages = append(record.Messages, notice)
	return session, nil
}

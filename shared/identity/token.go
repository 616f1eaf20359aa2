package identity

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxTokens is the maximum number of API tokens of one person.
	maxTokens = 20
	// maxSourceNetworks is the maximum number of networks that a token, or all tokens in an organization,
	// are limited to.
	maxSourceNetworks = 10
	// tokenPrefix lets people and leak scanners recognize a token.
	tokenPrefix = "tenantry_"
	// usedEvery is how precisely a token's last use is recorded.
	usedEvery = 10 * time.Minute
)

// APIToken is a token as shown to its owner: without the secret.
type APIToken struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Created and Expires are in epoch seconds; Expires is 0 if the token does not expire.
	Created int64 `json:"created_time"`
	Expires int64 `json:"expire_time,omitempty"`
	// SourceNetworks are the addresses and networks (CIDR) that may use the token; none means any.
	SourceNetworks []string `json:"src_ips,omitempty"`
	// LastUsed is in epoch seconds, to the nearest ten minutes; 0 if never.
	LastUsed int64 `json:"-"`
	// Ending has the last letters of the token, so that its owner recognizes it; "" for those of earlier
	// releases.
	Ending string `json:"ending,omitempty"`
	// Extension has the fields that clients stored and Tenantry does not know.
	Extension extension.Fields `json:"extension,omitempty"`
}

// shownLetters is how many letters of a token are shown at each end of a masked one. The last ones are
// 24 of the 256 bits of the secret.
const shownLetters = 4

// Masked returns the token as it may be shown after its creation.
func (t APIToken) Masked() string { return tokenPrefix[:shownLetters] + "..." + t.Ending }

type storedToken struct {
	APIToken
	Hash  string `json:"hash"`
	Epoch int64  `json:"epoch,omitempty"`
}

// NewToken is a request to create a token.
type NewToken struct {
	Name           string
	Expires        int64
	SourceNetworks []string
	// Extension has fields that Tenantry does not know.
	Extension extension.Fields
	// Password is the person's password; it is required if the session is older than freshSession.
	Password string
}

// CreateToken creates an API token for the principal, with the same permissions. Only this call
// returns its text, because only the hash is stored. A token cannot create tokens, and a session
// that is no longer fresh needs the password. The person is notified by mail.
func (a *Accounts) CreateToken(ctx context.Context, by Principal, request NewToken) (APIToken, string, error) {
	if by.Kind != change.Person {
		return APIToken{}, "", fault.New(fault.Forbidden, "An API token cannot create API tokens: log in to create one.")
	}
	if err := CheckName("name", request.Name, 1, 64); err != nil {
		return APIToken{}, "", err
	}
	now := a.journal.Now().Unix()
	if request.Expires != 0 && request.Expires <= now {
		return APIToken{}, "", fault.InField("expire_time", "must be in the future, in epoch seconds")
	}
	if err := CheckNetworks("src_ips", request.SourceNetworks); err != nil {
		return APIToken{}, "", err
	}
	fields, err := extension.Fields(nil).With(request.Extension, extension.Small)
	if err != nil {
		return APIToken{}, "", err
	}
	owner, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return APIToken{}, "", err
	}
	if err := a.checkFresh(ctx, by, owner, request.Password); err != nil {
		return APIToken{}, "", err
	}
	present, err := a.validTokens(ctx, owner)
	if err != nil {
		return APIToken{}, "", err
	}
	if len(present) >= maxTokens {
		return APIToken{}, "", fault.New(
			fault.Conflict,
			"You have %d API tokens, which is the maximum. Delete one first.",
			maxTokens,
		)
	}
	c := newCredential(by.UserID, a.journal.NewID())
	text := tokenPrefix + c.text()
	token := APIToken{
		Ending:         text[len(text)-shownLetters:],
		Extension:      fields,
		ID:             c.id,
		Name:           request.Name,
		Created:        now,
		Expires:        request.Expires,
		SourceNetworks: request.SourceNetworks,
	}
	item, err := change.Encode(
		userKey(by.UserID, tokenSort+token.ID),
		storedToken{APIToken: token, Hash: c.hash(), Epoch: owner.TokenEpoch},
	)
	if err != nil {
		return APIToken{}, "", err
	}
	item.Expires = token.Expires
	notice, err := Notice{
		Kind: NoticeToken, UserID: by.UserID, Token: token.Name, Source: by.SourceAddress,
	}.message("USER#" + by.UserID)
	if err != nil {
		return APIToken{}, "", err
	}
	event, err := SecurityMessage(TokenMade, Notice{UserID: by.UserID, Token: token.Name, Source: by.SourceAddress})
	if err != nil {
		return APIToken{}, "", err
	}
	record := change.Record{
		Action: "accounts.create_token", Message: "Created the API token " + token.Name, UserLog: by.UserID,
		Target: "token:" + token.ID, After: token, Writes: []table.Write{table.Create(item)},
		Messages: []queue.Message{notice, event},
	}
	owner.alsoPlaces(&record)
	err = a.journal.Commit(ctx, by.Actor(), record)
	return token, text, err
}

// checkFresh returns a fault unless the principal's session is fresh or the password is right.
func (a *Accounts) checkFresh(ctx context.Context, by Principal, owner profile, password string) error {
	if password != "" {
		return a.checkPassword(ctx, by, owner, "current_password", password)
	}
	if by.SessionID == "" {
		return unknown()
	}
	return by.CheckFresh(a.journal.Now())
}

// CheckNetworks returns a fault if a field has more networks than a token or an organization can be
// limited to, or anything else in its list.
func CheckNetworks(field string, networks []string) error {
	if len(networks) > maxSourceNetworks {
		return fault.InField(field, "must have at most %d entries", maxSourceNetworks)
	}
	for _, network := range networks {
		if _, err := parseNetwork(network); err != nil {
			return fault.InField(
				field,
				"%q is neither an address nor a network, as in 192.0.2.7 or 192.0.2.0/24",
				network,
			)
		}
	}
	return nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		if mapped := prefix.Addr(); mapped.Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(mapped.Unmap(), prefix.Bits()-96)
		}
		return prefix.Masked(), nil
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	if address = address.Unmap(); address.Zone() != "" {
		return netip.Prefix{}, errors.New("an address with a zone is only valid on one machine")
	}
	return address.Prefix(address.BitLen())
}

// allowed reports whether an address may use a token.
func (t APIToken) allowed(source string) bool { return fromNetworks(t.SourceNetworks, source) }

// Tokens lists the principal's API tokens, oldest first.
func (a *Accounts) Tokens(ctx context.Context, by Principal) ([]APIToken, error) {
	owner, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	tokens, err := a.validTokens(ctx, owner)
	if err != nil || len(tokens) == 0 {
		return nil, err
	}
	uses, err := a.tokenUses(ctx, owner.ID)
	if err != nil {
		return nil, err
	}
	for i := range tokens {
		tokens[i].LastUsed = uses.of(tokens[i])
	}
	return tokens, nil
}

// validTokens lists a person's valid tokens, without their last use.
func (a *Accounts) validTokens(ctx context.Context, owner profile) ([]APIToken, error) {
	page, err := a.journal.Query(ctx, table.WithPrefix(table.Core, userKey(owner.ID, tokenSort).Partition, tokenSort))
	if err != nil {
		return nil, err
	}
	tokens := make([]APIToken, 0, len(page.Items))
	for _, item := range page.Items {
		var token storedToken
		if err := change.Decode(item, &token); err != nil {
			return nil, err
		}
		if token.Epoch == owner.TokenEpoch {
			tokens = append(tokens, token.APIToken)
		}
	}
	return tokens, nil
}

// DeleteToken revokes one of the principal's tokens immediately.
func (a *Accounts) DeleteToken(ctx context.Context, by Principal, tokenID string) error {
	key := userKey(by.UserID, tokenSort+tokenID)
	var token storedToken
	version, err := a.journal.Get(ctx, key, &token)
	if errors.Is(err, table.ErrAbsent) {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.delete_token", Message: "Deleted the API token " + token.Name, UserLog: by.UserID,
		Target: "token:" + tokenID, Before: token.APIToken, Writes: []table.Write{table.Delete(key, version)},
	})
	if table.ConflictAt(err, key) {
		return fault.Missing()
	}
	return err
}

// ByToken returns the principal of an API token, in one read; a fault of code Unauthenticated if it
// is not valid, or not from this address.
func (a *Accounts) ByToken(ctx context.Context, text, source string) (Principal, error) {
	if len(text) < len(tokenPrefix) || text[:len(tokenPrefix)] != tokenPrefix {
		return Principal{}, unknown()
	}
	shown, ok := parseCredential(text[len(tokenPrefix):])
	if !ok {
		return Principal{}, unknown()
	}
	mark := useKey(shown.userID, shown.id)
	items, err := a.journal.BatchGet(
		ctx,
		[]table.Key{profileKey(shown.userID), userKey(shown.userID, tokenSort+shown.id), mark},
	)
	if err != nil {
		return Principal{}, err
	}
	if items[0].Version == 0 || items[1].Version == 0 {
		return Principal{}, unknown()
	}
	var stored profile
	var record storedToken
	var use tokenUse
	if err := errors.Join(change.Decode(items[0], &stored), change.Decode(items[1], &record)); err != nil {
		return Principal{}, err
	}
	if items[2].Version > 0 {
		if err := change.Decode(items[2], &use); err != nil {
			return Principal{}, err
		}
	}
	if !shown.has(record.Hash) || record.Epoch != stored.TokenEpoch || !record.allowed(source) {
		return Principal{}, unknown()
	}
	if now := a.journal.Now().Unix(); now-use.LastUsed >= int64(usedEvery/time.Second) {
		if err := a.journal.Note(ctx, mark, tokenUse{LastUsed: now}, record.Expires); err != nil {
			a.log.WarnContext(ctx, "the token's last use was not recorded", "token", shown.id, "error", err)
		}
	}
	principal := stored.Principal("api", source)
	principal.Kind, principal.TokenID = change.Token, shown.id
	return principal, nil
}

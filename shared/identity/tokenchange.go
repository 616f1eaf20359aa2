package identity

import (
	"context"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Token returns one of the principal's valid API tokens; a fault of code NotFound if there is none.
func (a *Accounts) Token(ctx context.Context, by Principal, tokenID string) (APIToken, error) {
	tokens, err := a.Tokens(ctx, by)
	if err != nil {
		return APIToken{}, err
	}
	at := slices.IndexFunc(tokens, func(token APIToken) bool { return token.ID == tokenID })
	if at < 0 {
		return APIToken{}, fault.Missing()
	}
	return tokens[at], nil
}

// TokenChange is a request to change an API token; nil fields stay as they are. What a token is good for
// is fixed when it is created.
type TokenChange struct {
	Name *string
	// SourceNetworks and Expires, if given, must be those that the token has.
	SourceNetworks *[]string
	Expires        *int64
	// Extension has fields that Tenantry does not know; nulls remove them.
	Extension extension.Fields
}

// ChangeToken changes the name of one of the principal's API tokens. It writes nothing if nothing
// changes.
func (a *Accounts) ChangeToken(
	ctx context.Context, by Principal, tokenID string, request TokenChange,
) (APIToken, error) {
	present, err := a.Token(ctx, by, tokenID)
	if err != nil {
		return APIToken{}, err
	}
	switch {
	case request.SourceNetworks != nil && !slices.Equal(*request.SourceNetworks, present.SourceNetworks):
		return APIToken{}, fault.InField("src_ips", "are fixed when a token is created: create another one")
	case request.Expires != nil && *request.Expires != present.Expires:
		return APIToken{}, fault.InField("expire_time", "is fixed when a token is created: create another one")
	}
	key := userKey(by.UserID, tokenSort+tokenID)
	var stored storedToken
	version, err := a.journal.Get(ctx, key, &stored)
	if errors.Is(err, table.ErrAbsent) {
		return APIToken{}, fault.Missing()
	}
	if err != nil {
		return APIToken{}, err
	}
	before := stored.APIToken
	if request.Name != nil {
		if err := CheckName("name", *request.Name, 1, 64); err != nil {
			return APIToken{}, err
		}
		stored.Name = *request.Name
	}
	if stored.Extension, err = stored.Extension.With(request.Extension, extension.Small); err != nil {
		return APIToken{}, err
	}
	if stored.Name == before.Name && stored.Extension.Equal(before.Extension) {
		return present, nil
	}
	item, err := change.Encode(key, stored)
	if err != nil {
		return APIToken{}, err
	}
	item.Version, item.Expires = version, stored.Expires
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "accounts.change_token", Message: "Changed the API token " + stored.Name, UserLog: by.UserID,
		Target: "token:" + tokenID, Before: before, After: stored.APIToken, Writes: []table.Write{table.Update(item)},
	})
	if table.ConflictAt(err, key) {
		return APIToken{}, fault.New(fault.Conflict, "The token was changed or deleted in the meantime. Read it again.")
	}
	changed := stored.APIToken
	changed.LastUsed = present.LastUsed
	return changed, err
}

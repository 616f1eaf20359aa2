package identity

import (
	"context"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxUserAgent is the number of bytes that are stored of a client's description of itself.
const maxUserAgent = 200

// Client is what the client of a call says about itself. No permission depends on it: UserAgent is
// shown in the list of sessions, and Session is the cookie of the session that a log-in replaces.
type Client struct{ UserAgent, Session string }

type clientKey struct{}

// WithClient returns a context for a call of a client.
func WithClient(ctx context.Context, client Client) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

func clientOf(ctx context.Context) Client {
	client, _ := ctx.Value(clientKey{}).(Client)
	return client
}

// replaced returns the write that ends the session that the client still shows while it starts a new
// one, if there is such a session: whoever knew its cookie must not go on with it.
func (a *Accounts) replaced(ctx context.Context) ([]table.Write, error) {
	shown, ok := parseCredential(clientOf(ctx).Session)
	if !ok {
		return nil, nil
	}
	key := userKey(shown.userID, sessionSort+shown.id)
	var present session
	version, err := a.journal.Get(ctx, key, &present)
	if errors.Is(err, table.ErrAbsent) || err == nil && !shown.has(present.Hash) {
		return nil, nil
	}
	return []table.Write{table.Delete(key, version)}, err
}

// deviceOf returns the start of a client's description as printable ASCII.
func deviceOf(userAgent string) string {
	kept := make([]byte, 0, min(len(userAgent), maxUserAgent))
	for i := 0; i < len(userAgent) && len(kept) < maxUserAgent; i++ {
		if c := userAgent[i]; c >= ' ' && c <= '~' {
			kept = append(kept, c)
		}
	}
	return string(kept)
}

// endedNotice returns the message that tells a person that somebody ended their sessions and tokens.
func endedNotice(userID string, by Principal) (change.Record, error) {
	message, err := Notice{
		Kind: NoticeEnded, UserID: userID, ByName: by.Name(), Source: by.SourceAddress,
	}.message("USER#" + userID)
	record := change.Record{UserLog: userID, Target: "user:" + userID}
	record.Messages = append(record.Messages, message)
	return record, err
}

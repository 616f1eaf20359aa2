package identity

import (
	"context"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// tokenUse is when a token was last used. It is stored in the derived table, so that read-only
// calls need no permission to write to the core table.
type tokenUse struct {
	LastUsed int64 `json:"last_used"`
	// Idle is how long a session was unused at a stretch before, in seconds. It stays, so that a session
	// that was idle for too long does not become usable by being used.
	Idle int64 `json:"idle,omitempty"`
}

// rebuilt is when the derived table was found to have lost its marks, in epoch seconds.
type rebuilt struct {
	At int64 `json:"at"`
}

// tokenUses has the last use of tokens, by token ID.
type tokenUses struct {
	// marks are from the derived table, former from the core table, where earlier releases kept
	// them.
	marks, former map[string]int64
	// rebuilt is when the marks were last lost; 0 if never.
	rebuilt int64
}

// of returns when a token was last used, in epoch seconds; 0 if never. If its mark may have been
// lost, the token counts as used at the last rebuild, so that nobody takes it for unused.
func (u tokenUses) of(token APIToken) int64 {
	if mark, ok := u.marks[token.ID]; ok {
		return mark
	}
	last := u.former[token.ID]
	if token.Created <= u.rebuilt {
		last = max(last, u.rebuilt)
	}
	return last
}

// tokenUses reads when a person's tokens were last used.
func (a *Accounts) tokenUses(ctx context.Context, userID string) (tokenUses, error) {
	var uses tokenUses
	for place, into := range map[table.Table]*map[string]int64{table.Derived: &uses.marks, table.Core: &uses.former} {
		marks := map[string]int64{}
		page, err := a.journal.Query(ctx, table.WithPrefix(place, userKey(userID, tokenMark).Partition, tokenMark))
		if err != nil {
			return uses, err
		}
		for _, item := range page.Items {
			var use tokenUse
			if err := change.Decode(item, &use); err != nil {
				return uses, err
			}
			marks[item.Sort[len(tokenMark):]] = use.LastUsed
		}
		*into = marks
	}
	var last rebuilt
	_, err := a.journal.Get(ctx, rebuiltKey(), &last)
	if errors.Is(err, table.ErrAbsent) {
		err = nil
	}
	uses.rebuilt = last.At
	return uses, err
}

// NoteRebuild records a rebuild of the whole derived table. If the table was lost, tokens without a
// mark count as used now.
func (a *Accounts) NoteRebuild(ctx context.Context) error {
	var whole struct{}
	_, err := a.journal.Get(ctx, wholeKey(), &whole)
	if !errors.Is(err, table.ErrAbsent) {
		return err
	}
	if err := a.journal.Mark(ctx, rebuiltKey(), rebuilt{At: a.journal.Now().Unix()}, 0); err != nil {
		return err
	}
	return a.journal.Note(ctx, wholeKey(), whole, 0)
}

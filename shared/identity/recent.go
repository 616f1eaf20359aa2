package identity

import (
	"context"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxRecent is how many places of a person are kept, and recentLife how long after the last of
	// them was opened.
	maxRecent  = 7
	recentLife = 180 * 24 * time.Hour
)

// RecentPlace is an MSP or organization that a person opened.
type RecentPlace struct {
	Scope ScopeKind `json:"scope"`
	ID    string    `json:"id"`
	// Opened is when the person came to the place, in epoch seconds.
	Opened int64 `json:"opened"`
}

// recentPlaces is the mark of the places that a person opened, the latest first. It is in the derived
// table: it may be lost, and no call needs permission to write to the core table for it.
type recentPlaces struct {
	Places []RecentPlace `json:"places"`
}

// recentKey is the key of a person's recent places.
func recentKey(userID string) table.Key {
	key := userKey(userID, recentMark)
	key.Table = table.Derived
	return key
}

// Visited notes that somebody opened an MSP or organization in the portal. It writes only if they
// were somewhere else before. It fails no call: what goes wrong is in the log. API tokens and other
// places leave no trace.
func (a *Accounts) Visited(ctx context.Context, by Principal, place Place) {
	if by.Kind != change.Person || place.ID() == "" {
		return
	}
	if err := a.visited(ctx, by, place); err != nil {
		a.log.WarnContext(ctx, "the place that a person opened was not recorded", "user", by.UserID, "error", err)
	}
}

func (a *Accounts) visited(ctx context.Context, by Principal, place Place) error {
	recent, err := a.RecentPlaces(ctx, by)
	if err != nil {
		return err
	}
	here := func(p RecentPlace) bool { return p.Scope == place.Scope && p.ID == place.ID() }
	if len(recent) > 0 && here(recent[0]) {
		return nil
	}
	recent = slices.DeleteFunc(recent, here)
	recent = slices.Insert(recent, 0, RecentPlace{
		Scope: place.Scope, ID: place.ID(), Opened: a.journal.Now().Unix(),
	})
	return a.journal.Note(
		ctx, recentKey(by.UserID), recentPlaces{Places: recent[:min(len(recent), maxRecent)]}, a.in(recentLife),
	)
}

// RecentPlaces returns the places that the principal opened last, the latest first, whether they
// still see them or not.
func (a *Accounts) RecentPlaces(ctx context.Context, by Principal) ([]RecentPlace, error) {
	items, err := a.journal.BatchGet(ctx, []table.Key{recentKey(by.UserID)})
	if err != nil || items[0].Version == 0 {
		return nil, err
	}
	var stored recentPlaces
	err = change.Decode(items[0], &stored)
	return stored.Places, err
}

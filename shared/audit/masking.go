package audit

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
)

// hiddenIn returns the organizations of some entries that do not let the reader see their people's
// personal data, for a log over any organizations.
func (l *Log) hiddenIn(ctx context.Context, search Search, entries []change.Entry) (map[string]bool, error) {
	if !search.perOrg {
		return nil, nil
	}
	var ids []string
	for _, entry := range entries {
		if entry.OrgID != "" && !slices.Contains(ids, entry.OrgID) {
			ids = append(ids, entry.OrgID)
		}
	}
	return identity.MaskedIn(ctx, l.journal, search.by, ids)
}

// masks reports whether the people of an organization are masked in an entry. Where an entry names no
// organization, its actor may belong to any.
func (s Search) masks(entry change.Entry) bool {
	switch {
	case s.masked:
		return true
	case s.perOrg && strings.HasPrefix(entry.Target, "message:"):
		return true // what a dead letter is about is known only to its worker
	case entry.OrgID == "" && entry.Actor.Provider:
		return false
	case s.perOrg && entry.OrgID == "":
		return s.by.WorksForPlatform() && (entry.Actor.ID != "" || entry.Actor.Door == "mail")
	case s.perOrg:
		return s.hidden[entry.OrgID]
	case entry.OrgID == "":
		return len(s.maskedOrgs) > 0
	}
	_, masked := s.maskedOrgs[entry.OrgID]
	return masked
}

// mask masks the people of an organization in an entry: the actor, the message, and what changed.
func mask(by identity.Principal, entry *change.Entry) {
	own := entry.Actor
	entry.Actor = by.MaskActor(entry.Actor)
	if entry.Actor.Provider && entry.Target == "user:"+own.ID {
		return // somebody who works for the provider, about themselves
	}
	entry.Message = identity.MaskMessage(entry.Action, entry.Message)
	entry.Before, entry.After = identity.MaskJSON(entry.Before), identity.MaskJSON(entry.After)
}

package deadletter

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/identity"
)

// orgOf returns the organization that a message is about; "" if the message does not say it.
func (l Letter) orgOf() string {
	var about struct {
		OrgID   string             `json:"org_id"`
		Scope   identity.ScopeKind `json:"scope"`
		ScopeID string             `json:"scope_id"`
	}
	if json.Unmarshal(l.Body, &about) != nil {
		return ""
	}
	group, _ := strings.CutPrefix(l.Group, "ORG#")
	if group == l.Group {
		group = ""
	}
	if about.Scope == identity.OrgScope {
		return cmp.Or(about.OrgID, about.ScopeID, group)
	}
	return cmp.Or(about.OrgID, group)
}

// mask masks the people in messages about organizations that have not consented to personal data, and
// in those that do not say what they are about. The stored messages stay as they are.
func (o *Store) mask(ctx context.Context, by identity.Principal, letters []Letter) error {
	var ids []string
	for _, letter := range letters {
		if id := letter.orgOf(); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	masked, err := identity.MaskedIn(ctx, o.journal, by, ids)
	if err != nil {
		return err
	}
	for i, letter := range letters {
		if hidden, known := masked[letter.orgOf()]; hidden || !known {
			letters[i].Body = identity.MaskJSON(letter.Body)
			letters[i].Reason = identity.MaskText(letter.Reason)
		}
	}
	return nil
}

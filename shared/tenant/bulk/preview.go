package bulk

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
)

// MaxShown is the maximum number of organizations that a preview describes one by one.
const MaxShown = 1000

// Effect is what an action would do to an organization.
type Effect struct {
	OrgID, Name string
	// Add and Remove are the IDs of the labels that it would get and lose.
	Add, Remove []string
	// Changes say what else would change, in sentences.
	Changes []string
	// Blockers say what is in the way, in sentences; the action would fail here.
	Blockers []string
}

// unchanged reports whether the action would do nothing.
func (e Effect) unchanged() bool { return len(e.Add)+len(e.Remove)+len(e.Changes)+len(e.Blockers) == 0 }

// Preview is what an action would do, if nothing changes until then.
type Preview struct {
	// Total is how many organizations are meant: those that change, stay as they are, or are blocked.
	Total, Changed, Unchanged, Blocked int
	// Effects describes at most MaxShown organizations: blocked ones, then those that change.
	Effects []Effect
}

// Preview returns what an action would do to each organization of an MSP, or of the installation
// (mspID "").
func (s *Service) Preview(ctx context.Context, by identity.Principal, mspID string, request Request) (Preview, error) {
	m, err := s.meant(ctx, by, mspID, request)
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{Total: len(m.orgs)}
	var blocked, changed []Effect
	for orgs := range slices.Chunk(m.orgs, previewed) {
		effects, err := m.action.Preview(ctx, by, orgs, m.request, len(m.orgs) <= fewOrgs)
		if err != nil {
			return Preview{}, err
		}
		for _, effect := range effects {
			switch {
			case effect.unchanged():
				preview.Unchanged++
			case len(effect.Blockers) > 0:
				blocked = append(blocked, effect)
			default:
				changed = append(changed, effect)
			}
		}
	}
	preview.Blocked, preview.Changed = len(blocked), len(changed)
	preview.Effects = slices.Concat(blocked, changed)
	preview.Effects = preview.Effects[:min(len(preview.Effects), MaxShown)]
	return preview, nil
}

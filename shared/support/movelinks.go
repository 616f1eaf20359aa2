package support

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxMoved is the maximum number of links that a merge moves: each changes the case at its other
// end too, and all changes must fit in one transaction.
const maxMoved = 25

// movedLinks is the result of moving the links of a merged case.
type movedLinks struct {
	// stay are the links to cases that were merged into the case before; links are the new links of
	// the survivor.
	stay, links []Link
	// cases are the cases at the other ends, before the move; writes change their links.
	cases  []Case
	writes []table.Write
}

// moveLinks moves the links of a case that is merged into survivor: the other ends now point to the
// survivor. If the survivor already has a link to the same case, that link stays. A link between
// the two cases is removed.
func (s *Service) moveLinks(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	survivor Case,
) (movedLinks, error) {
	var moved movedLinks
	var keys []table.Key
	var links []Link
	for _, link := range opened.Links {
		switch {
		case link.Kind == Merged:
			moved.stay = append(moved.stay, link)
		case link.CaseID != survivor.ID && link.CaseID != opened.ID:
			links = append(links, link)
			keys = append(keys, CaseKey(opened.OrgID, link.CaseID, CaseSort))
		}
	}
	if len(links) == 0 {
		return moved, nil
	}
	if len(links) > maxMoved {
		return moved, fault.New(fault.Conflict, "Case %d has %d links. Remove some first: at most %d move in a merge.",
			opened.Number, len(links), maxMoved)
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return moved, err
	}
	for i, item := range items {
		if item.Version == 0 {
			continue // the case was purged
		}
		before, err := DecodeCase(item)
		if err != nil {
			return moved, err
		}
		after := before.unlinked(opened.ID)
		if !slices.ContainsFunc(survivor.Links, func(l Link) bool { return l.CaseID == before.ID }) {
			moved.links = append(moved.links, links[i])
			after = after.linked(survivor.link(links[i].Kind.counterpart()))
		}
		writes, err := s.relinked(by, opened.Place, before, after)
		if err != nil {
			return moved, err
		}
		moved.cases, moved.writes = append(moved.cases, before), append(moved.writes, writes...)
	}
	if len(survivor.Links)+len(moved.links) >= MaxLinks {
		return moved, Full("links", MaxLinks)
	}
	return moved, nil
}

// relinked returns the writes for a case of which only the links changed. List entries do not have
// links, so they and Updated stay unchanged.
func (s *Service) relinked(by identity.Principal, place identity.Place, before, after Case) ([]table.Write, error) {
	after.Revision++
	item, err := change.Encode(CaseKey(after.OrgID, after.ID, CaseSort), after)
	if err != nil {
		return nil, err
	}
	item.Version = before.Stored
	entry, err := s.history(by, place, after, Differences(before, after))
	return []table.Write{table.Update(item), entry}, err
}

package support

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxMoved is how many links move in one merge: each changes the case at its other end too, and all
// must fit in the transaction of the merge.
const maxMoved = 25

// movedLinks are the links of a case that is merged.
type movedLinks struct {
	// stay are those to what was merged into the case before; links are new ones of the survivor.
	stay, links []Link
	// cases are those at the other ends, as they were; writes point them to the survivor.
	cases  []Case
	writes []table.Write
}

// moveLinks returns what becomes of the links of a case that is merged into survivor: the other ends
// point to the survivor from now on. Where the survivor has a link to the same case, that one stays;
// a link between the two ends.
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
			continue // the case is gone for good
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

// relinked returns the writes for a case of which only links changed. They are not in its list
// entries, which stay, as its Updated does.
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

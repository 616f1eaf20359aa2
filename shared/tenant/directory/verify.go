package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// verifyAtOnce is how many organizations one call verifies.
const verifyAtOnce = table.MaxBatch / 2

// Mismatch is an organization that the index has otherwise than it is.
type Mismatch struct {
	OrgID string
	// What describes the difference.
	What string
	// Mended is set if the index was brought up to date.
	Mended bool
}

// Verification is the result of verifying some organizations.
type Verification struct {
	// Checked is the number of organizations verified.
	Checked    int
	Mismatches []Mismatch
	// Next is the number to continue with; 0 at the end.
	Next int64
}

// Verify compares some organizations with the index, starting with a number. What changed in the last
// seconds may differ, because the index follows a moment later. Organizations that never were in the index have
// no number; a rebuild finds them. With mend, it brings the index up to date with what differs. For
// operators.
func (s *Service) Verify(ctx context.Context, by identity.Principal, from int64, mend bool) (Verification, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Verification{}, err
	}
	var last int64
	if _, err := s.journal.Get(ctx, counterKey(), &last); err != nil && !errors.Is(err, table.ErrAbsent) {
		return Verification{}, err
	}
	var result Verification
	var keys []table.Key
	for from = max(from, 1); from <= last && len(keys) < verifyAtOnce; from++ {
		keys = append(keys, numberedKey(from))
	}
	if len(keys) == 0 {
		return result, nil
	}
	if from <= last {
		result.Next = from
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return Verification{}, err
	}
	states, err := s.numberedStates(ctx, items)
	if err != nil {
		return Verification{}, err
	}
	result.Checked = len(states)
	if result.Mismatches, err = s.compare(ctx, states); err != nil || !mend {
		return result, err
	}
	for i, mismatch := range result.Mismatches {
		if err := s.IndexNow(ctx, mismatch.OrgID); err != nil {
			return Verification{}, err
		}
		result.Mismatches[i].Mended = true
	}
	return result, nil
}

// numberedStates returns the organizations that exist of some numbers, by number.
func (s *Service) numberedStates(ctx context.Context, items []table.Item) (map[int64]state, error) {
	var entries []numbered
	var keys []table.Key
	for _, item := range items {
		if item.Version == 0 {
			continue
		}
		var entry numbered
		if err := change.Decode(item, &entry); err != nil {
			return nil, err
		}
		entries, keys = append(entries, entry), append(keys, keysOf(entry.OrgID)[:2]...)
	}
	states := make(map[int64]state, len(entries))
	if len(keys) == 0 {
		return states, nil
	}
	stored, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, entry := range entries {
		present, err := s.stateOf(stored[2*i:])
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		states[entry.Number] = present
	}
	return states, nil
}

// compare returns the differences between organizations and the spaces that shall have them.
func (s *Service) compare(ctx context.Context, states map[int64]state) ([]Mismatch, error) {
	numbers := map[Scope][]int64{}
	for number, present := range states {
		for _, scope := range spacesOf([]string{present.MSPID}) {
			numbers[scope] = append(numbers[scope], number)
		}
	}
	var mismatches []Mismatch
	known := map[string]bool{}
	for scope, of := range numbers {
		hits, err := s.index.Documents(ctx, scope.space(), of)
		if err != nil {
			return nil, err
		}
		indexed := make(map[int64]entry, len(hits))
		for _, hit := range hits {
			var one entry
			if err := json.Unmarshal(hit.Data, &one); err != nil {
				return nil, err
			}
			indexed[hit.Number] = one
		}
		for _, number := range of {
			present, listed := states[number], indexed[number]
			if inLists(present.Org) == (listed.OrgID != "") && (listed.OrgID == "" || listed.Version == present.version) ||
				known[present.ID] {
				continue
			}
			known[present.ID] = true
			mismatches = append(mismatches, Mismatch{
				OrgID: present.ID, What: fmt.Sprintf("version %d is indexed as version %d", present.version, listed.Version),
			})
		}
	}
	return mismatches, nil
}

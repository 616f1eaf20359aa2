package lists

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// VerifyAtOnce is how many cases one call verifies: reading all of them again with their four list
// entries fits in one request.
const VerifyAtOnce = table.MaxBatch / 5

// Mismatch is a case whose list entries do not match the case.
type Mismatch struct {
	Number        int64
	OrgID, CaseID string
	// What describes the difference.
	What string
	// Mended is set if the list entries were repaired.
	Mended bool
}

// Verification is the result of verifying a batch of cases.
type Verification struct {
	// Checked is the number of cases verified.
	Checked    int
	Mismatches []Mismatch
	// Next is the case number to continue with; 0 at the end.
	Next int64
}

// VerifyLists compares a batch of cases, starting with a number, with their list entries. Each
// change writes both, so they only differ if the table was edited by hand or partly restored. With
// mend, it repairs what differs. It does not look for list entries without a case. For operators.
func (s *Service) VerifyLists(ctx context.Context, by identity.Principal, from int64, mend bool) (Verification, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Verification{}, err
	}
	keys := []table.Key{support.CounterKey()}
	for number := max(from, 1); len(keys) <= VerifyAtOnce; number++ {
		keys = append(keys, support.NumberKey(number))
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return Verification{}, err
	}
	last := int64(0)
	if items[0].Version > 0 {
		if last, err = strconv.ParseInt(string(items[0].Data), 10, 64); err != nil {
			return Verification{}, fmt.Errorf("the counter of cases: %w", err)
		}
	}
	var result Verification
	var numbers []int64
	var cases []table.Key
	for i, item := range items[1:] {
		if item.Version == 0 {
			continue // a skipped number
		}
		var entry support.NumberEntry
		if err := change.Decode(item, &entry); err != nil {
			return Verification{}, err
		}
		numbers, cases = append(
			numbers,
			max(from, 1)+int64(i),
		), append(
			cases,
			support.CaseKey(entry.OrgID, entry.CaseID, support.CaseSort),
		)
	}
	if next := max(from, 1) + VerifyAtOnce; next <= last {
		result.Next = next
	}
	if len(cases) == 0 {
		return result, nil
	}
	stored, err := s.journal.BatchGet(ctx, cases)
	if err != nil {
		return Verification{}, err
	}
	var there []listed
	for i, item := range stored {
		result.Checked++
		if item.Version == 0 {
			result.Mismatches = append(
				result.Mismatches,
				Mismatch{Number: numbers[i], What: "the number points to no case"},
			)
			continue
		}
		one := listed{item: item}
		if err := change.Decode(item, &one.Case); err != nil {
			return Verification{}, err
		}
		there = append(there, one)
	}
	if err := s.readLines(ctx, there); err != nil {
		return Verification{}, err
	}
	for _, one := range there {
		mismatch, err := s.verifyCase(ctx, by, one, mend)
		if err != nil {
			return Verification{}, err
		}
		if mismatch != nil {
			result.Mismatches = append(result.Mismatches, *mismatch)
		}
	}
	return result, nil
}

// listed is a case as it was read, and its list entries as they were read afterwards.
type listed struct {
	support.Case
	item  table.Item
	lines []table.Item
	// changed is set if the case changed in between.
	changed bool
}

// readLines reads the list entries of cases, and whether the cases are unchanged, in one request.
func (s *Service) readLines(ctx context.Context, cases []listed) error {
	var keys []table.Key
	for _, one := range cases {
		keys = append(append(keys, one.ListKeys()...), one.item.Key)
	}
	if len(keys) == 0 {
		return nil
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return err
	}
	for i := range cases {
		count := len(cases[i].ListKeys())
		cases[i].lines, cases[i].changed = items[:count], items[count].Version != cases[i].item.Version
		items = items[count+1:]
	}
	return nil
}

// verifyCase compares one case with its list entries; nil if they match. A case that changes in the
// meantime matches its new entries.
func (s *Service) verifyCase(ctx context.Context, by identity.Principal, c listed, mend bool) (*Mismatch, error) {
	if c.changed {
		return nil, nil
	}
	want, err := json.Marshal(c.Summary())
	if err != nil {
		return nil, err
	}
	item, keys := c.item, c.ListKeys()
	what, still := "", table.Require(item.Key, item.Version)
	removed, created := []table.Write{still}, []table.Write{still}
	for i, line := range c.lines {
		switch {
		case line.Version == 1 && bytes.Equal(line.Data, want):
			continue
		case line.Version == 0:
			what = "has no entry in " + keys[i].Partition
		default:
			what = "has a wrong entry in " + keys[i].Partition
			removed = append(removed, table.Delete(keys[i], line.Version))
		}
		created = append(created, table.Create(table.Item{Key: keys[i], Data: want}))
	}
	if what == "" {
		return nil, nil
	}
	difference := &Mismatch{Number: c.Number, OrgID: c.OrgID, CaseID: c.ID, What: what}
	if !mend {
		return difference, nil
	}
	// Two steps, because each entry must have version 1: if the second step fails, the entry is
	// missing, and the case cannot change until the next verification creates it.
	for _, writes := range [][]table.Write{removed, created} {
		if len(writes) == 1 {
			continue
		}
		err := s.journal.Commit(ctx, by.Actor(), change.Record{
			Action:      "platform.verify",
			Message:     fmt.Sprintf("Repaired the list entries of case %d", c.Number),
			PlatformLog: true,
			Target:      "case:" + c.ID,
			Before:      map[string]any{"found": what},
			Writes:      writes,
		})
		if _, changed := errors.AsType[*table.ConflictError](err); changed {
			return nil, fault.New(fault.Conflict, "Case %d is being changed. Verify again.", c.Number)
		}
		if err != nil {
			return nil, err
		}
	}
	difference.Mended = true
	return difference, nil
}

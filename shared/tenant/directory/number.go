package directory

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

const numberSort = "MARK#NUMBER"

func numberKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: numberSort}
}

func numberedKey(number int64) table.Key {
	return table.Key{Partition: fmt.Sprintf("ORGNUMBER#%d", number), Sort: numberSort}
}

// counterKey is that of the last number that was given.
func counterKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "COUNT#ORGNUMBER"} }

// numbered is what is stored under both keys of a number.
type numbered struct {
	OrgID  string `json:"org_id"`
	Number int64  `json:"number"`
}

// number returns the number of an organization, given what is stored under numberKey. It gives a number to
// one that has none.
func (s *Service) number(ctx context.Context, orgID string, stored table.Item) (int64, error) {
	var present numbered
	if stored.Version > 0 {
		err := change.Decode(stored, &present)
		return present.Number, err
	}
	next, err := s.journal.Next(ctx, counterKey())
	if err != nil {
		return 0, err
	}
	keys := []table.Key{numberKey(orgID), numberedKey(next)}
	err = s.journal.MarkAll(ctx, keys, func(items []table.Item) ([]table.Item, error) {
		if items[0].Version > 0 { // another worker was first
			return nil, change.Decode(items[0], &present)
		}
		present = numbered{OrgID: orgID, Number: next}
		marks := make([]table.Item, len(keys))
		for i, key := range keys {
			var err error
			if marks[i], err = change.Encode(key, present); err != nil {
				return nil, err
			}
		}
		return marks, nil
	})
	return present.Number, err
}

// ForgetWrites returns the writes that remove what the directory stores of an organization beside its index,
// for the transaction that purges it; none if it stores nothing.
func (s *Service) ForgetWrites(ctx context.Context, org tenant.Org) ([]table.Write, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{numberKey(org.ID)})
	if err != nil || items[0].Version == 0 {
		return nil, err
	}
	var present numbered
	if err := change.Decode(items[0], &present); err != nil {
		return nil, err
	}
	return []table.Write{
		table.Delete(items[0].Key, items[0].Version), table.Delete(numberedKey(present.Number), 1),
	}, nil
}

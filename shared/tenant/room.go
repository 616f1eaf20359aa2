package tenant

import (
	"context"
	"strconv"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// How many tenants a list has is a counter in the partition of the list, in the core table:
//
//	PLATFORM    COUNT#MSP    the MSPs
//	PLATFORM    COUNT#ORG    the direct customers
//	MSP#<id>    COUNT#ORG    the organizations of an MSP
//
// It changes in the transaction that changes the list. Lists of former versions have none until then.

// MaxOrgs is the maximum number of organizations of an MSP, and of direct customers.
const MaxOrgs = 100_000

// maxMSPs is the maximum number of MSPs.
const maxMSPs = 10_000

// limited is a list of tenants with a maximum.
type limited struct {
	partition, prefix string
	most              int64
}

// mspsList is the list of MSPs.
func mspsList() limited { return limited{platformPartition, mspList, maxMSPs} }

// orgsList is the list of an MSP's organizations, or of direct customers (mspID "").
func orgsList(mspID string) limited {
	partition := platformPartition
	if mspID != "" {
		partition = mspList + mspID
	}
	return limited{partition, orgList, MaxOrgs}
}

func (l limited) countKey() table.Key {
	return table.Key{Partition: l.partition, Sort: "COUNT#" + l.prefix[:len(l.prefix)-1]}
}

// count returns how many tenants a list has, and whether its counter says so. Without a counter it reads
// the list, once in the life of a list.
func (t *Tenants) count(ctx context.Context, list limited) (number int64, counted bool, err error) {
	items, err := t.journal.BatchGet(ctx, []table.Key{list.countKey()})
	if err != nil {
		return 0, false, err
	}
	if items[0].Version > 0 {
		number, err = strconv.ParseInt(string(items[0].Data), 10, 64)
		return number, true, err
	}
	err = t.eachID(ctx, list, "", func(string) error {
		number++
		return nil
	})
	return number, false, err
}

// counting returns the write that counts tenants that come to a list, or leave it (add < 0); a fault of
// code Conflict if there is no room for them. A list without a counter gets one: its condition fails if
// another change makes it first.
func (t *Tenants) counting(ctx context.Context, list limited, add int64) (table.Write, error) {
	number, counted, err := t.count(ctx, list)
	switch {
	case err != nil:
		return table.Write{}, err
	case add > 0 && number+add > list.most:
		return table.Write{}, fault.New(fault.Conflict, "There are already %d, which is the maximum.", list.most)
	case counted:
		return table.Add(list.countKey(), add, list.most, 0), nil
	default:
		return table.Add(list.countKey(), number+add, number+add, 0), nil
	}
}

// countAttempts is how often a change of a list is tried that conflicts with others.
const countAttempts = 5

// commitCounted commits a change that adds a tenant to a list, and counts it. It tries again if the
// counter changed in the meantime.
func (t *Tenants) commitCounted(
	ctx context.Context, by identity.Principal, list limited, record change.Record,
) error {
	writes := record.Writes
	for attempt := 1; ; attempt++ {
		count, err := t.counting(ctx, list, 1)
		if err != nil {
			return err
		}
		record.Writes = append(writes[:len(writes):len(writes)], count)
		err = t.journal.Commit(ctx, by.Actor(), record)
		if err == nil || !table.ConflictAt(err, list.countKey()) {
			return err
		}
		if attempt == countAttempts {
			return fault.New(fault.Unavailable, "Others are creating tenants too. Try again.")
		}
	}
}

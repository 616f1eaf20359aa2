package cost

import (
	"strconv"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// The rules are those of the Amazon DynamoDB Developer Guide (docs.aws.amazon.com): "DynamoDB read
// and write operations", "DynamoDB Item sizes and formats" and "Amazon DynamoDB Transactions: How
// it works".
const (
	readUnit  = 4 << 10 // bytes of a strongly consistent read, rounded up
	writeUnit = 1 << 10 // bytes of a write, rounded up
	// inTransaction is how many units a transaction needs for each unit of a plain write: one to
	// prepare and one to commit.
	inTransaction = 2

	queryBytes = 1 << 20  // the largest response to one Query request
	batchBytes = 16 << 20 // the largest response to one BatchGetItem request
)

// started returns how many units a size needs, rounded up; an empty one needs one unit.
func started(bytes, part int) int { return max(1, (bytes+part-1)/part) }

func readUnits(bytes int) int { return started(bytes, readUnit) }

func writeUnits(bytes int) int { return started(bytes, writeUnit) }

func transactUnits(writes []table.Write, before []table.Item) Units {
	if len(writes) == 1 && writes[0].Kind == table.RequireKind {
		return Units{Requests: 1, Read: readUnits(size(before[0]))} // sent as a read
	}
	units, alone := Units{Requests: 1}, len(writes) == 1 // a counter is always sent as a transaction
	for i, write := range writes {
		bytes := size(before[i])
		if write.Kind == table.CreateKind || write.Kind == table.UpdateKind {
			bytes = max(bytes, size(write.Item))
		}
		alone = alone && write.Kind != table.AddKind
		units.Write += writeUnits(bytes)
	}
	if !alone {
		units.Write *= inTransaction
	}
	return units
}

// size returns an item's size as the service counts it: names and values of its attributes. An
// absent item has size 0.
func size(item table.Item) int {
	if item.Version == 0 {
		return 0
	}
	bytes := len(attribute.Partition) + len(item.Partition) +
		len(attribute.Sort) + len(item.Sort) +
		len(attribute.Version) + numberBytes(item.Version) +
		len(attribute.Data) + len(item.Data)
	if item.Expires != 0 {
		bytes += len(attribute.Expires) + numberBytes(item.Expires)
	}
	return bytes
}

// numberBytes is about one byte for every two digits, plus one, as the guide says.
func numberBytes(number int64) int { return (len(strconv.FormatInt(number, 10))+1)/2 + 1 }

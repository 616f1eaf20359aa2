package dynamo

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table"
)

// The attributes of an item. table/stream reads the same from the change events.
const (
	PartitionAttribute = "partition" // string: the partition key
	SortAttribute      = "sort"      // string: the sort key
	VersionAttribute   = "version"   // number
	ExpiresAttribute   = "expires"   // number: epoch seconds, the time-to-live attribute; absent if never
	DataAttribute      = "data"      // string: the item's content; absent on a counter
	TotalAttribute     = "total"     // number: a counter's value; absent on all other items
)

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func number(value int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(value, 10)}
}

func keyAttributes(key table.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		PartitionAttribute: text(key.Partition), SortAttribute: text(key.Sort),
	}
}

func encode(item table.Item) map[string]types.AttributeValue {
	attributes := keyAttributes(item.Key)
	attributes[VersionAttribute] = number(item.Version)
	attributes[DataAttribute] = text(string(item.Data))
	if item.Expires != 0 {
		attributes[ExpiresAttribute] = number(item.Expires)
	}
	return attributes
}

func decode(from table.Table, attributes map[string]types.AttributeValue) (table.Item, error) {
	item := table.Item{Key: table.Key{Table: from}}
	var err error
	for name, value := range attributes {
		switch name {
		case PartitionAttribute:
			item.Partition, err = textOf(value)
		case SortAttribute:
			item.Sort, err = textOf(value)
		case VersionAttribute:
			item.Version, err = numberOf(value)
		case ExpiresAttribute:
			item.Expires, err = numberOf(value)
		case DataAttribute:
			var data string
			data, err = textOf(value)
			item.Data = []byte(data)
		case TotalAttribute:
			var total int64
			total, err = numberOf(value)
			item.Data = strconv.AppendInt(nil, total, 10)
		}
		if err != nil {
			return table.Item{}, fmt.Errorf("attribute %q: %w", name, err)
		}
	}
	if item.Version < 1 {
		return table.Item{}, fmt.Errorf("key %q %q has no version", item.Partition, item.Sort)
	}
	return item, nil
}

func textOf(value types.AttributeValue) (string, error) {
	member, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return "", fmt.Errorf("%T is no string", value)
	}
	return member.Value, nil
}

func numberOf(value types.AttributeValue) (int64, error) {
	member, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return 0, fmt.Errorf("%T is no number", value)
	}
	return strconv.ParseInt(member.Value, 10, 64)
}

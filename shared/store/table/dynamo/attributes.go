package dynamo

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func number(value int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(value, 10)}
}

func keyAttributes(key table.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		attribute.Partition: text(key.Partition), attribute.Sort: text(key.Sort),
	}
}

func encode(item table.Item) map[string]types.AttributeValue {
	attributes := keyAttributes(item.Key)
	attributes[attribute.Version] = number(item.Version)
	attributes[attribute.Data] = text(string(item.Data))
	if item.Expires != 0 {
		attributes[attribute.Expires] = number(item.Expires)
	}
	return attributes
}

func decode(from table.Table, attributes map[string]types.AttributeValue) (table.Item, error) {
	item := table.Item{Key: table.Key{Table: from}}
	var err error
	for name, value := range attributes {
		switch name {
		case attribute.Partition:
			item.Partition, err = textOf(value)
		case attribute.Sort:
			item.Sort, err = textOf(value)
		case attribute.Version:
			item.Version, err = numberOf(value)
		case attribute.Expires:
			item.Expires, err = numberOf(value)
		case attribute.Data:
			var data string
			data, err = textOf(value)
			item.Data = []byte(data)
		case attribute.Total:
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

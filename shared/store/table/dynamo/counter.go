package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// transactCounter returns the request of a write of AddKind: one that adds to a counter, or, for an
// expired one, one that begins it again. The conditions are those of Count with the limit.
func (s *Store) transactCounter(write table.Write, expired bool) types.TransactWriteItem {
	key, expires := write.Item.Key, write.Item.Expires
	var input *dynamodb.UpdateItemInput
	if expired {
		input = s.restart(key, write.Add, expires)
	} else {
		input = s.increase(key, write.Add, expires)
		if write.Most >= 0 {
			input.ConditionExpression = aws.String("attribute_exists(#total) AND #total <= :room AND " +
				"(attribute_not_exists(#expires) OR #expires > :now)")
			if write.Add <= write.Most {
				input.ConditionExpression = aws.String("attribute_not_exists(#partition) OR " + *input.ConditionExpression)
			} else {
				delete(input.ExpressionAttributeNames, "#partition") // the service rejects unused names
			}
			input.ExpressionAttributeValues[":room"] = number(write.Most - write.Add)
		}
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: input.TableName, Key: input.Key, UpdateExpression: input.UpdateExpression,
		ConditionExpression:                 input.ConditionExpression,
		ExpressionAttributeNames:            input.ExpressionAttributeNames,
		ExpressionAttributeValues:           input.ExpressionAttributeValues,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// counterState reports whether a write of AddKind is within its limit, and whether its counter has
// expired, by what was stored when its condition failed.
func (s *Store) counterState(
	write table.Write, stored map[string]types.AttributeValue,
) (within, expired bool, err error) {
	item, err := s.live(write.Item.Table, stored)
	if err != nil {
		return false, false, err
	}
	total := int64(0)
	if item.Version == 0 {
		expired = len(stored) > 0
	} else {
		value, exists := stored[attribute.Total]
		if !exists {
			return false, false, fmt.Errorf("%w: %q %q is no counter", table.ErrBadRequest, item.Partition, item.Sort)
		}
		if total, err = numberOf(value); err != nil {
			return false, false, fmt.Errorf("dynamo: value of a counter: %w", err)
		}
	}
	return write.Most < 0 || total+write.Add <= write.Most, expired, nil
}

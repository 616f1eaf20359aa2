package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// Count adds to a counter; see the port. A request whose response was lost is not sent again, so
// that nothing is counted twice; Count then returns a fault of code Unavailable.
func (s *Store) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	if err := table.CheckKey(key); err != nil {
		return 0, err
	}
	if key.Table == table.Audit {
		return 0, fmt.Errorf("%w: the audit table may only be added to", table.ErrBadRequest)
	}
	// Between the two kinds of request, another caller may restart the counter.
	for range attempts {
		total, failed, err := s.update(ctx, s.increase(key, add, expires))
		if failed == nil {
			return total, err
		}
		item, err := s.live(key.Table, failed.Item)
		if err != nil {
			return 0, err
		}
		if item.Version != 0 {
			return 0, fmt.Errorf("%w: %q %q is no counter", table.ErrBadRequest, key.Partition, key.Sort)
		}
		total, failed, err = s.update(ctx, s.restart(key, add, expires))
		if failed == nil {
			return total, err
		}
	}
	return 0, fault.New(fault.Unavailable, "The database is busy. Try again.")
}

// update sends a request and returns the counter's new value, or the failed condition.
func (s *Store) update(
	ctx context.Context,
	input *dynamodb.UpdateItemInput,
) (int64, *types.ConditionalCheckFailedException, error) {
	var output *dynamodb.UpdateItemOutput
	err := repeat(ctx, refused, func() (err error) {
		output, err = s.client.UpdateItem(ctx, input, once)
		return err
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return 0, failed, nil
	}
	if err != nil {
		return 0, nil, err
	}
	total, err := numberOf(output.Attributes[attribute.Total])
	if err != nil {
		return 0, nil, fmt.Errorf("dynamo: value of a counter: %w", err)
	}
	return total, nil, nil
}

// increase adds to a counter that exists or is absent.
func (s *Store) increase(key table.Key, add, expires int64) *dynamodb.UpdateItemInput {
	input := s.counting(key, add, expires)
	input.UpdateExpression = aws.String(expiry(expires) + " ADD #total :add, #version :one")
	input.ConditionExpression = aws.String("attribute_not_exists(#partition) OR " +
		"attribute_exists(#total) AND (attribute_not_exists(#expires) OR #expires > :now)")
	return input
}

// restart replaces an expired item with a new counter.
func (s *Store) restart(key table.Key, add, expires int64) *dynamodb.UpdateItemInput {
	input := s.counting(key, add, expires)
	input.ExpressionAttributeNames["#data"] = attribute.Data
	set, remove := "SET #total = :add, #version = :one", " REMOVE #data"
	if expires == 0 {
		remove += ", #expires"
	} else {
		set += ", #expires = :expires"
	}
	input.UpdateExpression = aws.String(set + remove)
	input.ConditionExpression = aws.String("attribute_not_exists(#partition) OR #expires <= :now")
	return input
}

func expiry(expires int64) string {
	if expires == 0 {
		return "REMOVE #expires"
	}
	return "SET #expires = :expires"
}

func (s *Store) counting(key table.Key, add, expires int64) *dynamodb.UpdateItemInput {
	values := map[string]types.AttributeValue{":add": number(add), ":one": number(1), ":now": number(s.now().Unix())}
	if expires != 0 {
		values[":expires"] = number(expires)
	}
	return &dynamodb.UpdateItemInput{
		TableName: aws.String(s.names.Of(key.Table)), Key: keyAttributes(key),
		ExpressionAttributeNames: map[string]string{
			"#partition": attribute.Partition, "#expires": attribute.Expires,
			"#total": attribute.Total, "#version": attribute.Version,
		},
		ExpressionAttributeValues:           values,
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
}

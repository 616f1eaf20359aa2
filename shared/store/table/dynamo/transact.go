package dynamo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Transact applies all writes or none; see the port. A single write is sent without a transaction,
// which costs half as much.
func (s *Store) Transact(ctx context.Context, writes []table.Write) error {
	if err := table.CheckWrites(writes); err != nil {
		return err
	}
	if len(writes) > 1 || writes[0].Kind == table.AddKind {
		return s.transactAll(ctx, writes)
	}
	switch writes[0].Kind {
	case table.RequireKind:
		return s.requireAlone(ctx, writes[0])
	case table.DeleteKind:
		return s.deleteAlone(ctx, writes[0])
	default:
		return s.putAlone(ctx, writes[0])
	}
}

func (s *Store) transactAll(ctx context.Context, writes []table.Write) error {
	expired := map[int]bool{} // the writes whose counter has expired: they begin a new one
	for range attempts {
		cancelled, err := s.transactOnce(ctx, writes, expired)
		if cancelled == nil {
			return err
		}
		again, err := s.conflictOf(cancelled, writes, expired)
		if !again {
			return err
		}
	}
	return fault.New(fault.Unavailable, "The database is busy. Try again.")
}

// conflictOf returns why a transaction was cancelled, or reports that it must be sent again because
// a counter has expired, or was begun again by another caller; it notes that in expired.
func (s *Store) conflictOf(
	cancelled *types.TransactionCanceledException, writes []table.Write, expired map[int]bool,
) (again bool, err error) {
	for i, reason := range cancelled.CancellationReasons {
		if aws.ToString(reason.Code) != "ConditionalCheckFailed" || i >= len(writes) {
			continue
		}
		if writes[i].Kind == table.AddKind {
			within, past, err := s.counterState(writes[i], reason.Item)
			if err != nil {
				return false, err
			}
			if within {
				expired[i], again = past, true
				continue
			}
		}
		return false, &table.ConflictError{Index: i, Key: writes[i].Item.Key}
	}
	if again {
		return true, nil
	}
	return false, fmt.Errorf("dynamo: the transaction was cancelled: %w", cancelled)
}

// transactOnce sends a transaction. It returns the service's answer if the transaction was cancelled
// for good.
func (s *Store) transactOnce(
	ctx context.Context, writes []table.Write, expired map[int]bool,
) (*types.TransactionCanceledException, error) {
	input := &dynamodb.TransactWriteItemsInput{
		TransactItems: make([]types.TransactWriteItem, len(writes)),
		// The token makes the service execute a transaction once, however often it is sent.
		ClientRequestToken: aws.String(rand.Text()),
	}
	for i, write := range writes {
		if write.Kind == table.AddKind {
			input.TransactItems[i] = s.transactCounter(write, expired[i])
		} else {
			input.TransactItems[i] = s.transactItem(write)
		}
	}
	err := repeat(ctx, repeatable, func() error {
		_, err := s.client.TransactWriteItems(ctx, input, once)
		return err
	})
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return cancelled, err
	}
	return nil, err
}

func (s *Store) transactItem(write table.Write) types.TransactWriteItem {
	name := aws.String(s.names.Of(write.Item.Table))
	condition := s.conditionOf(write)
	switch write.Kind {
	case table.RequireKind:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: name, Key: keyAttributes(write.Item.Key), ConditionExpression: condition.expression,
			ExpressionAttributeNames: condition.names, ExpressionAttributeValues: condition.values,
		}}
	case table.DeleteKind:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: name, Key: keyAttributes(write.Item.Key), ConditionExpression: condition.expression,
			ExpressionAttributeNames: condition.names, ExpressionAttributeValues: condition.values,
		}}
	default:
		return types.TransactWriteItem{Put: &types.Put{
			TableName: name, Item: encode(write.Item), ConditionExpression: condition.expression,
			ExpressionAttributeNames: condition.names, ExpressionAttributeValues: condition.values,
		}}
	}
}

// putAlone creates or updates an item. If the response to an attempt was lost, the next one may
// fail on the very item that the first has stored; that is a success.
func (s *Store) putAlone(ctx context.Context, write table.Write) error {
	condition := s.conditionOf(write)
	input := &dynamodb.PutItemInput{
		TableName:                           aws.String(s.names.Of(write.Item.Table)),
		Item:                                encode(write.Item),
		ConditionExpression:                 condition.expression,
		ExpressionAttributeNames:            condition.names,
		ExpressionAttributeValues:           condition.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	lost := false
	err := repeat(ctx, repeatable, func() error {
		_, err := s.client.PutItem(ctx, input, once)
		lost = lost || err != nil && repeatable(err) && !refused(err)
		return err
	})
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return err
	}
	if lost && len(failed.Item) > 0 {
		stored, err := decode(write.Item.Table, failed.Item)
		if err == nil && stored.Version == write.Item.Version && stored.Expires == write.Item.Expires &&
			bytes.Equal(stored.Data, write.Item.Data) {
			return nil
		}
	}
	return &table.ConflictError{Key: write.Item.Key}
}

// deleteAlone deletes an item. If the response to an attempt was lost and the item is gone
// afterwards, it returns a conflict: it cannot know who deleted the item, and of two callers that
// use up the same item only one may succeed.
func (s *Store) deleteAlone(ctx context.Context, write table.Write) error {
	condition := s.conditionOf(write)
	input := &dynamodb.DeleteItemInput{
		TableName:                 aws.String(s.names.Of(write.Item.Table)),
		Key:                       keyAttributes(write.Item.Key),
		ConditionExpression:       condition.expression,
		ExpressionAttributeNames:  condition.names,
		ExpressionAttributeValues: condition.values,
	}
	err := repeat(ctx, repeatable, func() error {
		_, err := s.client.DeleteItem(ctx, input, once)
		return err
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return &table.ConflictError{Key: write.Item.Key}
	}
	return err
}

// requireAlone changes nothing, so it only reads.
func (s *Store) requireAlone(ctx context.Context, write table.Write) error {
	item, err := s.Get(ctx, write.Item.Key)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return err
	}
	if item.Version != write.IfVersion {
		return &table.ConflictError{Key: write.Item.Key}
	}
	return nil
}

// Package stream converts between the table's changes and the records of an Amazon DynamoDB stream
// as AWS Lambda passes them to a function, so that one function serves both. Only the core table
// has a stream; the functions that read it are elsewhere.
package stream

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

const (
	// shortestSequence is the minimum number of digits of a sequence number (docs.aws.amazon.com,
	// "StreamRecord").
	shortestSequence = 21
	// keptDigits is how many of its last digits a table.Change keeps.
	keptDigits = 18
)

// Record converts a change of the core table to a stream record.
func Record(change table.Change) events.DynamoDBEventRecord {
	sequence := fmt.Sprintf("%0*d", shortestSequence, change.Sequence)
	record := events.DynamoDBEventRecord{
		EventID: sequence, EventName: string(events.DynamoDBOperationTypeModify),
		EventSource: "aws:dynamodb", EventVersion: "1.1",
		Change: events.DynamoDBStreamRecord{
			Keys: map[string]events.DynamoDBAttributeValue{
				attribute.Partition: events.NewStringAttribute(change.Key.Partition),
				attribute.Sort:      events.NewStringAttribute(change.Key.Sort),
			},
			OldImage: image(change.Old), NewImage: image(change.New),
			SequenceNumber: sequence, StreamViewType: string(events.DynamoDBStreamViewTypeNewAndOldImages),
		},
	}
	switch {
	case change.Old.Version == 0:
		record.EventName = string(events.DynamoDBOperationTypeInsert)
	case change.New.Version == 0:
		record.EventName = string(events.DynamoDBOperationTypeRemove)
	}
	return record
}

func image(item table.Item) map[string]events.DynamoDBAttributeValue {
	if item.Version == 0 {
		return nil
	}
	attributes := map[string]events.DynamoDBAttributeValue{
		attribute.Partition: events.NewStringAttribute(item.Partition),
		attribute.Sort:      events.NewStringAttribute(item.Sort),
		attribute.Version:   events.NewNumberAttribute(strconv.FormatInt(item.Version, 10)),
		attribute.Data:      events.NewStringAttribute(string(item.Data)),
	}
	if item.Expires != 0 {
		attributes[attribute.Expires] = events.NewNumberAttribute(strconv.FormatInt(item.Expires, 10))
	}
	return attributes
}

// Change reads a record of the core table's stream. An item created in the place of an expired one
// that the service had not deleted yet is reported as created.
//
// A stream's sequence number has up to 40 digits; Sequence holds the last 18 of them. The service
// delivers the changes of one item in order in any case: rely on the order of the records, and use
// Sequence only to tell them apart.
func Change(record events.DynamoDBEventRecord) (table.Change, error) {
	change, err := read(record.Change)
	if err != nil {
		return table.Change{}, fmt.Errorf("stream: record %q: %w", record.EventID, err)
	}
	return change, nil
}

func read(record events.DynamoDBStreamRecord) (change table.Change, err error) {
	if change.Sequence, err = sequence(record.SequenceNumber); err != nil {
		return change, err
	}
	keys, err := item(record.Keys)
	if err != nil {
		return change, fmt.Errorf("keys: %w", err)
	}
	change.Key = keys.Key
	if err := table.CheckKey(change.Key); err != nil {
		return change, err
	}
	if change.Old, err = stored(record.OldImage, change.Key); err != nil {
		return change, fmt.Errorf("old image: %w", err)
	}
	if change.New, err = stored(record.NewImage, change.Key); err != nil {
		return change, fmt.Errorf("new image: %w", err)
	}
	if change.Old.Version == 0 && change.New.Version == 0 {
		return change, errors.New("no image: the stream must have old and new images")
	}
	if change.New.Version != 0 && expired(change.Old, record.ApproximateCreationDateTime.Time) {
		change.Old = table.Item{}
	}
	return change, nil
}

// expired reports whether an item had expired when it changed. A record that Record made has no
// time, and its items never count as expired.
func expired(item table.Item, at time.Time) bool {
	return item.Expires != 0 && !at.IsZero() && item.Expires <= at.Unix()
}

func stored(attributes map[string]events.DynamoDBAttributeValue, key table.Key) (table.Item, error) {
	if len(attributes) == 0 {
		return table.Item{}, nil
	}
	stored, err := item(attributes)
	switch {
	case err != nil:
		return table.Item{}, err
	case stored.Key != key:
		return table.Item{}, fmt.Errorf("item %q %q under the key %q %q",
			stored.Partition, stored.Sort, key.Partition, key.Sort)
	case stored.Version < 1:
		return table.Item{}, errors.New("no version")
	}
	return stored, nil
}

func item(attributes map[string]events.DynamoDBAttributeValue) (result table.Item, err error) {
	for name, value := range attributes {
		switch name {
		case attribute.Partition:
			result.Partition, err = text(value)
		case attribute.Sort:
			result.Sort, err = text(value)
		case attribute.Version:
			result.Version, err = number(value)
		case attribute.Expires:
			result.Expires, err = number(value)
		case attribute.Data:
			var data string
			data, err = text(value)
			result.Data = []byte(data)
		case attribute.Total:
			var total int64
			total, err = number(value)
			result.Data = strconv.AppendInt(nil, total, 10)
		}
		if err != nil {
			return table.Item{}, fmt.Errorf("attribute %q: %w", name, err)
		}
	}
	return result, nil
}

func text(value events.DynamoDBAttributeValue) (string, error) {
	if value.DataType() != events.DataTypeString {
		return "", errors.New("is no string")
	}
	return value.String(), nil
}

func number(value events.DynamoDBAttributeValue) (int64, error) {
	if value.DataType() != events.DataTypeNumber {
		return 0, errors.New("is no number")
	}
	return strconv.ParseInt(value.Number(), 10, 64)
}

func sequence(digits string) (int64, error) {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("sequence number %q", digits)
	}
	return strconv.ParseInt(digits[max(0, len(digits)-keptDigits):], 10, 64)
}

// Package dynamo implements the table on Amazon DynamoDB: it turns the port's guarantees into the
// service's requests, retries and errors. infra/aws creates the tables in production.
package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Names holds the names of the three tables in the account.
type Names struct {
	Core, Audit, Derived string
}

// Of returns the name of one table.
func (n Names) Of(of table.Table) string {
	switch of {
	case table.Core:
		return n.Core
	case table.Audit:
		return n.Audit
	default:
		return n.Derived
	}
}

// Store keeps the three tables in Amazon DynamoDB. All reads are strongly consistent.
type Store struct {
	client *dynamodb.Client
	names  Names
	now    func() time.Time
}

// New returns a store on existing tables. Items expire by now; the service's own deletion, which
// comes up to days later, is only housekeeping.
func New(client *dynamodb.Client, names Names, now func() time.Time) *Store {
	return &Store{client: client, names: names, now: now}
}

// Get reads one item; see the port.
func (s *Store) Get(ctx context.Context, key table.Key) (table.Item, error) {
	if err := table.CheckKey(key); err != nil {
		return table.Item{}, err
	}
	var output *dynamodb.GetItemOutput
	err := repeat(ctx, repeatable, func() (err error) {
		output, err = s.client.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: aws.String(s.names.Of(key.Table)), Key: keyAttributes(key), ConsistentRead: aws.Bool(true),
		}, once)
		return err
	})
	if err != nil {
		return table.Item{}, err
	}
	item, err := s.live(key.Table, output.Item)
	if err == nil && item.Version == 0 {
		return table.Item{}, table.ErrAbsent
	}
	return item, err
}

// BatchGet reads many items; see the port. The service may leave keys unread when it is busy or the
// response is too long; these are requested again.
func (s *Store) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	if err := table.CheckKeys(keys); err != nil {
		return nil, err
	}
	places := make(map[table.Key]int, len(keys))
	items := make([]table.Item, len(keys))
	pending := make(map[string]types.KeysAndAttributes)
	tables := make(map[string]table.Table)
	for i, key := range keys {
		places[key] = i
		items[i].Key = key
		name := s.names.Of(key.Table)
		tables[name] = key.Table
		request := pending[name]
		request.ConsistentRead = aws.Bool(true)
		request.Keys = append(request.Keys, keyAttributes(key))
		pending[name] = request
	}
	for attempt := 1; len(pending) > 0; attempt++ {
		output, err := s.batch(ctx, pending)
		if err != nil {
			return nil, err
		}
		count := 0
		for name, answers := range output.Responses {
			for _, attributes := range answers {
				item, err := s.live(tables[name], attributes)
				if err != nil {
					return nil, err
				}
				count++
				if item.Version != 0 {
					items[places[item.Key]] = item
				}
			}
		}
		pending = output.UnprocessedKeys
		switch {
		case len(pending) == 0:
		case count > 0: // the response was full; request the rest at once
			attempt = 0
		case attempt == attempts:
			return nil, fault.New(fault.Unavailable, "The database is busy. Try again.")
		default:
			if err := pause(ctx, attempt); err != nil {
				return nil, err
			}
		}
	}
	return items, nil
}

func (s *Store) batch(
	ctx context.Context,
	pending map[string]types.KeysAndAttributes,
) (output *dynamodb.BatchGetItemOutput, err error) {
	err = repeat(ctx, repeatable, func() (err error) {
		output, err = s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: pending}, once)
		return err
	})
	return output, err
}

// live decodes an item; Version 0 if there is none or it has expired.
func (s *Store) live(from table.Table, attributes map[string]types.AttributeValue) (table.Item, error) {
	if len(attributes) == 0 {
		return table.Item{}, nil
	}
	item, err := decode(from, attributes)
	if err != nil {
		return table.Item{}, fmt.Errorf("dynamo: item of %s: %w", s.names.Of(from), err)
	}
	if item.Expires != 0 && item.Expires <= s.now().Unix() {
		return table.Item{Key: item.Key}, nil
	}
	return item, nil
}

// once disables the SDK's retries for a request, because repeat decides what may be sent again.
func once(options *dynamodb.Options) { options.Retryer = aws.NopRetryer{} }

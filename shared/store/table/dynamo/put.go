package dynamo

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// MaxBatchWrite is the maximum number of items in one BatchWriteItem request.
	MaxBatchWrite = 25
	// together is how many such requests are sent concurrently.
	together = 4
)

// BatchPut stores and removes items without conditions; see the port.
func (s *Store) BatchPut(ctx context.Context, items []table.Item) error {
	if err := table.CheckPuts(items); err != nil {
		return err
	}
	requests, ctx := errgroup.WithContext(ctx)
	requests.SetLimit(together)
	for some := range slices.Chunk(items, MaxBatchWrite) {
		requests.Go(func() error { return s.putSome(ctx, some) })
	}
	return requests.Wait()
}

// putSome sends one request, and sends again what the service left unprocessed because it was busy.
func (s *Store) putSome(ctx context.Context, items []table.Item) error {
	pending := make(map[string][]types.WriteRequest)
	for _, item := range items {
		name := s.names.Of(item.Table)
		pending[name] = append(pending[name], putRequest(item))
	}
	for attempt := 1; ; attempt++ {
		var output *dynamodb.BatchWriteItemOutput
		err := repeat(ctx, repeatable, func() (err error) {
			output, err = s.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: pending}, once)
			return err
		})
		if err != nil {
			return err
		}
		before := count(pending)
		pending = output.UnprocessedItems
		switch left := count(pending); {
		case left == 0:
			return nil
		case left < before:
			attempt = 0
		case attempt == attempts:
			return fault.New(fault.Unavailable, "The database is busy. Try again.")
		}
		if err := pause(ctx, attempt+1); err != nil {
			return err
		}
	}
}

func putRequest(item table.Item) types.WriteRequest {
	if item.Version == 0 {
		return types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: keyAttributes(item.Key)}}
	}
	return types.WriteRequest{PutRequest: &types.PutRequest{Item: encode(item)}}
}

func count(pending map[string][]types.WriteRequest) int {
	all := 0
	for _, requests := range pending {
		all += len(requests)
	}
	return all
}

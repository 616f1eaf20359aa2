package change

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The outbox holds messages from the commit of their change until they are on their queue. It has
// sixteen partitions (by the last digit of the message's ID), so that no single partition limits
// the rate of changes:
//
//	OUTBOX#<0…f>  <time>#<id>
const outboxPrefix = "OUTBOX#"

// InOutbox reports whether a key is the key of an outbox item.
func InOutbox(key table.Key) bool {
	return key.Table == table.Core && strings.HasPrefix(key.Partition, outboxPrefix)
}

func (j *Journal) outboxWrites(ctx context.Context, now time.Time, messages []queue.Message) ([]table.Write, error) {
	writes := make([]table.Write, 0, len(messages))
	for _, message := range messages {
		if message.ID == "" {
			message.ID = j.NewID()
		}
		if message.Request == "" {
			message.Request = RequestID(ctx)
		}
		if !slices.Contains(queue.Names(), message.Queue) {
			return nil, fmt.Errorf(
				"change: message for the unknown queue %q",
				message.Queue,
			) // the relay would stop at it
		}
		if message.Delay != 0 {
			return nil, fmt.Errorf("change: message for %s has a delay, which the outbox does not keep", message.Queue)
		}
		if len(message.Body) > queue.MaxBody {
			return nil, fmt.Errorf("change: message for %s has %d bytes", message.Queue, len(message.Body))
		}
		key := table.Key{
			Table:     table.Core,
			Partition: outboxPrefix + message.ID[len(message.ID)-1:],
			Sort:      AuditSort(now.UnixMicro(), message.ID),
		}
		item, err := Encode(key, message)
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// Forgotten returns a query for each partition of the outbox: up to limit messages from before a
// time.
func Forgotten(before time.Time, limit int) []table.Query {
	var queries []table.Query
	for _, digit := range "0123456789abcdef" {
		queries = append(queries, table.Query{
			Table:     table.Core,
			Partition: outboxPrefix + string(digit),
			To:        AuditSort(before.UnixMicro(), ""),
			Limit:     limit,
		})
	}
	return queries
}

// OutboxMessage reads the message of an outbox item. It returns an error if no queue of this release
// can take the message: it cannot be read, or a later release wrote it for a queue of its own. What
// could be read of the message is returned with the error.
func OutboxMessage(item table.Item) (queue.Message, error) {
	var message queue.Message
	err := json.Unmarshal(item.Data, &message)
	switch {
	case err != nil:
	case message.ID == "":
		err = errors.New("the message has no id")
	case !slices.Contains(queue.Names(), message.Queue):
		err = fmt.Errorf("this release does not know the queue %q", message.Queue)
	case len(message.Body) > queue.MaxBody:
		err = fmt.Errorf("the message has %d bytes, more than %d", len(message.Body), queue.MaxBody)
	default:
		return message, nil
	}
	return message, fmt.Errorf("outbox item %q: %w", item.Sort, err)
}

// Sent removes messages from the outbox once they are on their queues. It does not matter whether
// another relay removed some before.
func (j *Journal) Sent(ctx context.Context, keys []table.Key) error {
	items := make([]table.Item, 0, len(keys))
	seen := make(map[table.Key]bool, len(keys))
	for _, key := range keys {
		if !InOutbox(key) {
			return fmt.Errorf("change: %q is not in the outbox", key.Partition)
		}
		if !seen[key] { // the feed may repeat a key
			seen[key] = true
			items = append(items, table.Item{Key: key})
		}
	}
	for some := range slices.Chunk(items, table.MaxPuts) {
		if err := j.store.BatchPut(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

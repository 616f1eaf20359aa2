package change

import (
	"context"
	"encoding/json"
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

func (j *Journal) outboxWrites(now time.Time, messages []queue.Message) ([]table.Write, error) {
	writes := make([]table.Write, 0, len(messages))
	for _, message := range messages {
		if message.ID == "" {
			message.ID = j.NewID()
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

// OutboxMessage reads the message of an outbox item.
func OutboxMessage(item table.Item) (queue.Message, error) {
	var message queue.Message
	if err := json.Unmarshal(item.Data, &message); err != nil {
		return message, fmt.Errorf("outbox item %q: %w", item.Sort, err)
	}
	return message, nil
}

// Sent removes messages from the outbox once they are on their queues. A missing message was sent
// by another relay, which is no error.
func (j *Journal) Sent(ctx context.Context, keys []table.Key) error {
	writes := make([]table.Write, 0, len(keys))
	for _, key := range keys {
		if !InOutbox(key) {
			return fmt.Errorf("change: %q is not in the outbox", key.Partition)
		}
		if !slices.ContainsFunc(writes, func(other table.Write) bool { return other.Item.Key == key }) {
			writes = append(writes, table.Delete(key, 1)) // once, though the feed may repeat it
		}
	}
	for len(writes) > 0 {
		err := j.store.Transact(ctx, writes[:min(len(writes), table.MaxWrites)])
		gone := -1
		for i, write := range writes {
			if table.ConflictAt(err, write.Item.Key) {
				gone = i
			}
		}
		switch {
		case gone >= 0:
			writes = append(writes[:gone:gone], writes[gone+1:]...)
		case err != nil:
			return err
		default:
			writes = writes[min(len(writes), table.MaxWrites):]
		}
	}
	return nil
}

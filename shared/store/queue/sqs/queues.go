// Package sqs sends messages by Amazon SQS. The queues are standard ones: they deliver
// at least once and in no order, which the workers bear, and take turns between groups
// ("fair queues"). How the queues are made is in infra/aws; there the platform receives.
package sqs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Queues are queues in Amazon SQS. It implements queue.Sender and queue.Inspector.
type Queues struct {
	client *sqs.Client
	urls   map[string]string
}

// New returns a sender to queues that exist; urls gives the address of each by its name. A function
// that sends to some queues only needs the addresses of these.
func New(client *sqs.Client, urls map[string]string) *Queues {
	return &Queues{client: client, urls: urls}
}

// Send stores messages durably, as the port says. A message whose answer was lost may
// be stored twice; its id tells.
func (q *Queues) Send(ctx context.Context, messages []queue.Message) error {
	entries := make(map[string][]types.SendMessageBatchRequestEntry)
	for _, message := range messages {
		entry, err := q.entryOf(message)
		if err != nil {
			return err
		}
		entries[message.Queue] = append(entries[message.Queue], entry)
	}
	for name, waiting := range entries {
		for len(waiting) > 0 {
			count := fitting(waiting)
			if err := q.sendBatch(ctx, q.urls[name], waiting[:count]); err != nil {
				return err
			}
			waiting = waiting[count:]
		}
	}
	return nil
}

func (q *Queues) entryOf(message queue.Message) (types.SendMessageBatchRequestEntry, error) {
	switch {
	case q.urls[message.Queue] == "":
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf(
			"sqs: message %q for the queue %q, whose address is not known",
			message.ID,
			message.Queue,
		)
	case message.ID == "":
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf("sqs: message for %q without an id", message.Queue)
	case len(message.Body) > queue.MaxBody:
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf(
			"sqs: message %q has a body of %d bytes, more than %d",
			message.ID,
			len(message.Body),
			queue.MaxBody,
		)
	}
	body, err := json.Marshal(message)
	if err != nil {
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf("sqs: write message %q: %w", message.ID, err)
	}
	return types.SendMessageBatchRequestEntry{
		MessageBody:    aws.String(plain(string(body))),
		MessageGroupId: groupOf(message),
		DelaySeconds:   int32(math.Ceil(min(message.Delay, queue.MaxDelay).Seconds())),
	}, nil
}

// plain escapes the two characters of JSON texts that a message must not hold
// (docs.aws.amazon.com, SendMessage, "MessageBody"). They stand within strings only, where
// an escape means the same.
func plain(document string) string {
	return strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`).Replace(document)
}

// maxGroup is how long a message's group may be; it is of visible ASCII (docs.aws.amazon.com,
// "Message quotas").
const maxGroup = 128

// groupOf names the group as the service takes it: one whose name it would refuse, as
// of a sender with a very long address, goes by its hash.
func groupOf(message queue.Message) *string {
	switch {
	case message.Group == "":
		return nil
	case len(message.Group) <= maxGroup && !strings.ContainsFunc(message.Group, func(r rune) bool { return r < '!' || r > '~' }):
		return aws.String(message.Group)
	}
	sum := sha256.Sum256([]byte(message.Group))
	return aws.String("HASH#" + hex.EncodeToString(sum[:]))
}

// The limits of a batch (docs.aws.amazon.com, "Message quotas"). The service takes more bytes
// by now; emulators and older regions may not.
const (
	batchEntries = 10
	batchBytes   = 256 << 10
)

// fitting returns how many of the first entries make one batch: at least one.
func fitting(entries []types.SendMessageBatchRequestEntry) int {
	count, size := 0, 0
	for _, entry := range entries {
		size += len(*entry.MessageBody)
		if count == batchEntries || count > 0 && size > batchBytes {
			break
		}
		count++
	}
	return count
}

func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "The message queue does not answer. Try again.")
}

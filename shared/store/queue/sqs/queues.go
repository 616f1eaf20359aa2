// Package sqs sends messages through Amazon SQS. It uses standard queues, which deliver at least
// once and in no particular order, and take turns between message groups ("fair queues"). Workers
// tolerate duplicates. infra/aws creates the queues; on AWS, Lambda receives the messages.
package sqs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Queues sends to Amazon SQS. It implements queue.Sender, queue.Inspector and
// queue.Postponer.
type Queues struct {
	client *sqs.Client
	urls   map[string]string
}

// New returns a sender to existing queues; urls maps each queue's name to its URL. A function needs
// only the URLs of the queues that it sends to.
func New(client *sqs.Client, urls map[string]string) *Queues {
	return &Queues{client: client, urls: urls}
}

// Send stores messages durably; see the port. If a response was lost, a message may be stored
// twice; duplicates have the same id.
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
			"sqs: message %q for the queue %q, whose address is not known", message.ID, message.Queue)
	case message.ID == "":
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf("sqs: message for %q without an id", message.Queue)
	case len(message.Body) > queue.MaxBody:
		return types.SendMessageBatchRequestEntry{}, fmt.Errorf("sqs: message %q has a body of %d bytes, more than %d",
			message.ID, len(message.Body), queue.MaxBody)
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

// Postpone sets when a message is delivered again if its present delivery fails; see the port.
func (q *Queues) Postpone(ctx context.Context, name, receipt string, pause time.Duration) error {
	if q.urls[name] == "" {
		return fmt.Errorf("sqs: the address of the queue %q is not known", name)
	}
	_, err := q.client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: aws.String(q.urls[name]), ReceiptHandle: aws.String(receipt),
		VisibilityTimeout: int32(math.Ceil(pause.Seconds())),
	})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// plain escapes the two characters of JSON text that a message must not contain
// (docs.aws.amazon.com, SendMessage, "MessageBody"). They occur within strings only, where the
// escape means the same.
func plain(document string) string {
	return strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`).Replace(document)
}

// maxGroup is the maximum length of a message group, which consists of visible ASCII characters
// (docs.aws.amazon.com, "Message quotas").
const maxGroup = 128

// groupOf returns the group in a form that the service accepts: a group with too long a name or
// other characters, such as a very long mail address, is replaced by its hash.
func groupOf(message queue.Message) *string {
	switch {
	case message.Group == "":
		return nil
	case len(message.Group) <= maxGroup && !strings.ContainsFunc(message.Group,
		func(r rune) bool { return r < '!' || r > '~' }):
		return aws.String(message.Group)
	}
	sum := sha256.Sum256([]byte(message.Group))
	return aws.String("HASH#" + hex.EncodeToString(sum[:]))
}

// The limits of a batch (docs.aws.amazon.com, "Message quotas"). The service accepts more bytes by
// now; emulators and older regions may not.
const (
	batchEntries = 10
	batchBytes   = 256 << 10
)

// fitting returns how many of the first entries fit into one batch: at least one.
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

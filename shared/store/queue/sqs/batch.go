package sqs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	// attempts is the maximum number of times that the failed part of a batch is sent. The SDK
	// retries requests that fail as a whole.
	attempts   = 5
	firstPause = 50 * time.Millisecond
)

// sendBatch sends one batch, and sends again those entries that failed.
func (q *Queues) sendBatch(ctx context.Context, url string, entries []types.SendMessageBatchRequestEntry) error {
	for attempt := 1; ; attempt++ {
		for i := range entries {
			entries[i].Id = aws.String(strconv.Itoa(i))
		}
		output, err := q.client.SendMessageBatch(ctx,
			&sqs.SendMessageBatchInput{QueueUrl: aws.String(url), Entries: entries})
		if err != nil {
			return unavailable(err)
		}
		failed, err := failures(entries, output)
		if err == nil {
			return nil
		}
		if attempt == attempts {
			return unavailable(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return unavailable(err)
		}
		entries = failed
	}
}

// failures returns the entries that the service did not confirm, and the reasons.
func failures(
	entries []types.SendMessageBatchRequestEntry,
	output *sqs.SendMessageBatchOutput,
) ([]types.SendMessageBatchRequestEntry, error) {
	stored := make(map[string]bool, len(entries))
	for _, entry := range output.Successful {
		stored[aws.ToString(entry.Id)] = true
	}
	var failed []types.SendMessageBatchRequestEntry
	for _, entry := range entries {
		if !stored[*entry.Id] {
			failed = append(failed, entry)
		}
	}
	if len(failed) == 0 {
		return nil, nil
	}
	reasons := []error{fmt.Errorf("sqs: %d of %d messages were not accepted", len(failed), len(entries))}
	for _, entry := range output.Failed {
		reasons = append(reasons, fmt.Errorf("%s: %s", aws.ToString(entry.Code), aws.ToString(entry.Message)))
	}
	return failed, errors.Join(reasons...)
}

// pause waits before the next attempt, for a random part of an interval that doubles each time.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(firstPause << attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

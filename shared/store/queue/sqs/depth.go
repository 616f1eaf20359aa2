package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// Depths counts the messages of the queues whose URLs are known, and of their dead-letter queues;
// see the port.
func (q *Queues) Depths(ctx context.Context) ([]queue.Depth, error) {
	var depths []queue.Depth
	for _, name := range queue.Names() {
		if q.urls[name] != "" {
			depths = append(depths, queue.Depth{Queue: name})
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for i := range depths {
		group.Go(func() error { return q.depth(ctx, &depths[i]) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return depths, nil
}

func (q *Queues) depth(ctx context.Context, into *queue.Depth) error {
	url := q.urls[into.Queue]
	attributes, err := q.attributes(ctx, url)
	if err != nil {
		return err
	}
	for name, count := range map[types.QueueAttributeName]*int64{
		types.QueueAttributeNameApproximateNumberOfMessages:           &into.Waiting,
		types.QueueAttributeNameApproximateNumberOfMessagesNotVisible: &into.InFlight,
		types.QueueAttributeNameApproximateNumberOfMessagesDelayed:    &into.Delayed,
	} {
		if *count, err = number(attributes, name); err != nil {
			return err
		}
	}
	dead, err := deadLetters(url, attributes)
	if err != nil || dead == "" {
		return err
	}
	if attributes, err = q.attributes(ctx, dead); err != nil {
		return err
	}
	into.Dead, err = number(attributes, types.QueueAttributeNameApproximateNumberOfMessages)
	return err
}

func (q *Queues) attributes(ctx context.Context, url string) (map[string]string, error) {
	output, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(url), AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
			types.QueueAttributeNameApproximateNumberOfMessagesDelayed, types.QueueAttributeNameRedrivePolicy,
		},
	})
	if err != nil {
		return nil, unavailable(err)
	}
	return output.Attributes, nil
}

func number(attributes map[string]string, name types.QueueAttributeName) (int64, error) {
	value, err := strconv.ParseInt(attributes[string(name)], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("sqs: the attribute %s of a queue: %w", name, err)
	}
	return value, nil
}

// deadLetters returns the URL of a queue's dead-letter queue, or "" if it has none. The redrive
// policy names that queue by its ARN, which ends with its name. It is in the account and region of
// its source queue (docs.aws.amazon.com, "Dead-letter queues"), so the rest of the URL is the same
// and need not be looked up.
func deadLetters(url string, attributes map[string]string) (string, error) {
	text := attributes[string(types.QueueAttributeNameRedrivePolicy)]
	if text == "" {
		return "", nil
	}
	var policy struct {
		Target string `json:"deadLetterTargetArn"`
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return "", fmt.Errorf("sqs: the redrive policy of a queue: %w", err)
	}
	return url[:strings.LastIndex(url, "/")+1] + policy.Target[strings.LastIndex(policy.Target, ":")+1:], nil
}

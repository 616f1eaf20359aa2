package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// deploy deploys all stacks into the installation's region, and returns what was left out.
func (i *Installation) deploy(ctx context.Context) ([]string, error) {
	if err := i.upload(ctx); err != nil {
		return nil, err
	}
	client := cloudformation.NewFromConfig(i.Config())
	var left []string
	for _, one := range i.cloud.assembly.stacks {
		template, without, err := adapted(one.template, i.URL, i.cloud.proxy)
		if err != nil {
			return nil, fmt.Errorf("the stack %s: %w", one.name, err)
		}
		left = append(left, without...)
		if err := create(ctx, client, one.name, template); err != nil {
			return nil, err
		}
		if err := i.redrive(ctx, template); err != nil {
			return nil, err
		}
		if err := i.guard.learn(ctx, client, template); err != nil {
			return nil, fmt.Errorf("the stack %s: %w", one.name, err)
		}
	}
	return left, nil
}

// upload uploads the templates' assets to where the templates expect them.
func (i *Installation) upload(ctx context.Context) error {
	client := i.s3()
	for _, one := range i.cloud.assembly.files {
		bucket := strings.NewReplacer("${AWS::AccountId}", Account, "${AWS::Region}", i.region).Replace(one.bucket)
		if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
			Bucket: aws.String(bucket),
			CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
				LocationConstraint: s3types.BucketLocationConstraint(i.region),
			},
		}); err != nil && !strings.Contains(err.Error(), "BucketAlreadyOwnedByYou") {
			return fmt.Errorf("the bucket of assets: %w", err)
		}
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(one.key),
			Body: bytes.NewReader(one.content)})
		if err != nil {
			return fmt.Errorf("upload an asset: %w", err)
		}
	}
	return nil
}

func create(ctx context.Context, client *cloudformation.Client, name string, template object) error {
	body, err := json.Marshal(template)
	if err != nil {
		return err
	}
	if _, err := client.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName:    aws.String(name),
		TemplateBody: aws.String(string(body)),
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	}); err != nil {
		return fmt.Errorf("the stack %s: %w", name, err)
	}
	for {
		described, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(name)})
		if err != nil {
			return fmt.Errorf("the stack %s: %w", name, err)
		}
		if status := described.Stacks[0].StackStatus; status == types.StackStatusCreateComplete {
			return nil
		} else if !strings.HasSuffix(string(status), "_IN_PROGRESS") {
			return fmt.Errorf("the stack %s is %s: %s", name, status, reasons(ctx, client, name))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// reasons explains why a stack could not be created.
func reasons(ctx context.Context, client *cloudformation.Client, name string) string {
	events, err := client.DescribeStackEvents(ctx,
		&cloudformation.DescribeStackEventsInput{StackName: aws.String(name)})
	if err != nil {
		return err.Error()
	}
	var lines []string
	for _, event := range events.StackEvents {
		if strings.HasSuffix(string(event.ResourceStatus), "_FAILED") {
			lines = append(lines, aws.ToString(event.LogicalResourceId)+": "+aws.ToString(event.ResourceStatusReason))
		}
	}
	return strings.Join(lines, "; ")
}

// redrive sets the queues' redrive policies, which the emulator's CloudFormation ignores.
func (i *Installation) redrive(ctx context.Context, template object) error {
	policies, err := redrives(template)
	if err != nil {
		return err
	}
	client := sqs.NewFromConfig(i.Config())
	for _, one := range policies {
		policy, err := json.Marshal(map[string]string{
			"deadLetterTargetArn": "arn:aws:sqs:" + i.region + ":" + Account + ":" + one.deadLetters,
			"maxReceiveCount":     strconv.Itoa(one.receives),
		})
		if err != nil {
			return err
		}
		queue, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(one.queue)})
		if err == nil {
			_, err = client.SetQueueAttributes(
				ctx,
				&sqs.SetQueueAttributesInput{
					QueueUrl:   queue.QueueUrl,
					Attributes: map[string]string{"RedrivePolicy": string(policy)},
				},
			)
		}
		if err != nil {
			return fmt.Errorf("the dead letters of %s: %w", one.queue, err)
		}
	}
	return nil
}

// remove deletes all stacks, the last first. Retained resources stay in the emulator.
func (i *Installation) remove(ctx context.Context) error {
	client := cloudformation.NewFromConfig(i.Config())
	for n := len(i.cloud.assembly.stacks) - 1; n >= 0; n-- {
		_, err := client.DeleteStack(ctx,
			&cloudformation.DeleteStackInput{StackName: aws.String(i.cloud.assembly.stacks[n].name)})
		if err != nil {
			return fmt.Errorf("the stack %s: %w", i.cloud.assembly.stacks[n].name, err)
		}
	}
	return nil
}

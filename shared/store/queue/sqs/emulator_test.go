//go:build emulator

package sqs_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	service "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/queue/sqs"
)

// makeQueue creates a queue that lives as long as the test.
func makeQueue(t *testing.T, client *service.Client, attributes map[string]string) (url, arn string) {
	t.Helper()
	created, err := client.CreateQueue(t.Context(),
		&service.CreateQueueInput{QueueName: aws.String("tenantry-test-" + rand.Text()), Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	output, err := client.GetQueueAttributes(t.Context(), &service.GetQueueAttributesInput{
		QueueUrl: created.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *created.QueueUrl, output.Attributes["QueueArn"]
}

func TestWhatIsSentIsReceivedAndCounted(t *testing.T) {
	emulator.Each(t, func(t *testing.T, at string, settings aws.Config) {
		client := service.NewFromConfig(settings)
		dead, deadName := makeQueue(t, client, nil)
		url, _ := makeQueue(
			t,
			client,
			map[string]string{
				"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":"6"}`, deadName),
			},
		)
		plain, _ := makeQueue(t, client, nil)
		queues := sqs.New(client, map[string]string{queue.MailSend: url, queue.MailReceive: plain})
		_, err := client.SendMessage(t.Context(),
			&service.SendMessageInput{QueueUrl: aws.String(dead), MessageBody: aws.String("x")})
		if err != nil {
			t.Fatal(err)
		}

		var want []string
		var sent []queue.Message
		for i := range 25 {
			message := queue.Message{
				ID:    fmt.Sprintf("m-%02d", i),
				Queue: queue.MailSend,
				Group: fmt.Sprintf("ORG#%d", i%3),
				Body:  json.RawMessage(`{"text":"ž <&> \ufffe"}`),
			}
			sent, want = append(sent, message), append(want, message.ID+" "+message.Group)
		}
		if err := queues.Send(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
		wantDepths(t, queues, queue.Depth{Queue: queue.MailSend, Waiting: 25, Dead: 1},
			queue.Depth{Queue: queue.MailReceive})

		var got []string
		for len(got) < len(want) {
			output, err := client.ReceiveMessage(t.Context(), &service.ReceiveMessageInput{
				QueueUrl:            aws.String(url),
				MaxNumberOfMessages: 10,
				WaitTimeSeconds:     1,
				MessageSystemAttributeNames: []types.MessageSystemAttributeName{
					types.MessageSystemAttributeNameMessageGroupId,
				},
			})
			if err != nil || len(output.Messages) == 0 {
				t.Fatalf("%d messages, then %v", len(got), err)
			}
			for _, received := range output.Messages {
				var message queue.Message
				if err := json.Unmarshal([]byte(*received.Body), &message); err != nil {
					t.Fatal(err)
				}
				if group := received.Attributes["MessageGroupId"]; group != message.Group {
					t.Errorf("the group is %q, want %q", group, message.Group)
				}
				got = append(got, message.ID+" "+message.Group)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
		wantDepths(t, queues, queue.Depth{Queue: queue.MailSend, InFlight: 25, Dead: 1},
			queue.Depth{Queue: queue.MailReceive})
	})
}

func wantDepths(t *testing.T, queues queue.Inspector, want ...queue.Depth) {
	t.Helper()
	got, err := queues.Depths(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("depths (-want +got):\n%s", diff)
	}
}

func TestAQueueThatIsGoneIsUnavailable(t *testing.T) {
	emulator.Each(t, func(t *testing.T, _ string, settings aws.Config) {
		client := service.NewFromConfig(settings)
		url, _ := makeQueue(t, client, nil)
		if _, err := client.DeleteQueue(t.Context(), &service.DeleteQueueInput{QueueUrl: aws.String(url)}); err != nil {
			t.Fatal(err)
		}
		queues := sqs.New(client, map[string]string{queue.MailSend: url})
		if err := queues.Send(t.Context(), messages(1, `"x"`)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("sending: %v", err)
		}
		if _, err := queues.Depths(t.Context()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("counting: %v", err)
		}
	})
}

func TestAMessageComesAfterItsDelayAndAgainWhenItWasPostponed(t *testing.T) {
	emulator.Each(t, func(t *testing.T, _ string, settings aws.Config) {
		client := service.NewFromConfig(settings)
		url, _ := makeQueue(t, client, map[string]string{"VisibilityTimeout": "600"})
		queues := sqs.New(client, map[string]string{queue.MailSend: url})
		receive := func(seconds int32) []types.Message {
			t.Helper()
			output, err := client.ReceiveMessage(t.Context(),
				&service.ReceiveMessageInput{QueueUrl: aws.String(url), WaitTimeSeconds: seconds})
			if err != nil {
				t.Fatal(err)
			}
			return output.Messages
		}
		message := queue.Message{
			ID: "m-1", Queue: queue.MailSend, Group: "ORG#1", Body: json.RawMessage(`{}`), Delay: 1500 * time.Millisecond,
		}
		if err := queues.Send(t.Context(), []queue.Message{message}); err != nil {
			t.Fatal(err)
		}
		if early := receive(0); len(early) != 0 {
			t.Fatalf("received %d messages before the delay", len(early))
		}
		first := receive(10)
		if len(first) != 1 {
			t.Fatal("the delayed message did not come")
		}
		if err := queues.Postpone(t.Context(), queue.MailSend, *first[0].ReceiptHandle, time.Second); err != nil {
			t.Fatal(err)
		}
		if again := receive(10); len(again) != 1 {
			t.Error("the postponed message did not come again")
		}
	})
}

//go:build aws

package outside

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestAMessageThatNobodyCanReadBecomesADeadLetterAndHoldsNothingUp puts garbage on the queues, and
// on a dead-letter queue, where AWS moves messages that crash their worker.
func TestAMessageThatNobodyCanReadBecomesADeadLetterAndHoldsNothingUp(t *testing.T) {
	post := openPostOffice(t)
	installed, deployed := deploy(t, post, false)
	w := setUp(t, post, installed)
	client := sqs.NewFromConfig(deployed.Config())
	for n, queue := range []string{"tenantry-mail-send", "tenantry-mail-receive", "tenantry-mail-receive-dead"} {
		at, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(queue)})
		if err == nil {
			_, err = client.SendMessage(t.Context(),
				&sqs.SendMessageInput{QueueUrl: at.QueueUrl, MessageBody: aws.String(fmt.Sprintf("garbage %d", n))})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var letters []object
	eventually(t, "there are three dead letters", func() bool {
		letters = w.operator.get("/platform/dead_letters").results(t)
		return len(letters) >= 3
	})
	if len(letters) != 3 {
		t.Errorf("there are %d dead letters: %v", len(letters), letters)
	}
	bodies := map[string]bool{}
	for _, letter := range letters {
		bodies[fmt.Sprint(letter["body"])] = true
		if text(letter, "reason") == "" {
			t.Errorf("a dead letter without a reason: %v", letter)
		}
	}
	for n := range 3 {
		if body := fmt.Sprintf("garbage %d", n); !bodies[body] {
			t.Errorf("no dead letter has %q: %v", body, bodies)
		}
	}
	eventually(t, "the queues are empty", func() bool {
		for _, queue := range w.operator.get("/platform/queues").results(t) {
			for _, count := range []string{"waiting", "in_flight", "delayed", "dead"} {
				if queue[count] != 0.0 {
					return false
				}
			}
		}
		return true
	})
	w.opened("Nothing is held up") // with its receipt
}

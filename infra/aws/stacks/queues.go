//go:build cdk

package stacks

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// hidden is the visibility timeout of a queue as a multiple of its worker's timeout: AWS Lambda
// retries a batch that was throttled, and must not lose it to another worker meanwhile
// (docs.aws.amazon.com, "Creating and configuring an Amazon SQS event source mapping").
const hidden = 6

// queues creates a queue and its dead-letter queue for each queue of the product, and the topic
// that announces received mails.
func (d *deployment) queues() {
	d.queueStack = d.stack("queues", "queues, their dead-letter queues, and the topic that announces received mails")
	d.topics()
	parking := d.find(func(f catalog.Function) bool { return f.DeadLetters }).Timeout
	for _, name := range queue.Names() {
		dead := awssqs.NewQueue(d.queueStack, jsii.String(name+"-dead"), queueOf(d.DeadLetters(name), parking))
		working := d.find(func(f catalog.Function) bool { return f.Queue == name }).Timeout
		props := queueOf(d.Queue(name), working)
		props.DeadLetterQueue = &awssqs.DeadLetterQueue{
			Queue: dead,
			// The worker itself moves a message to the dead letters at its last attempt; this is
			// for messages that make it crash before that.
			MaxReceiveCount: jsii.Number(queue.MaxReceives + 1),
		}
		created := awssqs.NewQueue(d.queueStack, jsii.String(name), props)
		if name == queue.MailReceive {
			d.received.AddSubscription(
				awssnssubscriptions.NewSqsSubscription(created, &awssnssubscriptions.SqsSubscriptionProps{
					RawMessageDelivery: jsii.Bool(true),
				}),
			)
		}
	}
}

func queueOf(name string, timeout time.Duration) *awssqs.QueueProps {
	return &awssqs.QueueProps{
		QueueName:         jsii.String(name),
		VisibilityTimeout: seconds(hidden * timeout),
		RetentionPeriod:   awscdk.Duration_Days(jsii.Number(14)),
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:        jsii.Bool(true),
	}
}

func seconds(duration time.Duration) awscdk.Duration {
	return awscdk.Duration_Seconds(jsii.Number(duration.Seconds()))
}

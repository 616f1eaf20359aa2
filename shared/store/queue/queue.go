// Package queue is the port to the message queues: what a message is, and how one is
// sent. queue/embedded keeps the queues in the embedded database, queue/sqs in Amazon
// SQS. Receiving is not part of the port: on AWS the platform calls the worker, on one
// machine infra/local does, both with the same event.
package queue

import (
	"context"
	"encoding/json"
	"time"
)

// The queues of the product.
const (
	MailSend    = "mail-send"    // notifications that must go out as mail
	MailReceive = "mail-receive" // raw mails that came in
	CasesIndex  = "cases-index"  // changed cases that are to be found by what they say now
	CasesJobs   = "cases-jobs"   // parts of long actions on cases
)

// Names lists every queue, in the order in which they are shown.
func Names() []string { return []string{MailSend, MailReceive, CasesIndex, CasesJobs} }

// Message is one thing for one worker to do.
type Message struct {
	// ID is unique; the same id is the same message, however often it is delivered.
	ID string `json:"id"`
	// Queue is one of the names above.
	Queue string `json:"queue"`
	// Group is the tenant on whose behalf the message is; the queue takes turns
	// between groups, so that one tenant's thousand messages do not delay another's one.
	Group string `json:"group"`
	// Body is a JSON document of at most MaxBody bytes.
	Body json.RawMessage `json:"body"`
	// Delay is how long the queue holds the message back, at most MaxDelay. Queues may round it up
	// to seconds. A message in the outbox has none.
	Delay time.Duration `json:"-"`
}

// MaxDelay is the longest delay of a message (docs.aws.amazon.com, SendMessage, "DelaySeconds").
const MaxDelay = 15 * time.Minute

// MaxBody is the size limit of a message's body in bytes. A batch of ten such messages stays below
// the 256 KiB that Amazon SQS has long taken (docs.aws.amazon.com, "Amazon SQS message quotas").
const MaxBody = 24 << 10

// MaxReceives is how often a message is delivered before it counts as dead.
const MaxReceives = 6

// Sender puts messages on their queues.
type Sender interface {
	// Send stores all messages durably or returns an error; after an error some may
	// have been stored, so the caller sends them all again. It returns a fault of
	// code Unavailable when the queue does not answer.
	Send(ctx context.Context, messages []Message) error
}

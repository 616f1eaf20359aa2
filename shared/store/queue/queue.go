// Package queue is the port to the message queues: what a message is, and how to send one.
// queue/embedded keeps the queues in the embedded database, queue/sqs in Amazon SQS. Receiving is
// not part of the port: AWS Lambda calls the workers on AWS, infra/local on one machine, both with
// the same event.
package queue

import (
	"context"
	"encoding/json"
	"time"
)

// The queues of the product.
const (
	MailSend    = "mail-send"    // notifications to be sent as mail
	MailReceive = "mail-receive" // received mails to be processed
	CasesIndex  = "cases-index"  // changed cases and organizations to be updated in the index
	CasesJobs   = "cases-jobs"   // parts of jobs on cases, and of the index to be rebuilt
	CasesDue    = "cases-due"    // cases with something due
	Transfers   = "transfers"    // parts of jobs on organizations, and what follows from their deletions and moves
)

// Names lists every queue, in display order.
func Names() []string {
	return []string{MailSend, MailReceive, CasesIndex, CasesJobs, CasesDue, Transfers}
}

// Message is one unit of work for one worker.
type Message struct {
	// ID is unique. Messages with the same id are the same message, however often they are
	// delivered.
	ID string `json:"id"`
	// Queue is one of the names above.
	Queue string `json:"queue"`
	// Group is the tenant that the message belongs to. The queue takes turns between groups, so
	// that a thousand messages of one tenant do not delay one message of another.
	Group string `json:"group"`
	// Body is a JSON document of at most MaxBody bytes.
	Body json.RawMessage `json:"body"`
	// Request is the id of the request that caused the message, directly or through other messages,
	// as in the log; "" if none did.
	Request string `json:"request,omitempty"`
	// Delay is how long the queue holds the message back, at most MaxDelay. Queues may round it up
	// to seconds. A message in the outbox has none.
	Delay time.Duration `json:"-"`
}

// MaxDelay is the longest delay of a message (docs.aws.amazon.com, SendMessage, "DelaySeconds").
const MaxDelay = 15 * time.Minute

// MaxBody is the maximum size of a message's body in bytes. A batch of ten such messages stays
// below the 256 KiB that Amazon SQS has long accepted (docs.aws.amazon.com, "Amazon SQS message
// quotas").
const MaxBody = 24 << 10

// MaxReceives is how often a message is delivered before it becomes a dead letter.
const MaxReceives = 6

// Postponer changes when a message that is being processed is delivered again if it fails. Queues
// whose own pauses grow with the attempts need none.
type Postponer interface {
	// Postpone sets the time until the next delivery; receipt identifies this delivery.
	Postpone(ctx context.Context, queue, receipt string, pause time.Duration) error
}

// Sender sends messages to their queues.
type Sender interface {
	// Send stores all messages durably or returns an error. After an error, some messages may have
	// been stored; the caller sends all of them again. Send returns a fault of code Unavailable if
	// the queue does not respond.
	Send(ctx context.Context, messages []Message) error
}

package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// exporter sends spans to a collector.
type exporter interface {
	// Flush sends what has been recorded so far.
	Flush(ctx context.Context) error
}

// flushTime is how much longer a call may take because of its spans.
const flushTime = time.Second

// traced is a handler that sends its spans after each call, because AWS Lambda freezes the function
// then.
type traced struct {
	lambda.Handler
	traces exporter
	log    *slog.Logger
}

// Invoke calls the function and sends the spans.
func (t traced) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	answer, err := t.Handler.Invoke(ctx, payload)
	flushing, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	if late := t.traces.Flush(flushing); late != nil {
		t.log.WarnContext(ctx, "spans were not sent", "error", late)
	}
	return answer, err
}
